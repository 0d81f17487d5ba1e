"""Celery entry points and long work of reliability: read the time, call a service."""

from datetime import UTC
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.services import certification, reliability
from qa.services.reliability import RELIABILITY_JOB
from supportops.jobs.registry import Progress, work
from supportops.jobs.services import enqueue_job


@shared_task(name="qa.compute_reliability")
def compute_reliability(**_kwargs: Any) -> int:
    """Ask for tonight's figures on agreement and severity, then look at certificates."""
    job = enqueue_job(
        kind=RELIABILITY_JOB,
        title=_("Compute agreement and severity of reviewers"),
        params={},
        actor=None,
        at=timezone.now(),
    )
    return job.pk


@work(RELIABILITY_JOB)
def work_on_reliability(progress: Progress, **_params: Any) -> dict[str, int]:
    """Compute the window that ends today for each scorecard. Harmless to run again."""
    at = timezone.now()
    progress.set_total(len(reliability.scorecards_in_use()))
    counts = reliability.compute_all(
        ends_on=at.astimezone(UTC).date(), at=at, after_each=progress.advance
    )
    return {**counts, **certification.review_certificates(at=at)}
