"""The long work of imports, done by a worker under a job's lease."""

import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from supportops.jobs import registry
from tickets.imports import services

SCALE = 1_000
_READING_SHARE = 300


class JobProgress:
    """Tells a job how far an import is: reading fills the first third, writing the rest."""

    def __init__(self, job: registry.Progress) -> None:
        self._job = job
        self._told = 0
        self._started = time.monotonic()
        job.set_total(SCALE)

    def reading(self, done: int, total: int, rows: int, rejected: int) -> None:
        self._tell(_READING_SHARE * done // max(1, total), rows, rejected, rows)

    def writing(self, done: int, total: int, rows: int, rejected: int) -> None:
        share = (SCALE - _READING_SHARE) * done // max(1, total)
        self._tell(_READING_SHARE + share, rows, rejected, done)

    def _tell(self, reached: int, rows: int, rejected: int, done: int) -> None:
        seconds = max(time.monotonic() - self._started, 0.001)
        note = _("%(rows)d rows, %(rate)d a second, %(rejected)d rejected so far") % {
            "rows": rows,
            "rate": done / seconds,
            "rejected": rejected,
        }
        self._job.advance(max(0, reached - self._told), note=note)
        self._told = max(self._told, reached)


@registry.work(services.WORK)
def import_tickets(
    job: registry.Progress, *, run_id: int, **_extra: Any
) -> dict[str, Any]:
    return services.run_import(
        run_id=run_id, clock=timezone.now, progress=JobProgress(job)
    )


@registry.work(services.UNDO_WORK)
def undo_import(
    job: registry.Progress, *, run_id: int, **_extra: Any
) -> dict[str, int]:
    return services.run_undo(
        run_id=run_id, at=timezone.now(), progress=JobProgress(job)
    )
