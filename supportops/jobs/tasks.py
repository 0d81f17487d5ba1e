"""Celery entry points of background work."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from supportops.jobs import services

KEPT = timedelta(days=90)


@shared_task(name="jobs.run")
def run_job(*, job_id: int, **_: Any) -> str:
    return services.run(job_id=job_id, clock=timezone.now)


@shared_task(name="jobs.recover")
def recover(**_: Any) -> int:
    """Send jobs again whose worker died or whose message was lost."""
    job_ids = services.jobs_to_resend(at=timezone.now())
    for job_id in job_ids:
        run_job.delay(job_id=job_id)
    return len(job_ids)


@shared_task(name="jobs.remove_old")
def remove_old(**_: Any) -> int:
    """Forget finished work after ninety days."""
    return services.remove_old(before=timezone.now() - KEPT)
