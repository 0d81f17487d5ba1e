"""Every write to segments: mark days, rebuild them."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from supportops.metrics import selectors
from supportops.metrics.core.columns import pack
from supportops.metrics.models import DirtyDay, Segment
from supportops.metrics.registry import segment_kind, segment_kinds

logger = logging.getLogger(__name__)


def mark_dirty(kind: str, days: Iterable[date]) -> None:
    """Say that facts of these days changed. Call it after their commit, or with it.

    A row is added even when the day is marked already: a rebuild under way may have
    read the facts before this change, and removes only the marks it saw first.
    """
    DirtyDay.objects.bulk_create(
        [DirtyDay(kind=kind, day=day) for day in sorted(set(days))], batch_size=400
    )


def refresh(*, at: datetime) -> dict[str, int]:
    """Rebuild every marked day. Safe to run twice, and by several workers at once."""
    counts = {"days": 0, "changed": 0, "rows": 0}
    for kind, day in selectors.days_to_rebuild():
        result = rebuild_day(kind=kind, day=day, at=at)
        if result is None:
            continue
        rows, changed = result
        counts["days"] += 1
        counts["changed"] += changed
        counts["rows"] += rows
    return counts


@transaction.atomic
def rebuild_day(*, kind: str, day: date, at: datetime) -> tuple[int, bool] | None:
    """Read the day's facts again and store them if they changed.

    Return the number of rows and whether the segment changed, or ``None`` when another
    worker has meanwhile removed the day's marks.

    The segment's row lock comes first, then the marks, then the facts. So of two
    workers on one day the one that stores last has also read last, and a change that
    this build may have missed has a mark that this build does not remove.
    """
    segment = _locked_segment(kind, day, at)
    marks = DirtyDay.objects.filter(kind=kind, day=day)
    seen = list(marks.values_list("pk", flat=True))
    if not seen:
        return None
    rows, payload = built(kind, day)
    digest = digest_of(payload)
    changed = digest != segment.digest
    if changed:
        segment.rows, segment.payload, segment.digest = rows, payload, digest
        segment.built_at = at
        segment.save(update_fields=["rows", "payload", "digest", "built_at"])
    for start in range(0, len(seen), 400):
        marks.filter(pk__in=seen[start : start + 400]).delete()
    return rows, changed


def built(kind: str, day: date) -> tuple[int, bytes]:
    """Return how many rows the day has now, and their bytes."""
    columns = segment_kind(kind).build(day)
    return len(next(iter(columns.values()), ())), pack(columns)


def digest_of(payload: bytes) -> str:
    return hashlib.blake2b(payload, digest_size=16).hexdigest()


def mark_all(*, start: date | None = None, end: date | None = None) -> int:
    """Mark every day in ``[start, end)`` of every kind; return how many."""
    marked = 0
    for kind in segment_kinds():
        days = selectors.all_days(kind.code, start, end)
        mark_dirty(kind.code, days)
        marked += len(days)
    return marked


def stale_days(
    *, start: date | None = None, end: date | None = None
) -> list[tuple[str, date]]:
    """Name the days whose stored segment differs from one built now. Writes nothing."""
    stale = []
    for kind in segment_kinds():
        for day in selectors.all_days(kind.code, start, end):
            held = Segment.objects.filter(kind=kind.code, day=day).first()
            rows, payload = built(kind.code, day)
            if (held.digest if held else "") != digest_of(payload) and (held or rows):
                stale.append((kind.code, day))
    return stale


def _locked_segment(kind: str, day: date, at: datetime) -> Segment:
    Segment.objects.bulk_create(
        [Segment(kind=kind, day=day, rows=0, payload=b"", digest="", built_at=at)],
        ignore_conflicts=True,
    )
    return Segment.objects.select_for_update().defer("payload").get(kind=kind, day=day)
