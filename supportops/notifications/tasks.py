"""Celery entry points of notifications."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.notifications import services


@shared_task(name="notifications.deliver")
def deliver(**_: Any) -> dict[str, int]:
    """Send what the outbox holds; what cannot be sent now stays in it."""
    return services.deliver(at=timezone.now())
