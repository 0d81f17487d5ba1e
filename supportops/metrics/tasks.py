"""Celery entry point of metrics."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.metrics import services


@shared_task(name="metrics.refresh")
def refresh(**_: Any) -> dict[str, int]:
    return services.refresh(at=timezone.now())
