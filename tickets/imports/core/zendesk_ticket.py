"""One Zendesk ticket, from its last state and its audits to a record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tickets.imports.core.clock import Clock
from tickets.imports.core.jsonl import words
from tickets.imports.core.neutral import (
    MICROSECONDS,
    Record,
    RecordRefused,
    Row,
    Text,
    check_text,
    priority_word,
    status_word,
)

# Zendesk's field, and ours.
_FIELDS = {
    "status": "status",
    "priority": "priority",
    "group_id": "group",
    "assignee_id": "assignee",
    "tags": "tags",
    "type": "type",
}
_CUSTOM = (
    "type",
    "brand_id",
    "ticket_form_id",
    "custom_status_id",
    "problem_id",
    "due_at",
    "satisfaction_rating",
    "external_id",
)
_SYSTEM = "-1"

Objects = Mapping[str, Any]


class Lookup:
    """Names of people, groups and organisations that tickets refer to by number."""

    def __init__(self, noted: Callable[[str, str], Any]) -> None:
        self._noted = lru_cache(maxsize=5_000)(noted)

    def name(self, kind: str, identifier: str) -> str:
        found = self._noted(kind, identifier)
        return found["name"] if found else ""

    def email(self, identifier: str) -> str:
        found = self._noted("user", identifier)
        return found["email"] if found else ""

    def role(self, identifier: str) -> str:
        found = self._noted("user", identifier)
        return found["role"] if found else ""


def read_ticket(
    external_id: str, parts: Sequence[Sequence[Any]], lookup: Lookup, clock: Clock
) -> Record:
    """Build the record of one ticket from everything the file says of it.

    ``parts`` are pairs of kind and object: ``ticket`` (the last one counts), ``audit``,
    ``ticket_event``, ``comment``, ``metric``. With audits the history is theirs;
    without, the ticket's own dates tell what they can.

    Raises
    ------
    RecordRefused
        When nothing says when the ticket began, or a time cannot be read.
    """
    ticket: Objects = {}
    by_kind: dict[str, dict[str, Objects]] = {}
    for kind, value in parts:
        if kind == "ticket":
            ticket = {**ticket, **value}
            for name in ("audits", "comments"):
                _collect(by_kind, name[:-1], value.get(name))
            if isinstance(value.get("metric_set"), Mapping):
                _collect(by_kind, "metric", [value["metric_set"]])
        else:
            _collect(by_kind, kind, [value])
    reader = _TicketReader(ticket, by_kind, lookup, clock)
    return reader.record(external_id)


def _collect(by_kind: dict[str, dict[str, Objects]], kind: str, values: Any) -> None:
    """Keep each object once: exports repeat what changed while they ran."""
    kept = by_kind.setdefault(kind, {})
    for value in values if isinstance(values, list) else []:
        if isinstance(value, Mapping):
            kept[words(value.get("id")) or str(len(kept))] = value


class _TicketReader:
    def __init__(
        self,
        ticket: Objects,
        by_kind: Mapping[str, Mapping[str, Objects]],
        lookup: Lookup,
        clock: Clock,
    ) -> None:
        self.ticket = ticket
        self._kinds = by_kind
        self._lookup = lookup
        self._clock = clock
        self._said: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._requester = words(ticket.get("requester_id"))

    def record(self, external_id: str) -> Record:
        history = self._audit_rows() or self._event_rows()
        rows = self._with_beginning(history) or self._dated_rows()
        if not rows:
            raise RecordRefused("nothing says when it was created")
        record = Record(external_id, rows)
        self._add_attributes(record)
        self._add_people(record)
        for row in rows:
            for value in (*row.values.values(), *(t.body or "" for t in row.texts)):
                check_text(value)
        return record

    def _of(self, kind: str) -> list[Objects]:
        return list(self._kinds.get(kind, {}).values())

    def _read(self, value: Any) -> int | None:
        text = words(value)
        return self._clock.read(text) if text else None

    def _audit_rows(self) -> list[Row]:
        audits = [
            (self._time_of(a), _number(a.get("id")), a) for a in self._of("audit")
        ]
        audits.sort(key=lambda entry: entry[:2])
        return [self._audit_row(at, audit) for at, _number_, audit in audits]

    def _time_of(self, value: Objects) -> int:
        at = self._read(value.get("created_at"))
        if at is None:
            raise RecordRefused("an entry of its history has no time")
        return at

    def _audit_row(self, at: int, audit: Objects) -> Row:
        author = words(audit.get("author_id"))
        events = [e for e in audit.get("events") or [] if isinstance(e, Mapping)]
        for event in events:
            if event.get("field_name") == "requester_id":
                self._requester = self._requester or words(event.get("value"))
        row = Row(at, self._worker(author), weight=max(1, len(events)))
        for event in events:
            if event.get("type") in {"Create", "Change"}:
                self._note_before(words(event.get("field_name")), event)
                self._state(row, words(event.get("field_name")), event.get("value"))
            elif "body" in event and event.get("type") in {"Comment", "VoiceComment"}:
                row.texts.append(
                    self._text(event, words(event.get("author_id")) or author)
                )
        return row

    def _event_rows(self) -> list[Row]:
        """Rows of the incremental export of ticket events."""
        entries = sorted(
            self._of("ticket_event"),
            key=lambda e: (_number(e.get("timestamp")), _number(e.get("id"))),
        )
        rows = []
        for entry in entries:
            children = [
                c for c in entry.get("child_events") or [] if isinstance(c, Mapping)
            ]
            author = words(entry.get("updater_id"))
            at = self._entry_time(entry)
            row = Row(at, self._worker(author), weight=max(1, len(children)))
            for child in children:
                for name in _FIELDS:
                    if name in child:
                        self._note_before(name, child)
                        self._state(row, name, child[name])
                if "body" in child:
                    author = words(child.get("author_id")) or author
                    row.texts.append(self._text(child, author))
            rows.append(row)
        return rows

    def _note_before(self, field: str, change: Objects) -> None:
        """Keep what a field was before a history that does not tell its beginning."""
        if field not in self._said and words(change.get("previous_value")):
            self._before.setdefault(field, change["previous_value"])

    def _with_beginning(self, rows: list[Row]) -> list[Row]:
        if not rows or not self._before:
            return rows
        created = self._read(self.ticket.get("created_at"))
        at = rows[0].at if created is None else min(created, rows[0].at)
        first = Row(at, weight=0)
        for field, value in self._before.items():
            self._state(first, field, value)
        return [first, *rows]

    def _entry_time(self, entry: Objects) -> int:
        seconds = entry.get("timestamp")
        if (
            isinstance(seconds, int)
            and not isinstance(seconds, bool)
            and 0 <= seconds < 2**33
        ):
            return seconds * MICROSECONDS
        return self._time_of(entry)

    def _dated_rows(self) -> list[Row]:
        """A ticket without history: its dates, its comments, its present state."""
        created = self._read(self.ticket.get("created_at"))
        if created is None:
            return []
        first = Row(created, self._worker(words(self.ticket.get("submitter_id"))))
        for name in ("group_id", "assignee_id", "priority", "tags"):
            self._state(first, name, self.ticket.get(name))
        self._state(first, "status", "new")
        comments = self._of("comment")
        if not comments and (body := words(self.ticket.get("description"))):
            first.texts.append(Text("in", body, self._requester))
        rows = [first, *self._comment_rows(comments), *self._ending_rows()]
        return sorted(rows, key=lambda row: row.at)

    def _comment_rows(self, comments: Sequence[Objects]) -> Iterator[Row]:
        for comment in comments:
            author = words(comment.get("author_id"))
            text = self._text(comment, author)
            yield Row(
                self._time_of(comment), self._worker(author), texts=[text], weight=0
            )

    def _ending_rows(self) -> Iterator[Row]:
        """The present status, dated by the metrics, else by the last update."""
        status = words(self.ticket.get("status"))
        metrics: Objects = next(iter(self._of("metric")), {})
        solved = self._read(metrics.get("solved_at"))
        if solved is not None and status in {"solved", "closed"}:
            yield self._status_row(solved, "solved")
            if status == "solved":
                return
        if status not in {"", "new"}:
            dated = metrics.get("status_updated_at") or self.ticket.get("updated_at")
            at = self._read(dated) or self._read(self.ticket.get("created_at")) or 0
            yield self._status_row(max(at, solved or 0), status)

    def _status_row(self, at: int, status: str) -> Row:
        row = Row(at)
        self._state(row, "status", status)
        return row

    def _state(self, row: Row, field: str, value: Any) -> None:
        self._said[field] = value
        name = _FIELDS.get(field)
        if name is None:
            return
        if name == "tags" and isinstance(value, list):
            value = " ".join(words(tag) for tag in value)
        raw = words(value)
        row.values[name] = raw
        if name == "status":
            row.status = status_word(raw) if raw else ""
        elif name == "priority":
            row.priority = priority_word(raw)

    def _text(self, event: Objects, author: str) -> Text:
        direction = "internal"
        if event.get("public") is not False:
            direction = "in" if self._is_customer(author) else "out"
        body = words(event.get("body")) or words(event.get("html_body"))
        return Text(direction, body, author, words(event.get("id")))

    def _is_customer(self, identifier: str) -> bool:
        role = self._lookup.role(identifier)
        return role == "end-user" if role else identifier == self._requester

    def _worker(self, identifier: str) -> str:
        if identifier in {"", _SYSTEM} or self._is_customer(identifier):
            return ""
        return identifier

    def _told(self, name: str) -> str:
        """What the ticket says, else the last thing its history said."""
        return words(self.ticket.get(name)) or words(self._said.get(name))

    def _add_attributes(self, record: Record) -> None:
        told = record.attributes
        told["subject"] = self._told("subject") or self._told("description")[:300]
        check_text(told["subject"])
        if organisation := self._told("organization_id"):
            told["organization"] = organisation
            told["organization_name"] = self._lookup.name("organization", organisation)
        if self._requester:
            told["requester"] = self._requester
            told["requester_name"] = self._lookup.name("user", self._requester)
            told["requester_email"] = self._lookup.email(self._requester)
        via = self.ticket.get("via")
        if isinstance(via, Mapping) and (channel := words(via.get("channel"))):
            told["channel"] = channel
        for name in _CUSTOM:
            if value := self.ticket.get(name):
                record.custom[name] = value

    def _add_people(self, record: Record) -> None:
        named: set[str] = set()
        groups: set[str] = set()
        for row in record.rows:
            named.update({row.actor, row.values.get("assignee", "")})
            named.update(text.author for text in row.texts)
            groups.add(row.values.get("group", ""))
        named.discard("")
        groups.discard("")
        record.people = {key: self._lookup.name("user", key) for key in named}
        record.groups = {key: self._lookup.name("group", key) for key in groups}
        record.emails = {
            key: email for key in named if (email := self._lookup.email(key))
        }


def _number(value: Any) -> int:
    text = words(value)
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 20 else 0
