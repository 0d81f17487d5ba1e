"""The life of an import run: begun, finished, failed, cancelled."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from supportops.jobs.services import JobCancelled, LeaseLost
from tickets.imports.models import ImportRun
from tickets.imports.services.opening import Source, describe_source, load_mapping
from tickets.imports.services.running import Progress, import_file


def import_from_command(
    *,
    source: str,
    path: Path,
    format: str,  # noqa: A002 -- the command's own word
    mapping: str,
    time_zone: str,
    dry_run: bool,
    clock: Callable[[], datetime],
) -> tuple[dict[str, Any], list[str]]:
    """Import a file of this machine; return the report and the notices.

    Raises ``ImportRefused``, ``ImportBusy``, ``StatusMissing``.
    """
    told = load_mapping(mapping) if mapping else {}
    described = describe_source(
        name=source, path=path, format=format, mapping=told, time_zone=time_zone
    )
    at = clock()
    if dry_run:
        report = import_file(source=described, at=at, run=None)
        return report, described.reader.notices
    run = ImportRun.objects.create(
        source=source,
        file_name=path.name[:255],
        path=str(path.resolve())[:500],
        format=format,
        mapping=told,
        time_zone=time_zone,
        created_at=at,
    )
    report = execute(run=run, source=described, clock=clock)
    return report, described.reader.notices


def execute(
    *,
    run: ImportRun,
    source: Source,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Do a run's import and keep its outcome on the run, whatever it is."""
    run.state = ImportRun.State.RUNNING
    run.error = ""
    run.save(update_fields=["state", "error"])
    try:
        report = import_file(source=source, at=clock(), run=run, progress=progress)
    except LeaseLost:
        # Another worker goes on with this run; what state it is in is theirs to say.
        raise
    except JobCancelled:
        _finish(run, ImportRun.State.CANCELLED, clock(), _("Cancelled."))
        raise
    except OperationRefused as refusal:
        _finish(run, ImportRun.State.FAILED, clock(), refusal.message)
        raise
    except Exception as error:
        _finish(
            run, ImportRun.State.FAILED, clock(), f"{type(error).__name__}: {error}"
        )
        raise
    run.report = report
    run.notices = source.reader.notices
    run.rejects_path = report["rejects_file"] or ""
    _finish(run, ImportRun.State.DONE, clock())
    return report


def _finish(
    run: ImportRun, state: ImportRun.State, at: datetime, error: str = ""
) -> None:
    run.state, run.finished_at, run.error = state, at, error
    run.save(
        update_fields=[
            "state",
            "finished_at",
            "error",
            "report",
            "rejects_path",
            "arrivals",
            "notices",
        ]
    )
