"""The first rows of a file as they will be read, before anything is written."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tickets.imports.core.mapping import FILE_ORDER
from tickets.imports.core.neutral import RecordRefused, moment
from tickets.imports.core.reading import CsvReader
from tickets.imports.core.staging import Staging
from tickets.imports.services.locking import import_folder
from tickets.imports.services.opening import (
    ImportRefused,
    ImportZoneMissing,
    Source,
    opened,
)

ROWS = 20
_LOOK_AHEAD = 500


@dataclass
class Preview:
    """What a file looks like under a mapping; ``problem`` when it cannot be read."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    problem: str = ""
    zone_missing: bool = False

    @property
    def is_ready(self) -> bool:
        return not self.problem


def preview(source: Source) -> Preview:
    """Read the first rows; whatever is wrong is in the answer, nothing is raised."""
    found = Preview()
    try:
        _read(source, found)
    except ImportZoneMissing as refusal:
        advice = _("Choose the zone below.")
        found.problem, found.zone_missing = f"{refusal.message} {advice}", True
    except ImportRefused as refusal:
        found.problem = refusal.message
    return found


class _Enough(Exception):  # noqa: N818 -- not an error
    """The preview has seen what it wants."""


def _read(source: Source, found: Preview) -> None:
    def refuse(line: int, reason: str, raw: str) -> None:
        if len(found.rejects) < ROWS:
            found.rejects.append((line, reason))

    with opened(source, refuse) as (_file, reader):
        if isinstance(reader, CsvReader):
            _read_csv(reader, found)
        else:
            _read_records(reader, found)
        found.notices = list(reader.notices)


def _read_csv(reader: CsvReader, found: Preview) -> None:
    log = reader.log
    found.unmapped = log.unmapped
    found.headers = [(name, _use_of(log.mapping, name)) for name in log.headers]
    names = list(log.mapping.fields)
    found.columns = ["line", "case", "time (UTC)", "status", "priority", "by", *names]
    for read in log.rows():
        row = read.row
        found.rows.append(
            [
                str(row.line),
                read.external_id,
                f"{moment(row.at):%Y-%m-%d %H:%M:%S}",
                row.status,
                row.priority,
                row.actor,
                *(row.values.get(name, "") for name in names),
            ]
        )
        if len(found.rows) >= ROWS or len(found.rejects) >= ROWS:
            return


def _use_of(mapping: Any, column: str) -> str:
    """Say what a column is read as; ``""`` when nothing reads it."""
    uses = {
        "case": mapping.case_id,
        "time": mapping.timestamp,
        "activity": mapping.activity,
        "by": mapping.actor,
        "priority": mapping.priority_column,
        **mapping.fields,
        **mapping.attributes,
        "other": mapping.custom,
        "ignored on purpose": mapping.derived_ignored,
        "order": [name for name in mapping.order_by if name != FILE_ORDER],
    }
    return ", ".join(use for use, columns in uses.items() if column in columns)


def _read_records(reader: Any, found: Preview) -> None:
    found.columns = ["ticket", "subject", "rows", "messages", "first (UTC)", "status"]
    with Staging(import_folder()) as staging:

        def tick() -> None:
            if staging.parts >= _LOOK_AHEAD:
                raise _Enough

        try:
            reader.stage(staging, tick)
        except _Enough:
            found.notices.append("only the beginning was read")
        for external_id, parts, _size in staging.records():
            _add_record(reader, external_id, parts, staging, found)
            if len(found.rows) >= ROWS:
                return


def _add_record(
    reader: Any, external_id: str, parts: Any, staging: Staging, found: Preview
) -> None:
    try:
        record = reader.assemble(external_id, parts, staging)
    except RecordRefused as reason:
        found.rejects.append((parts[0][0], str(reason)))
        return
    statuses = [row.status for row in record.rows if row.status]
    found.rows.append(
        [
            external_id,
            str(record.attributes.get("subject", "")),
            str(len(record.rows)),
            str(sum(len(row.texts) for row in record.rows)),
            f"{moment(record.rows[0].at):%Y-%m-%d %H:%M:%S}",
            statuses[-1] if statuses else "",
        ]
    )
