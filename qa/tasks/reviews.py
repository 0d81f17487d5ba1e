"""Celery entry points of reviews and disputes: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from qa.services import disputes, life


@shared_task(name="qa.close_due")
def close_due(**_kwargs: Any) -> int:
    """Close reviews that can no longer be disputed. Safe to run twice and twice at once."""
    return life.close_due(at=timezone.now())


@shared_task(name="qa.remind_of_disputes")
def remind_of_disputes(**_kwargs: Any) -> int:
    """Tell who may decide of disputes that are due or overdue, each once."""
    return disputes.remind_of_disputes(at=timezone.now())
