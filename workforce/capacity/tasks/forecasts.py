"""Tasks of forecasting: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.jobs.registry import Progress, work
from workforce.capacity.services import forecasting
from workforce.capacity.services.forecasting.running import WORK
from workforce.people.models import User


@work(WORK)
def compute_forecasts(
    progress: Progress,
    *,
    queue_ids: list[int],
    run: str,
    actor_id: int | None = None,
    is_renewal: bool = False,
) -> dict[str, Any]:
    """Compute the forecasts of some queues; a renewal tells those who may publish."""
    result = forecasting.compute_forecasts(
        progress=progress,
        queue_ids=queue_ids,
        run=run,
        actor=User.objects.filter(pk=actor_id).first() if actor_id else None,
        at=timezone.now(),
    )
    if is_renewal:
        forecasting.tell_publishers(run=run, at=timezone.now())
    return result


@shared_task(name="capacity.renew_forecasts")
def renew_forecasts(**_kwargs: Any) -> dict[str, int]:
    """Ask for new drafts where a published forecast runs out or the month turned."""
    return forecasting.renew_forecasts(at=timezone.now())
