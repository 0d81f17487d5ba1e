"""Rows of one file sorted by record on disk, so that memory stays flat."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from tickets.imports.core.neutral import MAX_ROWS_PER_RECORD

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
PRAGMA temp_store = FILE;
CREATE TABLE records (id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE);
CREATE TABLE parts (
    record INTEGER NOT NULL, n INTEGER NOT NULL, line INTEGER NOT NULL, payload TEXT NOT NULL
);
CREATE TABLE notes (
    kind TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
"""

Part = tuple[int, Any]


class Staging:
    """A private SQLite file: parts of records as they come, records as they are read.

    A record whose parts number more than ``MAX_ROWS_PER_RECORD`` comes back cut there;
    ``sizes`` in ``records()`` tells the true count.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="import-", dir=directory, ignore_cleanup_errors=True
        )
        self._database = sqlite3.connect(
            Path(self._folder.name) / "staging.sqlite3", isolation_level=None
        )
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        self._pending: list[tuple[int, int, int, str]] = []
        self.parts = 0
        self._record_id = lru_cache(maxsize=10_000)(self._find_or_add)

    def __enter__(self) -> "Staging":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, external_id: str, line: int, payload: Any) -> None:
        """Keep one part of a record; the order of calls is the order they come back."""
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        self.parts += 1
        self._pending.append((self._record_id(external_id), self.parts, line, text))
        if len(self._pending) >= 2000:
            self._write()

    def note(self, kind: str, identifier: str, payload: Any) -> None:
        """Keep something that records refer to, such as a user; the last one counts."""
        text = json.dumps(payload, ensure_ascii=False)
        self._database.execute(
            "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (kind, identifier, text)
        )

    def noted(self, kind: str, identifier: str) -> Any:
        found = self._database.execute(
            "SELECT payload FROM notes WHERE kind = ? AND id = ?", (kind, identifier)
        ).fetchone()
        return json.loads(found[0]) if found else None

    def records(self) -> Iterator[tuple[str, list[Part], int]]:
        """Yield (external id, its parts in order, their true number), first come first."""
        self._write()
        self._database.execute(
            "CREATE INDEX IF NOT EXISTS by_record ON parts (record, n)"
        )
        rows = self._database.execute(
            "SELECT r.id, r.external_id, p.line, p.payload FROM records r "
            "JOIN parts p ON p.record = r.id ORDER BY r.id, p.n"
        )
        current, external_id, size = None, "", 0
        parts: list[Part] = []
        for record, name, line, payload in rows:
            if record != current:
                if current is not None:
                    yield external_id, parts, size
                current, external_id, size, parts = record, name, 0, []
            size += 1
            if size <= MAX_ROWS_PER_RECORD:
                parts.append((line, json.loads(payload)))
        if current is not None:
            yield external_id, parts, size

    def _find_or_add(self, external_id: str) -> int:
        found = self._database.execute(
            "INSERT OR IGNORE INTO records (external_id) VALUES (?) RETURNING id",
            (external_id,),
        ).fetchone()
        if found is None:
            found = self._database.execute(
                "SELECT id FROM records WHERE external_id = ?", (external_id,)
            ).fetchone()
        return int(found[0])

    def _write(self) -> None:
        self._database.executemany(
            "INSERT INTO parts VALUES (?, ?, ?, ?)", self._pending
        )
        self._pending.clear()
