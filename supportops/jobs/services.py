"""Every write to jobs: ask for work, run it under a lease, cancel, recover."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
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
    work_of(kind)
    job = Job.objects.create(
        kind=kind,
        title=title,
        params=params,
        created_by_id=actor.pk if actor else None,
        created_at=at,
        lease_until=at + LEASE,
    )
    transaction.on_commit(partial(_send, job.pk))
    return job


def _send(job_id: int) -> None:
    # By name: the task module stands on this one.
    current_app.tasks["jobs.run"].delay(job_id=job_id)


def request_cancel(*, job_id: int, at: datetime) -> None:
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
            job.finished_at = at
            job.lease_until = None
            job.note = _("Cancelled.")
        job.save(
            update_fields=[
                "cancel_requested",
                "state",
                "finished_at",
                "lease_until",
                "note",
            ]
        )


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
        # Whoever asked to cancel when the work was done already gets the result.
        lease.save()
        _finish(job, Job.State.DONE, clock(), result=result)
    return job.state


def jobs_to_resend(*, at: datetime) -> list[int]:
    """Give up jobs that died too often; return the others whose lease ran out.

    What is returned gets a new lease, so a long queue is not sent again every minute.
    """
    lapsed = Job.objects.filter(
        state__in=[Job.State.QUEUED, Job.State.RUNNING], lease_until__lt=at
    )
    for job in lapsed.filter(attempts__gte=MAX_ATTEMPTS):
        note = _("Its worker died %(count)d times. Start it again, or look at the log.")
        _finish(job, Job.State.FAILED, at, note=note % {"count": job.attempts})
    with transaction.atomic():
        rows = lapsed.filter(attempts__lt=MAX_ATTEMPTS).select_for_update()
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        queued = Job.objects.filter(pk__in=ids, state=Job.State.QUEUED)
        queued.update(lease_until=at + LEASE)
    return ids


def remove_old(*, before: datetime) -> int:
    """Delete jobs that ended before a moment, except the newest done one of each kind."""
    ended = Job.objects.exclude(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    newest = (
        Job.objects.filter(state=Job.State.DONE)
        .order_by()
        .values("kind")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    old = ended.filter(finished_at__lt=before).exclude(pk__in=list(newest))
    return old.delete()[0]


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
        Job.objects.filter(pk=self._job.pk, attempts=self._attempt).update(total=total)
        self.flush()

    def advance(self, count: int = 1, *, note: str = "") -> None:
        self._unsaved += count
        self._note = note or self._note
        if self._clock() - self._saved_at >= REPORT_EVERY:
            self.flush()

    def flush(self) -> None:
        """Save progress and renew the lease; stop when cancelled or taken over."""
        if self.save():
            raise JobCancelled

    def save(self) -> bool:
        """Save progress and renew the lease; say whether a cancel was asked for."""
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
        return mine.filter(cancel_requested=True).exists()


@transaction.atomic
def _take(job_id: int, at: datetime) -> Job | None:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or not job.is_open:
        return None
    held = job.state == Job.State.RUNNING and job.lease_until and job.lease_until > at
    if held or job.cancel_requested or job.attempts >= MAX_ATTEMPTS:
        if job.cancel_requested and not held:
            _finish(job, Job.State.CANCELLED, at, note=_("Cancelled."))
        return None
    job.state = Job.State.RUNNING
    job.attempts += 1
    job.done = 0
    job.started_at = job.started_at or at
    job.lease_until = at + LEASE
    job.save(update_fields=["state", "attempts", "done", "started_at", "lease_until"])
    return job


@transaction.atomic
def _finish(
    job: Job,
    state: Job.State,
    at: datetime,
    *,
    note: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    """Record the end of this attempt; nothing, when another worker has taken over."""
    columns: dict[str, Any] = {"state": state, "finished_at": at, "lease_until": None}
    if note is not None:
        columns["note"] = note[:300]
    if result is not None:
        columns["result"] = result
    mine = Job.objects.filter(
        pk=job.pk,
        attempts=job.attempts,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    )
    if not mine.update(**columns):
        logger.warning("job was taken over", extra={"job_id": job.pk})
        job.refresh_from_db()
        return
    job.refresh_from_db()
    transaction.on_commit(partial(_announce, job, at))


def _announce(job: Job, at: datetime) -> None:
    job_finished.send_robust(
        sender=Job,
        job_id=job.pk,
        at=at,
        kind=job.kind,
        title=job.title,
        state=job.state,
        note=job.note,
        created_by_id=job.created_by_id,
        seconds=(at - job.created_at).total_seconds(),
        url=reverse("admin:jobs_job_change", args=[job.pk]),
    )
