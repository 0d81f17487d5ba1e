"""Reasons why a row was refused, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.capacity.core.volumes.csv_grid import Refused

SHOWN = 200

REASONS = {
    "no_start": gettext_lazy("no start"),
    "bad_start": gettext_lazy("“%(shown)s” is no day or time"),
    "day_or_month": gettext_lazy(
        "“%(shown)s” may be day or month first: write 2026-12-31 or 31.12.2026"
    ),
    "too_old": gettext_lazy("“%(shown)s” is before the year 2000"),
    "not_begun": gettext_lazy("%(shown)s has not begun yet"),
    "skipped_hour": gettext_lazy(
        "%(shown)s does not exist: clocks jump over it in the file's time zone"
    ),
    "no_count": gettext_lazy("no number of contacts"),
    "bad_number": gettext_lazy("“%(shown)s” is no whole number"),
    "negative": gettext_lazy("%(shown)s is below zero"),
    "too_large": gettext_lazy("%(shown)s is too large"),
    "off_grid": gettext_lazy("%(shown)s is no start of an interval"),
    "duplicate": gettext_lazy("says the same interval as line %(shown)s"),
    "unknown_queue": gettext_lazy(
        "no queue, or more than one, is called “%(shown)s”: map it in step 2"
    ),
    "coarser": gettext_lazy(
        "one row stands for %(file)s minutes, the queue counts %(queue)s: use a finer "
        "file or a queue of longer intervals, or say in step 2 how long the file's are"
    ),
}


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    lines: str
    reason: str


def reason(row: Refused) -> str:
    file, _slash, queue = row.shown.partition("/")
    words = REASONS.get(row.code)
    if words is None:
        return row.code
    return str(words) % {"shown": row.shown, "file": file, "queue": queue}


def shown_refusals(rows: Sequence[Refused]) -> list[ShownRefusal]:
    """The first refusals in words; the file has all of them."""
    return [
        ShownRefusal(
            str(row.first)
            if row.first == row.last
            else _("%(first)d to %(last)d") % {"first": row.first, "last": row.last},
            reason(row),
        )
        for row in rows[:SHOWN]
    ]
