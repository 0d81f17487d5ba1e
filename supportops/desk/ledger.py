"""The ledger of a clock in words and proportions, for the ticket page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.core import ledger as core
from sla.core import timeline

KINDS = {
    core.OPEN: gettext_lazy("Counted"),
    core.CLOSED: gettext_lazy("Closed"),
    core.HOLIDAY: gettext_lazy("Holiday"),
    core.PAUSED: gettext_lazy("Paused"),
}
REASONS = {
    core.OUTSIDE_HOURS: gettext_lazy("outside hours"),
    core.CLOSED_THAT_DAY: gettext_lazy("closed that day"),
    core.NO_NAME_HOLIDAY: gettext_lazy("holiday"),
    core.TICKET_RESOLVED: gettext_lazy("resolved"),
    core.NO_REASON: gettext_lazy("paused"),
    timeline.WAITING_ON_CUSTOMER: gettext_lazy("waiting on customer"),
    timeline.ON_HOLD: gettext_lazy("on hold"),
    timeline.NO_ANSWER: gettext_lazy("the customer does not answer"),
    "THIRD_PARTY": gettext_lazy("waiting on a third party"),
    "PRODUCT_BUG": gettext_lazy("product bug, tracked apart"),
    "CUSTOMER_REQUEST": gettext_lazy("the customer asked for it"),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A ledger row as the page shows it; times aware, durations in seconds."""

    starts_at: datetime
    ends_at: datetime
    css: str
    label: str
    counted_seconds: int
    total_seconds: int
    span_seconds: int
    is_due: bool


def shown_rows(ledger: core.Ledger) -> list[ShownRow]:
    """Return the rows of the ledger, oldest first."""
    return [_shown(row) for row in ledger.rows]


def _shown(row: core.LedgerRow) -> ShownRow:
    return ShownRow(
        starts_at=datetime.fromtimestamp(row.starts_at, UTC),
        ends_at=datetime.fromtimestamp(row.ends_at, UTC),
        css="overdue" if row.is_overdue and row.kind == core.OPEN else row.kind,
        label=_label(row),
        counted_seconds=row.counted_seconds,
        total_seconds=row.running_seconds,
        span_seconds=row.ends_at - row.starts_at,
        is_due=row.is_due,
    )


def _label(row: core.LedgerRow) -> str:
    if row.kind == core.FOLDED:
        days = ngettext("%(days)d more day", "%(days)d more days", row.days)
        return days % {"days": row.days}
    words: list[Any] = [KINDS[row.kind]]
    if row.reason:
        words.append(REASONS.get(row.reason, row.reason))
    if row.is_overdue:
        words.append(_("after the deadline"))
    elif row.is_projected:
        words.append(_("still to come"))
    return ", ".join(str(word) for word in words)
