"""Periods of whole UTC days: the presets of reports, the one before, and its buckets."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Preset(StrEnum):
    """Periods that reports are read by."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    DAYS_7 = "7d"
    DAYS_30 = "30d"
    DAYS_90 = "90d"
    LAST_MONTH = "last_month"
    LAST_QUARTER = "last_quarter"
    MONTHS_12 = "12m"


class Step(StrEnum):
    """Width of a trend's bucket."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """Days ``[start, end)``.

    Raises
    ------
    ValueError
        If the period is empty.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start}–{self.end}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def months(self) -> int:
        """How many whole calendar months these are; 0 when they are none."""
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return (
            12 * (self.end.year - self.start.year) + self.end.month - self.start.month
        )

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    def previous(self) -> "Period":
        """The period just before: as many days, or as many calendar months."""
        if self.months:
            return Period(add_months(self.start, -self.months), self.start)
        return Period(self.start - timedelta(days=self.days), self.start)


def add_months(first: date, months: int) -> date:
    """Move the first day of a month by whole months.

    Examples
    --------
    >>> add_months(date(2026, 1, 1), -1)
    datetime.date(2025, 12, 1)
    """
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def preset(kind: Preset, today: date) -> Period:
    """Return the days that ``kind`` means on ``today``.

    Rolling periods include today; named months and quarters are complete.

    Parameters
    ----------
    kind : Preset
    today : date
        The present UTC day.

    Returns
    -------
    Period

    Examples
    --------
    >>> preset(Preset.LAST_QUARTER, date(2026, 5, 9)).start
    datetime.date(2026, 1, 1)
    """
    tomorrow = today + timedelta(days=1)
    rolling = {
        Preset.TODAY: 1,
        Preset.DAYS_7: 7,
        Preset.DAYS_30: 30,
        Preset.DAYS_90: 90,
    }
    if kind in rolling:
        return Period(tomorrow - timedelta(days=rolling[kind]), tomorrow)
    if kind is Preset.YESTERDAY:
        return Period(today - timedelta(days=1), today)
    month = today.replace(day=1)
    if kind is Preset.LAST_MONTH:
        return Period(add_months(month, -1), month)
    if kind is Preset.LAST_QUARTER:
        quarter = add_months(month, -((today.month - 1) % 3))
        return Period(add_months(quarter, -3), quarter)
    return Period(add_months(month, -12), month)


def step_for(days: int) -> Step:
    """Choose a bucket width that gives a trend of at most about 50 points."""
    if days <= 31:
        return Step.DAY
    return Step.WEEK if days <= 370 else Step.MONTH


def bucket_starts(start: date, end: date, step: Step) -> list[date]:
    """First days of the buckets of ``[start, end)``.

    Weeks start on Monday and months on the 1st; the first bucket starts at ``start``
    and may be shorter.

    Parameters
    ----------
    start, end : date
    step : Step

    Returns
    -------
    list of date
    """
    starts = [start]
    while (following := _following(starts[-1], step)) < end:
        starts.append(following)
    return starts


def _following(day: date, step: Step) -> date:
    if step is Step.DAY:
        return day + timedelta(days=1)
    if step is Step.WEEK:
        return day + timedelta(days=7 - day.weekday())
    return add_months(day.replace(day=1), 1)
