"""From loose timestamps and volumes to a table of open days by slots."""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.forecast.records import Floats, Ints, Moments

STEPS = {"15min": 900, "30min": 1800, "h": 3600, "D": 86_400}
"""Seconds of an interval by the name of its frequency."""

ZONE = re.compile(r"(?:[zZ]|[T ]\d\d.*[+-]\d\d(?::?\d\d)?)$")
"""The end of a time in ISO 8601 that says a zone: Z, or an offset after the hour."""

DAY = 86_400
MAX_TRAINING_DAYS = 1_500
"""Days of history that count: older ones cost time and say nothing that four years do not."""

CLEARLY_SILENT = 14.0
"""Contacts that days of 0 at the start would have had at the later rate, to be left out.

By chance so many stay away once in a million times.
"""

WEEK = 7
SMALLEST_VOLUME = 1e-9
MOST_UNKNOWN = 0.5
"""Share of a day's usual volume that may be unknown before the whole day is."""


@dataclass(frozen=True)
class Series:
    """History as days that had data, by slots of the day.

    Attributes
    ----------
    days : int64, shape (n,)
        Days since 1970-01-01, ascending; days without data are absent.
    values : float64, shape (n, s)
        Volume; 0 where a slot of an open day is missing.
    present : bool, shape (n, s)
        Where the data had a row.
    step : int
        Seconds of a slot; ``s = 86400 / step``.
    unknown_days : int64, shape (u,)
        Days left out because too much of them was NaN.
    partial : int or None
        The last day when the data stops before its usual end; not among ``days``.
    last_moment : int
        Seconds since 1970 of the start of the last interval with a known volume.
    leading_zeros : int
        Days of 0 left out because the queue had not begun, see `_begins`.
    unknown_slots : int
        Slots left out because they were NaN on every day.
    """

    days: Ints
    values: Floats
    present: np.ndarray[Any, np.dtype[np.bool_]]
    step: int
    unknown_days: Ints
    partial: int | None
    last_moment: int
    leading_zeros: int = 0
    unknown_slots: int = 0

    @property
    def totals(self) -> Floats:
        sums: Floats = self.values.sum(axis=1)
        return sums


def read_series(timestamps: ArrayLike, volumes: ArrayLike, freq: str) -> Series:
    """Return the history as a table, summing duplicates and dropping what is unknown.

    Raises
    ------
    ValueError
        For an unknown frequency, arrays of different lengths, no data, a timestamp that
        is missing or carries a time zone, or a volume that is negative or infinite.
    """
    if not isinstance(freq, str) or freq not in STEPS:
        raise ValueError(f"freq {freq!r} is not one of {', '.join(STEPS)}")
    step = STEPS[freq]
    moments = _moments(timestamps)
    counts = _counts(volumes, moments.size)
    if np.isnan(counts).all():
        raise ValueError("no volume is known: every value is missing (NaN)")
    days, values, present = _table(moments, counts, step)
    unseen = _never_known(values, present)
    present[:, unseen] = False
    values[:, unseen] = 0.0
    values[~present.any(axis=1)] = np.nan
    kept, unknown = _fill_unknown(values, days)
    if not kept.any():
        raise ValueError("no day is known: most of each is missing (NaN)")
    days, values, present = days[kept], values[kept], present[kept]
    partial = _stops_early(days, present)
    if partial:
        last, days, values, present = days[-1], days[:-1], values[:-1], present[:-1]
    begins = _begins(values.sum(axis=1))
    recent = slice(max(begins, days.size - MAX_TRAINING_DAYS), None)
    return Series(
        days=days[recent],
        values=values[recent],
        present=present[recent],
        step=step,
        unknown_days=unknown,
        partial=int(last) if partial else None,
        last_moment=int(moments[~np.isnan(counts)].max()) // step * step,
        leading_zeros=begins,
        unknown_slots=int(unseen.sum()),
    )


def cut(series: Series, count: int) -> Series:
    """Return the first ``count`` days of a series, as it was known then."""
    last = int(series.days[count - 1])
    return replace(
        series,
        days=series.days[:count],
        values=series.values[:count],
        present=series.present[:count],
        unknown_days=series.unknown_days[series.unknown_days <= last],
        partial=None,
        last_moment=(last + 1) * DAY - series.step,
    )


def _moments(timestamps: ArrayLike) -> Ints:
    try:
        given = np.asarray(timestamps)
        zoned = _has_zone(timestamps, given)
        moments = given if zoned else np.asarray(given, dtype="datetime64[s]")
    except (TypeError, ValueError) as error:
        raise ValueError(f"timestamps cannot be read: {error}") from error
    if zoned:
        raise ValueError(
            "timestamps must be local wall-clock times without a time zone"
        )
    if given.size and given.dtype.kind in "bfc":
        raise ValueError(f"timestamps cannot be read: {given.ravel()[0]!s} is no time")
    if moments.ndim != 1 or not moments.size:
        raise ValueError("timestamps must be a list with at least one time")
    if np.isnat(moments).any():
        raise ValueError("a timestamp is missing (NaT)")
    return moments.astype(np.int64)


def _has_zone(timestamps: ArrayLike, given: np.ndarray[Any, Any]) -> bool:
    """Whether a time carries a zone, which numpy would take as UTC without a word."""
    if getattr(getattr(timestamps, "dtype", None), "tz", None) is not None:
        return True  # a column of a data frame
    if given.dtype.kind not in "OSU":
        return False
    texts = given.astype(str) if given.dtype.kind == "S" else given
    return any(
        bool(ZONE.search(moment))
        if isinstance(moment, str)
        else getattr(moment, "tzinfo", None) is not None
        for moment in texts.ravel().tolist()
    )


def _counts(volumes: ArrayLike, expected: int) -> Floats:
    try:
        counts = np.asarray(volumes, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"volumes cannot be read as numbers: {error}") from error
    if counts.shape != (expected,):
        raise ValueError(
            f"timestamps and volumes differ in length: {expected} and {counts.size}"
        )
    if np.isinf(counts).any():
        raise ValueError("a volume is infinite")
    if (counts < 0).any():
        where = int(np.flatnonzero(counts < 0)[0])
        raise ValueError(f"volume {counts[where]:g} at position {where} is negative")
    # Numbers too small to be volumes would overflow where one divides by them.
    return np.where(counts < SMALLEST_VOLUME, 0.0, counts)


def _table(
    moments: Ints, counts: Floats, step: int
) -> tuple[Ints, Floats, np.ndarray[Any, np.dtype[np.bool_]]]:
    days, rows = np.unique(moments // DAY, return_inverse=True)
    slots = moments % DAY // step
    values = np.zeros((days.size, DAY // step))
    present = np.zeros(values.shape, dtype=bool)
    np.add.at(values, (rows, slots), counts)
    present[rows, slots] = True
    return days, values, present


def _fill_unknown(
    values: Floats, days: Ints
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Ints]:
    """Fill NaN slots from the day's known part; name the days that are too unknown.

    A slot's fill is its usual volume on that weekday, scaled by how the known part of
    the day compares with its own usual volume.
    """
    kept = np.ones(days.size, dtype=bool)
    holed = np.flatnonzero(np.isnan(values).any(axis=1))
    for row in holed:
        unknown = np.isnan(values[row])
        usual = _usual_day(values, (days + 3) % 7 == (days[row] + 3) % 7)
        known_part, whole = usual[~unknown].sum(), usual.sum()
        kept[row] = not unknown.all() and known_part > (1 - MOST_UNKNOWN) * whole
        if kept[row]:
            scale = np.nansum(values[row]) / known_part
            values[row, unknown] = usual[unknown] * scale
    return kept, days[~kept]


def _never_known(
    values: Floats, present: np.ndarray[Any, np.dtype[np.bool_]]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which slots have rows, but NaN in all of them: 0 would be said of no knowledge."""
    known = present & ~np.isnan(values)
    return np.asarray(present.any(axis=0) & ~known.any(axis=0))


def _usual_day(values: Floats, same: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
    """Usual volume by slot of such days; of all days for a slot never known on them."""
    whole = values[same & ~np.isnan(values).any(axis=1)]
    if len(whole):
        usual: Floats = whole.mean(axis=0)
        return usual
    seen = ~np.isnan(values[same]).all(axis=0)
    return np.where(seen, _known_mean(values[same]), _known_mean(values))


def _known_mean(values: Floats) -> Floats:
    """Mean of what is known in each column; 0 where nothing is."""
    known = (~np.isnan(values)).sum(axis=0)
    mean: Floats = np.nansum(values, axis=0) / np.maximum(known, 1)
    return mean


def _begins(totals: Floats) -> int:
    """Return how many days of 0 at the start are from before the queue began.

    They are when contacts at the later rate would have shown by then, and the queue was
    never silent as long since: one with few contacts or with a season keeps its zeros.
    """
    active = np.flatnonzero(totals)
    if not active.size:
        return 0
    begins = int(active[0])
    later = totals[begins:]
    longest = int(np.diff(np.append(active, totals.size)).max()) - 1
    clear = begins * later.mean() > CLEARLY_SILENT
    return begins if begins > max(WEEK, longest) and clear else 0


def _stops_early(days: Ints, present: np.ndarray[Any, np.dtype[np.bool_]]) -> bool:
    """Whether the last day ends before that weekday nearly always did."""
    slots = present.shape[1]
    if slots == 1 or days.size < 2:
        return False
    ends = slots - 1 - present[:, ::-1].argmax(axis=1)
    same = np.flatnonzero((days[:-1] - days[-1]) % 7 == 0)[-8:]
    others = ends[same] if same.size >= 2 else ends[:-1][-5:]
    return bool((ends[-1] < others).mean() >= 0.8)


def as_days(days: Ints) -> Moments:
    """Return day numbers as ``datetime64[D]``."""
    return days.astype("datetime64[D]")


def weekdays(days: Ints) -> Ints:
    """Return 0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday."""
    found: Ints = (days + 3) % 7
    return found
