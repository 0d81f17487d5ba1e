"""Celery tasks of the planning calendar: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from workforce.capacity.services import planning


@shared_task(name="capacity.planning_duties")
def planning_duties(**_kwargs: Any) -> dict[str, int]:
    """Write the duties of this period and the next; remind owners once."""
    now = timezone.now()
    return {
        "made": planning.make_duties(at=now),
        "reminded": planning.remind_owners(at=now),
    }
