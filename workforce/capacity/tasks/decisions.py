"""Celery tasks of decisions: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from workforce.capacity.services import decisions


@shared_task(name="capacity.check_triggers")
def check_triggers(**_kwargs: Any) -> dict[str, int]:
    """Compare every trigger with its live figure; reopen what has to be."""
    return decisions.check_triggers(at=timezone.now())


@shared_task(name="capacity.remind_of_decisions")
def remind_of_decisions(**_kwargs: Any) -> int:
    """Tell owners of reviews that are due and inputs to read again, each once."""
    return decisions.remind(at=timezone.now())
