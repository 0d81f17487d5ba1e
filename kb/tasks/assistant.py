"""Celery entry point of the assistant: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from kb.services import assistant


@shared_task(name="kb.close_conversations")
def close_conversations(**_kwargs: Any) -> int:
    """Mark conversations as left whose last question is a day old; return how many."""
    return assistant.close_left(at=timezone.now())
