"""Opening export files: plain or gzip, streamed, with damage reported and not raised."""

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from tickets.imports.core.neutral import ImportFileRefused

_GZIP = b"\x1f\x8b"
_WRONG_KINDS = {
    b"PK\x03\x04": "a ZIP or Excel file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"SQLite format 3": "an SQLite database",
}
_BOMS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class ExportFile(io.RawIOBase):
    """The bytes of an export, unpacked; a cut or damaged archive ends early.

    ``damage`` then says what was wrong. ``consumed`` counts the bytes of the file on
    disk that have been read, for progress.
    """

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self.damage = ""
        self._disk: BinaryIO = path.open("rb")
        head = self._disk.read(16)
        self._disk.seek(0)
        self.packed = head.startswith(_GZIP)
        self._bytes: BinaryIO = self._disk
        if self.packed:
            self._bytes = gzip.GzipFile(fileobj=self._disk)  # type: ignore[assignment]
        self._check(path, head)

    def _check(self, path: Path, head: bytes) -> None:
        if not head:
            self.close()
            raise ImportFileRefused(
                f"{path.name} is empty: there is nothing to import."
            )
        for magic, kind in _WRONG_KINDS.items():
            if head.startswith(magic):
                self.close()
                raise ImportFileRefused(
                    f"{path.name} is {kind}. Export the tickets as text (CSV or JSON), "
                    "plain or packed with gzip."
                )

    @property
    def consumed(self) -> int:
        return self._disk.tell() if not self._disk.closed else self.size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.damage:
            return 0
        try:
            chunk = (
                self._bytes.read(len(buffer))
                if not self.packed
                else self._unpack(len(buffer))
            )
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self.damage = f"the gzip archive is cut off or damaged ({error})"
            return 0
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _unpack(self, size: int) -> bytes:
        return self._bytes.read1(size)  # type: ignore[attr-defined, no-any-return]

    def close(self) -> None:
        if not self.closed:
            self._bytes.close()
            self._disk.close()
        super().close()


def open_text(file: ExportFile, encoding: str) -> io.TextIOWrapper:
    """Decode the file; bytes that do not fit become lone surrogates, found later.

    Raises
    ------
    ImportFileRefused
        When the first bytes belong to another encoding than the one declared.
    """
    buffered = io.BufferedReader(file, 1 << 16)
    mark = buffered.peek(2)[:2]
    found = _BOMS.get(mark)
    if found and not encoding.lower().replace("_", "-").startswith("utf-16"):
        raise ImportFileRefused(
            f"The file begins like {found}, but is to be read as {encoding}. "
            f"Set “encoding” to “{found}” in the mapping."
        )
    return io.TextIOWrapper(
        buffered, encoding=encoding, errors="surrogateescape", newline=""
    )


class Lines:
    """The file's physical lines, each with its number, none longer than ``limit``.

    A longer one is skipped to its end and told to ``refuse(line, reason, start)``.
    """

    def __init__(
        self,
        text: io.TextIOWrapper,
        limit: int,
        refuse: Callable[[int, str, str], None],
    ) -> None:
        self.number = 0
        self._text = text
        self._limit = limit
        self._refuse = refuse
        self._returned: list[tuple[int, str]] = []

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self._returned:
            self.number, line = self._returned.pop()
            return line
        line = self._text.readline(self._limit)
        self.number += 1
        while len(line) >= self._limit and not line.endswith(("\n", "\r")):
            self._refuse(
                self.number,
                f"the line is longer than {self._limit} characters",
                line[:200],
            )
            self._skip_rest_of_line()
            line = self._text.readline(self._limit)
            self.number += 1
        if not line:
            raise StopIteration
        return line

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        """Put lines back in front, to be read again in the same order."""
        self._returned.extend(reversed(lines))

    def _skip_rest_of_line(self) -> None:
        while True:
            rest = self._text.readline(self._limit)
            if not rest or rest.endswith(("\n", "\r")):
                return


def undecodable(text: str) -> bool:
    """Whether ``text`` holds bytes that the declared encoding does not know."""
    if text.isascii():
        return False
    return any("\udc80" <= character <= "\udcff" for character in text)
