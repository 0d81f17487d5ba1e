"""Counting the days of searches that are over."""

from celery import shared_task
from django.utils import timezone

from kb.services import figures


@shared_task(name="kb.settle_search_days")
def settle_search_days(**_: object) -> int:
    """Return how many days were counted."""
    return figures.settle_search_days(at=timezone.now())
