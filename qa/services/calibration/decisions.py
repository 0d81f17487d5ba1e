"""The end of a calibration: decisions, minutes, and closing for good."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.calibration.matrix import comparable, given_of
from qa.core.calibration.statistics import summarise
from qa.models import CalibrationDecision, CalibrationItem, CalibrationSession, Review
from qa.selectors import calibration as selectors
from qa.selectors.scorecards import card_of
from qa.services.calibration.minutes import write_minutes
from qa.services.calibration.refusals import DecisionIncomplete, Undecided
from qa.services.calibration.steps import State, locked, refuse_stranger
from qa.services.rubric import open_change
from workforce.people.models import User


@transaction.atomic
def decide(
    *,
    item_id: int,
    criterion: str,
    reason: str,
    actor: User,
    at: datetime,
    level: str = "",
    is_unclear: bool = False,
    quote: str = "",
) -> CalibrationDecision:
    """Record what was agreed on one criterion of one ticket; the newest is in force.

    ``level`` is a value of the criterion (see ``qa.core.calibration.matrix``), or the
    criterion is unclear: then a change of rubric is opened, or the open one gets this
    ticket too. Raises ``DecisionIncomplete``,
    ``NotYourCalibration`` or ``CalibrationStateWrong``.
    """
    item = CalibrationItem.objects.get(pk=item_id)
    session = locked(item.session_id, State.REVEALED, State.DECIDED)
    refuse_stranger(session, actor)
    reason, quote = reason.strip(), quote.strip()
    _refuse_incomplete(session, criterion, level, reason, is_unclear=is_unclear)
    item.decisions.filter(criterion_key=criterion, is_active=True).update(
        is_active=False
    )
    decision = CalibrationDecision.objects.create(
        item=item,
        scorecard_id=session.version.scorecard_id,
        criterion_key=criterion,
        level="" if is_unclear else level,
        is_unclear=is_unclear,
        reason=reason,
        quote=quote,
        decided_by=actor,
        decided_at=at,
    )
    if is_unclear:
        open_change(
            scorecard_id=session.version.scorecard_id,
            criterion_key=criterion,
            text=reason,
            ticket_ids=[item.ticket_id],
            actor=actor,
            at=at,
        )
    return decision


@transaction.atomic
def finish_decisions(
    *, session_id: int, actor: User, at: datetime
) -> CalibrationSession:
    """End the talk: every flagged difference has a decision. Drafts the minutes.

    A small difference may stay open. Raises ``Undecided`` naming what is left,
    ``NotYourCalibration`` or ``CalibrationStateWrong``.
    """
    session = locked(session_id, State.REVEALED)
    refuse_stranger(session, actor)
    found = selectors.compare(session, Review.objects.all())
    _refuse_undecided(found)
    session.state, session.decided_at = State.DECIDED, at
    session.minutes = write_minutes(found, _statistics(found))
    session.save(update_fields=["state", "decided_at", "minutes"])
    return session


@transaction.atomic
def rewrite_minutes(*, session_id: int, actor: User) -> CalibrationSession:
    """Draft the minutes anew from what is decided now; what was typed is lost."""
    session = locked(session_id, State.DECIDED)
    refuse_stranger(session, actor)
    found = selectors.compare(session, Review.objects.all())
    session.minutes = write_minutes(found, _statistics(found))
    session.save(update_fields=["minutes"])
    return session


@transaction.atomic
def change_minutes(*, session_id: int, text: str, actor: User) -> CalibrationSession:
    """Replace the minutes before closing. Raises ``CalibrationStateWrong``."""
    session = locked(session_id, State.DECIDED)
    refuse_stranger(session, actor)
    session.minutes = text.strip()
    session.save(update_fields=["minutes"])
    return session


@transaction.atomic
def close(*, session_id: int, actor: User, at: datetime) -> CalibrationSession:
    """Freeze statistics and minutes for good.

    Raises ``Undecided``, ``NotYourCalibration`` or ``CalibrationStateWrong``: of two people who close at once,
    the second is told that it is closed.
    """
    session = locked(session_id, State.DECIDED)
    refuse_stranger(session, actor)
    found = selectors.compare(session, Review.objects.all())
    _refuse_undecided(found)
    session.statistics = _statistics(found)
    if not session.minutes:
        session.minutes = write_minutes(found, session.statistics)
    session.state, session.closed_at = State.CLOSED, at
    session.save(update_fields=["statistics", "minutes", "state", "closed_at"])
    return session


def _statistics(found: selectors.Comparison) -> dict[str, Any]:
    # The round's own number as seed: whoever recomputes gets the same intervals.
    return summarise(
        found.ratings(),
        threshold=float(found.session.threshold),
        seed=found.session.pk,
    )


def _refuse_incomplete(
    session: CalibrationSession,
    key: str,
    level: str,
    reason: str,
    *,
    is_unclear: bool,
) -> None:
    card = card_of(session.version)
    criterion = next((each for each in comparable(card) if each.key == key), None)
    if criterion is None:
        raise DecisionIncomplete(
            _("The scorecard has no such criterion to decide on: “%(key)s”.")
            % {"key": key}
        )
    if not reason:
        raise DecisionIncomplete(
            _("Write the reason: it is what later reviewers read.")
        )
    if is_unclear:
        return
    try:
        given_of(criterion, level)
    except ValueError as error:
        raise DecisionIncomplete(
            _("Choose the agreed level of “%(title)s”, or say that it is unclear.")
            % {"title": criterion.title}
        ) from error


def _refuse_undecided(found: selectors.Comparison) -> None:
    left = found.undecided
    if not left:
        return
    names = [
        f"#{cell.ticket} {found.card.criterion(cell.criterion).title}"
        for cell in left[:5]
    ]
    raise Undecided(
        ngettext(
            "%(count)d difference has no decision yet: %(names)s.",
            "%(count)d differences have no decision yet, among them %(names)s.",
            len(left),
        )
        % {"count": len(left), "names": "; ".join(names)}
    )
