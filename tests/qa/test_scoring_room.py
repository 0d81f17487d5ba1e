import json
from datetime import timedelta

import pytest
from django.urls import reverse

from qa.models import Answer, CalibrationDecision, CalibrationSession, Review, RootCause
from qa.selectors import scoring_room as selectors
from qa.services import drafting
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.quality import CARD, published_card, reviewer
from tests.factories.tickets import MONDAY_9AM
from tests.qa.sampled import sample_item
from tickets import services as tickets

pytestmark = pytest.mark.django_db

AT = MONDAY_9AM + timedelta(days=2)


@pytest.fixture(autouse=True)
def no_shipped_causes(db):
    RootCause.objects.all().delete()


@pytest.fixture
def writer():
    return reviewer()


def draft_of(writer, **values):
    item = sample_item(reviewed_by=writer, **values)
    return drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)


def post(client, name, review, **data):
    return client.post(
        reverse(f"qa:scoring-{name}", args=[review.pk]),
        json.dumps(data),
        content_type="application/json",
    )


# What the room reads ----------------------------------------------------------------------


def more(number, review, writer):
    """Lengthen everything that the room lists."""
    for n in range(number):
        tickets.reply(
            ticket_id=review.ticket_id,
            at=AT + timedelta(minutes=n),
            actor=review.agent,
            body=f"Reply {n}",
            public=True,
        )
        RootCause.objects.create(name=f"Cause {n}", kind="TOOL")
    messages = list(review.ticket.messages.all())
    for n in range(number):
        drafting.add_pin(
            review_id=review.pk,
            reviewer=writer,
            message_id=messages[n].pk,
            start=0,
            end=3,
            tone="ISSUE",
            text="",
            criterion_key="",
            at=AT,
        )
    causes = [cause.pk for cause in RootCause.objects.all()]
    drafting.save_answers(
        review_id=review.pk,
        reviewer=writer,
        revision=number,
        changes=[
            {"criterion": key, "level": "p3", "root_causes": causes}
            for key in ("solution", "tone")[:number]
        ],
        seconds=0,
        at=AT,
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_room_reads_a_fixed_number_of_queries(writer, rows, django_assert_num_queries):
    review = draft_of(writer)
    more(rows, review, writer)

    with django_assert_num_queries(12):
        found = selectors.room(selectors.own_draft(writer, review.pk))

    assert len(found.pins) == len(found.causes) == rows


# What the room sends ----------------------------------------------------------------------


def test_a_save_answers_with_what_is_asked_missing_and_worth(client, writer):
    review = draft_of(writer)
    client.force_login(writer)

    reply = post(
        client,
        "save",
        review,
        revision=0,
        seconds=12,
        changes=[{"criterion": "solution", "level": "p3"}],
    )

    assert reply.json() == {
        "revision": 1,
        "seconds": 12,
        "sources": {"solution": "HUMAN"},
        "shown": ["solution", "tone"],
        "missing": [{"criterion": "tone", "what": "answer"}],
        "score": "75.00",
        "raw": "75.00",
        "passed": False,
        "failed": [],
    }


def test_a_stale_save_is_told_what_the_other_page_saved(client, writer):
    review = draft_of(writer)
    client.force_login(writer)
    changes = [{"criterion": "tone", "level": "p4", "comment": "Warm"}]
    post(client, "save", review, revision=0, seconds=0, changes=changes)

    reply = post(
        client,
        "save",
        review,
        revision=0,
        seconds=0,
        changes=[{"criterion": "tone", "level": "p0"}],
    )

    found = reply.json()
    assert (reply.status_code, found["code"]) == (409, "stale_review")
    assert found["now"]["revision"] == 1
    assert found["now"]["answers"]["tone"]["level"] == "p4"
    assert found["now"]["answers"]["tone"]["comment"] == "Warm"
    assert Answer.objects.get().level == "p4"


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("save", {}, 400, "bad_request"),
        ("save", {"revision": "0", "seconds": 0, "changes": []}, 400, "bad_request"),
        ("save", {"revision": 0, "seconds": -1, "changes": []}, 400, "bad_request"),
        ("save", {"revision": 0, "seconds": 0, "changes": [1]}, 400, "bad_request"),
        ("save", {"revision": 0, "seconds": 0, "changes": [{}]}, 409, "unknown_answer"),
        ("submit", {"revision": 0}, 409, "unfinished"),
        ("skip", {"code": "OTHER", "reason": " "}, 409, "reason_missing"),
        ("skip", {"code": "HARD", "reason": "x"}, 409, "reason_missing"),
        ("pins", {"op": "add"}, 400, "bad_request"),
        ("pins", {"op": "sing", "id": 1}, 400, "bad_request"),
    ],
)
def test_a_refusal_has_a_code_and_changes_nothing(
    client, writer, name, data, status, code
):
    review = draft_of(writer)
    client.force_login(writer)

    reply = post(client, name, review, **data)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    review.refresh_from_db()
    assert (review.state, review.revision) == ("DRAFT", 0)


def test_pins_are_added_changed_and_removed_once(client, writer):
    review = draft_of(writer)
    client.force_login(writer)
    message = review.ticket.messages.get(direction="OUT")
    said = {"tone": "ISSUE", "text": "Cold", "criterion": "tone"}

    added = post(
        client, "pins", review, op="add", message=message.pk, start=0, end=2, **said
    ).json()
    pin = added["pin"]
    assert (added["revision"], pin["quote"], pin["criterion"]) == (1, "Hi", "tone")

    changed = post(
        client, "pins", review, op="change", id=pin["id"], **{**said, "text": "Cool"}
    ).json()
    assert changed["pin"]["text"] == "Cool"

    for _ in range(2):
        gone = post(client, "pins", review, op="remove", id=pin["id"])
        assert (gone.status_code, gone.json()["pin"]) == (200, None)
    assert not review.pins.exists()


def test_a_pin_of_another_review_is_out_of_reach(client, writer):
    review, other = draft_of(writer), draft_of(writer)
    client.force_login(writer)
    message = other.ticket.messages.first()
    pin = drafting.add_pin(
        review_id=other.pk,
        reviewer=writer,
        message_id=message.pk,
        start=0,
        end=2,
        tone="ISSUE",
        text="",
        criterion_key="",
        at=AT,
    )

    assert post(client, "pins", review, op="change", id=pin.pk).status_code == 404
    post(client, "pins", review, op="remove", id=pin.pk)

    assert other.pins.exists()


def test_submitting_opens_the_next_review(client, writer):
    version = published_card()
    review = draft_of(writer, version=version)
    after = sample_item(version=version, reviewed_by=writer)
    client.force_login(writer)
    changes = [{"criterion": key, "level": "p4"} for key in ("solution", "tone")]
    post(client, "save", review, revision=0, seconds=0, changes=changes)

    reply = post(client, "submit", review, revision=1).json()

    opened = Review.objects.get(sample_item=after)
    assert reply == {
        "next": opened.pk,
        "url": reverse("qa:score", args=[opened.pk]),
    }
    state = client.get(reply["url"] + "state/").json()
    assert state["ticket"]["id"] == after.ticket_id


def test_submitting_the_last_review_leads_nowhere(client, writer):
    review = draft_of(writer)
    client.force_login(writer)
    changes = [{"criterion": key, "level": "p4"} for key in ("solution", "tone")]
    post(client, "save", review, revision=0, seconds=0, changes=changes)

    assert post(client, "submit", review, revision=1).json() == {
        "next": None,
        "message": "",
    }


# Who gets in ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["save", "pins", "submit", "skip"])
def test_nobody_reaches_another_reviewers_draft(client, writer, name):
    review = draft_of(writer)
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD, is_superuser=True))

    assert post(client, name, review, revision=0).status_code == 404
    assert client.get(reverse("qa:score", args=[review.pk])).status_code == 404
    assert client.get(reverse("qa:scoring-state", args=[review.pk])).status_code == 404


def test_agents_do_not_score(client, writer):
    review = draft_of(writer)
    client.force_login(review.agent)

    assert post(client, "save", review).status_code == 403
    assert client.get(reverse("qa:score", args=[review.pk])).status_code == 403
    assert client.get(reverse("qa:inbox")).status_code == 403


def test_a_finished_review_is_read_elsewhere(client, writer):
    review = draft_of(writer)
    client.force_login(writer)
    Review.objects.update(state="SUBMITTED", submitted_at=AT)

    assert client.get(reverse("qa:score", args=[review.pk])).url == reverse(
        "qa:review", args=[review.pk]
    )
    reply = client.get(reverse("qa:scoring-state", args=[review.pk]))
    assert (reply.status_code, reply.json()["code"]) == (409, "already_submitted")


# Blindness --------------------------------------------------------------------------------


def shape(value):
    """Keys all the way down, without what differs from ticket to ticket."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items() if key != "urls"}
    return [shape(value[0])] if isinstance(value, list) and value else type(value)


def test_a_second_or_known_ticket_looks_like_any_other(client, writer):
    version = published_card()
    client.force_login(writer)
    states, pages = [], []
    for why in ("RANDOM", "OVERLAP", "GOLD"):
        review = draft_of(writer, version=version, why=why)
        url = reverse("qa:score", args=[review.pk])
        states.append(client.get(url + "state/").json())
        pages.append(client.get(url).content.decode().lower())

    assert shape(states[0]) == shape(states[1]) == shape(states[2])
    for page in pages:
        assert "overlap" not in page
        assert "gold" not in page


def test_the_inbox_tells_a_flag_and_neither_second_nor_known(client, writer):
    version = published_card()
    for why in ("OVERLAP", "GOLD"):
        sample_item(version=version, reviewed_by=writer, why=why, rule="reopened")
    client.force_login(writer)
    blind = client.get(reverse("qa:inbox")).content.decode()
    sample_item(version=version, reviewed_by=writer, why="RULE", rule="reopened")

    shown = client.get(reverse("qa:inbox")).content.decode()

    assert "Flagged" not in blind
    assert "overlap" not in blind.lower()
    assert "gold" not in blind.lower()
    assert shown.count("Flagged: Reopened") == 1


def test_submitted_second_reviews_do_not_wait_for_a_release(client, writer):
    version = published_card()
    drawn = draft_of(writer, version=version)
    draft_of(writer, version=version, why="OVERLAP")
    Review.objects.update(state="SUBMITTED", submitted_at=AT)
    client.force_login(writer)

    page = client.get(reverse("qa:inbox"))

    assert list(page.context["waiting"]) == [drawn]


def calibrated(writer, *, hide_agent=True):
    item = sample_item()
    session = CalibrationSession.objects.create(
        title="March",
        version=published_card(),
        facilitator=writer,
        due_at=AT,
        created_by=writer,
        created_at=MONDAY_9AM,
        started_at=MONDAY_9AM,
        state="SCORING",
        hide_agent=hide_agent,
    )
    session.participants.create(user=writer)
    return session.items.create(
        ticket=item.ticket, agent=item.agent, position=1, last_seq=item.ticket.last_seq
    )


@pytest.mark.parametrize("hide_agent", [True, False])
def test_a_calibration_hides_the_agents_name_everywhere(client, writer, hide_agent):
    item = calibrated(writer, hide_agent=hide_agent)
    tickets.assign(
        ticket_id=item.ticket_id,
        at=AT,
        actor=item.agent,
        assignee=UserFactory(role=roles.AGENT),
    )
    item.ticket.refresh_from_db()
    item.last_seq = item.ticket.last_seq
    item.save()
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)
    client.force_login(writer)

    pages = [
        client.get(reverse("qa:score", args=[review.pk])).content.decode(),
        client.get(reverse("qa:scoring-state", args=[review.pk])).content.decode(),
    ]

    shows = [
        item.agent.get_full_name() in page or f'"{item.agent.username}"' in page
        for page in pages
    ]
    assert shows == [not hide_agent] * 2
    (listed,) = client.get(reverse("qa:inbox")).context["work"]
    assert bool(listed["work"].agent_name) is not hide_agent


def test_a_calibration_shows_the_conversation_as_it_was_frozen(client, writer):
    item = calibrated(writer)
    tickets.reply(
        ticket_id=item.ticket_id, at=AT, actor=item.agent, body="Later.", public=True
    )
    review = drafting.start_calibration(item_id=item.pk, reviewer=writer, at=AT)
    client.force_login(writer)

    state = client.get(reverse("qa:scoring-state", args=[review.pk])).json()

    assert "Later." not in json.dumps(state)
    assert state["place"] == "Item 1 of 1"
    assert state["review"]["may_skip"] is False


def test_case_law_stands_at_its_criterion(client, writer):
    version = published_card(CARD)
    review = draft_of(writer, version=version)
    past = calibrated(writer)
    CalibrationSession.objects.update(state="CLOSED")
    CalibrationDecision.objects.create(
        item=past,
        scorecard=version.scorecard,
        criterion_key="tone",
        level="p3",
        reason="Short, and friendly enough.",
        decided_by=writer,
        decided_at=AT,
    )
    client.force_login(writer)

    cases = client.get(reverse("qa:scoring-state", args=[review.pk])).json()["cases"]

    assert list(cases) == ["tone"]
    assert cases["tone"][0]["level"] == "3 points"
    assert cases["tone"][0]["reason"] == "Short, and friendly enough."


def test_what_was_agreed_on_this_very_ticket_is_not_shown(client, writer):
    version = published_card(CARD)
    past = calibrated(writer)
    review = draft_of(
        writer, version=version, why="GOLD", ticket=past.ticket, agent=past.agent
    )
    CalibrationSession.objects.update(state="CLOSED")
    CalibrationDecision.objects.create(
        item=past,
        scorecard=version.scorecard,
        criterion_key="tone",
        level="p3",
        reason="Short, and friendly enough.",
        decided_by=writer,
        decided_at=AT,
    )
    client.force_login(writer)

    state = client.get(reverse("qa:scoring-state", args=[review.pk])).json()
    listed = client.get(reverse("admin:qa_calibrationdecision_changelist"))

    assert state["cases"] == {}
    assert list(listed.context["cl"].result_list) == []
