"""What every step of a calibration needs: its lock, its sheets, its address."""

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.models import CalibrationSession, Review
from qa.models.reviews import FINISHED_STATES, ReviewQuerySet
from qa.selectors.calibration import may_edit, may_run
from qa.services.calibration.refusals import (
    CalibrationStateWrong,
    NotYourCalibration,
)
from workforce.people.models import User

State = CalibrationSession.State


def locked(session_id: int, *states: str) -> CalibrationSession:
    """Return the round under its lock. Raises ``CalibrationStateWrong`` in other states."""
    session = CalibrationSession.objects.select_for_update().get(pk=session_id)
    if session.state not in states:
        raise CalibrationStateWrong(
            _(
                "This calibration is in the state “%(state)s”; the step is for "
                "%(states)s."
            )
            % {
                "state": session.get_state_display(),
                "states": ", ".join(f"“{State(state).label}”" for state in states),
            }
        )
    return session


def refuse_stranger(session: CalibrationSession, actor: User) -> None:
    """Raise ``NotYourCalibration`` for who neither runs this round nor may run any."""
    if not may_run(session, actor):
        raise _not_theirs(session)


def refuse_foreign_draft(session: CalibrationSession, actor: User) -> None:
    """Raise ``NotYourCalibration`` for who may not write this round's draft."""
    if not may_edit(session, actor):
        raise _not_theirs(session)


def _not_theirs(session: CalibrationSession) -> NotYourCalibration:
    return NotYourCalibration(
        _(
            "This calibration is run by %(name)s. Ask them, or somebody who may run "
            "the calibrations of others."
        )
        % {"name": session.facilitator}
    )


def sheets_in(session: CalibrationSession) -> ReviewQuerySet:
    """Every submitted sheet of a round, whoever asks: for writing, never for showing."""
    return Review.objects.filter(
        calibration_item__session=session, state__in=FINISHED_STATES
    )


def address(session: CalibrationSession) -> str:
    return reverse("qa:calibration", args=[session.pk])
