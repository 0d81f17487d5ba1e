"""Celery entry points of the platform itself."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.common.models import Heartbeat


@shared_task(name="common.heartbeat")
def heartbeat(**_: Any) -> None:
    """Prove that beat schedules and a worker runs what it schedules."""
    Heartbeat.objects.update_or_create(
        name="worker", defaults={"seen_at": timezone.now()}
    )
