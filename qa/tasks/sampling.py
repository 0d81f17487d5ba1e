"""Celery tasks of sampling: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from qa.services.sampling import expire_items
from qa.services.sampling.automatic import take_due_draws


@shared_task(name="qa.draw_due")
def draw_due(**_kwargs: Any) -> dict[str, int]:
    """Take last week's draw of each automatic plan, once; give up items long past due."""
    now = timezone.now()
    return {**take_due_draws(at=now), "expired": expire_items(at=now)}
