"""From the rows of an event log to whole records."""

import io
from collections.abc import Callable
from typing import Protocol

from tickets.imports.core.clock import Clock
from tickets.imports.core.csv_rows import CsvLog, Refuse
from tickets.imports.core.mapping import CsvMapping
from tickets.imports.core.neutral import (
    MAX_ROWS_PER_RECORD,
    Record,
    RecordRefused,
    pack_row,
    unpack_row,
)
from tickets.imports.core.staging import Part, Staging

Tick = Callable[[], None]


class Reader(Protocol):
    """How one format is read: first into the staging file, then record by record."""

    @property
    def notices(self) -> list[str]: ...

    @property
    def line(self) -> int: ...

    def stage(self, staging: Staging, tick: Tick) -> None:
        """Put every readable part into ``staging``; call ``tick`` after each."""

    def assemble(self, external_id: str, parts: list[Part], staging: Staging) -> Record:
        """Build the record from its parts. Raises ``RecordRefused``."""

    def external_id_of(self, raw: str) -> str: ...


class CsvReader:
    """Reads an event log in CSV under a mapping."""

    def __init__(
        self, text: io.TextIOWrapper, mapping: CsvMapping, clock: Clock, refuse: Refuse
    ) -> None:
        self.log = CsvLog(text, mapping, clock, refuse)
        self.notices = list(mapping.notices)
        if self.log.unmapped:
            names = ", ".join(self.log.unmapped)
            self.notices.append(f"columns that the mapping does not read: {names}")

    @property
    def line(self) -> int:
        return self.log.line

    def stage(self, staging: Staging, tick: Tick) -> None:
        for read in self.log.rows():
            payload = [
                list(read.order),
                pack_row(read.row),
                read.attributes,
                read.custom,
            ]
            staging.add(read.external_id, read.row.line, payload)
            tick()

    def assemble(self, external_id: str, parts: list[Part], staging: Staging) -> Record:
        ordered = sorted(parts, key=lambda part: part[1][0])
        record = Record(external_id, [], line=parts[0][0])
        for _line, (_order, row, attributes, custom) in ordered:
            record.rows.append(unpack_row(row))
            record.attributes.update(attributes)
            record.custom.update(custom)
        return record

    def external_id_of(self, raw: str) -> str:
        return self.log.external_id_of(raw)


def refuse_oversize(size: int) -> None:
    """Raise ``RecordRefused`` for a record of more rows than a ticket can have."""
    if size > MAX_ROWS_PER_RECORD:
        raise RecordRefused(
            f"has {size} rows; a ticket can have {MAX_ROWS_PER_RECORD} at most"
        )
