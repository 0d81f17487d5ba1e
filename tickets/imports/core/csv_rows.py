"""Event logs in CSV: each row read by a mapping, each bad row told and passed over."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tickets.imports.core.clock import Clock
from tickets.imports.core.files import Lines, undecodable
from tickets.imports.core.mapping import ACTIVITY, FILE_ORDER, Columns, CsvMapping
from tickets.imports.core.neutral import (
    MAX_ID_LENGTH,
    ImportFileRefused,
    RecordRefused,
    Row,
)

MAX_LINE = 1_000_000
MAX_FIELD = 131_072
# A lone quote swallows the rows after it. They are given back and read again, but a file
# made of nothing else must not take for ever.
MAX_REWINDS = 200

JOINER = "/"

Refuse = Callable[[int, str, str], None]


@dataclass(slots=True)
class ReadRow:
    """One row of the file as the mapping understands it."""

    external_id: str
    row: Row
    order: tuple[Any, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)


class CsvLog:
    """One CSV file under one mapping.

    ``headers`` are the column names, a repeated one as ``name.1``, ``name.2``…;
    ``unmapped`` those that nothing reads and nothing ignores on purpose.

    Raises
    ------
    ImportFileRefused
        When the header lacks columns the mapping reads: each is named.
    """

    def __init__(
        self, text: io.TextIOWrapper, mapping: CsvMapping, clock: Clock, refuse: Refuse
    ) -> None:
        csv.field_size_limit(MAX_FIELD)
        self.mapping = mapping
        self.clock = clock
        self._refuse = refuse
        self._lines = Lines(text, MAX_LINE, refuse)
        self._rewinds = 0
        self._taken: list[tuple[int, str]] = []
        self._case: tuple[int, ...] = ()
        self.headers: list[str] = []
        self.headers = self._read_headers()
        self._index = {name: position for position, name in enumerate(self.headers)}
        self._require_columns()
        ignored = {*mapping.columns(), *mapping.derived_ignored}
        self.unmapped = [name for name in self.headers if name not in ignored]
        self._plan()

    @property
    def line(self) -> int:
        return self._lines.number

    def rows(self) -> Iterator[ReadRow]:
        """Yield every row that can be read; tell ``refuse`` about every other one."""
        width = len(self.headers)
        for line, cells, raw in self._records():
            try:
                yield self._read(line, cells, raw, width)
            except RecordRefused as reason:
                self._refuse(line, str(reason), raw)
            except ImportFileRefused as reason:
                raise type(reason)(f"Line {line}: {reason}") from None

    def external_id_of(self, raw: str) -> str:
        """The case id in a raw line, for naming it beside a refusal; ``""`` if none."""
        try:
            cells = next(csv.reader([raw], delimiter=self.mapping.delimiter))
        except (csv.Error, StopIteration):
            return ""
        if not self.headers or len(cells) <= max(self._case):
            return ""
        return JOINER.join(cells[position] for position in self._case)[:MAX_ID_LENGTH]

    def _read_headers(self) -> list[str]:
        for _line, cells, raw in self._records():
            if "\x00" in raw or undecodable(raw):
                raise ImportFileRefused(
                    "The header line cannot be read as "
                    f"{self.mapping.encoding}. Set “encoding” in the mapping to what "
                    "the file was written in, such as cp1252 or utf-16."
                )
            return _unique([cell.strip() for cell in cells])
        raise ImportFileRefused("The file has no header line.")

    def _require_columns(self) -> None:
        missing = [name for name in self.mapping.columns() if name not in self._index]
        if missing:
            raise ImportFileRefused(
                f"The file lacks {_columns_text(missing)} that the mapping reads. "
                f"It has: {', '.join(self.headers)[:500]}."
            )

    def _plan(self) -> None:
        """Turn column names into positions once."""
        mapping = self.mapping
        self._case = self._positions(mapping.case_id)
        self._time = self._positions(mapping.timestamp)
        self._activity = self._positions(mapping.activity)
        self._actor = self._positions(mapping.actor)
        self._priority = self._positions(mapping.priority_column)
        self._fields = {k: self._positions(v) for k, v in mapping.fields.items()}
        self._attributes = {
            name: self._positions(v) for name, v in mapping.attributes.items()
        }
        self._custom = {name: self._positions((name,)) for name in mapping.custom}
        in_file_order = set(mapping.order_by) <= {FILE_ORDER}
        self._order = () if in_file_order else mapping.order_by

    def _positions(self, columns: Columns) -> tuple[int, ...]:
        return tuple(self._index[name] for name in columns)

    def _value(self, cells: Sequence[str], positions: tuple[int, ...]) -> str:
        empty = self.mapping.null_values
        if len(positions) == 1:
            value = cells[positions[0]].strip()
            return "" if value in empty else value
        parts = [cells[position].strip() for position in positions]
        return JOINER.join(part for part in parts if part not in empty)

    def _read(self, line: int, cells: list[str], raw: str, width: int) -> ReadRow:
        _check_cells(cells, raw, width, self.mapping.encoding)
        external_id = self._value(cells, self._case)
        if not external_id:
            raise RecordRefused("has no case number")
        if len(external_id) > MAX_ID_LENGTH:
            raise RecordRefused(
                f"case number is longer than {MAX_ID_LENGTH} characters"
            )
        at = self.clock.read(" ".join(cells[position] for position in self._time))
        row = Row(
            at=at,
            actor=self._value(cells, self._actor),
            values={
                name: self._value(cells, at_) for name, at_ in self._fields.items()
            },
            line=line,
        )
        self._add_meanings(row, cells)
        return ReadRow(
            external_id,
            row,
            self._order_key(cells, at),
            {k: v for k, p in self._attributes.items() if (v := self._value(cells, p))},
            {k: v for k, p in self._custom.items() if (v := self._value(cells, p))},
        )

    def _add_meanings(self, row: Row, cells: list[str]) -> None:
        mapping = self.mapping
        row.activity = self._value(cells, self._activity)
        if mapping.mode == ACTIVITY:
            # A log of activities states what was done; blanks in it state nothing.
            row.values = {name: value for name, value in row.values.items() if value}
            row.status = mapping.activity_status(row.activity)
        if raw := row.values.get("status"):
            row.status = mapping.status_of(raw)
        if self._priority:
            row.values["priority"] = self._value(cells, self._priority)
        if raw := row.values.get("priority"):
            row.priority = mapping.priority_of(raw)

    def _order_key(self, cells: list[str], at: int) -> tuple[Any, ...]:
        key: list[Any] = []
        for name in self._order:
            if name == FILE_ORDER:
                break
            if (name,) == self.mapping.timestamp:
                key.append(at)
                continue
            text = cells[self._index[name]].strip()
            try:
                key.append(float(text))
            except ValueError:
                raise RecordRefused(
                    f"“{name}” orders the rows but is “{text[:60]}”"
                ) from None
        return tuple(key)

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        """Yield (line, cells, raw text) of each record, surviving lone quotes."""
        while True:
            self._taken = []
            reader = csv.reader(
                self._feed(), delimiter=self.mapping.delimiter, strict=True
            )
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._recover(error)
                continue
            if (
                self.headers
                and len(self._taken) > 1
                and len(cells) != len(self.headers)
            ):
                self._recover(csv.Error(f"{len(cells)} fields over several lines"))
            elif cells:
                yield self._taken[0][0], cells, "".join(t for _, t in self._taken)

    def _feed(self) -> Iterator[str]:
        for text in self._lines:
            self._taken.append((self._lines.number, text))
            yield text

    def _recover(self, error: csv.Error) -> None:
        """Refuse the line at which the broken record began, and read on after it."""
        line, first = self._taken[0]
        reason = f"cannot be read as CSV ({error})"
        if len(self._taken) > 1 and self._rewinds < MAX_REWINDS:
            self._rewinds += 1
            self._lines.give_back(self._taken[1:])
            reason = "has a quotation mark that nothing closes"
        elif len(self._taken) > 1:
            reason += f"; {len(self._taken) - 1} lines after it are lost with it"
        self._refuse(line, reason, first)


def _check_cells(cells: list[str], raw: str, width: int, encoding: str) -> None:
    if undecodable(raw):
        raise RecordRefused(f"has bytes that are not {encoding}")
    if "\x00" in raw:
        raise RecordRefused("contains a NUL character")
    if len(cells) != width:
        raise RecordRefused(f"has {len(cells)} fields where the header has {width}")


def _columns_text(names: Sequence[str]) -> str:
    quoted = ", ".join(f"“{name}”" for name in names)
    return f"the column {quoted}" if len(names) == 1 else f"the columns {quoted}"


def _unique(names: list[str]) -> list[str]:
    """Give a repeated name ``.1``, ``.2``… so that no column hides another."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        count = seen.get(name, 0)
        seen[name] = count + 1
        result.append(f"{name}.{count}" if count else name)
    return result
