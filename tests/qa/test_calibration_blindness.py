"""Nobody reads another person's sheet before scores are open, by whichever way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qa.models import CalibrationSession, Review
from qa.selectors import calibration as selectors
from qa.selectors.reviews import reviews_visible_to
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
from tests.factories.tickets import MONDAY_9AM

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(hours=5)
SECRET = "Only I may read this comment."
State = CalibrationSession.State
READERS = {
    "participant": None,
    "facilitator": roles.SUPPORT_LEAD,
    "other support lead": roles.SUPPORT_LEAD,
    "other reviewer": roles.QA_REVIEWER,
    "administrator": roles.ADMINISTRATOR,
    "agent": roles.AGENT,
}


@pytest.fixture(params=READERS)
def reader(request):
    """Return a reader's name and how to find the person in a round."""
    name = request.param

    def person(session):
        if name == "participant":
            return session.participants.order_by("pk")[1].user
        if name == "facilitator":
            return session.facilitator
        if name == "agent":
            return session.items.get(position=1).agent
        return UserFactory(role=READERS[name])

    return name, person


def scoring(**values):
    """Start a round in which the first of three has all sheets in, with a comment."""
    session = calibration(tickets=2, **values)
    first = session.participants.order_by("pk")[0].user
    for position in (1, 2):
        write_sheet(session, position, first, LOWER, comment=SECRET)
    return session, first


def ways_in(session):
    """Every address that could show what is in a sheet."""
    item = session.items.get(position=1)
    sheet = session.items.get(position=1).reviews.first()
    return [
        reverse("qa:calibrations"),
        reverse("qa:calibrations") + "?show=all",
        reverse("qa:calibration", args=[session.pk]),
        reverse("qa:calibration", args=[session.pk])
        + f"?cell={item.ticket_id}.solution",
        reverse("qa:calibration-draft", args=[session.pk]),
        reverse("qa:calibration-minutes", args=[session.pk]),
        reverse("qa:calibration-minutes-file", args=[session.pk]),
        reverse("qa:reliability"),
        reverse("admin:qa_calibrationsession_changelist"),
        reverse("admin:qa_calibrationsession_change", args=[session.pk]),
        reverse("admin:qa_calibrationsession_history", args=[session.pk]),
        reverse("admin:qa_calibrationdecision_changelist"),
        reverse("qa:reviews"),
        reverse("qa:score", args=[sheet.pk]),
    ]


def read_everything(client, session):
    return {
        address: client.get(address, follow=True).content.decode()
        for address in ways_in(session)
    }


def test_no_address_shows_a_sheet_of_others_while_scoring(reader, client):
    name, person = reader
    session, _first = scoring()
    client.force_login(person(session))

    for address, text in read_everything(client, session).items():
        assert SECRET not in text, (name, address)
        assert "70.00" not in text, (name, address)


def test_no_selector_gives_a_sheet_of_others_while_scoring(reader):
    _name, person = reader
    session, _first = scoring()
    user = person(session)

    assert not reviews_visible_to(user).filter(calibration_item__session=session)
    assert not selectors.comparison(session, user).sheets
    assert not selectors.is_open_to(session, user)


def test_room_names_who_has_finished_and_no_score(client):
    session, first = scoring()
    client.force_login(session.facilitator)

    page = client.get(reverse("qa:calibration", args=[session.pk]))

    assert str(first) in page.content.decode()
    assert [row.finished_at is not None for row in page.context["people"]] == [
        True,
        False,
        False,
    ]
    assert "matrix" not in page.context


def test_own_sheets_are_read_before_scores_are_open(client):
    session, first = scoring()
    client.force_login(first)

    page = client.get(reverse("qa:calibration", args=[session.pk]))

    assert [row["review"].reviewer for row in page.context["own"]] == [first, first]
    assert "matrix" not in page.context


def test_decisions_about_closed_sheets_are_refused(client):
    session, _first = scoring()
    item = session.items.get(position=1)
    client.force_login(session.facilitator)

    response = client.post(
        reverse("qa:calibration-decide", args=[session.pk, item.pk, "solution"]),
        {"level": "p3", "reason": "x"},
    )

    assert response.status_code == 403
    assert item.decisions.count() == 0


def test_finished_participant_sees_finished_sheets_where_the_round_says_so(client):
    session, _first = scoring(reveal=CalibrationSession.Reveal.ON_OWN_SUBMIT)
    second, third = (row.user for row in session.participants.order_by("pk")[1:])
    write_sheet(session, 1, second, SAME)
    client.force_login(second)
    address = reverse("qa:calibration", args=[session.pk])
    assert SECRET not in client.get(address).content.decode()

    write_sheet(session, 2, second, SAME)

    page = client.get(address)
    assert SECRET in page.content.decode()
    assert "statistics" not in page.context
    for user in (third, session.facilitator):
        client.force_login(user)
        assert SECRET not in client.get(address).content.decode()


@pytest.mark.parametrize("state", [State.REVEALED, State.DECIDED, State.CLOSED])
def test_opened_sheets_are_shown_to_quality_and_to_no_agent(state, reader, client):
    name, person = reader
    session = opened_to(state)
    client.force_login(person(session))

    texts = read_everything(client, session)

    room = texts[reverse("qa:calibration", args=[session.pk])]
    assert (SECRET in room) == (name != "agent")
    if name == "agent":
        # Case law is for agents too; whose sheets it came from is not.
        assert not [address for address, text in texts.items() if SECRET in text]
        names = [str(row.user) for row in session.participants.all()]
        law = texts[reverse("admin:qa_calibrationdecision_changelist")]
        assert not [each for each in names if each in law]


def opened_to(state):
    session, _first = scoring()
    for row in session.participants.order_by("pk")[1:]:
        for position in (1, 2):
            write_sheet(session, position, row.user, SAME)
    how = {"actor": session.facilitator, "at": LATER}
    session = services.reveal(session_id=session.pk, **how)
    if state == State.REVEALED:
        return session
    for item in session.items.all():
        services.decide(
            item_id=item.pk, criterion="solution", level="p3", reason="Why", **how
        )
    session = services.finish_decisions(session_id=session.pk, **how)
    if state == State.CLOSED:
        session = services.close(session_id=session.pk, **how)
    return session


def test_called_off_round_never_opens(reader):
    _name, person = reader
    session, _first = scoring()
    services.cancel(
        session_id=session.pk, actor=session.facilitator, reason="x", at=LATER
    )

    found = reviews_visible_to(person(session))

    assert not found.filter(calibration_item__session=session)


def test_who_is_still_to_score_a_ticket_waits_with_everything(client):
    session = decided_calibration()
    item = session.items.get()
    user = UserFactory(role=roles.QA_REVIEWER)
    Review.objects.create(
        ticket_id=item.ticket_id,
        agent_id=item.agent_id,
        reviewer=user,
        version=session.version,
        kind=Review.Kind.OVERLAP,
        started_at=MONDAY_9AM,
        changed_at=MONDAY_9AM,
    )
    client.force_login(user)

    room = client.get(reverse("qa:calibration", args=[session.pk]))
    minutes = client.get(reverse("qa:calibration-minutes", args=[session.pk]))

    assert not room.context["is_open"]
    assert "cause was found late" not in room.content.decode()
    assert minutes.status_code == 404


def test_agent_reads_case_law_without_ticket_and_names(client):
    session = decided_calibration()
    decision = session.items.get().decisions.get()
    client.force_login(UserFactory(role=roles.AGENT))

    page = client.get(
        reverse("admin:qa_calibrationdecision_change", args=[decision.pk])
    ).content.decode()

    assert "The cause was found late." in page
    assert f"#{decision.item.ticket_id}" not in page
    assert str(decision.decided_by) not in page
