"""Reviewers cannot tell second reviews and gold tickets from their other tickets."""

import pytest
from django.urls import reverse

from qa.models import Review, SampleItem
from qa.selectors import sampling as selectors
from supportops.common import roles
from tests.factories.api import caller
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.qa.sampled import sample_item, worked_ticket

pytestmark = pytest.mark.django_db

API = "/api/v1"
EXAMINING = ["OVERLAP", "GOLD"]


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def draw_of(person, *whys):
    """Return the items of one draw, one for each reason, given to one reviewer."""
    first, *others = [
        sample_item(why=why, reviewed_by=person, version=published_card(), stratum="P1")
        for why in whys
    ]
    SampleItem.objects.update(draw=first.draw)
    return [first, *others]


def draft_of(item: SampleItem, state: str = "DRAFT") -> Review:
    kind = item.why if item.why in EXAMINING else "ASSIGNED"
    return write_review(
        sample_item=item, ticket=item.ticket, agent=item.agent, state=state,
        reviewer=item.reviewer, kind=kind,
        basis="RANDOM" if item.why == "RANDOM" else "TARGETED",
    )  # fmt: skip


# Items ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [roles.QA_REVIEWER, roles.TEAM_LEAD])
def test_items_look_alike_to_who_scores_them(role):
    person = UserFactory(role=role)
    items = draw_of(person, "RANDOM", "OVERLAP", "GOLD")

    shown = rows(caller(user=person).get(f"{API}/sample-items/"))

    telling = [
        {key: row[key] for key in ("why", "rule", "probability", "stratum")}
        for row in shown
    ]
    alike = {"why": None, "rule": "", "probability": None, "stratum": None}
    assert telling == [alike] * 3
    assert {row["id"] for row in shown} == {item.pk for item in items}


def test_item_flagged_by_a_rule_says_so_as_the_inbox_does():
    person = reviewer()
    item = sample_item(why="RULE", rule="reopened", reviewed_by=person)

    shown = caller(user=person).get(f"{API}/sample-items/{item.pk}/").json()

    assert (shown["why"], shown["rule"]) == ("RULE", "reopened")


def test_items_of_others_on_the_same_ticket_are_not_there():
    person, worked_by = reviewer(), agent()
    ticket = worked_ticket(worked_by)
    own = sample_item(reviewed_by=person, agent=worked_by, ticket=ticket)
    other = sample_item(
        why="OVERLAP", reviewed_by=reviewer(), agent=worked_by, ticket=ticket
    )
    client = caller(user=person)

    found = rows(client.get(f"{API}/sample-items/", {"ticket": ticket.pk}))

    assert [row["id"] for row in found] == [own.pk]
    assert client.get(f"{API}/sample-items/{other.pk}/").status_code == 404


@pytest.mark.parametrize("why", ["RANDOM", *EXAMINING])
def test_narrowing_by_reason_tells_a_reviewer_nothing(why):
    person = reviewer()
    draw_of(person, "RANDOM", "OVERLAP", "GOLD")

    assert rows(caller(user=person).get(f"{API}/sample-items/", {"why": why})) == []


def test_who_takes_draws_reads_why_of_everybodys():
    items = draw_of(reviewer(), "RANDOM", "OVERLAP", "GOLD")
    client = caller(roles.SUPPORT_LEAD)

    shown = rows(client.get(f"{API}/sample-items/"))
    gold = rows(client.get(f"{API}/sample-items/", {"why": "GOLD"}))

    assert {row["id"]: row["why"] for row in shown} == {
        item.pk: item.why for item in items
    }
    assert [row["id"] for row in gold] == [items[2].pk]


# Counts -----------------------------------------------------------------------------------


def test_draw_tells_only_who_takes_draws_how_many_of_a_stratum_were_drawn():
    item = sample_item(reviewed_by=reviewer())
    item.draw.strata = [{"label": "P1", "size": 9, "drawn": 2, "spread": None}]
    item.draw.save()

    def strata(role):
        return rows(caller(role).get(f"{API}/draws/"))[0]["strata"]

    assert strata(roles.SUPPORT_LEAD)[0]["drawn"] == 2
    assert strata(roles.QA_REVIEWER) == [{"label": "P1", "size": 9, "spread": None}]


def test_counts_of_a_draw_hold_every_ticket_for_who_must_not_tell_them_apart():
    person, worked_by = reviewer(), agent()
    items = [
        sample_item(why=why, reviewed_by=person, agent=worked_by)
        for why in ("RANDOM", "RULE", "GOLD")
    ]
    draw = items[0].draw
    draw.frame = [[items[0].ticket_id, worked_by.pk, ""]]
    SampleItem.objects.update(draw=draw)

    (told,) = selectors.draw_agents(draw)
    (blind,) = selectors.draw_agents(draw, is_blind=True)
    days = (draw.starts_on, draw.ends_on)

    assert (told.drawn, told.random, told.flagged) == (2, 1, 1)
    assert blind.drawn == 3
    assert selectors.coverage(*days)[0].drawn == 2
    assert selectors.coverage(*days, is_blind=True)[0].drawn == 3


def test_page_of_a_draw_shows_a_reviewer_neither_reasons_nor_strata(client):
    person, worked_by = reviewer(), agent()
    item = sample_item(reviewed_by=person, agent=worked_by)
    item.draw.frame = [[item.ticket_id, worked_by.pk, ""]]
    item.draw.plan_then = {"inputs": {"quotas": {}, "flags": {}, "gold": [],
        "gold_seen": [], "recent_pairs": []}, "strata": []}  # fmt: skip
    item.draw.save()
    address = reverse("qa:sampling-draw", args=[item.draw_id])

    client.force_login(person)
    of_reviewer = client.get(address)
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    of_lead = client.get(address)

    assert of_reviewer.context["strata"] == []
    assert 'data-label="Random"' not in of_reviewer.content.decode()
    assert 'data-label="Drawn"' in of_reviewer.content.decode()
    assert 'data-label="Random"' in of_lead.content.decode()


# Drafts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["DRAFT", "SKIPPED"])
@pytest.mark.parametrize("why", ["RANDOM", *EXAMINING])
def test_undecided_review_of_a_drawn_ticket_is_in_no_list_that_shows_its_kind(
    client, why, state
):
    person = reviewer()
    review = draft_of(draw_of(person, why)[0], state)
    client.force_login(person)

    listed = client.get(reverse("qa:reviews"), {"state": state})
    csv = client.get(reverse("qa:reviews"), {"state": state, "csv": "1"})
    admin = client.get(reverse("admin:qa_review_changelist"))

    assert list(listed.context["page"]) == []
    assert len(csv.getvalue().decode().splitlines()) == 1
    assert list(admin.context["cl"].result_list) == []
    assert rows(caller(user=person).get(f"{API}/reviews/")) == []
    row = reverse("admin:qa_review_change", args=[review.pk])
    assert client.get(row).status_code == 302


def test_own_draft_leads_from_its_page_to_the_scoring_room(client):
    person = reviewer()
    review = draft_of(draw_of(person, "GOLD")[0])
    client.force_login(person)

    response = client.get(reverse("qa:review", args=[review.pk]))

    assert response.status_code == 302
    assert response["Location"] == reverse("qa:score", args=[review.pk])


@pytest.mark.parametrize("why", ["RANDOM", *EXAMINING])
def test_inbox_and_scoring_room_say_the_same_of_every_ticket(client, why):
    person = reviewer()
    review = draft_of(draw_of(person, why)[0])
    client.force_login(person)

    inbox = client.get(reverse("qa:inbox")).content.decode()
    state = client.get(reverse("qa:scoring-state", args=[review.pk])).json()

    for word in ("Second, blind", "Known answer", "OVERLAP", "GOLD"):
        assert word not in inbox
        assert word not in str(state)
    assert not {"kind", "basis", "why", "probability"} & state["review"].keys()


def test_finished_second_review_is_listed_with_its_kind():
    person = reviewer()
    review = draft_of(draw_of(person, "OVERLAP")[0], "SUBMITTED")

    shown = rows(caller(user=person).get(f"{API}/reviews/"))

    assert [(row["id"], row["kind"]) for row in shown] == [(review.pk, "OVERLAP")]
