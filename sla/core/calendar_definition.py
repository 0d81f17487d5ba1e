"""What a business calendar says: zone, weekly hours, holidays and dated changes; checked, and as JSON."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY_SECONDS = 86_400

Pair = tuple[time, time]
Interval = tuple[int, int]
"""Local seconds since midnight, half-open; an end of 86,400 is 24:00."""
Dated = tuple[tuple[date, tuple[Interval, ...]], ...]


@dataclass(frozen=True, slots=True)
class CalendarDefinition:
    """The checked content of one calendar; two calendars are equal when these are.

    Parameters
    ----------
    timezone : str
        IANA zone name.
    weekly : tuple of 7 tuples of (int, int)
        Open local seconds of each weekday, Monday first, sorted, without overlaps.
    holidays : tuple of (date, str)
        Closed days with their names (empty when unnamed), in date order.
    exceptions : tuple of (date, intervals)
        Dated hours that replace the weekly ones; no interval means closed.
    breaks : tuple of (date, intervals)
        Dated closures inside whatever hours hold on that day.
    """

    timezone: str
    weekly: tuple[tuple[Interval, ...], ...]
    holidays: tuple[tuple[date, str], ...] = ()
    exceptions: Dated = ()
    breaks: Dated = ()
    _special: dict[date, tuple[Interval, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _holiday_names: dict[date, str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _exception_dates: frozenset[date] = field(
        init=False, repr=False, compare=False, default=frozenset()
    )

    def __post_init__(self) -> None:
        # Derived once: a compile and every day question look the special days up by date.
        dated, breaks = dict(self.exceptions), dict(self.breaks)
        self._holiday_names.update(self.holidays)
        object.__setattr__(self, "_exception_dates", frozenset(dated))
        for day in {*self._holiday_names, *dated, *breaks}:
            hours = dated.get(day, self.weekly[day.weekday()])
            closed = day in self._holiday_names
            self._special[day] = () if closed else _without(hours, breaks.get(day, ()))

    @property
    def special_days(self) -> Mapping[date, tuple[Interval, ...]]:
        """The open local seconds of every day that is not an ordinary weekday."""
        return self._special

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """Open local seconds of one date: holiday beats break beats dated hours beats weekly hours."""
        special = self._special.get(day)
        return self.weekly[day.weekday()] if special is None else special

    def kind_of(self, day: date) -> str:
        """Which rule governs a date: ``"holiday"``, ``"exception"``, ``"open"`` or ``"closed"``."""
        if day in self._holiday_names:
            return "holiday"
        if day in self._exception_dates:
            return "exception"
        return "open" if self.hours_on(day) else "closed"

    def holiday_name(self, day: date) -> str:
        """Name of the holiday on a date; empty when it has none or is no holiday."""
        return self._holiday_names.get(day, "")

    def is_ever_open(self) -> bool:
        """Whether any weekday or any dated day has hours left."""
        return any(self.weekly) or any(self._special.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; ``from_dict`` gives an equal definition back."""
        return {
            "timezone": self.timezone,
            "weekly": {
                str(day): _as_text(hours)
                for day, hours in enumerate(self.weekly)
                if hours
            },
            "holidays": {day.isoformat(): name for day, name in self.holidays},
            "exceptions": {
                day.isoformat(): _as_text(hours) for day, hours in self.exceptions
            },
            "breaks": {day.isoformat(): _as_text(hours) for day, hours in self.breaks},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "CalendarDefinition":
        """Read what ``to_dict`` wrote; holidays may also be a plain list of dates.

        Raises
        ------
        ValueError
            Naming the value that cannot be read or that breaks a rule.
        """
        named = content.get("holidays") or {}
        names = named if isinstance(named, Mapping) else dict.fromkeys(named, "")
        weekly = {
            weekday_number(key): [interval_from_text(pair) for pair in pairs]
            for key, pairs in (content.get("weekly") or {}).items()
        }
        return cls(
            checked_zone(content.get("timezone")).key,
            tuple(
                checked_hours(weekly.get(day, ()), f"weekday {day}") for day in range(7)
            ),
            tuple(
                sorted((date_from_text(day), str(name)) for day, name in names.items())
            ),
            _dated_from_text(content.get("exceptions") or {}, is_break=False),
            _dated_from_text(content.get("breaks") or {}, is_break=True),
        )


def define(
    timezone: str,
    weekly: Mapping[int, Sequence[Pair]],
    holidays: Collection[date] | Mapping[date, str],
    exceptions: Mapping[date, Sequence[Pair]],
    breaks: Mapping[date, Sequence[Pair]],
) -> CalendarDefinition:
    """Check what a caller wrote with ``date`` and ``time`` values and bring it into one form."""
    by_day = {weekday_number(day): _intervals(pairs) for day, pairs in weekly.items()}
    names = holidays if isinstance(holidays, Mapping) else dict.fromkeys(holidays, "")
    return CalendarDefinition(
        checked_zone(timezone).key,
        tuple(checked_hours(by_day.get(day, ()), f"weekday {day}") for day in range(7)),
        tuple(sorted((_checked_date(day), str(name)) for day, name in names.items())),
        tuple(
            (_checked_date(day), checked_hours(_intervals(pairs), day.isoformat()))
            for day, pairs in sorted(exceptions.items())
        ),
        tuple(
            (_checked_date(day), union(_intervals(pairs)))
            for day, pairs in sorted(breaks.items())
        ),
    )


def checked_zone(name: object) -> ZoneInfo:
    """The zone of an IANA name; ``ValueError`` naming anything else."""
    try:
        return ZoneInfo(name)  # type: ignore[arg-type]
    except (KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise ValueError(f"Unknown time zone: {name!r}") from error


def checked_hours(intervals: Iterable[Interval], place: str) -> tuple[Interval, ...]:
    """Sort opening hours; refuse overlaps, which are always a slip, instead of merging them."""
    ordered = tuple(sorted(intervals))
    for first, second in overlaps(ordered):
        texts = f"{as_text(first)} and {as_text(second)}"
        raise ValueError(f"Opening hours overlap on {place}: {texts}")
    return ordered


def overlaps(ordered: Sequence[Interval]) -> list[tuple[Interval, Interval]]:
    """Neighbouring pairs of a sorted list that share time; touching pairs do not."""
    return [
        (first, second) for first, second in pairwise(ordered) if second[0] < first[1]
    ]


def interval_from_text(pair: Any) -> Interval:
    """Read ``["09:00", "17:00"]``; ``"24:00"`` or ``"00:00"`` as an end is the day's end."""
    try:
        start_text, end_text = pair
    except (TypeError, ValueError) as error:
        raise ValueError(f"Not an interval of two times: {pair!r}") from error
    start = _seconds(_time_from_text(start_text))
    if end_text == "24:00":
        return start, DAY_SECONDS
    return _checked_interval(start, _seconds(_time_from_text(end_text)))


def date_from_text(text: object) -> date:
    """Read an ISO date; ``ValueError`` naming anything else."""
    try:
        return date.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise ValueError(f"Not a date: {text!r}") from error


def weekday_number(key: Any) -> int:
    """0 (Monday) to 6 from an int or its text, as JSON keys are texts."""
    day = int(key) if isinstance(key, str) and key.isdecimal() else key
    if not isinstance(day, int) or isinstance(day, bool) or not 0 <= day <= 6:
        raise ValueError(f"Not a weekday from 0 (Monday) to 6: {key!r}")
    return day


def as_text(interval: Interval) -> str:
    """``09:00-17:00``, for messages."""
    return "-".join(_clock_text(second) for second in interval)


def _as_text(hours: Iterable[Interval]) -> list[list[str]]:
    return [[_clock_text(start), _clock_text(end)] for start, end in hours]


def _clock_text(second: int) -> str:
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _time_from_text(text: Any) -> time:
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Not a time of day: {text!r}") from error


def _intervals(pairs: Iterable[Pair]) -> list[Interval]:
    return [_checked_interval(_seconds(start), _seconds(end)) for start, end in pairs]


def _seconds(moment: time) -> int:
    if not isinstance(moment, time) or moment.tzinfo or moment.microsecond:
        message = "Not a time of day in whole seconds and without a zone (24:00 is time(0) as an end)"
        raise ValueError(f"{message}: {moment!r}")
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _checked_interval(start: int, end: int) -> Interval:
    end = end or DAY_SECONDS
    if start >= end:
        advice = "split hours that run past midnight into two days"
        raise ValueError(
            f"Hours must end after they start ({advice}): {as_text((start, end))}"
        )
    return start, end


def _checked_date(day: Any) -> date:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"Not a date: {day!r}")  # noqa: TRY004 (cores raise ValueError)
    return day


def _dated_from_text(content: Mapping[str, Any], *, is_break: bool) -> Dated:
    rows = []
    for text, pairs in content.items():
        intervals = [interval_from_text(pair) for pair in pairs]
        hours = union(intervals) if is_break else checked_hours(intervals, str(text))
        rows.append((date_from_text(text), hours))
    return tuple(sorted(rows))


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Merge closures: being closed twice is being closed, so overlaps are harmless here."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _without(
    hours: Iterable[Interval], closures: Iterable[Interval]
) -> tuple[Interval, ...]:
    """Take closures out of opening hours."""
    left = list(hours)
    for closed_from, closed_to in closures:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, closed_from)), (max(start, closed_to), end))
            if piece[0] < piece[1]
        ]
    return tuple(left)
