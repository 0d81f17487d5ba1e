"""The mapping of an event log's columns to what they mean, checked before use."""

import codecs
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from tickets.imports.core.clock import parse_zone
from tickets.imports.core.neutral import (
    PRIORITIES,
    STATUSES,
    UNKNOWN,
    ImportFileRefused,
    priority_word,
    status_word,
)

FILE_ORDER = "__file_order__"
SNAPSHOT, ACTIVITY = "snapshot", "activity"

# What a ticket as a whole may be told; the last row that says something counts.
ATTRIBUTES = (
    "subject",
    "organization",
    "requester",
    "requester_email",
    "product",
    "channel",
    "language",
    "location",
)

_TEXT_KEYS = ("name", "encoding", "delimiter", "mode", "timestamp_format")
_COLUMN_KEYS = ("case_id", "timestamp", "activity", "actor", *ATTRIBUTES)
_LIST_KEYS = (
    "order_by",
    "null_values",
    "custom",
    "derived_ignored",
    "automation",
)
_MAP_KEYS = ("fields", "status_map", "activity_map", "priority_map", "counters")
# Fields that may also stand outside of ``fields``.
_FIELD_KEYS = (
    "status",
    "priority",
    "severity",
    "impact",
    "urgency",
    "group",
    "assignee",
    "level",
    "category",
    "tags",
)
# Dates and claims a source makes of a ticket: kept beside it, never believed.
_CLAIM_KEYS = (
    "created_at",
    "opened_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "due_at",
    "sla",
    "satisfaction",
)
_OTHER_KEYS = ("timezone", "priority_from", "organisation", "comment")
KNOWN_KEYS = (
    *_TEXT_KEYS,
    *_COLUMN_KEYS,
    *_LIST_KEYS,
    *_MAP_KEYS,
    *_FIELD_KEYS,
    *_CLAIM_KEYS,
    *_OTHER_KEYS,
)

Columns = tuple[str, ...]


class MappingRefused(ImportFileRefused):
    """The mapping cannot be used; ``problems`` lists every reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The mapping cannot be used: " + "; ".join(problems) + ".")
        self.problems = problems


@dataclass(frozen=True)
class CsvMapping:
    """How to read one kind of event log. Build it with ``parse_mapping``."""

    case_id: Columns
    timestamp: Columns
    mode: str = SNAPSHOT
    name: str = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    timestamp_format: str = ""
    zone: tzinfo | None = None
    zone_name: str = ""
    order_by: Columns = (FILE_ORDER,)
    null_values: frozenset[str] = frozenset({""})
    activity: Columns = ()
    actor: Columns = ()
    fields: Mapping[str, Columns] = field(default_factory=dict)
    attributes: Mapping[str, Columns] = field(default_factory=dict)
    custom: Columns = ()
    derived_ignored: Columns = ()
    status_map: Mapping[str, str] = field(default_factory=dict)
    activity_map: Mapping[str, str] = field(default_factory=dict)
    priority_map: Mapping[str, str] = field(default_factory=dict)
    priority_column: Columns = ()
    automation: frozenset[str] = frozenset()
    notices: Columns = ()

    def columns(self) -> list[str]:
        """Every column the mapping reads, once each, in a stable order."""
        groups: list[Iterable[str]] = [
            self.case_id,
            self.timestamp,
            self.activity,
            self.actor,
            *self.fields.values(),
            *self.attributes.values(),
            self.priority_column,
            self.custom,
            [name for name in self.order_by if name != FILE_ORDER],
        ]
        return list(dict.fromkeys(name for group in groups for name in group))

    def status_of(self, raw: str) -> str:
        """The neutral status of a raw word; ``unknown`` when the mapping is silent."""
        if raw in self.status_map:
            return self.status_map[raw]
        return status_word(raw)

    def activity_status(self, raw: str) -> str:
        return self.activity_map.get(raw, UNKNOWN)

    def priority_of(self, raw: str) -> str:
        if raw in self.priority_map:
            return self.priority_map[raw]
        return priority_word(raw)


def parse_mapping(source: Any) -> CsvMapping:
    """Check a mapping as read from JSON and return it ready for use.

    Parameters
    ----------
    source
        The JSON object: ``case_id``, ``timestamp`` and at least one of ``activity`` and
        ``fields.status`` are needed; everything else may be left out.

    Raises
    ------
    MappingRefused
        With every problem found, not only the first.
    """
    if not isinstance(source, Mapping):
        raise MappingRefused(["it must be a JSON object"])
    reader = _Reader(source)
    mapping = reader.read()
    if reader.problems:
        raise MappingRefused(reader.problems)
    return mapping


class _Reader:
    """Reads one mapping and collects what is wrong with it."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.source = source
        self.problems: list[str] = []
        self.notices: list[str] = []

    def read(self) -> CsvMapping:
        self._check_keys()
        fields = self._column_map("fields")
        for key in _FIELD_KEYS:
            if self.source.get(key) and key not in fields:
                fields[key] = self._columns(key)
        attributes = {
            key: self._columns(key) for key in ATTRIBUTES if self.source.get(key)
        }
        if self.source.get("organisation"):
            attributes.setdefault("organization", self._columns("organisation"))
        for key in ATTRIBUTES:
            if key in fields:
                attributes.setdefault(key, fields.pop(key))
        mode = self._choice("mode", (SNAPSHOT, ACTIVITY), SNAPSHOT)
        activity = self._columns("activity")
        if mode == ACTIVITY and not activity:
            self.problems.append("mode “activity” needs the column “activity”")
        if mode == SNAPSHOT and "status" not in fields:
            self.problems.append("“fields” needs “status”, the column of the status")
        zone, zone_name = self._zone()
        priority_column, priority_map = self._priority()
        return CsvMapping(
            case_id=self._needed("case_id"),
            timestamp=self._needed("timestamp"),
            mode=mode,
            name=self._text("name", ""),
            encoding=self._encoding(),
            delimiter=self._delimiter(),
            timestamp_format=self._text("timestamp_format", ""),
            zone=zone,
            zone_name=zone_name,
            order_by=self._columns("order_by") or (FILE_ORDER,),
            null_values=frozenset({"", *self._columns("null_values", blank=True)}),
            activity=activity,
            actor=self._columns("actor"),
            fields=fields,
            attributes=attributes,
            custom=self._custom(),
            derived_ignored=self._columns("derived_ignored"),
            status_map=self._word_map("status_map", STATUSES, status_word),
            activity_map=self._word_map("activity_map", STATUSES, status_word),
            priority_map=priority_map,
            priority_column=priority_column,
            automation=frozenset(self._columns("automation")),
            notices=tuple(self.notices),
        )

    def _check_keys(self) -> None:
        for key in self.source:
            if key in KNOWN_KEYS:
                continue
            near = difflib.get_close_matches(str(key), KNOWN_KEYS, n=1, cutoff=0.8)
            if near:
                self.problems.append(f"unknown key “{key}”: did you mean “{near[0]}”?")
            else:
                self.notices.append(f"key “{key}” is not used")

    def _text(self, key: str, default: str) -> str:
        value = self.source.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.problems.append(f"“{key}” must be a text")
            return default
        return value

    def _choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._text(key, default)
        if value not in allowed:
            self.problems.append(f"“{key}” must be one of {', '.join(allowed)}")
            return default
        return value

    def _columns(self, key: str, *, blank: bool = False) -> Columns:
        return self._as_columns(key, self.source.get(key), blank=blank)

    def _as_columns(self, key: str, value: Any, *, blank: bool = False) -> Columns:
        if value is None:
            return ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(
            isinstance(name, str) and (name or blank) for name in names
        ):
            self.problems.append(f"“{key}” must be a column or a list of columns")
            return ()
        return tuple(names)

    def _needed(self, key: str) -> Columns:
        columns = self._columns(key)
        if not columns:
            self.problems.append(f"“{key}” is missing: name its column")
        return columns

    def _object(self, key: str) -> Mapping[str, Any]:
        value = self.source.get(key) or {}
        if not isinstance(value, Mapping):
            self.problems.append(f"“{key}” must be an object")
            return {}
        return value

    def _column_map(self, key: str) -> dict[str, Columns]:
        return {
            name: columns
            for name, value in self._object(key).items()
            if (columns := self._as_columns(f"{key}.{name}", value))
        }

    def _custom(self) -> Columns:
        """Columns kept as they are: those named so, claimed counters and dates."""
        names: list[str] = []
        for key in ("custom", "counters", *_CLAIM_KEYS):
            if isinstance(self.source.get(key), Mapping):
                for columns in self._column_map(key).values():
                    names += columns
            else:
                names += self._columns(key)
        return tuple(dict.fromkeys(names))

    def _word_map(
        self, key: str, allowed: tuple[str, ...], word: Any
    ) -> dict[str, str]:
        return self._words(key, self._object(key), allowed, word)

    def _words(
        self, key: str, source: Mapping[str, Any], allowed: tuple[str, ...], word: Any
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        for raw, value in source.items():
            neutral = word(value) if isinstance(value, str) else ""
            said_unknown = isinstance(value, str) and value.strip().lower() == UNKNOWN
            if neutral and (neutral != UNKNOWN or said_unknown):
                found[raw] = neutral
            else:
                self.problems.append(
                    f"“{key}” maps “{raw}” to “{value}”, "
                    f"which is none of {', '.join(allowed)}"
                )
        return found

    def _priority(self) -> tuple[Columns, dict[str, str]]:
        words = self._word_map("priority_map", PRIORITIES, priority_word)
        source = self._object("priority_from")
        if not source:
            return (), words
        columns = self._as_columns("priority_from.field", source.get("field"))
        if not columns:
            self.problems.append("“priority_from” needs “field”, its column")
        more = source.get("map") or {}
        if not isinstance(more, Mapping):
            self.problems.append("“priority_from.map” must be an object")
            return columns, words
        return columns, words | self._words(
            "priority_from.map", more, PRIORITIES, priority_word
        )

    def _zone(self) -> tuple[tzinfo | None, str]:
        name = self._text("timezone", "")
        if not name:
            return None, ""
        try:
            return parse_zone(name), name
        except ValueError as error:
            self.problems.append(str(error).rstrip("."))
            return None, ""

    def _encoding(self) -> str:
        name = self._text("encoding", "utf-8-sig") or "utf-8-sig"
        try:
            known = codecs.lookup(name)
        except (LookupError, ValueError):
            self.problems.append(f"“{name}” is no encoding that is known here")
            return "utf-8-sig"
        if not known._is_text_encoding:  # type: ignore[attr-defined]  # noqa: SLF001
            self.problems.append(f"“{name}” does not encode text")
            return "utf-8-sig"
        return "utf-8-sig" if known.name == "utf-8" else name

    def _delimiter(self) -> str:
        value = self._text("delimiter", ",")
        if len(value) != 1 or value in '"\r\n\x00':
            self.problems.append("“delimiter” must be one character, such as , or ;")
            return ","
        return value
