"""Counting a queue again over a span of days, at once or as a job."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.registry import Progress
from supportops.jobs.services import enqueue_job
from workforce.capacity.models import Queue
from workforce.capacity.selectors.coverage import countable_span
from workforce.capacity.services.volumes.spans import SPAN_DAYS, count_span
from workforce.people.models import User

REBUILD = "capacity.rebuild_volumes"


class NothingToCount(OperationRefused):
    code = "nothing_to_count"


def rebuild(
    queue: Queue,
    start: date,
    end: date,
    at: datetime,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Count the queue's local days ``[start, end)`` again from its tickets.

    Imported intervals stay as they are. Days after ``end`` whose backlog moves are
    marked, not counted.
    """
    counts = {"days": 0, "changed": 0}
    for first, last in _spans(start, end):
        counts["changed"] += count_span(queue_id=queue.pk, start=first, end=last, at=at)
        days = (last - first).days
        counts["days"] += days
        if progress:
            progress.advance(days, note=str(last - timedelta(days=1)))
    return counts


def _spans(start: date, end: date) -> Iterator[tuple[date, date]]:
    while start < end:
        last = min(start + timedelta(days=SPAN_DAYS), end)
        yield start, last
        start = last


def start_rebuild(*, queue_id: int, actor: User | None, at: datetime) -> Job:
    """Ask a worker to count every day of a queue again.

    Raises ``NothingToCount`` where no ticket has come in through the queue's channels.
    """
    queue = Queue.objects.get(pk=queue_id)
    span = countable_span(queue, at=at)
    if span is None:
        raise NothingToCount(
            _(
                "No ticket has come in through the channels of “%(queue)s”, so there is "
                "nothing to count. Choose its channels, or import a file."
            )
            % {"queue": queue}
        )
    return enqueue_job(
        kind=REBUILD,
        title=_("Count %(queue)s again") % {"queue": queue},
        params={
            "queue_id": queue.pk,
            "start": span[0].isoformat(),
            "end": span[1].isoformat(),
        },
        actor=actor,
        at=at,
    )


def rebuild_as_job(
    *, queue_id: int, start: date, end: date, at: datetime, progress: Progress
) -> dict[str, int]:
    """Count the span under a job's lease. A cancel keeps the days counted so far."""
    progress.set_total((end - start).days)
    return rebuild(Queue.objects.get(pk=queue_id), start, end, at, progress)
