"""Tasks of content work: read the time, call a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from kb.services import duties, gaps
from supportops.jobs.registry import Progress, work


@work(gaps.WORK)
def compute_worklist(progress: Progress) -> dict[str, Any]:
    """Compute the worklist because somebody asked for it now."""
    return gaps.compute_worklist(at=timezone.now(), progress=progress)


@shared_task(name="kb.renew_worklist")
def renew_worklist(**_kwargs: Any) -> dict[str, Any]:
    """Compute the worklist, each night."""
    return gaps.compute_worklist(at=timezone.now())


@shared_task(name="kb.content_duties")
def content_duties(**_kwargs: Any) -> dict[str, int]:
    """Write the duties of this period and the next; remind owners once."""
    now = timezone.now()
    return {
        "made": duties.make_duties(at=now),
        "reminded": duties.remind_owners(at=now),
    }
