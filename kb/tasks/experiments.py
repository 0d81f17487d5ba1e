"""Celery tasks of experiments: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from kb.services import experiments


@shared_task(name="kb.check_experiments")
def check_experiments(**_kwargs: Any) -> dict[str, int]:
    """Stop experiments whose guardrail is crossed or whose article moved on."""
    return {"stopped": experiments.stop_crossed(at=timezone.now())}
