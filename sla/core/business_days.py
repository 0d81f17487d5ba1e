"""Moving from date to date by days that have opening hours."""

from datetime import date, timedelta

from sla.core.calendar_definition import CalendarDefinition
from sla.core.calendar_growth import FIRST_DAY, LAST_DAY
from sla.core.calendar_horizon import local_day


def move_business_days(definition: CalendarDefinition, day: date, days: int) -> date:
    """The date that lies a number of business days (dates with opening hours) away.

    Raises
    ------
    ValueError
        When there are too few business days between the years 1800 and 2499.
    """
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        if not FIRST_DAY <= local_day(day) < LAST_DAY or not definition.is_ever_open():
            raise ValueError(
                f"This calendar has too few business days to move by {days}"
            )
        left -= bool(definition.hours_on(day))
    return day
