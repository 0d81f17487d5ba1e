"""Case law: what calibrations have agreed, by criterion, for whoever scores next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qa.models import CalibrationDecision, CalibrationSession
from qa.selectors.reviews import tickets_still_to_score

IN_FORCE = (CalibrationSession.State.DECIDED, CalibrationSession.State.CLOSED)


@dataclass(frozen=True, slots=True)
class CaseLaw:
    """One agreed level on one ticket, with the reason and the passage it rests on."""

    level: str
    reason: str
    quote: str
    ticket_id: int
    decided_at: datetime


def decisions_in_force(
    scorecard_id: int | None = None,
) -> QuerySet[CalibrationDecision]:
    """Agreed levels of decided and closed calibrations, newest first.

    A criterion found unclear has no agreed level: it is a change of rubric, not a case.
    """
    decisions = CalibrationDecision.objects.filter(
        is_active=True, is_unclear=False, item__session__state__in=IN_FORCE
    )
    if scorecard_id is not None:
        decisions = decisions.filter(scorecard_id=scorecard_id)
    return decisions.order_by("-decided_at", "-pk")


def case_law(
    scorecard_id: int, *, except_ticket: int | None = None
) -> dict[str, list[CaseLaw]]:
    """Return the cases of each criterion, newest first. One query.

    Whoever scores a ticket must not read what was agreed on that very ticket: it may be
    given to them to see whether they find the same, as gold tickets are.
    """
    found: dict[str, list[CaseLaw]] = {}
    decisions = decisions_in_force(scorecard_id)
    if except_ticket is not None:
        decisions = decisions.exclude(item__ticket=except_ticket)
    rows = decisions.values_list(
        "criterion_key", "level", "reason", "quote", "item__ticket_id", "decided_at"
    )
    for key, level, reason, quote, ticket_id, decided_at in rows:
        case = CaseLaw(level, reason, quote, ticket_id, decided_at)
        found.setdefault(key, []).append(case)
    return found


def decisions_visible_to(user: Any) -> QuerySet[CalibrationDecision]:
    """Decisions that a person may read: cases for everybody, rounds in talk for none.

    Who runs calibrations also reads what was found unclear and what was superseded.
    Nobody reads what was agreed on a ticket that they are still to score.
    """
    if not user.has_perm("qa.view_calibrationdecision"):
        return CalibrationDecision.objects.none()
    if user.has_perm("qa.facilitate_calibration"):
        found = CalibrationDecision.objects.filter(item__session__state__in=IN_FORCE)
    else:
        found = decisions_in_force()
    return found.exclude(item__ticket__in=tickets_still_to_score(user))
