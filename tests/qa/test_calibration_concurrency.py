"""Two people at once in one calibration: one acts, the other is told."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from qa.models import CalibrationSession, Review, RubricChange
from qa.services import calibration as services
from qa.services import certification, rubric
from supportops.common.errors import OperationRefused
from supportops.notifications.models import Notification
from tests.factories.calibration import (
    SAME,
    calibration,
    decided_calibration,
    write_sheet,
)
from tests.factories.quality import published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = MONDAY_9AM + timedelta(hours=5)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run each in a thread of its own; return what came of each, sorted."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except OperationRefused as refusal:
            outcomes.append(refusal.code)
        except BaseException as error:  # noqa: BLE001 -- shown by the assertion
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_closings_at_once_freeze_one_snapshot():
    session = decided_calibration()
    how = {"session_id": session.pk, "actor": session.facilitator}

    outcomes = at_once(
        lambda: services.close(at=LATER, **how),
        lambda: services.close(at=LATER + timedelta(seconds=1), **how),
    )

    assert outcomes == ["calibration_state_wrong", "done"]
    session.refresh_from_db()
    assert session.state == CalibrationSession.State.CLOSED
    assert session.statistics["tickets"][0]["range"] == 30.0


def test_two_openings_at_once_tell_everybody_once():
    session = calibration(reviewers=2, tickets=1)
    for row in session.participants.select_related("user"):
        write_sheet(session, 1, row.user, SAME)
    how = {"session_id": session.pk, "actor": session.facilitator, "at": LATER}

    outcomes = at_once(lambda: services.reveal(**how), lambda: services.reveal(**how))

    assert outcomes == ["calibration_state_wrong", "done"]
    told = Notification.objects.filter(title__startswith="Scores are open")
    assert told.count() == 2


def test_last_sheet_and_opening_at_once_are_taken_one_after_the_other():
    session = calibration(reviewers=3, tickets=1)
    people = [row.user for row in session.participants.order_by("pk")]
    for person in people[:2]:
        write_sheet(session, 1, person, SAME)

    outcomes = at_once(
        lambda: services.reveal(
            session_id=session.pk, actor=session.facilitator, at=LATER
        ),
        lambda: _submit(session, people[2]),
    )

    late = session.participants.get(user=people[2])
    is_in = Review.objects.filter(reviewer=people[2], state="SUBMITTED").exists()
    assert outcomes in (["done", "done"], ["calibration_state_wrong", "done"])
    assert late.is_missing == (not is_in)


def _submit(session, person):
    """Write the sheet and note it in one transaction, as submitting does."""
    with transaction.atomic():
        write_sheet(session, 1, person, SAME)


def test_two_who_find_a_criterion_unclear_share_one_change():
    scorecard = published_card().scorecard
    tickets = [open_ticket(), open_ticket()]
    person = reviewer()

    outcomes = at_once(
        *(
            lambda ticket=ticket: rubric.open_change(
                scorecard_id=scorecard.pk,
                criterion_key="tone",
                text=f"Unclear on {ticket.pk}",
                ticket_ids=[ticket.pk],
                actor=person,
                at=LATER,
            )
            for ticket in tickets
        )
    )

    assert outcomes == ["done", "done"]
    assert RubricChange.objects.get().tickets.count() == 2


def test_two_certificates_at_once_are_one():
    scorecard, person = published_card().scorecard, reviewer()

    outcomes = at_once(
        *[
            lambda: certification.grant(
                scorecard_id=scorecard.pk, reviewer=person, actor=None, at=LATER
            )
        ]
        * 2
    )

    assert outcomes == ["certificate_exists", "done"]
