"""Celery tasks of calibration: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from qa.services import calibration


@shared_task(name="qa.remind_of_calibrations")
def remind_of_calibrations(**_kwargs: Any) -> int:
    """Remind who has not finished before a calibration is due, each once."""
    return calibration.remind_late(at=timezone.now())
