"""What every format is turned into: records of rows, in words no source owns."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STATUSES = (
    "new",
    "open",
    "pending",
    "on_hold",
    "solved",
    "closed",
    "deleted",
    "unknown",
)
PRIORITIES = ("urgent", "high", "normal", "low")
ENDED = frozenset({"solved", "closed", "deleted"})
UNKNOWN = "unknown"

# The fields whose hand-offs the report counts.
HANDED = ("group", "assignee", "level")

# Words of other tools for the same thing.
_STATUS_ALIASES = {
    "hold": "on_hold",
    "on hold": "on_hold",
    "on-hold": "on_hold",
    "resolved": "solved",
    "waiting": "pending",
    "in_progress": "open",
    "in-progress": "open",
    "in progress": "open",
}

MICROSECONDS = 1_000_000

MAX_ROWS_PER_RECORD = 20_000
MAX_ID_LENGTH = 120


class ImportFileRefused(ValueError):  # noqa: N818 -- the word the product uses
    """The whole file cannot be imported; the message says why and what to do."""


class RecordRefused(ValueError):  # noqa: N818
    """One record cannot be read; the message is the reason written beside it."""


@dataclass(slots=True)
class Text:
    """Something said: ``direction`` is ``in``, ``out`` or ``internal``.

    ``body`` is ``None`` when the source only tells that something was said.
    """

    direction: str
    body: str | None
    author: str = ""
    external_id: str = ""


@dataclass(slots=True)
class Row:
    """One row of a record: what it states, nothing about what it leaves out.

    ``at`` is UTC in microseconds since 1970. ``values`` holds the raw words of each
    field that is stated (``""`` = stated as empty): ``status``, ``priority``, ``group``,
    ``assignee``, ``level``, ``category`` and any other the source names. ``status`` and
    ``priority`` beside them are the neutral words, ``""`` when nothing is stated.
    ``weight`` is how many events of the source the row stands for.
    """

    at: int
    actor: str = ""
    activity: str = ""
    status: str = ""
    priority: str = ""
    values: dict[str, str] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    line: int = 0
    weight: int = 1

    def canonical(self) -> str:
        """Everything the row says, as one line that is equal only for equal rows."""
        texts = [[t.direction, t.body, t.author, t.external_id] for t in self.texts]
        return json.dumps(
            [
                self.at,
                self.actor,
                self.activity,
                self.status,
                self.priority,
                sorted(self.values.items()),
                texts,
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )


@dataclass(slots=True)
class Record:
    """One ticket as its source tells it.

    ``attributes`` holds what the last row says of the ticket as a whole (``subject``,
    ``organization``, ``requester``, ``product``, ``channel``, ``language``, ``tags``…);
    ``custom`` whatever has no place of its own. ``people`` and ``groups`` give display
    names for the keys used in rows, where these differ; ``customers`` are the people
    among them who do not work here.
    """

    external_id: str
    rows: list[Row]
    line: int = 0
    attributes: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    customers: frozenset[str] = frozenset()
    emails: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)


def pack_row(row: Row) -> list[Any]:
    """Turn a row into plain lists that JSON can hold; ``unpack_row`` is the inverse."""
    return [
        row.at,
        row.actor,
        row.activity,
        row.status,
        row.priority,
        row.values,
        [[t.direction, t.body, t.author, t.external_id] for t in row.texts],
        row.line,
        row.weight,
    ]


def unpack_row(packed: list[Any]) -> Row:
    at, actor, activity, status, priority, values, texts, line, weight = packed
    said = [Text(*text) for text in texts]
    return Row(at, actor, activity, status, priority, values, said, line, weight)


def digest(rows: Sequence[Row]) -> str:
    """SHA-256 of what the rows say, in order."""
    total = hashlib.sha256()
    for row in rows:
        total.update(row.canonical().encode("utf-8", "surrogatepass"))
        total.update(b"\n")
    return total.hexdigest()


def status_word(word: str) -> str:
    """Return the neutral status that ``word`` names by itself, else ``unknown``."""
    key = word.strip().lower()
    key = _STATUS_ALIASES.get(key, key)
    return key if key in STATUSES else UNKNOWN


def priority_word(word: str) -> str:
    """Return the neutral priority that ``word`` names by itself, else ``""``."""
    key = word.strip().lower()
    return key if key in PRIORITIES else ""


def moment(at: int) -> datetime:
    """Turn microseconds since 1970 into an aware UTC datetime, exactly."""
    seconds, rest = divmod(at, MICROSECONDS)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def check_text(value: str) -> None:
    """Refuse what a database cannot hold.

    Raises
    ------
    RecordRefused
        For a NUL character or half of a surrogate pair.
    """
    if "\x00" in value:
        raise RecordRefused("contains a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RecordRefused("contains half of a surrogate pair") from None
