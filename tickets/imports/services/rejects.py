"""The file of what could not be imported, safe to open in a spreadsheet."""

import csv
import os
from datetime import datetime
from pathlib import Path
from typing import TextIO

from tickets.imports.services.locking import import_folder

HEADER = ("line", "external_id", "reason", "raw")
MAX_RAW = 4_000
# A cell that begins so is run as a formula by spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    """Counts what was refused and writes it down; no file is made when nothing was."""

    def __init__(self, source: str, at: datetime) -> None:
        name = f"rejects-{source}-{at:%Y%m%dT%H%M%S}-{os.getpid()}.csv"
        self._wanted = import_folder() / name
        self._handle: TextIO | None = None
        self.count = 0

    @property
    def path(self) -> Path | None:
        return self._wanted if self.count else None

    def add(self, line: int, external_id: str, reason: str, raw: str) -> None:
        if self._handle is None:
            self._handle = self._open()
        self.count += 1
        cells = (harmless(external_id), harmless(reason), harmless(raw[:MAX_RAW]))
        csv.writer(self._handle).writerow((line, *cells))

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()

    def _open(self) -> TextIO:
        number = 1
        while self._wanted.exists():
            number += 1
            self._wanted = self._wanted.with_name(
                f"{self._wanted.stem.split('_')[0]}_{number}.csv"
            )
        handle = self._wanted.open(
            "x", encoding="utf-8", errors="backslashreplace", newline=""
        )
        csv.writer(handle).writerow(HEADER)
        return handle


def harmless(text: str) -> str:
    """Return the text without line ends and NULs, and never as a formula."""
    text = text.rstrip("\r\n").replace("\x00", "\N{SYMBOL FOR NULL}")
    return f"'{text}" if text.startswith(_FORMULA) else text
