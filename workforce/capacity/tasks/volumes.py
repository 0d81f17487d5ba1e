"""Celery tasks and jobs of volumes: read the time, call a service."""

from datetime import date
from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.jobs import registry
from workforce.capacity.services import volumes
from workforce.capacity.services.volumes import imports


@shared_task(name="capacity.count_volumes")
def count_volumes(**_kwargs: Any) -> dict[str, int]:
    """Count the days whose tickets changed."""
    return volumes.refresh_dirty(timezone.now())


@shared_task(name="capacity.mark_outliers")
def mark_outliers(**_kwargs: Any) -> dict[str, int]:
    """Look for days far from what was expected, once a night."""
    return volumes.mark_all_outliers(timezone.now())


@registry.work(volumes.REBUILD)
def rebuild_volumes(
    job: registry.Progress, *, queue_id: int, start: str, end: str, **_extra: Any
) -> dict[str, int]:
    """Count a queue again. Begun anew by the next worker: a day equal is not written."""
    return volumes.rebuild_as_job(
        queue_id=queue_id,
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        at=timezone.now(),
        progress=job,
    )


@registry.work(imports.IMPORT)
def import_volumes(
    job: registry.Progress, *, import_id: int, **_extra: Any
) -> dict[str, int]:
    return imports.run_import(import_id=import_id, at=timezone.now(), progress=job)


@registry.work(imports.UNDO)
def undo_volumes(
    job: registry.Progress, *, import_id: int, **_extra: Any
) -> dict[str, int]:
    return imports.undo_import(import_id=import_id, at=timezone.now(), progress=job)
