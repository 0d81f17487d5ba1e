"""What every step of a calibration needs: its lock, its sheets, its address."""

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.models import CalibrationSession, Review
from qa.models.reviews import FINISHED_STATES, ReviewQuerySet
from qa.services.calibration_refusals import CalibrationStateWrong

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


def sheets_in(session: CalibrationSession) -> ReviewQuerySet:
    """Every submitted sheet of a round, whoever asks: for writing, never for showing."""
    return Review.objects.filter(
        calibration_item__session=session, state__in=FINISHED_STATES
    )


def address(session: CalibrationSession) -> str:
    return reverse("qa:calibration", args=[session.pk])
