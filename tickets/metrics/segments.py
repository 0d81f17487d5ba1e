"""Day segments of tickets: those created and those resolved on a UTC day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import Model
from django.db.models.functions import TruncDate
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from numpy.typing import NDArray

from supportops.metrics.registry import register_segment
from supportops.metrics.services import mark_dirty
from tickets.core.touches import Touches, touches
from tickets.custom_fields import handle_seconds, satisfaction
from tickets.models import (
    ENDED,
    Organisation,
    Outcome,
    Priority,
    Ticket,
    TicketEvent,
)
from tickets.signals import tickets_changed

CREATED = "tickets"
RESOLVED = "resolutions"
DIMENSIONS = (
    "priority",
    "tier",
    "team",
    "agent",
    "category",
    "channel",
    "organisation",
)
# Plain IN lists stay below SQLite's historic limit of 999 variables.
BATCH = 900
PRIORITY_NUMBERS = {"": 0} | {code: n for n, code in enumerate(Priority.values, 1)}
_TOUCHING = ("MESSAGE", "TEAM", "ASSIGNEE", "LEVEL", "STATUS")


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a UTC day and of the next."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    return start, start + timedelta(days=1)


def utc_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def moments_in(field: str, start: date | None, end: date | None) -> dict[str, datetime]:
    """Filter arguments for ``field`` within days ``[start, end)``."""
    bounds = {}
    if start:
        bounds[f"{field}__gte"] = day_bounds(start)[0]
    if end:
        bounds[f"{field}__lt"] = day_bounds(end)[0]
    return bounds


def days_of(model: type[Model], field: str) -> Any:
    """Return the ``days`` function of a segment whose facts count for ``field``."""

    def days(start: date | None, end: date | None) -> Iterable[date]:
        facts = model._default_manager.filter(  # noqa: SLF001 -- Django's documented API
            **{f"{field}__isnull": False}, **moments_in(field, start, end)
        )
        return facts.values_list(TruncDate(field, tzinfo=UTC), flat=True).distinct()

    return days


def columns(rows: Iterable[Sequence[Any]], names: Sequence[str]) -> dict[str, Any]:
    """Turn rows of whole numbers and booleans into columns; ``None`` becomes 0."""
    table = list(zip(*rows, strict=True)) or [()] * len(names)
    return {
        name: np.asarray([value or 0 for value in column], dtype=np.int64)
        for name, column in zip(names, table, strict=True)
    }


_COLUMNS = (
    "ticket",
    "tier",
    "team",
    "agent",
    "category",
    "channel",
    "organisation",
    "reopens",
    "priority",
    "created_at",
    "response_seconds",
    "responded",
    "resolution_seconds",
    "duplicate",
    "replies",
    "team_handoffs",
    "agent_handoffs",
    "escalated",
    "stars",
    "handle_seconds",
)


def build(field: str, day: date) -> dict[str, NDArray[np.generic]]:
    """Read the tickets whose ``field`` lies in ``day``, with what their logs say."""
    start, end = day_bounds(day)
    within = {f"{field}__gte": start, f"{field}__lt": end}
    touched = _touches({f"ticket__{name}": bound for name, bound in within.items()})
    tickets = (
        Ticket.objects.filter(**within)
        .order_by("pk")
        .values_list(
            "pk",
            "organisation__tier_id",
            "team_id",
            "assignee_id",
            "category_id",
            "channel_id",
            "organisation_id",
            "reopen_count",
            "priority",
            "created_at",
            "first_response_at",
            "resolved_at",
            "outcome",
            "custom",
        )
    )
    nothing = Touches()
    return columns(
        (_row(ticket, touched.get(ticket[0], nothing)) for ticket in tickets), _COLUMNS
    )


def _row(ticket: tuple[Any, ...], touch: Touches) -> tuple[Any, ...]:
    priority, created, responded, resolved, outcome, custom = ticket[8:]
    return (
        *ticket[:8],
        PRIORITY_NUMBERS[priority],
        int(created.timestamp()),
        _seconds(created, responded),
        responded is not None,
        _seconds(created, resolved),
        outcome == Outcome.DUPLICATE,
        touch.replies,
        touch.team_handoffs,
        touch.agent_handoffs,
        touch.is_escalated,
        satisfaction(custom),
        handle_seconds(custom),
    )


def _seconds(start: datetime, end: datetime | None) -> int:
    return 0 if end is None else max(0, int((end - start).total_seconds()))


def _touches(within: dict[str, datetime]) -> dict[int, Touches]:
    events = (
        TicketEvent.objects.filter(kind__in=_TOUCHING, **within)
        .order_by("ticket_id", "seq")
        .values_list(
            "ticket_id", "kind", "direction", "to_value", "actor__is_automation"
        )
    )
    return touches(
        (ticket, kind, direction, to_value, bool(automation))
        for ticket, kind, direction, to_value, automation in events.iterator()
    )


register_segment(
    CREATED,
    build=lambda day: build("created_at", day),
    days=days_of(Ticket, "created_at"),
    dimensions=DIMENSIONS,
)
register_segment(
    RESOLVED,
    build=lambda day: build("resolved_at", day),
    days=days_of(Ticket, "resolved_at"),
    dimensions=DIMENSIONS,
)


def mark_ticket_days(ticket_ids: Sequence[int]) -> None:
    """Mark every day that these tickets count for, or once counted for.

    A reopened ticket has left the day on which it was resolved: its log still says so.
    """
    created: set[date] = set()
    resolved: set[date] = set()
    for some in batches(ticket_ids):
        moments = Ticket.objects.filter(pk__in=some).values_list(
            "created_at", "resolved_at"
        )
        for created_at, resolved_at in moments:
            created.add(utc_day(created_at))
            if resolved_at:
                resolved.add(utc_day(resolved_at))
        ended = TicketEvent.objects.filter(ticket_id__in=some, state__in=sorted(ENDED))
        resolved |= {utc_day(at) for at in ended.values_list("at", flat=True)}
    mark_dirty(CREATED, created)
    mark_dirty(RESOLVED, resolved)


@receiver(tickets_changed, dispatch_uid="tickets.metrics.mark_ticket_days")
def on_tickets_changed(ticket_ids: list[int], **_: Any) -> None:
    mark_ticket_days(ticket_ids)


@receiver(pre_delete, sender=Ticket, dispatch_uid="tickets.metrics.ticket_deleted")
def on_ticket_deleted(instance: Ticket, **_: Any) -> None:
    """An import was undone or a customer erased: their days are counted again."""
    mark_dirty(CREATED, [utc_day(instance.created_at)])
    if instance.resolved_at:
        mark_dirty(RESOLVED, [utc_day(instance.resolved_at)])


@receiver(post_save, sender=Organisation, dispatch_uid="tickets.metrics.customer_saved")
def on_organisation_saved(instance: Organisation, created: bool, **_: Any) -> None:
    """A customer's tier may have changed: every day it is counted in is read again."""
    if created:
        return
    tickets = Ticket.objects.filter(organisation=instance)
    moments = list(tickets.values_list("created_at", "resolved_at"))
    mark_dirty(CREATED, {utc_day(at) for at, _resolved in moments})
    mark_dirty(RESOLVED, {utc_day(at) for _created, at in moments if at})
