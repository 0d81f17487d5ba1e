"""How long a contact of a queue takes: from its volumes where known, else assumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Sum

from workforce.capacity.models import Assumptions, DayVolume, Queue

DAYS = 56
"""Eight weeks: long enough for an even mean, short enough to follow a change."""


class HandleSource(StrEnum):
    VOLUMES = "VOLUMES"
    ASSUMPTION = "ASSUMPTION"


@dataclass(frozen=True, slots=True)
class HandleTime:
    """Mean seconds of a contact, of how many contacts, and where that comes from."""

    seconds: float
    n: int
    source: HandleSource


def handle_time(queue: Queue, until: date) -> HandleTime:
    """Return the mean of the 56 local days before ``until``, or the assumption."""
    return handle_times([queue], until)[queue.pk]


def handle_times(queues: Sequence[Queue], until: date) -> dict[int, HandleTime]:
    """Return each queue's handle time in two queries."""
    assumed = Assumptions.objects.in_bulk(
        [queue.pk for queue in queues], field_name="queue_id"
    )
    measured = _measured([queue.pk for queue in queues], until)
    return {
        queue.pk: _choose(
            assumed.get(queue.pk) or Assumptions(), *measured.get(queue.pk, (0, 0))
        )
        for queue in queues
    }


def _measured(queue_ids: Sequence[int], until: date) -> dict[int, tuple[int, int]]:
    """Contacts of known handle time and their seconds, by queue."""
    rows = (
        DayVolume.objects.filter(
            queue_id__in=queue_ids,
            day__gte=until - timedelta(days=DAYS),
            day__lt=until,
            timed__gt=0,
        )
        .order_by()
        .values_list("queue_id")
        .annotate(Sum("timed"), Sum("handle_seconds"))
    )
    return {queue_id: (timed, seconds) for queue_id, timed, seconds in rows}


def _choose(assumed: Assumptions, timed: int, seconds: int) -> HandleTime:
    if assumed.handle_from_tickets and timed and seconds:
        return HandleTime(seconds / timed, timed, HandleSource.VOLUMES)
    return HandleTime(float(assumed.handle_seconds), 0, HandleSource.ASSUMPTION)
