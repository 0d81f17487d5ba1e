"""Celery tasks of reviewing forecasts: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from workforce.capacity.services import reviewing


@shared_task(name="capacity.open_investigations")
def open_investigations(**_kwargs: Any) -> dict[str, int]:
    """Open what the last weeks call for, once each; remind owners before it is due."""
    at = timezone.now()
    return {
        "opened": reviewing.open_investigations(at=at),
        "reminded": reviewing.remind_of_investigations(at=at),
    }


@shared_task(name="capacity.alert_intraday")
def alert_intraday(**_kwargs: Any) -> int:
    """Tell of queues whose day has left its band, once a day and queue."""
    return reviewing.alert_intraday(at=timezone.now())
