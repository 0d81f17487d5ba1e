"""Every write to jobs: ask for work, run it under a lease, cancel, recover."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.registry import work_of
from supportops.jobs.signals import job_finished

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 3
REPORT_EVERY = timedelta(seconds=1)


class JobCancelled(Exception):  # noqa: N818 -- not an error: somebody asked for it
    """Raised inside the work at its next sign of progress after a cancel request."""


class LeaseLost(Exception):  # noqa: N818
    """Another worker has taken the job over; this one must stop without a word."""


class JobNotOpen(OperationRefused):
    code = "job_not_open"


def enqueue_job(
    *,
    kind: str,
    title: str,
    params: dict[str, Any],
    actor: AbstractBaseUser | None,
    at: datetime,
) -> Job:
    """Write the job down and send it to a worker once that is committed."""
    from supportops.jobs.tasks import run_job

    work_of(kind)
    job = Job.objects.create(
        kind=kind,
        title=title,
        params=params,
        created_by_id=actor.pk if actor else None,
        created_at=at,
        lease_until=at + LEASE,
    )
    transaction.on_commit(lambda: run_job.delay(job_id=job.pk))
    return job


def request_cancel(*, job_id: int) -> None:
    """Ask a job to stop. A queued one stops at once, a running one at its next step.

    Raises ``JobNotOpen`` when it has already finished.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if not job.is_open:
            raise JobNotOpen(
                _("“%(title)s” has already finished: there is nothing to cancel.")
                % {"title": job.title}
            )
        job.cancel_requested = True
        if job.state == Job.State.QUEUED:
            job.state = Job.State.CANCELLED
        job.save(update_fields=["cancel_requested", "state"])


def run(*, job_id: int, clock: Callable[[], datetime]) -> str:
    """Take the job's lease, do its work, record the outcome; return its state.

    Returns ``"taken"`` without doing anything when another worker holds the lease or
    the job is over: a message delivered twice does its work once.
    """
    job = _take(job_id, clock())
    if job is None:
        return "taken"
    lease = Lease(job, clock)
    try:
        result = work_of(job.kind)(lease, **job.params)
    except JobCancelled:
        _finish(job, Job.State.CANCELLED, clock(), note=_("Cancelled."))
    except LeaseLost:
        logger.warning("job lease lost", extra={"job_id": job.pk})
        return "taken"
    except OperationRefused as refusal:
        _finish(job, Job.State.FAILED, clock(), note=str(refusal))
    except Exception as error:
        logger.exception("job failed", extra={"job_id": job.pk, "kind": job.kind})
        note = f"{type(error).__name__}: {error}"
        _finish(job, Job.State.FAILED, clock(), note=note)
    else:
        lease.flush()
        _finish(job, Job.State.DONE, clock(), result=result)
    return job.state


def jobs_to_resend(*, at: datetime) -> list[int]:
    """Give up jobs that died too often; return the others whose lease ran out."""
    lapsed = Job.objects.filter(
        Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING), lease_until__lt=at
    )
    for job in lapsed.filter(attempts__gte=MAX_ATTEMPTS):
        note = _("Its worker died %(count)d times. Start it again, or look at the log.")
        _finish(job, Job.State.FAILED, at, note=note % {"count": job.attempts})
    return list(lapsed.order_by("pk").values_list("pk", flat=True))


class Lease:
    """The progress handle given to the work: reports, renews, notices a cancel."""

    def __init__(self, job: Job, clock: Callable[[], datetime]) -> None:
        self._job = job
        self._clock = clock
        self._attempt = job.attempts
        self._unsaved = 0
        self._note = ""
        self._saved_at = clock()

    def set_total(self, total: int) -> None:
        Job.objects.filter(pk=self._job.pk).update(total=total)
        self.flush()

    def advance(self, count: int = 1, *, note: str = "") -> None:
        self._unsaved += count
        self._note = note or self._note
        if self._clock() - self._saved_at >= REPORT_EVERY:
            self.flush()

    def flush(self) -> None:
        """Save progress and renew the lease; stop when cancelled or taken over."""
        now = self._clock()
        mine = Job.objects.filter(
            pk=self._job.pk, attempts=self._attempt, state=Job.State.RUNNING
        )
        updated = mine.update(
            done=F("done") + self._unsaved,
            note=self._note[:300],
            lease_until=now + LEASE,
        )
        if not updated:
            raise LeaseLost
        self._unsaved = 0
        self._saved_at = now
        if mine.filter(cancel_requested=True).exists():
            raise JobCancelled


@transaction.atomic
def _take(job_id: int, at: datetime) -> Job | None:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or not job.is_open:
        return None
    held = job.state == Job.State.RUNNING and job.lease_until and job.lease_until > at
    if held or job.attempts >= MAX_ATTEMPTS:
        return None
    job.state = Job.State.RUNNING
    job.attempts += 1
    job.done = 0
    job.started_at = job.started_at or at
    job.lease_until = at + LEASE
    job.save(update_fields=["state", "attempts", "done", "started_at", "lease_until"])
    return job


def _finish(
    job: Job,
    state: Job.State,
    at: datetime,
    *,
    note: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    job.refresh_from_db()
    job.state = state
    job.finished_at = at
    job.lease_until = None
    if note is not None:
        job.note = note[:300]
    if result is not None:
        job.result = result
    with transaction.atomic():
        job.save(
            update_fields=["state", "finished_at", "lease_until", "note", "result"]
        )
        transaction.on_commit(
            lambda: job_finished.send(sender=Job, job_id=job.pk, at=at)
        )
