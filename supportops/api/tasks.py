"""Celery entry points of the API."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task(name="api.forget_answers")
def forget_answers(**_: Any) -> None:
    """Delete answers to repeatable posts once they are a day old."""
    # DRF reads its settings at import, which must not happen while apps are loading.
    from supportops.api import idempotency

    idempotency.forget_answers(before=timezone.now() - idempotency.KEPT_FOR)
