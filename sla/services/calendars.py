"""Every write to calendars: one verb saves hours, holidays and exceptions together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from sla.models import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
)
from sla.selectors import calendars as selectors
from supportops.common.errors import OperationRefused
from workforce.people.models import User

Minutes = tuple[int, int]


class CalendarNameTaken(OperationRefused):
    code = "calendar_name_taken"


class CalendarChangedMeanwhile(OperationRefused):
    code = "calendar_changed_meanwhile"


class CalendarUnreadable(OperationRefused):
    code = "calendar_unreadable"


class CalendarInUse(OperationRefused):
    code = "calendar_in_use"


@dataclass(frozen=True)
class CalendarContent:
    """All of a calendar, as its editor sends it.

    Attributes
    ----------
    weekly : mapping of int to iterable of (int, int)
        Weekday (0 = Monday) to minutes after midnight; 1440 is 24:00.
    places : iterable of (str, str)
        Country and subdivision whose public holidays close it.
    exceptions : iterable of (date, str, iterable of (int, int))
        Dated hours with a name; without hours the day is closed.
    """

    name: str
    time_zone: str = "UTC"
    is_always_open: bool = False
    weekly: Mapping[int, Iterable[Minutes]] = field(default_factory=dict)
    places: Iterable[tuple[str, str]] = ()
    exceptions: Iterable[tuple[date, str, Iterable[Minutes]]] = ()


@transaction.atomic
def save_calendar(
    *,
    calendar_id: int | None,
    content: CalendarContent,
    actor: User | None,
    at: datetime,
    expected_changed_at: datetime | None = None,
) -> Calendar:
    """Create or replace a calendar. Published policies keep their frozen hours.

    Raises ``CalendarNameTaken``, ``CalendarUnreadable`` for hours or places that cannot
    be, or ``CalendarChangedMeanwhile`` when somebody saved it after
    ``expected_changed_at``.
    """
    calendar = _locked(calendar_id, expected_changed_at)
    _check(content, at)
    namesakes = Calendar.objects.filter(name=content.name)
    if namesakes.exclude(pk=calendar.pk).exists():
        raise CalendarNameTaken(
            _("There is already a calendar “%(name)s”. Choose another name.")
            % {"name": content.name}
        )
    calendar.name = content.name
    calendar.time_zone = content.time_zone
    calendar.is_always_open = content.is_always_open
    calendar.changed_at = at
    _save(calendar, actor)
    _replace_parts(calendar, content, actor)
    return calendar


@transaction.atomic
def delete_calendar(*, calendar_id: int, actor: User | None) -> None:
    """Delete a calendar that no draft and no policy in force names.

    Raises ``CalendarInUse`` otherwise.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    users = selectors.policies_that_name(calendar_id)
    if users:
        raise CalendarInUse(
            _("“%(name)s” was not deleted: %(policies)s count on it.")
            % {
                "name": calendar.name,
                "policies": ", ".join(str(policy) for policy in users),
            }
        )
    _delete(calendar, actor)


def _locked(calendar_id: int | None, expected: datetime | None) -> Calendar:
    if calendar_id is None:
        return Calendar()
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    if calendar.changed_at != expected:
        raise CalendarChangedMeanwhile(
            _(
                "“%(name)s” was saved by somebody else meanwhile, so yours was not "
                "saved. Load it again and repeat your change."
            )
            % {"name": calendar.name}
        )
    return calendar


def _check(content: CalendarContent, at: datetime) -> None:
    """Let the core build it: what it refuses is never stored."""
    try:
        selectors.build_hours(
            time_zone=content.time_zone,
            weekly=_rows(content.weekly),
            places=content.places,
            exceptions=[
                (day, name, [tuple(pair) for pair in hours])
                for day, name, hours in content.exceptions
            ],
            years=(at.year, at.year),
        )
    except ValueError as error:
        raise CalendarUnreadable(
            _("The calendar was not saved: %(reason)s.") % {"reason": error}
        ) from error


def _rows(weekly: Mapping[int, Iterable[Minutes]]) -> list[tuple[int, int, int]]:
    return [
        (weekday, starts, ends)
        for weekday, intervals in sorted(weekly.items())
        for starts, ends in intervals
    ]


def _replace_parts(
    calendar: Calendar, content: CalendarContent, actor: User | None
) -> None:
    """Write only the rows that differ, so that the history tells what was changed."""
    _replace(
        calendar,
        CalendarInterval,
        ("weekday", "starts_minute", "ends_minute"),
        _rows(content.weekly),
        actor,
    )
    _replace(
        calendar, CalendarHolidays, ("country", "subdivision"), content.places, actor
    )
    _replace(
        calendar,
        CalendarException,
        ("date", "name", "hours"),
        [
            (day, name, [list(pair) for pair in hours])
            for day, name, hours in content.exceptions
        ],
        actor,
    )


def _replace(
    calendar: Calendar,
    model: type[models.Model],
    columns: tuple[str, ...],
    wanted: Iterable[tuple[Any, ...]],
    actor: User | None,
) -> None:
    left = [tuple(row) for row in wanted]
    for row in model._default_manager.filter(calendar=calendar).order_by("pk"):  # noqa: SLF001
        values = tuple(getattr(row, column) for column in columns)
        if values in left:
            left.remove(values)
        else:
            _delete(row, actor)
    for values in left:
        _save(
            model(calendar=calendar, **dict(zip(columns, values, strict=True))), actor
        )


def _delete(row: Any, actor: User | None) -> None:
    row._history_user = actor  # noqa: SLF001 -- simple-history's documented hook
    row.delete()


def _save(row: Any, actor: User | None) -> None:
    row._history_user = actor  # noqa: SLF001 -- simple-history's documented hook
    row.full_clean()
    row.save()
