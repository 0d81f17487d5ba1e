"""The steps of one import: the file kept, the mapping settled, a worker asked."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.services import enqueue_job, request_cancel
from workforce.capacity.models import ReplacedVolume, VolumeImport
from workforce.capacity.selectors.volume_imports import (
    FileUnreadable,
    decoded,
    file_rows,
    first_mapping,
    text_of,
)
from workforce.people.models import User

State = VolumeImport.State
IMPORT, UNDO = "capacity.import_volumes", "capacity.undo_volumes"
LARGEST = 10 * 1024 * 1024
"""A year of ten queues by half-hour is some 6 MB."""


class ImportStarted(OperationRefused):
    code = "import_started"


class UndoRefused(OperationRefused):
    code = "undo_refused"


def keep_upload(
    *, content: bytes, file_name: str, time_zone: str, actor: User, at: datetime
) -> VolumeImport:
    """Keep an uploaded file with a first guess at its columns.

    Raises ``FileUnreadable`` for what is too large, no text, or empty.
    """
    if len(content) > LARGEST:
        raise FileUnreadable(
            _("The file is larger than %(most)d MB. Split it by period.")
            % {"most": LARGEST // 1024 // 1024}
        )
    mapping = first_mapping(decoded(content))
    run = VolumeImport(
        file_name=file_name[:200],
        mapping=mapping,
        time_zone=time_zone,
        created_by=actor,
        created_at=at,
    )
    run.file.save("volumes.csv", ContentFile(content), save=True)
    return run


@transaction.atomic
def settle_mapping(
    *, import_id: int, mapping: dict[str, Any], time_zone: str
) -> VolumeImport:
    """Change how a file will be read, as long as reading has not begun.

    Raises ``ImportStarted``.
    """
    run = _locked(import_id)
    _refuse_started(run)
    run.mapping, run.time_zone = mapping, time_zone
    run.save(update_fields=["mapping", "time_zone"])
    return run


@transaction.atomic
def import_volumes(*, import_id: int, actor: User, at: datetime) -> Job:
    """Ask a worker to import the file; one that failed or was cancelled may start again.

    Raises ``ImportStarted``, or ``FileUnreadable`` when a needed column is not named.
    """
    run = _locked(import_id)
    _refuse_started(run)
    file_rows(text_of(run), run.mapping)
    return _ask(run, IMPORT, _("Import of %(file)s"), actor, at)


@transaction.atomic
def start_undo(*, import_id: int, actor: User, at: datetime) -> Job:
    """Ask a worker to bring back the numbers that an import replaced.

    Raises ``UndoRefused`` when it has not ended, is undone already, or a later import
    has replaced numbers of it.
    """
    run = _locked(import_id)
    if run.state not in {State.DONE, State.FAILED}:
        raise UndoRefused(
            _("This import is %(state)s: there is nothing to undo.")
            % {"state": run.get_state_display().lower()}
        )
    refuse_replaced(run)
    return _ask(run, UNDO, _("Undo of the import of %(file)s"), actor, at)


def refuse_replaced(run: VolumeImport) -> None:
    later = ReplacedVolume.objects.filter(former_import=run).order_by("import_run")
    if number := later.values_list("import_run", flat=True).first():
        raise UndoRefused(
            _(
                "Import #%(later)d has replaced numbers of this one. "
                "Undo #%(later)d first."
            )
            % {"later": number}
        )


def _ask(run: VolumeImport, kind: str, title: str, actor: User, at: datetime) -> Job:
    job = enqueue_job(
        kind=kind,
        title=title % {"file": run.file_name},
        params={"import_id": run.pk},
        actor=actor,
        at=at,
    )
    run.job, run.state = job, State.RUNNING
    run.save(update_fields=["job", "state"])
    return job


def cancel_import(*, import_id: int, at: datetime) -> None:
    """Stop after the day being written. What is written stays until it is undone.

    Raises ``JobNotOpen`` when it has ended already.
    """
    run = VolumeImport.objects.select_related("job").get(pk=import_id)
    if run.job is None:
        raise ImportStarted(_("This import has not been started."))
    request_cancel(job_id=run.job.pk, at=at)
    follow_job(job_id=run.job.pk, at=at)


def follow_job(*, job_id: int, at: datetime) -> None:
    """Give an import whose job ended without it the end of its job."""
    VolumeImport.objects.filter(
        job_id=job_id,
        state=State.RUNNING,
        job__state__in=[Job.State.CANCELLED, Job.State.FAILED],
    ).update(state=State.FAILED, finished_at=at)


def _locked(import_id: int) -> VolumeImport:
    return VolumeImport.objects.select_for_update(of=("self",)).get(pk=import_id)


def _refuse_started(run: VolumeImport) -> None:
    if run.state in {State.RUNNING, State.DONE, State.UNDONE}:
        raise ImportStarted(
            _(
                "This import is %(state)s and cannot change any more. "
                "Upload the file again to import it differently."
            )
            % {"state": run.get_state_display().lower()}
        )
