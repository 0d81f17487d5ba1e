"""Celery tasks of coaching."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from qa.coaching.services import goals, reminding


@shared_task(name="coaching.check_goals")
def check_goals(**_kwargs: Any) -> dict[str, int]:
    """Read the figures of goals and milestones. Safe to run twice."""
    return goals.check_goals(at=timezone.now())


@shared_task(name="coaching.remind_due")
def remind_due(**_kwargs: Any) -> int:
    """Remind of talks that are due. Nobody is told twice of one occasion."""
    return reminding.remind_due(at=timezone.now())
