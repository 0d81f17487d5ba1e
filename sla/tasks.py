"""Celery entry points and long work of promises: read the time, call a service."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from sla.selectors.clocks import ids_of_tickets
from sla.selectors.drift import DRIFT_JOB
from sla.selectors.policies import tickets_to_judge_again
from sla.services import alerts, clocks, drift
from supportops.jobs.registry import Progress, work
from supportops.jobs.services import enqueue_job


@shared_task(name="sla.sweep")
def sweep(**_kwargs: Any) -> dict[str, int]:
    """Fire the alerts whose moment has come. Safe to run twice and twice at once."""
    return alerts.sweep(at=timezone.now())


@shared_task(name="sla.drift_check")
def drift_check(**_kwargs: Any) -> int:
    """Ask for tonight's check of stored clocks; the job keeps what it found."""
    job = enqueue_job(
        kind=DRIFT_JOB,
        title=_("Compare stored deadlines with the event log"),
        params={"repair": True},
        actor=None,
        at=timezone.now(),
    )
    return job.pk


@work("sla.recompute")
def recompute_clocks(
    progress: Progress,
    *,
    ticket_ids: list[int] | None = None,
    version_ids: list[int] | None = None,
    created_from: str | None = None,
    mark_all_days: bool = False,
    **_params: Any,
) -> dict[str, int]:
    """Recompute the clocks of named tickets, of those a publication concerns, or of all.

    Running it again is harmless: what is right already is not written.
    """
    if ticket_ids is not None:
        ids = ticket_ids
    elif version_ids is not None and created_from is not None:
        concerned = tickets_to_judge_again(
            version_ids=version_ids, created_from=datetime.fromisoformat(created_from)
        )
        ids = list(concerned.order_by("pk").values_list("pk", flat=True))
    else:
        ids = ids_of_tickets()
    progress.set_total(len(ids))
    return clocks.recompute(
        ids,
        timezone.now(),
        mark_all_days=mark_all_days,
        after_batch=progress.advance,
    )


@work(DRIFT_JOB)
def check_drift(
    progress: Progress,
    *,
    sample: int | None = None,
    repair: bool = False,
    **_params: Any,
) -> dict[str, Any]:
    """Compare open clocks with the event log, put right what differs, tell the leads."""
    at = timezone.now()
    result = drift.check_drift(
        at=at,
        sample=sample,
        repair=repair,
        after_batch=progress.advance,
        set_total=progress.set_total,
    )
    drift.tell_support_leads(result=result, at=at)
    return result
