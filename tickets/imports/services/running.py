"""One import from file to report: read, compare with what is here, write what is new."""

import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from supportops.jobs.models import Job
from tickets.imports.core.facts import Facts
from tickets.imports.core.neutral import Record, RecordRefused, digest
from tickets.imports.core.reading import refuse_oversize
from tickets.imports.core.staging import Staging
from tickets.imports.models import ImportedTicket, ImportRun
from tickets.imports.selectors import changed_here
from tickets.imports.services.directory import Directory
from tickets.imports.services.histories import (
    HistoryBuilder,
    StatusWord,
    remember,
    status_words,
)
from tickets.imports.services.locking import import_folder, only_import_of
from tickets.imports.services.opening import ImportRefused, Source, opened
from tickets.imports.services.rejects import Rejects
from tickets.services import history

__all__ = ["ImportRefused", "Progress", "import_file"]

logger = logging.getLogger(__name__)

BATCH_TICKETS = 300
BATCH_ROWS = 5_000
_READ_BATCH = 800  # SQLite takes 999 parameters a statement


class Progress(Protocol):
    """Who wants to know how far an import is; may raise to stop it between batches."""

    def reading(self, done: int, total: int, rows: int, rejected: int) -> None: ...

    def writing(self, done: int, total: int, rows: int, rejected: int) -> None: ...


class Silence:
    """Nobody wants to know."""

    def reading(self, done: int, total: int, rows: int, rejected: int) -> None:
        pass

    def writing(self, done: int, total: int, rows: int, rejected: int) -> None:
        pass


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """What is to be written for one record, once it is compared with the past."""

    record: Record
    digest: str
    known: ImportedTicket | None = None


@dataclass
class Import:
    """One import under way."""

    source: Source
    run: ImportRun | None
    rejects: Rejects
    progress: Progress
    at: datetime
    facts: Facts = field(default_factory=Facts)
    counts: Counts = field(default_factory=Counts)
    directory: Directory = field(init=False)
    builder: HistoryBuilder = field(init=False)
    words: dict[str, StatusWord] = field(init=False)

    def __post_init__(self) -> None:
        self.words = status_words()
        self.forget_names()

    def forget_names(self) -> None:
        """Start with an empty directory: a batch rolled back took its rows with it."""
        self.directory = Directory(self.source.name, self.source.automation)
        self.builder = HistoryBuilder(self.directory, self.words)


def import_file(
    *,
    source: Source,
    at: datetime,
    run: ImportRun | None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Import one file and return the report.

    ``run`` is the row that what is written belongs to; without it nothing is written
    (a dry run), and the report says what would be. Safe to start again after a stop:
    each batch is one transaction with the note of what it wrote.

    Raises ``ImportRefused`` when the file as a whole cannot be read as told (nothing
    is then written), ``ImportBusy``, ``StatusMissing``.
    """
    started = time.monotonic()
    progress = progress or Silence()
    with only_import_of(source.name), _database_files_unmapped():
        if run is not None:
            _fail_abandoned(run, at)
        rejects = Rejects(source.name, at)
        try:
            work = Import(source, run, rejects, progress, at)
            with Staging(import_folder()) as staging:
                total = _stage(work, staging)
                _write_all(work, staging, total)
        finally:
            rejects.close()
    report = _report(work, time.monotonic() - started)
    if run is not None:
        run.arrivals = dict(sorted(work.facts.arrivals.items()))
    return report


@contextlib.contextmanager
def _database_files_unmapped() -> Iterator[None]:
    """Keep SQLite from mapping its file: it would count as this process's memory."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA mmap_size").fetchone()
        cursor.execute("PRAGMA mmap_size = 0")
    try:
        yield
    finally:
        if before:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA mmap_size = {int(before[0])}")


def _fail_abandoned(run: ImportRun, at: datetime) -> None:
    """Mark runs of this source whose process died: holding the source proves it."""
    others = ImportRun.objects.filter(
        source=run.source, state=ImportRun.State.RUNNING
    ).exclude(pk=run.pk)
    others.exclude(job__state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
        state=ImportRun.State.FAILED,
        finished_at=at,
        error=_("Its process ended before the import did. Start it again."),
    )


def _stage(work: Import, staging: Staging) -> int:
    """Read the whole file into the staging file; return how many parts it had."""

    def refuse(line: int, reason: str, raw: str) -> None:
        work.rejects.add(line, reader.external_id_of(raw), reason, raw)

    with opened(work.source, refuse) as (file, reader):

        def tick() -> None:
            if staging.parts % 1_000 == 0:
                work.progress.reading(
                    file.consumed, file.size, staging.parts, work.rejects.count
                )

        reader.stage(staging, tick)
        work.source.reader = reader
        if file.damage:
            work.rejects.add(reader.line, "", file.damage, "")
    return staging.parts


def _write_all(work: Import, staging: Staging, total: int) -> None:
    done = 0
    for batch in _batches(_records(work, staging)):
        _write_batch(work, batch)
        done += sum(len(record.rows) for record in batch)
        work.progress.writing(done, total, total, work.rejects.count)


def _records(work: Import, staging: Staging) -> Iterator[Record]:
    reader = work.source.reader
    for external_id, parts, size in staging.records():
        try:
            refuse_oversize(size)
            yield reader.assemble(external_id, parts, staging)
        except RecordRefused as reason:
            work.rejects.add(parts[0][0], external_id, str(reason), "")


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Group records by a few hundred: the unit of writing, and of losing to a kill."""
    batch: list[Record] = []
    rows = 0
    for record in records:
        if len(batch) >= BATCH_TICKETS or rows >= BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(record)
        rows += len(record.rows)
    if batch:
        yield batch


def _write_batch(work: Import, records: Sequence[Record]) -> None:
    plans = list(_plans(work, records))
    changes = [plan for plan in plans if plan is not None]
    if not changes or work.run is None:
        for plan in changes:
            _count(work, plan)
        return
    try:
        _write(work, changes)
    except (DataError, IntegrityError):
        work.forget_names()
        logger.warning(
            "import batch failed, trying each record", extra={"at": str(work.at)}
        )
        for plan in changes:
            _write_alone(work, plan)
    else:
        for plan in changes:
            _count(work, plan)


def _write_alone(work: Import, plan: Plan) -> None:
    try:
        _write(work, [plan])
    except (DataError, IntegrityError) as error:
        work.forget_names()
        reason = f"the database refused it: {str(error).splitlines()[0]}"
        work.rejects.add(plan.record.line, plan.record.external_id, reason, "")
    else:
        _count(work, plan)


def _count(work: Import, plan: Plan) -> None:
    work.facts.add(plan.record.rows)
    if plan.known is None:
        work.counts.created += 1
    else:
        work.counts.updated += 1


def _plans(work: Import, records: Sequence[Record]) -> Iterator[Plan | None]:
    """Compare records with what earlier imports wrote; count the unchanged ones."""
    known = _imported(work.source.name, [record.external_id for record in records])
    touched = changed_here(known.values())
    for record in records:
        past = known.get(record.external_id)
        whole = digest(record.rows)
        if past is None:
            yield Plan(record, whole)
        elif past.rows == len(record.rows) and past.digest == whole:
            work.facts.add(record.rows)
            if work.run is not None and past.run_id == work.run.pk:
                work.counts.created += 1  # written before this run was interrupted
            else:
                work.counts.unchanged += 1
        elif reason := _refusal(past, record, touched):
            work.rejects.add(record.line, record.external_id, reason, "")
        else:
            yield Plan(record, whole, past)


def _imported(source: str, external_ids: Sequence[str]) -> dict[str, ImportedTicket]:
    rows = ImportedTicket.objects.filter(source=source, external_id__in=external_ids)
    return {row.external_id: row for row in rows.select_related("ticket")}


def _refusal(past: ImportedTicket, record: Record, touched: set[int]) -> str:
    """Say why a known record cannot be continued; ``""`` when it can."""
    if len(record.rows) < past.rows:
        return (
            f"has {len(record.rows)} rows where {past.rows} were imported before: "
            "the file is older or cut"
        )
    if digest(record.rows[: past.rows]) != past.digest:
        return (
            f"its first {past.rows} rows differ from those imported before: "
            "a past that was imported is not rewritten"
        )
    if past.ticket_id in touched:
        return (
            f"ticket #{past.ticket_id} was changed here since it was imported, so the "
            "rows after that are not added"
        )
    return ""


@transaction.atomic
def _write(work: Import, plans: Sequence[Plan]) -> None:
    """Write one batch: names, histories, and the note of what was written."""
    assert work.run is not None  # noqa: S101 -- a dry run never comes here
    remember(work.directory, [plan.record for plan in plans])
    histories = []
    for plan in plans:
        story, ends = work.builder.build(plan.record)
        if plan.known is not None:
            story.ticket_id = plan.known.ticket_id
            story.written = ends[plan.known.rows - 1]
        histories.append(story)
    written = history.append_histories(histories, at=work.at)
    new = []
    for plan, result in zip(plans, written, strict=True):
        if plan.known is None:
            new.append(
                ImportedTicket(
                    ticket_id=result.ticket_id,
                    run=work.run,
                    source=work.source.name,
                    external_id=plan.record.external_id,
                    rows=len(plan.record.rows),
                    digest=plan.digest,
                    last_seq=result.last_seq,
                )
            )
        else:
            plan.known.rows = len(plan.record.rows)
            plan.known.digest = plan.digest
            plan.known.last_seq = result.last_seq
            if plan.known.run_id != work.run.pk:
                plan.known.updated_run = work.run
            plan.known.save(update_fields=["rows", "digest", "last_seq", "updated_run"])
    ImportedTicket.objects.bulk_create(new)


def _report(work: Import, seconds: float) -> dict[str, Any]:
    facts, rejects = work.facts, work.rejects
    return {
        "source": work.source.name,
        "tickets": facts.tickets,
        "events": facts.rows,
        "messages": facts.texts,
        "created": work.counts.created,
        "updated": work.counts.updated,
        "unchanged": work.counts.unchanged,
        "rejected": rejects.count,
        "rejects_file": str(rejects.path) if rejects.path else None,
        "seconds": round(seconds, 3),
        "facts": facts.report(),
    }
