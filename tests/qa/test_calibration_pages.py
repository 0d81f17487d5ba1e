from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qa.models import CalibrationSession
from qa.services import calibration as services
from supportops.common import roles
from tests.factories.calibration import (
    LOWER,
    SAME,
    calibration,
    decided_calibration,
    write_sheet,
)
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

State = CalibrationSession.State


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


def step(client, session, name, **values):
    address = reverse("qa:calibration-step", args=[session.pk])
    return client.post(address, {"step": name, **values}, follow=True)


def draft_values(lead, people, tickets, **values):
    return {
        "title": "Refunds",
        "version": published_card().pk,
        "facilitator": lead.pk,
        "due_at": f"{timezone.now() + timedelta(days=3):%Y-%m-%dT%H:%M}",
        "mode": "CONSENSUS",
        "reveal": "ON_REVEAL",
        "threshold": "5",
        "min_participants": "2",
        "participants": [person.pk for person in people],
        "ticket": [f"{ticket.pk}:" for ticket in tickets],
        **values,
    }


def test_draft_is_written_from_the_page_and_started(client, lead):
    people = [reviewer(), reviewer()]
    ticket = open_ticket(assignee=agent())

    client.post(
        reverse("qa:calibration-new"),
        draft_values(lead, people, [ticket], start="1"),
    )

    session = CalibrationSession.objects.get()
    assert (session.state, session.title) == (State.SCORING, "Refunds")
    assert session.items.get().ticket == ticket
    assert session.participants.count() == 2


def test_refused_start_writes_no_draft_and_keeps_what_was_typed(client, lead):
    response = client.post(
        reverse("qa:calibration-new"),
        draft_values(lead, [reviewer()], [], start="1"),
    )

    assert response.status_code == 409
    assert "Add at least one ticket to score." in response.content.decode()
    assert response.context["form"]["title"].value() == "Refunds"
    assert CalibrationSession.objects.count() == 0


def test_tickets_are_added_by_number_and_from_a_review_and_removed(client, lead):
    one, two = open_ticket(assignee=agent()), open_ticket(assignee=agent())
    address = reverse("qa:calibration-new")
    values = draft_values(lead, [], [one])

    added = client.post(address, {**values, "add": "number", "numbers": f"#{two.pk}"})
    removed = client.post(address, {**values, "remove": f"{one.pk}:"})
    unknown = client.post(address, {**values, "add": "number", "numbers": "99999"})

    assert [row["ticket"] for row in added.context["rows"]] == [one, two]
    assert removed.context["rows"] == []
    assert "No such ticket: 99999." in unknown.content.decode()
    assert CalibrationSession.objects.count() == 0


def test_list_names_who_is_missing(client, lead):
    session = calibration(reviewers=2)
    first, second = (row.user for row in session.participants.order_by("pk"))
    for position in (1, 2):
        write_sheet(session, position, first, SAME)

    page = client.get(reverse("qa:calibrations"))

    (row,) = page.context["rows"]
    assert row["missing"] == [second]
    assert row["session"].finished_count == 1


def test_list_without_rounds_says_what_to_do_first(client, lead):
    page = client.get(reverse("qa:calibrations")).content.decode()

    assert "Start with three tickets" in page


@pytest.mark.parametrize(
    "name",
    [
        "qa:calibrations",
        "admin:qa_calibrationsession_changelist",
        "admin:qa_calibrationdecision_changelist",
    ],
)
def test_lists_take_the_same_queries_for_one_and_three_rows(
    name, client, lead, django_assert_num_queries
):
    counts = {
        "qa:calibrations": 7,
        "admin:qa_calibrationsession_changelist": 6,
        "admin:qa_calibrationdecision_changelist": 7,
    }
    address = reverse(name) + "?show=all" * (name == "qa:calibrations")
    decided_calibration()
    client.get(address)
    for rows in (1, 3):
        while CalibrationSession.objects.count() < rows:
            decided_calibration()
        with django_assert_num_queries(counts[name]):
            client.get(address)


def test_room_from_opening_to_closing(client, lead):
    session = calibration(reviewers=2, tickets=1)
    for place, row in enumerate(session.participants.select_related("user")):
        write_sheet(session, 1, row.user, SAME if place else LOWER, comment="Why so")
    room = reverse("qa:calibration", args=[session.pk])

    page = step(client, session, "reveal")
    assert page.context["cell"]["gap"] == 30.0
    assert [mark["label"] for mark in page.context["cell"]["marks"]] == [
        "2 points",
        "4 points",
    ]
    assert "Why so" in page.content.decode()
    early = step(client, session, "finish")
    assert "has no decision yet" in early.content.decode()
    client.post(
        page.context["cell"]["post_to"],
        {"level": "p3", "reason": "Found late.", "quote": ""},
    )
    step(client, session, "finish")
    step(client, session, "close", text="# Ours")

    session.refresh_from_db()
    assert (session.state, session.minutes) == (State.CLOSED, "# Ours")
    closed = client.get(room)
    assert closed.status_code == 200
    assert closed.context["statistics"]["pooled_sd"] == pytest.approx(450**0.5)
    assert "Not enough: 1 ticket has two ratings" in closed.content.decode()


def test_largest_gap_is_at_the_top_left(client, lead):
    session = calibration(reviewers=2, tickets=2)
    sheets = [
        ({"solution": "p4", "tone": "p4"}, {"solution": "p4", "tone": "p0"}),
        ({"solution": "p4", "tone": "p4"}, {"solution": "p3", "tone": "p4"}),
    ]
    for row, (one, two) in zip(
        session.participants.order_by("pk"), sheets, strict=True
    ):
        write_sheet(session, 1, row.user, one)
        write_sheet(session, 2, row.user, two)

    page = step(client, session, "reveal")

    # Ticket 2: tone 100 % of 40 points apart; ticket 1: solution a quarter of 60.
    matrix = page.context["matrix"]
    assert [row["criterion"].key for row in matrix] == ["tone", "solution"]
    second = session.items.get(position=2).ticket_id
    assert page.context["columns"][0].ticket_id == second
    assert matrix[0]["cells"][0]["cell"].gap == 40.0
    assert page.context["cell"]["gap"] == 40.0


def test_decision_without_a_reason_is_refused_in_the_room(client, lead):
    session = calibration(reviewers=2, tickets=1)
    for place, row in enumerate(session.participants.select_related("user")):
        write_sheet(session, 1, row.user, SAME if place else LOWER)
    page = step(client, session, "reveal")

    answer = client.post(
        page.context["cell"]["post_to"], {"level": "p3"}, follow=True
    ).content.decode()

    assert "Write the reason" in answer
    assert session.items.get().decisions.count() == 0


def test_minutes_are_printed_and_exported(client, lead):
    session = decided_calibration()

    page = client.get(reverse("qa:calibration-minutes", args=[session.pk]))
    file = client.get(reverse("qa:calibration-minutes-file", args=[session.pk]))

    assert "<h1>Hard ones</h1>" in page.content.decode()
    assert "<table" in page.content.decode()
    assert file.content.decode() == session.minutes + "\n"
    assert file.headers["Content-Type"].startswith("text/markdown")


def test_minutes_are_escaped(client, lead):
    session = decided_calibration()
    services.change_minutes(
        session_id=session.pk, text="# <script>alert(1)</script>", actor=lead
    )

    page = client.get(reverse("qa:calibration-minutes", args=[session.pk]))

    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_round_of_others_does_not_exist_for_a_team_lead(client):
    session = calibration(reviewers=2, tickets=1, at=MONDAY_9AM)
    client.force_login(UserFactory(role=roles.TEAM_LEAD))

    assert client.get(reverse("qa:calibration", args=[session.pk])).status_code == 404
    assert client.get(reverse("qa:calibrations")).context["rows"] == []


@pytest.mark.parametrize(
    ("role", "is_shown"), [(roles.QA_REVIEWER, False), (roles.SUPPORT_LEAD, True)]
)
def test_steps_of_a_colleagues_round_are_for_who_may_run_any(role, is_shown, client):
    draft, scoring, done = (
        calibration(is_started=False), calibration(), decided_calibration(),
    )  # fmt: skip
    client.force_login(UserFactory(role=role))

    pages = [
        client.get(reverse("qa:calibration", args=[each.pk])).content.decode()
        for each in (draft, scoring, done)
    ]

    steps = ["start", "reveal", "close"]
    shown = [f'value="{name}"' in page for name, page in zip(steps, pages, strict=True)]
    assert shown == [is_shown] * 3
    assert ["Call it off" in page for page in pages[:2]] == [is_shown] * 2


def test_reviewer_sees_the_steps_of_an_own_round(client):
    runner = UserFactory(role=roles.QA_REVIEWER)
    session = calibration(facilitator=runner)
    client.force_login(runner)

    page = client.get(reverse("qa:calibration", args=[session.pk])).content.decode()

    assert 'value="reveal"' in page
    assert "Call it off" in page


def test_step_of_a_stranger_is_refused_in_the_room(client):
    session = calibration()
    client.force_login(UserFactory(role=roles.QA_REVIEWER))

    answer = step(client, session, "cancel", reason="Mine now").content.decode()

    session.refresh_from_db()
    assert session.state == State.SCORING
    assert f"This calibration is run by {session.facilitator}" in answer


def test_room_counts_large_differences_and_shows_the_largest_gap_first(client, lead):
    session = calibration(reviewers=2, tickets=2, threshold="20")
    sheets = [("p4", "p4"), ("p3", "p2")]
    for row, (one, two) in zip(
        session.participants.order_by("pk"), sheets, strict=True
    ):
        write_sheet(session, 1, row.user, {"solution": one, "tone": "p4"})
        write_sheet(session, 2, row.user, {"solution": two, "tone": "p4"})

    page = step(client, session, "reveal")

    # Ticket 1: one level, 15 points, apart; ticket 2: two levels, 30 points.
    text = page.content.decode()
    assert "0 of 1 decided" in text
    assert "1 small difference" in text
    assert page.context["cell"]["gap"] == 30.0
    small = session.items.get(position=1).ticket_id
    cell = client.get(
        reverse("qa:calibration", args=[session.pk]), {"cell": f"{small}.solution"}
    )
    assert "small difference, may be decided" in cell.content.decode()
    assert "Record the decision" in cell.content.decode()
