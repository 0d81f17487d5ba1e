"""The pages of scorecards: who may open them, what they show, what they do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qa.core.scorecard import Scorecard as Card
from qa.core.scorecard import Section
from qa.core.scorecard_standard import SOLUTION, support_quality
from qa.forms.scorecards_reading import read_tree
from qa.forms.scorecards_tree import apply_step, give_keys, tree_of
from qa.models import (
    Answer,
    GoldTicket,
    RootCause,
    SamplingPlan,
    Scorecard,
    ScorecardVersion,
)
from qa.selectors import scorecards as selectors
from qa.services import scorecards as services
from supportops.common import roles
from supportops.common.templatetags.times import exact
from tests.factories.people import UserFactory
from tests.factories.quality import CARD, published_card, write_review
from tests.factories.tickets import open_ticket
from tests.qa.browser_form import fields_of

pytestmark = pytest.mark.django_db

READERS = [role for role in roles.ROLES if role != roles.ADMINISTRATOR]
LIST_QUERIES = 8
PAGE_QUERIES = 10
CAUSE_QUERIES = 7


def address(name: str, *args: object) -> str:
    return reverse(f"qa:{name}", args=args)


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


def with_draft(card: Card = CARD) -> ScorecardVersion:
    version = published_card(card)
    return services.start_draft(
        scorecard_id=version.scorecard_id, actor=None, at=timezone.now()
    )


def shown_form(client, draft: ScorecardVersion) -> dict[str, list[str]]:
    page = client.get(address("scorecard-draft", draft.scorecard_id))
    return fields_of(page.content.decode())


def stored(draft: ScorecardVersion) -> Card:
    return Card.from_dict(ScorecardVersion.objects.get(pk=draft.pk).definition)


# Roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_pages_of_scorecards_by_role(client, role):
    client.force_login(UserFactory(role=role))
    draft = with_draft()
    pk = draft.scorecard_id
    may = 200 if role == roles.SUPPORT_LEAD else 403
    pages = {
        reverse("admin:qa_scorecard_changelist"): 200,
        address("scorecard", pk): 200,
        address("scorecard-version", pk, 1): 200,
        address("scorecard-compare", pk) + "?from=1&to=2": 200,
        address("scorecard-new"): may,
        address("scorecard-describe", pk): may,
        address("scorecard-draft", pk): may,
        address("scorecard-publish", pk): may,
        address("scorecard-archive", pk): may,
    }

    assert {page: client.get(page).status_code for page in pages} == pages


@pytest.mark.parametrize(
    "role", [None, roles.AGENT, roles.TEAM_LEAD, roles.QA_REVIEWER]
)
def test_writing_without_permission_is_refused_and_writes_nothing(client, role):
    client.force_login(UserFactory(role=role))
    draft = with_draft()
    pk = draft.scorecard_id
    pages = [
        address("scorecard-new"),
        address("scorecard-describe", pk),
        address("scorecard-draft", pk),
        address("scorecard-check", pk),
        address("scorecard-draft-start", pk),
        address("scorecard-draft-discard", pk),
        address("scorecard-publish", pk),
        address("scorecard-archive", pk),
    ]
    before = list(ScorecardVersion.objects.order_by("pk").values())

    sent = {"reason": "Because", "name": "Another", "start_from": "blank"}
    assert [client.post(page, sent).status_code for page in pages] == [403] * 8

    assert list(ScorecardVersion.objects.order_by("pk").values()) == before


def test_readers_are_offered_no_way_to_change(client):
    client.force_login(UserFactory(role=roles.AGENT))
    draft = with_draft()

    page = client.get(address("scorecard", draft.scorecard_id)).content.decode()

    assert "Edit the draft" not in page
    assert address("scorecard-draft", draft.scorecard_id) not in page


# Reading ----------------------------------------------------------------------------------


def test_scorecard_page_shows_the_published_levels_in_words(client, lead):
    shipped = Scorecard.objects.get(slug="support-quality")

    page = client.get(address("scorecard", shipped.pk)).content.decode()

    assert "Partly correct; the customer was left confused." in page
    assert "Critical below 10: fails the whole review" in page
    assert "Next steps were named." in page


def test_dates_of_versions_are_in_the_format_of_the_house(client, lead):
    version = published_card()
    written = exact(version.published_at)

    one = client.get(address("scorecard", version.scorecard_id)).content.decode()
    two = client.get(address("scorecard-version", version.scorecard_id, 1))

    assert written in one
    assert written in two.content.decode()


def test_scorecard_without_a_published_version_says_so(client, lead):
    scorecard = services.create_scorecard(name="New", actor=None, at=timezone.now())

    page = client.get(address("scorecard", scorecard.pk)).content.decode()

    assert "no review can use this scorecard yet" in page
    assert "Nothing is judged yet." in page


def test_two_versions_are_compared_in_words(client, lead):
    draft = with_draft()
    services.save_draft(
        version_id=draft.pk,
        definition={**CARD.to_dict(), "pass_mark": 85.0},
        actor=None,
        at=timezone.now(),
        expected_changed_at=draft.changed_at,
    )
    compare = address("scorecard-compare", draft.scorecard_id)

    assert "Pass mark: 80 → 85" in client.get(f"{compare}?from=1&to=2").content.decode()
    assert "Pass mark: 85 → 80" in client.get(f"{compare}?from=2&to=1").content.decode()
    assert client.get(f"{compare}?from=1&to=9").status_code == 404
    assert client.get(f"{compare}?from=x").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_scorecard_list_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    ScorecardVersion.objects.update(state="PUBLISHED")
    for number in range(rows):
        version = published_card(name=f"Card {number}")
        version.scorecard.owner = UserFactory()
        version.scorecard.save()
        write_review(version=version)
    page = reverse("admin:qa_scorecard_changelist")
    client.get(page)

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(page)

    assert len(response.context["cl"].result_list) == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_scorecard_page_query_count_does_not_grow_with_versions(
    client, lead, rows, django_assert_num_queries
):
    pk = published_card().scorecard_id
    for number in range(rows):
        draft = services.start_draft(
            scorecard_id=pk, actor=UserFactory(), at=timezone.now()
        )
        services.publish_version(
            version_id=draft.pk,
            actor=UserFactory(),
            at=timezone.now(),
            reason=f"Change {number}",
        )
    client.get(address("scorecard", pk))

    with django_assert_num_queries(PAGE_QUERIES):
        response = client.get(address("scorecard", pk))

    assert len(response.context["versions"]) == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_root_cause_list_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    RootCause.objects.all().delete()
    for number in range(rows):
        RootCause.objects.create(name=f"Cause {number}", kind="SKILL")
    page = reverse("admin:qa_rootcause_changelist")
    client.get(page)

    with django_assert_num_queries(CAUSE_QUERIES):
        response = client.get(page)

    assert len(response.context["cl"].result_list) == rows


# Builder ----------------------------------------------------------------------------------


EVERYTHING = replace(
    support_quality(),
    na_policy="as_full",
    fail_policy="zero_score",
    sections=(
        *support_quality().sections,
        Section(
            "more",
            "More “things” & <tags>",
            7.5,
            (
                replace(
                    SOLUTION,
                    key="chat_only",
                    title="Only in chats",
                    na_allowed=True,
                    critical="section",
                    show_when={
                        "ticket": {
                            "channel": ["chat", "phone"],
                            "priority": ["P1"],
                            "tag": ["vip", "beta"],
                        },
                        "answers": {"communication": ["poor", "fail"]},
                    },
                ),
            ),
        ),
    ),
)


def test_the_builder_sends_back_what_it_was_shown(client, lead):
    draft = with_draft(EVERYTHING)

    response = client.post(
        address("scorecard-draft", draft.scorecard_id), shown_form(client, draft)
    )

    assert response.status_code == 302
    assert stored(draft) == EVERYTHING
    assert ScorecardVersion.objects.get(pk=draft.pk).changed_at > draft.changed_at


def test_what_cannot_be_read_is_shown_again_with_its_reason_and_not_saved(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {
        "sections-0-criteria-0-weight": "many",
        "sections-0-criteria-1-title": "A new title",
        "pass_mark": "-1",
    }

    response = client.post(address("scorecard-draft", draft.scorecard_id), sent)

    assert response.status_code == 422
    shown = fields_of(response.content.decode())
    assert shown["sections-0-criteria-0-weight"] == ["many"]
    assert shown["sections-0-criteria-1-title"] == ["A new title"]
    assert "“many” is no number from 0 to 10000." in response.content.decode()
    assert stored(draft) == CARD


def test_a_comma_is_read_as_a_decimal_point(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {"sections-0-criteria-0-weight": "12,5"}

    client.post(address("scorecard-draft", draft.scorecard_id), sent)

    assert stored(draft).criterion("solution").weight == 12.5


def test_a_stale_draft_is_refused_and_what_was_typed_stays_on_the_page(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {"pass_mark": "70"}
    theirs = {**CARD.to_dict(), "pass_mark": 95.0}
    services.save_draft(
        version_id=draft.pk,
        definition=theirs,
        actor=None,
        at=timezone.now() + timedelta(seconds=1),
        expected_changed_at=draft.changed_at,
    )
    page = address("scorecard-draft", draft.scorecard_id)

    response = client.post(page, sent)

    assert response.status_code == 409
    assert "saved by somebody else" in response.content.decode()
    assert "Pass mark: 95 → 70" in response.content.decode()
    assert fields_of(response.content.decode())["pass_mark"] == ["70"]
    assert stored(draft).pass_mark == 95.0

    over = response.context["over"]
    assert client.post(page, sent | {"over": over}).status_code == 302
    assert stored(draft).pass_mark == 70.0


def test_steps_change_the_form_and_save_nothing(client, lead):
    draft = with_draft()
    page = address("scorecard-draft", draft.scorecard_id)

    moved = client.post(
        page, shown_form(client, draft) | {"do": "down:sections-0-criteria-0"}
    )
    added = client.post(
        page, fields_of(moved.content.decode()) | {"do": "add-criterion:sections-0"}
    )

    shown = fields_of(added.content.decode())
    titles = [shown[f"sections-0-criteria-{at}-title"] for at in range(3)]
    assert titles == [["Tone"], ["Solution"], [""]]
    assert shown["sections-0-criteria-2-levels-0-points"] == ["4"]
    assert stored(draft) == CARD


def test_a_step_by_script_brings_the_fields_and_where_to_go_on(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {"do": "add-level:sections-0-criteria-1"}

    answer = client.post(
        address("scorecard-draft", draft.scorecard_id),
        sent,
        headers={"X-Requested-With": "fetch"},
    ).json()

    assert answer["focus"] == "id_sections-0-criteria-1-levels-5-label"
    assert "sections-0-criteria-1-levels-5-points" in fields_of(answer["fields"])


def test_new_parts_get_keys_that_stay(client, lead):
    draft = with_draft()
    page = address("scorecard-draft", draft.scorecard_id)
    form = shown_form(client, draft) | {"do": "add-criterion:sections-0"}
    form = fields_of(client.post(page, form).content.decode())
    form["sections-0-criteria-2-title"] = "Tone"

    client.post(page, form)
    renamed = shown_form(client, draft) | {
        "sections-0-criteria-2-title": "Choice of words"
    }
    client.post(page, renamed)

    [new] = [each for each in stored(draft).criteria() if each.key == "tone_2"]
    assert new.title == "Choice of words"
    assert [level.key for level in new.levels][:2] == ["very_good", "good"]


def test_check_says_problems_score_and_shares_and_saves_nothing(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {
        "sections-0-criteria-0-weight": "30",
        "sections-0-criteria-0-critical_below": "",
        "try-solution": "p3",
        "try-tone": "n/a",
    }

    answer = client.post(address("scorecard-check", draft.scorecard_id), sent).json()

    assert answer["stale"] == ""
    assert "75.00" in answer["panel"]
    assert "“Solution” is critical: say below how many points." in answer["panel"]
    assert "Solution, weight: 60 → 30" in answer["panel"]
    assert answer["shares"]["sections-0-criteria-0"] == "42.9 %"
    assert stored(draft) == CARD


def test_check_hides_what_a_condition_hides(client, lead):
    tone = replace(CARD.criterion("tone"), show_when={"ticket": {"channel": ["chat"]}})
    work = CARD.sections[0]
    draft = with_draft(
        replace(CARD, sections=(replace(work, criteria=(work.criteria[0], tone)),))
    )
    sent = shown_form(client, draft) | {"try-solution": "p4", "try-tone": "p0"}
    page = address("scorecard-check", draft.scorecard_id)

    mail = client.post(page, sent).json()["panel"]
    chat = client.post(page, sent | {"try-fact-channel": "chat"}).json()["panel"]

    assert "100.00" in mail
    assert "60.00" in chat


def test_check_of_a_draft_that_is_gone_says_so(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft)
    services.discard_draft(version_id=draft.pk)

    answer = client.post(address("scorecard-check", draft.scorecard_id), sent).json()
    saved = client.post(
        address("scorecard-draft", draft.scorecard_id), sent, follow=True
    )

    assert "published or discarded meanwhile" in answer["stale"]
    assert "published or discarded meanwhile" in saved.content.decode()


def test_hostile_names_and_texts_do_no_harm(client, lead):
    draft = with_draft()
    sent = shown_form(client, draft) | {
        "sections-99999-title": "x",
        "sections-0-nothing-0-title": "x",
        "sections-0-criteria-0-title": "<script>alert(1)</script>",
        "do": "remove:sections-7-criteria-9",
    }

    page = client.post(address("scorecard-draft", draft.scorecard_id), sent)

    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()
    assert stored(draft) == CARD


@pytest.mark.parametrize(
    ("step", "titles"),
    [
        ("up:sections-1-criteria-0", [["a", "b", "c"], ["d"]]),
        ("down:sections-0-criteria-1", [["a"], ["b", "c", "d"]]),
        ("up:sections-0-criteria-0", [["a", "b"], ["c", "d"]]),
        ("up:sections-1", [["c", "d"], ["a", "b"]]),
        ("remove:sections-0-criteria-0", [["b"], ["c", "d"]]),
        ("remove:sections-1", [["a", "b"]]),
        ("up:sections-1-criteria-1", [["a", "b"], ["d", "c"]]),
        ("down:sections-9", [["a", "b"], ["c", "d"]]),
        ("up:", [["a", "b"], ["c", "d"]]),
        ("dance", [["a", "b"], ["c", "d"]]),
    ],
)
def test_each_step_moves_what_it_names(step, titles):
    def section(*keys: str) -> Section:
        rows = tuple(replace(SOLUTION, key=key, title=key) for key in keys)
        return Section("".join(keys), "S", 1, rows)

    tree = tree_of(Card((section("a", "b"), section("c", "d"))))

    apply_step(tree, step)

    assert [[e["title"] for e in row["criteria"]] for row in tree["sections"]] == titles


def test_a_tree_reads_back_as_the_scorecard_it_was_made_of():
    tree = tree_of(EVERYTHING)
    give_keys(tree)
    reading = read_tree(tree)

    assert reading.errors == {}
    assert reading.card == EVERYTHING


# Publication and the rest -----------------------------------------------------------------


def test_publish_page_says_what_changes_and_what_it_means(client, lead):
    draft = with_draft()
    former = selectors.published_version(draft.scorecard_id)
    write_review(version=former, state="DRAFT")
    for is_active in (True, False):
        ticket = open_ticket(assignee=lead)
        GoldTicket.objects.create(
            ticket=ticket, agent=lead, version=former, score=90, is_active=is_active,
            created_by=lead, created_at=timezone.now(),
        )  # fmt: skip
    services.save_draft(
        version_id=draft.pk,
        definition={**CARD.to_dict(), "pass_mark": 85.0},
        actor=None,
        at=timezone.now(),
        expected_changed_at=draft.changed_at,
    )
    page = address("scorecard-publish", draft.scorecard_id)

    shown = client.get(page).content.decode()
    without_reason = client.post(page, {"reason": ""})
    done = client.post(page, {"reason": "Higher demands"}, follow=True)

    assert "Pass mark: 80 → 85" in shown
    assert "1 gold ticket belongs to version 1 and stops being used." in shown
    assert "1 review under way keeps it" in shown
    assert without_reason.status_code == 422
    assert "Version 2 is published: new reviews use it." in done.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.published_by) == ("PUBLISHED", lead)


def test_problems_keep_the_button_away_and_the_post_out(client, lead):
    scorecard = services.create_scorecard(name="New", actor=None, at=timezone.now())
    page = address("scorecard-publish", scorecard.pk)

    shown = client.get(page).content.decode()
    refused = client.post(page, {"reason": "Now"})

    assert "Problems keep it from being published." in shown
    assert refused.status_code == 409
    assert scorecard.versions.get().state == "DRAFT"


def test_a_new_scorecard_starts_empty_or_as_a_copy(client, lead):
    source = published_card(name="Chat")

    client.post(address("scorecard-new"), {"name": "Mail", "start_from": source.pk})
    client.post(address("scorecard-new"), {"name": "Empty", "start_from": "blank"})
    taken = client.post(
        address("scorecard-new"), {"name": "Mail", "start_from": "blank"}
    )

    mail = ScorecardVersion.objects.get(scorecard__name="Mail")
    empty = ScorecardVersion.objects.get(scorecard__name="Empty")
    assert (Card.from_dict(mail.definition), mail.based_on) == (CARD, source)
    assert (Card.from_dict(empty.definition), empty.based_on) == (Card(), None)
    assert taken.status_code == 409
    assert "There is already a scorecard “Mail”." in taken.content.decode()


def test_describe_changes_name_owner_and_who_may_use_it(client, lead):
    scorecard = published_card().scorecard
    sent = {"name": "Chats", "owner": lead.pk, "requires_certificate": "on"}

    client.post(address("scorecard-describe", scorecard.pk), sent)

    scorecard.refresh_from_db()
    assert (scorecard.name, scorecard.owner, scorecard.requires_certificate) == (
        "Chats",
        lead,
        True,
    )


def test_an_owner_who_is_no_reviewer_any_more_stays_the_owner(client, lead):
    scorecard = published_card().scorecard
    scorecard.owner = UserFactory(role=roles.AGENT)
    scorecard.save()
    page = address("scorecard-describe", scorecard.pk)
    sent = {"name": "Chats", "owner": scorecard.owner.pk}

    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent | {"owner": UserFactory().pk}).status_code == 422

    assert Scorecard.objects.get(pk=scorecard.pk).owner == scorecard.owner


def test_archive_page_names_the_plans_that_draw_for_it(client, lead):
    version = published_card()
    SamplingPlan.objects.create(name="Weekly", scorecard=version.scorecard)
    page = address("scorecard-archive", version.scorecard_id)

    assert (
        "These sampling plans draw for it: Weekly." in client.get(page).content.decode()
    )
    client.post(page)

    version.refresh_from_db()
    assert (version.state, version.archived_by) == ("ARCHIVED", lead)


def test_drafts_are_started_from_an_older_version_and_discarded(client, lead):
    first = published_card()
    pk = first.scorecard_id
    client.post(address("scorecard-draft-start", pk), {"number": "1"})
    second = client.post(address("scorecard-draft-start", pk), follow=True)

    draft = first.scorecard.versions.get(state="DRAFT")
    assert draft.based_on == first
    assert "already has a draft" in second.content.decode()

    client.post(address("scorecard-draft-discard", pk))
    assert not first.scorecard.versions.filter(state="DRAFT").exists()


def test_the_admin_leads_to_our_pages_and_deletes_nothing(client, lead):
    version = published_card()
    change = reverse("admin:qa_scorecard_change", args=[version.scorecard_id])

    assert client.get(change).url == address("scorecard", version.scorecard_id)
    assert client.post(change, {"name": "x"}).url == address(
        "scorecard", version.scorecard_id
    )
    assert client.get(reverse("admin:qa_scorecard_add")).url == address("scorecard-new")
    delete = reverse("admin:qa_scorecard_delete", args=[version.scorecard_id])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Scorecard.objects.filter(pk=version.scorecard_id).exists()


# Root causes ------------------------------------------------------------------------------


def test_a_root_cause_is_offered_at_a_criterion_that_is_published(client, lead):
    page = reverse("admin:qa_rootcause_add")
    sent = {"name": "Typing", "kind": "SKILL", "is_active": "on"}

    unknown = client.post(page, sent | {"criterion_key": "no_such"})
    client.post(page, sent | {"criterion_key": "communication"})

    assert "no_such is not one of the available choices" in unknown.content.decode()
    assert RootCause.objects.get(name="Typing").criterion_key == "communication"


def test_a_root_cause_that_a_review_names_is_kept(client, lead):
    used = RootCause.objects.create(name="Used", kind="TOOL")
    unused = RootCause.objects.create(name="Unused", kind="TOOL")
    answer = Answer.objects.create(review=write_review(), criterion_key="tone")
    answer.root_causes.add(used)

    for cause, status in ((used, 403), (unused, 302)):
        page = reverse("admin:qa_rootcause_delete", args=[cause.pk])
        assert client.post(page, {"post": "yes"}).status_code == status

    names = RootCause.objects.filter(kind="TOOL").values_list("name", flat=True)
    assert "Used" in names
    assert "Unused" not in names
