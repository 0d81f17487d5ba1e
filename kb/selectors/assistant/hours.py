"""When people answer."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kb.models import AssistantRules
from sla.selectors.calendars import business_calendar, calendars_with_parts


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether people answer now, and else from when.

    ``opens_at`` is in the calendar's time zone; ``None`` while it is open, and where no
    opening comes in the years that the calendar knows.
    """

    is_open: bool
    opens_at: datetime | None
    zone: str


def hours_of(rules: AssistantRules, *, at: datetime) -> Hours | None:
    """Return the hours of the rules' calendar, ``None`` where the rules name none."""
    if rules.calendar_id is None:
        return None
    row = calendars_with_parts().get(pk=rules.calendar_id)
    calendar = business_calendar(row, at=at)
    zone = ZoneInfo(row.time_zone)
    if calendar.is_open(at):
        return Hours(is_open=True, opens_at=None, zone=row.time_zone)
    opens = calendar.next_opening(at)
    return Hours(
        is_open=False,
        opens_at=opens.astimezone(zone) if opens else None,
        zone=row.time_zone,
    )
