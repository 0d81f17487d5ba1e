"""An import begun on a page: the file kept, the mapping settled, a worker asked."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.services import enqueue_job, request_cancel
from tickets.imports.models import ImportRun
from tickets.imports.selectors import undo_plan
from tickets.imports.services.opening import Source, describe_source
from tickets.imports.services.running import Progress
from tickets.imports.services.runs import execute
from tickets.imports.services.undoing import UndoRefused, undo_import
from workforce.people.models import User

State = ImportRun.State
WORK = "tickets.import"
UNDO_WORK = "tickets.undo_import"


class ImportStarted(OperationRefused):
    code = "import_started"


def keep_upload(
    *,
    chunks: Iterable[bytes],
    file_name: str,
    source: str,
    format: str,  # noqa: A002 -- the model's own word
    mapping: Any,
    time_zone: str,
    actor: User,
    at: datetime,
) -> ImportRun:
    """Write the uploaded file to the upload folder, chunk by chunk, and note it."""
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"import-{uuid.uuid4().hex}"
    with path.open("xb") as handle:
        for chunk in chunks:
            handle.write(chunk)
    return ImportRun.objects.create(
        source=source,
        file_name=Path(file_name).name[:255],
        path=str(path),
        format=format,
        mapping=mapping,
        time_zone=time_zone,
        created_by=actor,
        created_at=at,
    )


def settle_mapping(*, run_id: int, mapping: Any, time_zone: str) -> ImportRun:
    """Change how a file will be read, as long as reading has not begun.

    Raises ``ImportStarted``, or ``ImportRefused`` when the mapping cannot be used.
    """
    with transaction.atomic():
        run = _locked(run_id)
        _refuse_started(run)
        run.mapping, run.time_zone = mapping, time_zone
        source_of(run)
        run.save(update_fields=["mapping", "time_zone"])
    return run


def source_of(run: ImportRun) -> Source:
    """Describe the run's file as it is to be read. Raises ``ImportRefused``."""
    return describe_source(
        name=run.source,
        path=Path(run.path),
        format=run.format,
        mapping=run.mapping,
        time_zone=run.time_zone,
    )


@transaction.atomic
def start_import(*, run_id: int, actor: User, at: datetime) -> Job:
    """Ask a worker to import the file; a failed or cancelled run may start again.

    Raises ``ImportStarted`` when it runs or is done, ``ImportRefused``.
    """
    run = _locked(run_id)
    _refuse_started(run)
    source_of(run)
    job = enqueue_job(
        kind=WORK,
        title=_("Import of %(file)s") % {"file": run.file_name},
        params={"run_id": run.pk},
        actor=actor,
        at=at,
    )
    run.job, run.state, run.error = job, State.RUNNING, ""
    run.save(update_fields=["job", "state", "error"])
    return job


def cancel_import(*, run_id: int, at: datetime) -> None:
    """Stop between two batches; what is written stays until it is undone.

    Raises ``JobNotOpen`` when there is nothing to stop.
    """
    run = ImportRun.objects.select_related("job").get(pk=run_id)
    if run.job is None:
        raise UndoRefused(_("This import was not started from a page."))
    request_cancel(job_id=run.job.pk, at=at)
    ImportRun.objects.filter(
        pk=run_id,
        state=State.RUNNING,
        job__in=Job.objects.filter(state=Job.State.CANCELLED),
    ).update(state=State.CANCELLED)


@transaction.atomic
def start_undo(*, run_id: int, actor: User, at: datetime) -> Job:
    """Ask a worker to undo the import. Raises ``UndoRefused`` when nothing is left."""
    run = _locked(run_id)
    if run.state in {State.UPLOADED, State.RUNNING} or not undo_plan(run).tickets:
        raise UndoRefused(
            _("There is nothing of this import left that could be undone.")
        )
    return enqueue_job(
        kind=UNDO_WORK,
        title=_("Undo of the import of %(file)s") % {"file": run.file_name},
        params={"run_id": run.pk},
        actor=actor,
        at=at,
    )


def run_import(
    *, run_id: int, clock: Callable[[], datetime], progress: Progress
) -> dict[str, Any]:
    """Do the import a page asked for; safe to run again after a kill."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state == State.DONE:
        return dict(run.report)
    return execute(run=run, source=source_of(run), clock=clock, progress=progress)


def run_undo(*, run_id: int, at: datetime, progress: Progress) -> dict[str, int]:
    return undo_import(run=ImportRun.objects.get(pk=run_id), at=at, progress=progress)


def follow_job(*, job_id: int, at: datetime) -> None:
    """Give a run whose job has ended without it the state of its job."""
    run = ImportRun.objects.filter(job_id=job_id, state=State.RUNNING).first()
    if run is None or run.job is None:
        return
    cancelled = run.job.state == Job.State.CANCELLED
    run.state = State.CANCELLED if cancelled else State.FAILED
    run.error = run.error or run.job.note
    run.finished_at = at
    run.save(update_fields=["state", "error", "finished_at"])


def _locked(run_id: int) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)


def _refuse_started(run: ImportRun) -> None:
    if run.state in {State.RUNNING, State.DONE, State.UNDONE}:
        raise ImportStarted(
            _(
                "This import is %(state)s, so its mapping cannot change any more. "
                "Upload the file again to import it differently."
            )
            % {"state": run.get_state_display().lower()}
        )
