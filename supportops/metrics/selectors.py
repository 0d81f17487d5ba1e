"""Reads of segments. Each worker process keeps the days that it has unpacked."""

import threading
from collections import OrderedDict
from datetime import date

from django.db.models import Max, Min

from supportops.metrics.core.columns import Columns, unpack
from supportops.metrics.core.rows import Rows
from supportops.metrics.models import DirtyDay, Segment
from supportops.metrics.registry import segment_kind, segment_kinds

CACHE_BYTES = 128 * 1024 * 1024
_FETCH = 400
WAITING_CAP = 1000


class _Unpacked:
    """Days already unpacked, by digest of their bytes: what is found is never stale."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._days: OrderedDict[str, Columns] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> Columns | None:
        with self._lock:
            if digest in self._days:
                self._days.move_to_end(digest)
            return self._days.get(digest)

    def put(self, digest: str, columns: Columns) -> None:
        with self._lock:
            if digest not in self._days:
                self._held += _bytes(columns)
            self._days[digest] = columns
            while self._held > self._limit and len(self._days) > 1:
                _digest, dropped = self._days.popitem(last=False)
                self._held -= _bytes(dropped)

    def clear(self) -> None:
        with self._lock:
            self._days.clear()
            self._held = 0


def _bytes(columns: Columns) -> int:
    return sum(column.nbytes for column in columns.values())


unpacked_days = _Unpacked(CACHE_BYTES)


def load(kind: str, start: date, end: date) -> Rows:
    """Return the facts of the days in ``[start, end)``: one query, or two when cold."""
    found = list(
        Segment.objects.filter(kind=kind, day__gte=start, day__lt=end, rows__gt=0)
        .order_by("day")
        .values_list("day", "digest")
    )
    parts = {digest: unpacked_days.get(digest) for _day, digest in found}
    missing = [day for day, digest in found if parts[digest] is None]
    for at in range(0, len(missing), _FETCH):
        parts |= _fetch(kind, missing[at : at + _FETCH])
    days = [(day, part) for day, digest in found if (part := parts[digest]) is not None]
    return Rows([day for day, _part in days], [part for _day, part in days])


def _fetch(kind: str, days: list[date]) -> dict[str, Columns]:
    fetched = {}
    wanted = Segment.objects.filter(kind=kind, day__in=days)
    for digest, payload in wanted.values_list("digest", "payload"):
        fetched[digest] = unpack(payload)
        unpacked_days.put(digest, fetched[digest])
    return fetched


def days_with_facts(kind: str) -> tuple[date, date] | None:
    """First and last day that has any fact of this kind."""
    span = Segment.objects.filter(kind=kind, rows__gt=0).aggregate(
        first=Min("day"), last=Max("day")
    )
    return (span["first"], span["last"]) if span["first"] else None


def days_to_rebuild() -> list[tuple[str, date]]:
    """Kinds and days whose segments are older than their facts, oldest day first."""
    known = [kind.code for kind in segment_kinds()]
    return list(
        DirtyDay.objects.filter(kind__in=known)
        .order_by("day", "kind")
        .values_list("kind", "day")
        .distinct()
    )


def count_waiting(start: date | None = None, end: date | None = None) -> int:
    """Count the days in ``[start, end)`` still to be counted again, up to a cap."""
    marked = DirtyDay.objects.all()
    if start:
        marked = marked.filter(day__gte=start)
    if end:
        marked = marked.filter(day__lt=end)
    return marked.order_by().values("day").distinct()[:WAITING_CAP].count()


def all_days(kind: str, start: date | None, end: date | None) -> list[date]:
    """Every day in ``[start, end)`` that has facts, or a segment from when it had."""
    held = Segment.objects.filter(kind=kind)
    if start:
        held = held.filter(day__gte=start)
    if end:
        held = held.filter(day__lt=end)
    facts = segment_kind(kind).days(start, end)
    return sorted({*facts, *held.values_list("day", flat=True)})
