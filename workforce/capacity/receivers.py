"""What capacity hears: tickets changed or went, or a queue counts something else now."""

from datetime import datetime
from typing import Any

from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.dispatch import receiver

from supportops.jobs.signals import job_finished
from tickets.models import Ticket
from tickets.signals import tickets_changed
from workforce.capacity.models import Queue
from workforce.capacity.services.volumes import (
    mark_deleted,
    mark_queue,
    mark_tickets,
)
from workforce.capacity.services.volumes.imports import follow_job

_GRID = ("time_zone", "interval_minutes", "is_active")


@receiver(tickets_changed, dispatch_uid="capacity.tickets_changed")
def on_tickets_changed(ticket_ids: list[int], **_kwargs: Any) -> None:
    mark_tickets(ticket_ids)


@receiver(pre_delete, sender=Ticket, dispatch_uid="capacity.ticket_deleted")
def on_ticket_deleted(instance: Ticket, **_kwargs: Any) -> None:
    mark_deleted(instance)


@receiver(pre_save, sender=Queue, dispatch_uid="capacity.queue_before")
def remember_grid(instance: Queue, **_kwargs: Any) -> None:
    former = Queue.objects.filter(pk=instance.pk).values_list(*_GRID).first()
    # Read below, in the same save.
    instance.former_grid = former  # type: ignore[attr-defined]


@receiver(post_save, sender=Queue, dispatch_uid="capacity.queue_saved")
def on_queue_saved(instance: Queue, created: bool, **_kwargs: Any) -> None:
    """Other intervals, another zone, or active again: every day is counted again."""
    former = getattr(instance, "former_grid", None)
    if not created and former != tuple(getattr(instance, name) for name in _GRID):
        mark_queue(instance.pk)


@receiver(
    m2m_changed, sender=Queue.channels.through, dispatch_uid="capacity.queue_channels"
)
@receiver(m2m_changed, sender=Queue.teams.through, dispatch_uid="capacity.queue_teams")
def on_feed_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """Other channels or teams fill the queue: every day is counted again."""
    if not action.startswith("post_"):
        return
    for queue_id in (pk_set or ()) if reverse else [instance.pk]:
        mark_queue(queue_id)


@receiver(job_finished, dispatch_uid="capacity.job_finished")
def on_job_finished(job_id: int, at: datetime, **_kwargs: Any) -> None:
    """A job that ended badly takes its import with it."""
    follow_job(job_id=job_id, at=at)
