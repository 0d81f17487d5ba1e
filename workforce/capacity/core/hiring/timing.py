"""By when hiring has to start, counted back from when the people are needed."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from workforce.capacity.core.hiring.people import RAMP, ramp_days

MONTH_DAYS = 365.25 / 12

Urgency = Literal["OVERDUE", "NOW", "LATER"]


@dataclass(frozen=True)
class LeadTime:
    """Months from the decision to hire to the first day at work, short and long."""

    low: float
    high: float


@dataclass(frozen=True)
class Timing:
    """Counted back from a first day at work.

    ``start_by`` allows for the long lead time; started after ``start_latest``, even
    the short one comes too late. ``full_on`` is the first day at full load.
    """

    start_by: date
    start_latest: date
    joins_on: date
    full_on: date

    def urgency(self, today: date) -> Urgency:
        """Return how urgent it is when hiring has not started yet."""
        if today > self.start_latest:
            return "OVERDUE"
        return "NOW" if today > self.start_by else "LATER"


def add_months(day: date, months: float) -> date:
    """Return the day so many months on; negative goes back.

    Whole months keep the day of the month, or take the month's last; the rest of a month
    is counted in days of 30.44 to the month, rounded.
    """
    whole = int(months)
    index = day.year * 12 + day.month - 1 + whole
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    moved = day.replace(year=year, month=month + 1, day=min(day.day, last))
    return moved + timedelta(days=round((months - whole) * MONTH_DAYS))


def timing(joins_on: date, lead: LeadTime, ramp: Sequence[float] = RAMP) -> Timing:
    return Timing(
        start_by=add_months(joins_on, -lead.high),
        start_latest=add_months(joins_on, -lead.low),
        joins_on=joins_on,
        full_on=joins_on + timedelta(days=ramp_days(ramp)),
    )


def timing_for_full_load(
    full_on: date, lead: LeadTime, ramp: Sequence[float] = RAMP
) -> Timing:
    """Return the timing of people who must carry a full load on a day."""
    return timing(full_on - timedelta(days=ramp_days(ramp)), lead, ramp)
