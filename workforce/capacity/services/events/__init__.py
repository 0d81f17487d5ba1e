"""Every write to events."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.models import Event, Queue

FIELDS = (
    "name",
    "kind",
    "starts_on",
    "ends_on",
    "repeats",
    "treatment",
    "percent",
    "note",
    "is_active",
)


class EventUnusable(OperationRefused):
    code = "event_unusable"


@transaction.atomic
def create_event(*, values: Mapping[str, Any], queues: Collection[Queue] = ()) -> Event:
    """Enter an event; no queue means every queue. Raises ``EventUnusable``."""
    event = Event(**{name: values[name] for name in FIELDS if name in values})
    return _checked(event, queues)


@transaction.atomic
def change_event(
    *, event_id: int, values: Mapping[str, Any], queues: Collection[Queue]
) -> Event:
    """Change an event. What forecasts have been published with it stays as it was.

    Raises ``EventUnusable``.
    """
    event = Event.objects.select_for_update().get(pk=event_id)
    for name in FIELDS:
        if name in values:
            setattr(event, name, values[name])
    return _checked(event, queues)


def _checked(event: Event, queues: Collection[Queue]) -> Event:
    try:
        event.full_clean()
    except ValidationError as error:
        raise EventUnusable(" ".join(error.messages)) from error
    event.save()
    event.queues.set(queues)
    return event


@transaction.atomic
def copy_event(*, event_id: int) -> Event:
    """Enter the same event again, not active yet, so that its days can be changed first."""
    event = Event.objects.get(pk=event_id)
    queues = list(event.queues.all())
    values: dict[str, Any] = {name: getattr(event, name) for name in FIELDS}
    values["name"] = _("Copy of %(name)s") % {"name": event.name}
    values["name"] = values["name"][: Event._meta.get_field("name").max_length]  # noqa: SLF001 -- Django's own name
    return create_event(values={**values, "is_active": False}, queues=queues)


@transaction.atomic
def set_event_active(*, event_id: int, is_active: bool) -> Event:
    """Let forecasts count an event again, or no longer. Harmless to repeat."""
    event = Event.objects.select_for_update().get(pk=event_id)
    if event.is_active != is_active:
        event.is_active = is_active
        event.save()
    return event
