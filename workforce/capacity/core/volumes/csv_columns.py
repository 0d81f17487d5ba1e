"""Which column of a file is what: roles, guessed from headers, and cells read by them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workforce.capacity.core.volumes.counting import Counted

MOST_CONTACTS = 1_000_000
"""In one row. A day of rows by the minute stays within what an integer column holds."""
MOST_SECONDS = 10**10
FIRST_YEAR, LAST_YEAR = 2000, 2200

ROLES = ("start", "offered", "queue", "channel", "handled", "abandoned", "handle", "backlog")  # fmt: skip

UNITS = {"sum_seconds": 1, "mean_seconds": 1, "sum_minutes": 60, "mean_minutes": 60}

_GUESSES = {
    "start": ("timestamp", "start", "starts", "startsat", "datetime", "interval", "intervalstart", "date", "day", "time", "ds"),
    "offered": ("volume", "offered", "calls", "contacts", "chats", "tickets", "arrivals", "count", "callsoffered", "contactsoffered", "y"),
    "queue": ("queue", "queuename", "skill", "split", "service", "lob"),
    "channel": ("channel", "media", "mediatype"),
    "handled": ("handled", "answered", "callshandled", "callsanswered", "completed", "contactshandled"),
    "abandoned": ("abandoned", "abandons", "lost", "callsabandoned", "contactsabandoned"),
    "handle": ("handletime", "handle", "aht", "averagehandletime", "avghandletime", "meanhandletime", "averagehandlingtime", "avghandlingtime", "meanhandlingtime", "handlingtime", "totalhandletime", "totalhandlingtime", "handletimesum"),
    "backlog": ("backlog", "open", "openatend", "queuelength"),
}  # fmt: skip

_UNIT_WORDS = frozenset(("s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes"))  # fmt: skip


class Unreadable(ValueError):  # noqa: N818 -- of a row, not of the program
    """A row that cannot be taken: a stable ``code`` and what stands in the cell."""

    def __init__(self, code: str, shown: str = "") -> None:
        super().__init__(f"{code}: {shown}")
        self.code = code
        self.shown = shown[:60]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file. ``start`` is a whole day, a local clock or an aware moment."""

    line: int
    queue: str
    channel: str
    start: date | datetime
    fact: Counted


def guess_columns(headers: Sequence[str]) -> dict[str, str]:
    """Map each role to the header that most likely is it.

    Parameters
    ----------
    headers : sequence of str

    Returns
    -------
    dict of str to str
        Only roles that were found; no header twice.
    """
    plain = {_plain(header): header for header in reversed(headers)}
    # “AHT (s)” is the same column as “AHT”, unless the file has both.
    for header in reversed(headers):
        plain.setdefault(_plain(header, is_without_unit=True), header)
    found: dict[str, str] = {}
    for role in ROLES:
        for guess in _GUESSES[role]:
            if guess in plain and plain[guess] not in found.values():
                found[role] = plain[guess]
                break
    return found


def _plain(header: str, *, is_without_unit: bool = False) -> str:
    words = re.findall(r"[a-z0-9]+", header.lower())
    if is_without_unit and len(words) > 1 and words[-1] in _UNIT_WORDS:
        words = [word for word in words[:-1] if word != "in"]
    return "".join(words)


def guess_unit(header: str) -> str:
    """Tell the key of ``UNITS`` by the handle-time header."""
    name = header.lower()
    if re.search(r"min(?:ute)?s?\b", name):
        return "sum_minutes" if re.search("total|sum", name) else "mean_minutes"
    is_mean = any(word in name for word in ("aht", "average", "avg", "mean"))
    return "mean_seconds" if is_mean else "sum_seconds"


def guess_delimiter(text: str) -> str:
    """The separator that the first line holds most of: comma, semicolon, tab or bar."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)


def read_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not empty, the header first.

    Raises
    ------
    Unreadable
        ``not_csv`` where quotes or lines cannot be made sense of.
    """
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise Unreadable("not_csv", str(error)) from error


def read_row(line: int, cells: Mapping[str, str], unit: str = "sum_seconds") -> FileRow:
    """Read the cells of one row, by role.

    Parameters
    ----------
    line : int
        Where it stands in the file.
    cells : mapping of str to str
        Role to text; roles that the file lacks are absent.
    unit : str
        What the handle time is; a key of ``UNITS``.

    Raises
    ------
    Unreadable
        Naming the first cell that cannot be: ``no_start``, ``bad_start``,
        ``day_or_month``, ``too_old``, ``no_count``, ``bad_number``, ``negative``,
        ``too_large``.
    """
    offered = _whole(cells.get("offered", ""))
    if offered is None:
        raise Unreadable("no_count")
    handled = _whole(cells.get("handled", ""))
    timed, seconds = _handle_time(cells.get("handle", ""), unit, handled, offered)
    return FileRow(
        line,
        cells.get("queue", ""),
        cells.get("channel", ""),
        read_start(cells.get("start", "")),
        Counted(
            offered=offered,
            handled=handled or 0,
            abandoned=_whole(cells.get("abandoned", "")) or 0,
            timed=timed,
            handle_seconds=seconds,
            backlog=_whole(cells.get("backlog", "")),
        ),
    )


def read_start(text: str) -> date | datetime:
    """A day, or a time with or without a zone, in ISO 8601 or as 31.12.2026 23:30.

    Raises
    ------
    Unreadable
        ``no_start``, ``day_or_month`` for 3/4/2026, ``too_old`` before 2000, or
        ``bad_start``.
    """
    if not text:
        raise Unreadable("no_start")
    if re.match(r"\d{1,2}/\d{1,2}/\d", text):
        raise Unreadable("day_or_month", text)
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](.+))?", text)
    if dotted:
        day, month, year, clock = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}" + (f"T{clock:0>5}" if clock else "")
    try:
        kind = date if len(text) <= len("2026-12-31") else datetime
        start = kind.fromisoformat(text)
    except ValueError:
        raise Unreadable("bad_start", text) from None
    if start.year < FIRST_YEAR:
        raise Unreadable("too_old", text)
    if start.year > LAST_YEAR:
        raise Unreadable("bad_start", text)
    return start


def _handle_time(
    text: str, unit: str, handled: int | None, offered: int
) -> tuple[int, int]:
    """Contacts of known handle time, and their seconds together."""
    value = _number(text)
    contacts = offered if handled is None else handled
    if not value or not contacts:
        return 0, 0
    seconds = value * UNITS[unit] * (contacts if unit.startswith("mean") else 1)
    if seconds > MOST_SECONDS:
        raise Unreadable("too_large", text)
    return contacts, round(seconds)


def _whole(text: str) -> int | None:
    value = _number(text)
    if value is None:
        return None
    if value != int(value):
        raise Unreadable("bad_number", text)
    if value > MOST_CONTACTS:
        raise Unreadable("too_large", text)
    return int(value)


def _number(text: str) -> float | None:
    """A number not below zero, or ``None`` for an empty cell."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Unreadable("bad_number", text) from None
    if value < 0:
        raise Unreadable("negative", text)
    if not value <= MOST_SECONDS:
        raise Unreadable("too_large", text)
    return value
