"""The business calendar: how much open time lies between two moments, and when open time runs out.

A calendar is a monotone, piecewise-linear function ``B(t)``: open seconds up to ``t``. Then
``between(a, b) = B(b) - B(a)`` and ``add(t, d) = B⁻¹(B(t) + d)`` are two binary searches each.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sla.core.business_days import move_business_days
from sla.core.calendar_definition import (
    DAY_SECONDS,
    CalendarDefinition,
    Pair,
    define,
)
from sla.core.calendar_growth import GrowingHorizon
from sla.core.calendar_horizon import (
    EPOCH,
    MARGIN_DAYS,
    Horizon,
    local_day,
    offset_spans,
    utc_windows,
)
from sla.core.sorted_lookup import duration_array, epoch_array, paired

MICROSECOND = timedelta(microseconds=1)
MILLION = 1_000_000
NOTHING: Mapping[date, Sequence[Pair]] = MappingProxyType({})


class BusinessCalendar:
    """Opening hours in one time zone, with holidays and dated changes.

    An instant is open when the zone's wall clock then shows an open time. So around a change of the
    clocks a local time that is skipped is never open, and one that comes twice is open twice.
    Windows are half-open: the opening second is open, the closing second is not.

    On one date a holiday beats everything; a break beats dated hours; dated hours beat weekly ones.

    Instances are immutable, hashable, picklable and equal when their definitions are. The compiled
    windows are a cache that is replaced as a whole, so one calendar may serve many threads.

    Parameters
    ----------
    timezone : str
        IANA name, for example ``"Europe/Berlin"``.
    weekly : mapping of int to sequence of (time, time)
        Weekday (0 = Monday) to opening hours in whole seconds. ``time(0)`` as an end is the day's
        end; ``(time(0), time(0))`` is the whole day. Hours may touch but not overlap, and hours that
        run past midnight are written on both days.
    holidays : collection of date, or mapping of date to name
        Dates closed from 00:00 to 24:00 in the calendar's zone.
    exceptions : mapping of date to sequence of (time, time), keyword only
        Hours that replace the weekly ones on that date; an empty sequence closes it.
    breaks : mapping of date to sequence of (time, time), keyword only
        Closures on that date. They may overlap each other and the hours as they like.

    Raises
    ------
    ValueError
        Naming the zone, weekday, date or hours that cannot be.

    Examples
    --------
    >>> weekdays = {day: [(time(9), time(17))] for day in range(5)}
    >>> calendar = BusinessCalendar("UTC", weekdays, holidays=[date(2026, 1, 1)])
    >>> calendar.add(datetime(2025, 12, 31, 16, tzinfo=UTC), timedelta(hours=2)).isoformat()
    '2026-01-02T10:00:00+00:00'
    """

    __slots__ = ("_definition", "_windows", "_zone")

    def __init__(
        self,
        timezone: str,
        weekly: Mapping[int, Sequence[tuple[time, time]]],
        holidays: Collection[date] | Mapping[date, str] = (),
        *,
        exceptions: Mapping[date, Sequence[tuple[time, time]]] = NOTHING,
        breaks: Mapping[date, Sequence[tuple[time, time]]] = NOTHING,
    ) -> None:
        self._adopt(define(timezone, weekly, holidays, exceptions, breaks))

    def _adopt(self, definition: CalendarDefinition) -> None:
        self._definition = definition
        self._zone = ZoneInfo(definition.timezone)
        self._windows = GrowingHorizon(definition)

    @classmethod
    def always_open(cls, timezone: str) -> "BusinessCalendar":
        """A calendar without closing time: business time is elapsed time."""
        return cls(timezone, {day: [(time(0), time(0))] for day in range(7)})

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "BusinessCalendar":
        """Build a calendar from what ``to_dict`` gave; ``ValueError`` names what cannot be read."""
        calendar = cls.__new__(cls)
        # The one way past __init__, which takes times and not texts.
        calendar._adopt(CalendarDefinition.from_dict(content))  # noqa: SLF001
        return calendar

    def to_dict(self) -> dict[str, Any]:
        """The definition as JSON data, with times as ``"09:00"`` and a day's end as ``"24:00"``."""
        return self._definition.to_dict()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BusinessCalendar):
            return NotImplemented
        return self._definition == other._definition

    def __hash__(self) -> int:
        return hash(self._definition)

    def __reduce__(
        self,
    ) -> tuple[Callable[..., "BusinessCalendar"], tuple[dict[str, Any]]]:
        return BusinessCalendar.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        return f"BusinessCalendar.from_dict({self.to_dict()!r})"

    @property
    def timezone(self) -> str:
        """IANA name of the calendar's zone."""
        return self._definition.timezone

    @property
    def definition(self) -> CalendarDefinition:
        """The checked content, with every interval in local seconds."""
        return self._definition

    # Datetimes -----------------------------------------------------------------------------------

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Open time from ``start`` to ``end``, to the microsecond; zero when ``end`` is not later.

        Raises
        ------
        ValueError
            For a datetime without a zone, or outside the years 1800 to 2499.
        """
        begin, finish = _instant(start), _instant(end)
        if finish <= begin:
            return timedelta(0)
        horizon = self._windows.covering(begin[0], finish[0] + 1)
        micros = _count_micros(horizon, *finish) - _count_micros(horizon, *begin)
        return timedelta(microseconds=micros)

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The moment at which ``duration`` of open time has passed since ``start``.

        What exactly fills a window lands on the next opening, and a zero duration from a closed
        moment gives the next opening.

        Parameters
        ----------
        duration : timedelta
            Open time, not negative.

        Returns
        -------
        datetime
            In the zone of ``start``.

        Raises
        ------
        ValueError
            For a datetime without a zone, a negative duration, or when no open time is left.
        """
        at, fraction = _instant(start)
        horizon = self._windows.covering(at, at + 1)
        target = _count_micros(horizon, at, fraction) + _micros(duration)
        seconds, micros = divmod(target, MILLION)
        return _moment(
            self._windows.reaching(horizon, seconds).reach(seconds), micros, start
        )

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """The latest start from which ``duration`` of open time has passed by ``end``.

        The mirror of ``add``: what exactly fills a window lands on the closing before it, and a zero
        duration from a closed moment gives the last closing. Parameters, result and errors as there.
        """
        at, fraction = _instant(end)
        horizon = self._windows.covering(at, at + 1)
        target = _count_micros(horizon, at, fraction) - _micros(duration)
        # Windows are whole seconds: from the end of the open second go back by what is left of it.
        seconds = -(-target // MILLION)
        horizon, shift = self._windows.reaching_back(horizon, seconds)
        return _moment(
            horizon.reach_back(seconds + shift), target - seconds * MILLION, end
        )

    def is_open(self, at: datetime) -> bool:
        """Whether ``at`` lies inside opening hours; the moment of closing does not."""
        second = _instant(at)[0]
        return self._windows.covering(second, second + 1).is_open(second)

    def next_opening(self, at: datetime) -> datetime | None:
        """``at`` itself when open then, else the next moment that opens; None when none comes."""
        second = _instant(at)[0]
        window = self._windows.window_from(second, to_its_end=False)
        if window is None or window[0] <= second:
            return at if window else None
        return _moment(window[0], 0, at)

    def next_closing(self, at: datetime) -> datetime | None:
        """End of the window that is open at ``at``, else of the next one; None when it never closes."""
        window = self._windows.window_from(_instant(at)[0], to_its_end=True)
        return _moment(window[1], 0, at) if window else None

    def add_business_days(self, at: datetime, days: int) -> datetime:
        """Move by whole business days and keep the wall-clock time.

        A business day is a date with opening hours. When the wall-clock time is closed on the date
        arrived at, the result is the next opening (``days`` of 0 or more) or the last closing (fewer).

        Raises
        ------
        ValueError
            For a datetime without a zone, or when there are too few business days.
        """
        _instant(at)
        if not days:
            return self.add(at, timedelta(0))
        local = at.astimezone(self._zone)
        day = move_business_days(self._definition, local.date(), days)
        moved = self.resolve_local(datetime.combine(day, local.time())).astimezone(
            at.tzinfo
        )
        if self.is_open(moved):
            return moved
        return (
            self.add(moved, timedelta(0))
            if days > 0
            else self.subtract(moved, timedelta(0))
        )

    def resolve_local(self, naive: datetime) -> datetime:
        """The instant of a wall-clock time in the calendar's zone.

        A time that the clock skips moves forward by what was skipped; of a time that comes twice, the
        first is meant (``fold=0`` of PEP 495).

        Raises
        ------
        ValueError
            For a datetime that already has a zone.
        """
        if naive.tzinfo is not None:
            raise ValueError(f"A wall-clock time has no zone: {naive!r}")
        return (
            naive.replace(tzinfo=self._zone, fold=0)
            .astimezone(UTC)
            .astimezone(self._zone)
        )

    # Dates ---------------------------------------------------------------------------------------

    def day_kind(self, day: date) -> str:
        """``"holiday"``, ``"exception"`` (dated hours), ``"open"`` or ``"closed"``, in this order."""
        return self._definition.kind_of(day)

    def holiday_name(self, day: date) -> str:
        """The name given to a holiday; empty when there is none."""
        return self._definition.holiday_name(day)

    def open_seconds_on(self, day: date) -> int:
        """Open seconds of a local date, as they elapse: a date on which clocks change is exact too."""
        midnight = local_day(day) * DAY_SECONDS
        hours = (
            np.array(self._definition.hours_on(day), dtype=np.int64).reshape(-1, 2)
            + midnight
        )
        margin = MARGIN_DAYS * DAY_SECONDS
        spans = offset_spans(
            self._zone, midnight - margin, midnight + DAY_SECONDS + margin
        )
        opens, closes = utc_windows(hours[:, 0], hours[:, 1], spans)
        return int((closes - opens).sum())

    # Epoch seconds -------------------------------------------------------------------------------

    def between_seconds(self, start: int, end: int) -> int:
        """``between`` on epoch seconds; made to be called millions of times."""
        if end <= start:
            return 0
        horizon = self._windows.horizon
        if horizon is None or start < horizon.lo or end > horizon.hi:
            horizon = self._windows.covering(start, end)
        starts, before = horizon.starts, horizon.before
        i = bisect_right(starts, start) - 1
        first = before[i] + start - starts[i]
        if first > before[i + 1]:
            first = before[i + 1]
        i = bisect_right(starts, end, i) - 1
        last = before[i] + end - starts[i]
        if last > before[i + 1]:
            last = before[i + 1]
        return last - first

    def add_seconds(self, start: int, seconds: int) -> int:
        """``add`` on epoch seconds; made to be called millions of times."""
        if seconds < 0:
            raise ValueError(f"A duration cannot be negative: {seconds}")
        horizon = self._windows.horizon
        if horizon is None or start < horizon.lo or start > horizon.hi:
            horizon = self._windows.covering(start, start)
        target = horizon.count(start) + seconds
        if target >= horizon.before[-1]:
            horizon = self._windows.reaching(horizon, target)
        return horizon.reach(target)

    def subtract_seconds(self, end: int, seconds: int) -> int:
        """``subtract`` on epoch seconds."""
        if seconds < 0:
            raise ValueError(f"A duration cannot be negative: {seconds}")
        horizon = self._windows.covering(end, end)
        target = horizon.count(end) - seconds
        horizon, shift = self._windows.reaching_back(horizon, target)
        return horizon.reach_back(target + shift)

    def windows(self, start: int, end: int) -> list[tuple[int, int]]:
        """Open windows inside ``[start, end)`` in epoch seconds, cut to it, in order."""
        if end <= start:
            return []
        return self._windows.covering(start, end).windows(start, end)

    # Arrays --------------------------------------------------------------------------------------

    def between_many(self, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.float64]:
        """Open seconds of each pair; zero where the end is not later than the start.

        Parameters
        ----------
        starts, ends : array_like of int
            UTC epoch seconds; the two broadcast.

        Returns
        -------
        1D array of float64
            Open seconds, whole numbers.
        """
        begin, finish = paired(epoch_array(starts), epoch_array(ends))
        if not begin.size:
            return np.zeros(0)
        lo, hi = min(begin.min(), finish.min()), max(begin.max(), finish.max())
        return self._windows.covering(int(lo), int(hi)).between_many(begin, finish)

    def add_many(self, starts: ArrayLike, seconds: ArrayLike) -> NDArray[np.int64]:
        """The moment at which each duration of open time has passed, as ``add`` defines it.

        Parameters
        ----------
        starts : array_like of int
            UTC epoch seconds.
        seconds : array_like of int or float
            Open seconds, not negative, rounded to whole seconds; broadcasts with ``starts``.

        Returns
        -------
        1D array of int64
            UTC epoch seconds.
        """
        begin, durations = paired(epoch_array(starts), duration_array(seconds))
        if not begin.size:
            return begin
        horizon = self._windows.covering(int(begin.min()), int(begin.max()))
        target = horizon.count_many(begin) + durations
        return self._windows.reaching(horizon, int(target.max())).reach_many(target)

    def subtract_many(self, ends: ArrayLike, seconds: ArrayLike) -> NDArray[np.int64]:
        """``subtract`` for arrays; parameters and result as for ``add_many``."""
        finish, durations = paired(epoch_array(ends), duration_array(seconds))
        if not finish.size:
            return finish
        horizon = self._windows.covering(int(finish.min()), int(finish.max()))
        target = horizon.count_many(finish) - durations
        horizon, shift = self._windows.reaching_back(horizon, int(target.min()))
        return horizon.reach_back_many(target + shift)


def _instant(at: datetime) -> tuple[int, int]:
    """Epoch seconds, rounded down, and the microseconds left over."""
    if at.utcoffset() is None:
        raise ValueError(f"A moment needs a time zone: {at!r}")
    passed = at - EPOCH
    return passed.days * DAY_SECONDS + passed.seconds, passed.microseconds


def _moment(seconds: int, micros: int, like: datetime) -> datetime:
    moment = EPOCH + timedelta(seconds=seconds, microseconds=micros)
    return moment.astimezone(like.tzinfo)


def _micros(duration: timedelta) -> int:
    if duration < timedelta(0):
        raise ValueError(f"A duration cannot be negative: {duration!r}")
    return duration // MICROSECOND


def _count_micros(horizon: Horizon, at: int, fraction: int) -> int:
    """Open microseconds before a moment: windows are whole seconds, so a fraction counts or not."""
    counted = horizon.count(at) * MILLION
    return counted + fraction if fraction and horizon.is_open(at) else counted
