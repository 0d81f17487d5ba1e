"""When people work on queues whose work can wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from sla.core.calendar import BusinessCalendar
from sla.selectors.calendars import business_calendar, calendars_with_parts
from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.local_times import Floats, Ints


@dataclass(frozen=True)
class OpenHours:
    """The hours of a calendar; without one, round the clock."""

    calendar: BusinessCalendar | None

    def share(self, starts: Ints, seconds: Floats) -> Floats:
        """Return how much of each interval is open, 0 to 1."""
        if self.calendar is None:
            return np.ones(len(starts))
        ends = starts + seconds.astype(np.int64)
        return self.calendar.between_many(starts, ends) / seconds


def open_hours_of(queues: Sequence[Queue], around: date) -> dict[int, OpenHours]:
    """Return the staffed hours of some queues: four queries if any has a calendar.

    ``around`` is a day of the weeks looked at; holidays are known for years after it.
    """
    wanted = {queue.calendar_id for queue in queues if queue.calendar_id}
    moment = datetime(around.year, around.month, around.day, tzinfo=UTC)
    calendars = (
        {
            row.pk: business_calendar(row, at=moment)
            for row in calendars_with_parts().filter(pk__in=wanted)
        }
        if wanted
        else {}
    )
    return {
        queue.pk: OpenHours(calendars.get(queue.calendar_id or 0)) for queue in queues
    }
