"""Opening windows of a stretch of time, compiled into a piecewise-linear count of open seconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sla.core.calendar_definition import DAY_SECONDS, Interval
from sla.core.sorted_lookup import Seconds, SortedLookup

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
EPOCH_WEEKDAY = 3
# The closest two changes of any zone's offset are 167 hours apart (tzdata 2026), so a probe every
# second day sees each of them.
PROBE_SECONDS = 2 * DAY_SECONDS
# A local date may lie more than a day from the UTC date of the same instant (Pacific/Apia jumped 24 h).
MARGIN_DAYS = 2
# Arrays are worked through in parts whose intermediate results stay in the processor's cache: on a
# million pairs about twice as fast as whole columns.
PART = 16_384


class Horizon:
    """Open windows between two instants and the open seconds before each.

    ``B(t)``, the open seconds up to ``t``, rises one for one inside a window and is flat outside.
    Window 0 is empty and lies before everything, so that each lookup finds a window.

    Attributes
    ----------
    lo, hi : int
        Epoch seconds for which the horizon answers, both included.
    starts : list of int, length n
        First second of each window.
    before : list of int, length n + 1
        Open seconds before each window; the last entry is the total.
    """

    __slots__ = ("_by_count", "_by_time", "before", "hi", "lo", "starts")

    def __init__(self, lo: int, hi: int, starts: Seconds, ends: Seconds) -> None:
        first = np.concatenate(([lo - 1], starts)).astype(np.int64)
        totals = np.concatenate(([0, 0], np.cumsum(ends - starts))).astype(np.int64)
        self.lo, self.hi = lo, hi
        self.starts: list[int] = first.tolist()
        self.before: list[int] = totals.tolist()
        # Built by the first array question: most calendars only ever serve single tickets.
        self._by_time: tuple[SortedLookup, Seconds, Seconds] | None = None
        self._by_count: tuple[SortedLookup, Seconds] | None = None

    @property
    def total(self) -> int:
        """Open seconds of the whole horizon."""
        return self.before[-1]

    def count(self, at: int) -> int:
        """``B(at)``."""
        i = bisect_right(self.starts, at) - 1
        seconds = self.before[i] + at - self.starts[i]
        cap = self.before[i + 1]
        return seconds if seconds < cap else cap  # noqa: FURB136 (min() takes twice as long)

    def is_open(self, at: int) -> bool:
        """Whether the second that begins at ``at`` is open."""
        i = bisect_right(self.starts, at) - 1
        return at - self.starts[i] < self.before[i + 1] - self.before[i]

    def reach(self, seconds: int) -> int:
        """Right-continuous inverse of ``B`` for ``0 <= seconds < total``."""
        i = bisect_right(self.before, seconds) - 1
        return self.starts[i] + seconds - self.before[i]

    def reach_back(self, seconds: int) -> int:
        """Left-continuous inverse of ``B`` for ``0 < seconds <= total``."""
        i = bisect_left(self.before, seconds) - 1
        return self.starts[i] + seconds - self.before[i]

    def window_at(self, at: int) -> tuple[int, int] | None:
        """The window that is open at ``at`` or opens next; None when the horizon has none."""
        i = max(bisect_right(self.starts, at) - 1, 1)
        while i < len(self.starts):
            end = self.starts[i] + self.before[i + 1] - self.before[i]
            if end > at:
                return self.starts[i], end
            i += 1
        return None

    def windows(self, start: int, end: int) -> list[tuple[int, int]]:
        """Windows cut to ``[start, end)``, in order."""
        found = []
        for i in range(max(bisect_right(self.starts, start) - 1, 1), len(self.starts)):
            opens = self.starts[i]
            if opens >= end:
                break
            closes = opens + self.before[i + 1] - self.before[i]
            if closes > start:
                found.append((max(opens, start), min(closes, end)))
        return found

    def between_many(self, starts: Seconds, ends: Seconds) -> NDArray[np.float64]:
        """``max(B(end) - B(start), 0)`` of each pair in one pass."""
        found = np.empty(len(starts), dtype=np.float64)
        for part in _parts(len(starts)):
            counted = self.count_many(ends[part]) - self.count_many(starts[part])
            np.maximum(counted, 0, out=found[part])
        return found

    def count_many(self, at: Seconds) -> Seconds:
        """``B`` of each instant in one pass."""
        lookup, shifts, caps = self._by_time or self._build_by_time()
        counted = np.empty(len(at), dtype=np.int64)
        for part in _parts(len(at)):
            i = lookup.find(at[part])
            np.minimum(at[part] - shifts[i], caps[i], out=counted[part])
        return counted

    def reach_many(self, seconds: Seconds) -> Seconds:
        """``reach`` of each count in one pass."""
        lookup, shifts = self._by_count or self._build_by_count()
        reached = np.empty(len(seconds), dtype=np.int64)
        for part in _parts(len(seconds)):
            np.add(seconds[part], shifts[lookup.find(seconds[part])], out=reached[part])
        return reached

    def reach_back_many(self, seconds: Seconds) -> Seconds:
        """``reach_back`` of each count in one pass: one second before it the same window is open."""
        return self.reach_many(seconds - 1) + 1

    def _build_by_time(self) -> tuple[SortedLookup, Seconds, Seconds]:
        starts, before = np.array(self.starts), np.array(self.before)
        lookup = SortedLookup(starts, self.lo, self.hi)
        self._by_time = (lookup, starts - before[:-1], before[1:])
        return self._by_time

    def _build_by_count(self) -> tuple[SortedLookup, Seconds]:
        starts, before = np.array(self.starts), np.array(self.before)
        self._by_count = (SortedLookup(before, 0, self.total), starts - before[:-1])
        return self._by_count


def compile_horizon(
    zone: ZoneInfo,
    weekly: Sequence[Sequence[Interval]],
    special: Mapping[date, Sequence[Interval]],
    lo_day: int,
    hi_day: int,
) -> Horizon:
    """Turn local hours into UTC windows for the UTC days ``[lo_day, hi_day)``.

    An instant is open when the wall clock of the zone then shows an open time: so a local time that
    the clock skips is never open, and one that it shows twice is open twice.

    Parameters
    ----------
    weekly : 7 sequences of (int, int)
        Open local seconds of each weekday, Monday first.
    special : mapping of date to intervals
        Days whose hours differ from their weekday's.
    lo_day, hi_day : int
        Days since 1970-01-01.
    """
    lo, hi = lo_day * DAY_SECONDS, hi_day * DAY_SECONDS
    local = _local_windows(weekly, special, lo_day - MARGIN_DAYS, hi_day + MARGIN_DAYS)
    return Horizon(lo, hi, *utc_windows(*local, offset_spans(zone, lo, hi)))


def offset_spans(zone: ZoneInfo, lo: int, hi: int) -> list[tuple[int, int, int]]:
    """Stretches ``(from, to, UTC offset)`` of equal offset between two instants, in epoch seconds."""
    spans = []
    begin, offset, probe = lo, _offset(zone, lo), lo
    while probe < hi:
        following = min(probe + PROBE_SECONDS, hi)
        changed = _offset(zone, following)
        if changed != offset:
            change = _first_with(zone, changed, probe, following)
            spans.append((begin, change, offset))
            begin, offset = change, changed
        probe = following
    spans.append((begin, hi, offset))
    return [span for span in spans if span[0] < span[1]]


def utc_windows(
    starts: Seconds, ends: Seconds, spans: Sequence[tuple[int, int, int]]
) -> tuple[Seconds, Seconds]:
    """Sorted local windows as UTC windows, touching ones joined.

    Parameters
    ----------
    starts, ends : 1D arrays of int64
        Local seconds since 1970-01-01T00:00 on the wall clock, sorted, without overlaps.
    spans : sequence of (from, to, offset)
        As ``offset_spans`` gives them.
    """
    pieces = []
    for begin, finish, offset in spans:
        first = ends.searchsorted(begin + offset, side="right")
        last = starts.searchsorted(finish + offset, side="left")
        opens = np.maximum(starts[first:last] - offset, begin)
        closes = np.minimum(ends[first:last] - offset, finish)
        pieces.append((opens, closes))
    opens = np.concatenate([piece[0] for piece in pieces])
    closes = np.concatenate([piece[1] for piece in pieces])
    if not len(opens):
        return opens, closes
    apart = opens[1:] > closes[:-1]
    return opens[np.append(True, apart)], closes[np.append(apart, True)]


def _parts(length: int) -> Iterator[slice]:
    return (slice(i, i + PART) for i in range(0, length, PART))


def local_day(day: date) -> int:
    """Days from 1970-01-01 to a date."""
    return day.toordinal() - EPOCH_ORDINAL


def _local_windows(
    weekly: Sequence[Sequence[Interval]],
    special: Mapping[date, Sequence[Interval]],
    lo_day: int,
    hi_day: int,
) -> tuple[Seconds, Seconds]:
    special_by_day = {
        local_day(day): hours
        for day, hours in special.items()
        if lo_day <= local_day(day) < hi_day
    }
    days = np.arange(lo_day, hi_day, dtype=np.int64)
    ordinary = np.ones(len(days), dtype=bool)
    ordinary[[day - lo_day for day in special_by_day]] = False
    starts, ends = [], []
    for weekday, hours in enumerate(weekly):
        base = days[ordinary & ((days + EPOCH_WEEKDAY) % 7 == weekday)] * DAY_SECONDS
        starts.extend(base + opens for opens, _ in hours)
        ends.extend(base + closes for _, closes in hours)
    dated = [
        (d * DAY_SECONDS + o, d * DAY_SECONDS + c)
        for d, hs in special_by_day.items()
        for o, c in hs
    ]
    starts.append(np.array([opens for opens, _ in dated], dtype=np.int64))
    ends.append(np.array([closes for _, closes in dated], dtype=np.int64))
    all_starts, all_ends = np.concatenate(starts), np.concatenate(ends)
    order = np.argsort(all_starts, kind="stable")
    return all_starts[order], all_ends[order]


def _offset(zone: ZoneInfo, at: int) -> int:
    shift = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
    return shift.days * DAY_SECONDS + shift.seconds if shift is not None else 0


def _first_with(zone: ZoneInfo, offset: int, before: int, after: int) -> int:
    """First second in ``(before, after]`` with an offset that ``before`` does not have."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after
