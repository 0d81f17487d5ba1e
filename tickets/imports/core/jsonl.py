"""JSON Lines of the neutral format ``ticket-import/1``: one ticket a line."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from itertools import groupby
from typing import Any

from tickets.imports.core.clock import ISO, Clock, parse_zone
from tickets.imports.core.csv_rows import Refuse
from tickets.imports.core.files import Lines, undecodable
from tickets.imports.core.neutral import (
    HANDED,
    MAX_ID_LENGTH,
    UNKNOWN,
    Record,
    RecordRefused,
    Row,
    Text,
    check_text,
    digest,
    pack_row,
    priority_word,
    status_word,
    unpack_row,
)
from tickets.imports.core.staging import Part, Staging

SCHEMA = "ticket-import/1"
MAX_LINE = 32_000_000

_CUSTOM = ("type", "impact", "urgency", "due_at", "sla", "satisfaction")
_PLAIN = ("subject", "language", "channel", "product")
_DIRECTIONS = {"in": "in", "out": "out", "internal": "internal"}


class JsonLinesReader:
    """Reads a file of the neutral format, one ticket a line."""

    def __init__(
        self, text: io.TextIOWrapper, zone: tzinfo | None, refuse: Refuse
    ) -> None:
        self.notices: list[str] = []
        self._lines = Lines(text, MAX_LINE, refuse)
        self._zone = zone
        self._refuse = refuse

    @property
    def line(self) -> int:
        return self._lines.number

    def stage(self, staging: Staging, tick: Callable[[], None]) -> None:
        for raw in self._lines:
            if not raw.strip():
                continue
            try:
                record = self._record(raw)
            except RecordRefused as reason:
                self._refuse(self.line, str(reason), raw)
            else:
                staging.add(record.external_id, self.line, pack_record(record))
            tick()

    def _record(self, raw: str) -> Record:
        if undecodable(raw):
            raise RecordRefused("has bytes that are not utf-8")
        try:
            ticket = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise RecordRefused(f"is not JSON ({error})") from None
        try:
            return read_ticket(ticket, self._zone, self.line)
        except RecursionError:
            raise RecordRefused("is nested too deeply") from None

    def assemble(self, external_id: str, parts: list[Part], staging: Staging) -> Record:
        """The longest telling of the ticket; one that contradicts it is refused."""
        told = [unpack_record(external_id, line, payload) for line, payload in parts]
        kept = told[0]
        for record in told[1:]:
            shorter, longer = sorted((kept, record), key=lambda one: len(one.rows))
            same = len(shorter.rows)
            if digest(longer.rows[:same]) == digest(shorter.rows):
                kept = longer if len(longer.rows) > len(kept.rows) else kept
            else:
                reason = f"tells ticket {external_id} otherwise than line {kept.line}"
                self._refuse(record.line, reason, "")
        return kept

    def external_id_of(self, raw: str) -> str:
        try:
            ticket = json.loads(raw)
        except (ValueError, RecursionError):
            return ""
        return words(ticket.get("external_id")) if isinstance(ticket, dict) else ""


def read_ticket(ticket: Any, zone: tzinfo | None, line: int) -> Record:
    """Turn one ticket of the neutral format into a record.

    Raises
    ------
    RecordRefused
        When it is no ticket of this format, or one of its values cannot be read.
    ZoneMissing
        When a time names no zone and neither the ticket nor ``zone`` does.
    """
    if not isinstance(ticket, dict):
        raise RecordRefused("is not a JSON object")
    if ticket.get("schema") != SCHEMA:
        raise RecordRefused(f"its “schema” is not “{SCHEMA}”")
    external_id = words(ticket.get("external_id")).strip()
    if not external_id or len(external_id) > MAX_ID_LENGTH:
        raise RecordRefused(
            f"needs an “external_id” of 1 to {MAX_ID_LENGTH} characters"
        )
    _check_strings(ticket)
    record = Record(external_id, _Rows(ticket, _clock(ticket, zone)).all(), line=line)
    _add_attributes(record, ticket)
    for row in record.rows:
        row.line = line
    return record


def pack_record(record: Record) -> list[Any]:
    return [
        [pack_row(row) for row in record.rows],
        record.attributes,
        record.custom,
        record.people,
        sorted(record.customers),
        record.emails,
        record.groups,
    ]


def unpack_record(external_id: str, line: int, payload: list[Any]) -> Record:
    rows, attributes, custom, people, customers, emails, groups = payload
    return Record(
        external_id,
        [unpack_row(row) for row in rows],
        line,
        attributes,
        custom,
        people,
        frozenset(customers),
        emails,
        groups,
    )


def words(value: Any) -> str:
    """The text of a scalar; ``""`` for nothing, and for what is no scalar."""
    if value is None or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str) else json.dumps(value)


class _Rows:
    """The rows of one ticket: its events in order, its messages between them."""

    def __init__(self, ticket: Mapping[str, Any], clock: Clock) -> None:
        self.ticket = ticket
        self._clock = clock

    def all(self) -> list[Row]:
        events = self._event_rows()
        rows = _merged(events, self._message_rows())
        if not events:
            rows = _merged(self._dated_rows(bool(rows)), rows)
        created = self._moment("created_at")
        starts_late = created is not None and bool(rows) and rows[0].at > created
        if created is not None and (starts_late or (events and rows[0].texts)):
            rows.insert(0, Row(created, weight=0))
        if not rows:
            raise RecordRefused("has neither “created_at” nor an event with a time")
        return rows

    def _moment(self, key: str) -> int | None:
        text = words(self.ticket.get(key))
        return self._clock.read(text) if text else None

    def _list(self, key: str) -> list[dict[str, Any]]:
        value = self.ticket.get(key) or []
        if not isinstance(value, list) or not all(isinstance(i, dict) for i in value):
            raise RecordRefused(f"“{key}” must be a list of objects")
        return value

    def _event_rows(self) -> list[Row]:
        events = self._list("events")
        if events and all(isinstance(event.get("seq"), int) for event in events):
            events = sorted(events, key=lambda event: event["seq"])
            groups = [list(g) for _k, g in groupby(events, key=lambda e: e["seq"])]
        else:
            groups = [[event] for event in events]
        rows = [self._event_row(group) for group in groups]
        self._state_beginnings(events, rows)
        return rows

    def _event_row(self, events: Sequence[Mapping[str, Any]]) -> Row:
        time = next((t for event in events if (t := words(event.get("at")))), "")
        actor = next(
            (a for event in events if (a := person_key(event.get("actor")))), ""
        )
        row = Row(self._clock.read(time), actor, weight=len(events))
        for event in events:
            _state(row, event)
        return row

    def _state_beginnings(
        self, events: Sequence[Mapping[str, Any]], rows: list[Row]
    ) -> None:
        """What a field was before its first change it was from the beginning."""
        self._beginning = Row(0, weight=0)
        seen: set[str] = set()
        for event in events:
            name = words(event.get("field"))
            if not name or name in seen:
                continue
            seen.add(name)
            before = {
                "field": name,
                "to_raw": event.get("from_raw"),
                "to": event.get("from"),
            }
            if words(before["to_raw"]) or words(before["to"]):
                _state(self._beginning, before)
        for name in (*HANDED, "priority"):
            # Never changed: what the ticket has now it had from the beginning.
            stated = _stated(self.ticket, name)
            if name not in seen and (stated["to"] or stated["to_raw"]):
                _state(self._beginning, stated)
        if rows and self._beginning.values:
            self._begin_with(rows)

    def _begin_with(self, rows: list[Row]) -> None:
        """Say the beginnings in the first row, or before it when it changes them."""
        first, before = rows[0], self._beginning
        created = self._moment("created_at")
        before.at = first.at if created is None else min(first.at, created)
        if before.at == first.at and not before.values.keys() & first.values.keys():
            first.values = {**before.values, **first.values}
            first.status = first.status or before.status
            first.priority = first.priority or before.priority
        else:
            rows.insert(0, before)

    def _dated_rows(self, has_texts: bool) -> list[Row]:
        """A ticket without history: what its dates and its present values tell."""
        created = self._moment("created_at")
        if created is None:
            return []
        first = Row(created, weight=0)
        for name in (*HANDED, "priority"):
            if self.ticket.get(name) or self.ticket.get(f"{name}_raw"):
                _state(first, _stated(self.ticket, name))
        rows = [first]
        replied = self._moment("first_response_at")
        if replied is not None and not has_texts:
            rows.append(Row(replied, texts=[Text("out", None)], weight=0))
        for key, status in (("resolved_at", "solved"), ("closed_at", "closed")):
            at = self._moment(key)
            if at is not None:
                rows.append(Row(at, status=status, values={"status": status}, weight=0))
        rows.sort(key=lambda row: row.at)
        self._end_in_present_status(rows)
        return rows

    def _end_in_present_status(self, rows: list[Row]) -> None:
        present = Row(rows[-1].at, weight=0)
        _state(present, _stated(self.ticket, "status"))
        told = next((row.status for row in reversed(rows) if row.status), "")
        if present.status in {"", UNKNOWN, told}:
            return
        if len(rows) == 1:
            rows[0].status, rows[0].values["status"] = (
                present.status,
                present.values["status"],
            )
        else:
            rows.append(present)

    def _message_rows(self) -> list[Row]:
        rows = []
        for message in self._list("messages"):
            direction = _DIRECTIONS.get(words(message.get("direction")), "")
            if not direction:
                direction = "internal" if message.get("public") is False else "in"
            author = person_key(message.get("author"))
            text = Text(
                direction,
                words(message.get("body_text")) or words(message.get("body_html")),
                author,
                words(message.get("external_id") or message.get("message_id")),
            )
            at = self._clock.read(words(message.get("at")))
            rows.append(
                Row(at, author if direction != "in" else "", texts=[text], weight=0)
            )
        return sorted(rows, key=lambda row: row.at)


def _stated(ticket: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"field": name, "to": ticket.get(name), "to_raw": ticket.get(f"{name}_raw")}


def _state(row: Row, event: Mapping[str, Any]) -> None:
    """Write into the row what one event states."""
    name = words(event.get("field"))
    neutral = words(event.get("to"))
    raw = words(event.get("to_raw")) or neutral
    if event.get("type") == "activity" and name in {"", "status", "activity"}:
        row.activity = raw
        name = "status"
    if not name:
        return
    if name == "status":
        row.status = (
            status_word(neutral) if neutral else (status_word(raw) if raw else "")
        )
        if not row.activity:
            row.values["status"] = raw
        return
    if name == "priority":
        row.priority = priority_word(neutral) or priority_word(raw)
        row.values["priority"] = raw
        return
    row.values[name] = (
        raw if name not in HANDED else (raw or person_key(event.get("to")))
    )


def _merged(events: list[Row], others: list[Row]) -> list[Row]:
    """Keep both orders; something said comes before what happened later than it."""
    rows: list[Row] = []
    waiting = list(reversed(others))
    for event in events:
        while waiting and waiting[-1].at < event.at:
            rows.append(waiting.pop())
        rows.append(event)
    return rows + waiting[::-1]


def person_key(value: Any) -> str:
    """A person is a name, or an object with ``external_id``, ``name``, ``email``."""
    if isinstance(value, dict):
        return next(
            (k for n in ("external_id", "email", "name") if (k := words(value.get(n)))),
            "",
        )
    return words(value)


def _add_attributes(record: Record, ticket: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        if value := words(ticket.get(name)):
            record.attributes[name] = value
    for name in ("organization", "organisation"):
        customer = ticket.get(name)
        if key := person_key(customer):
            record.attributes["organization"] = key
            if isinstance(customer, dict) and (shown := words(customer.get("name"))):
                record.attributes["organization_name"] = shown
    requester = ticket.get("requester")
    if key := person_key(requester):
        record.attributes["requester"] = key
        if isinstance(requester, dict):
            record.attributes["requester_name"] = words(requester.get("name"))
            record.attributes["requester_email"] = words(requester.get("email"))
    _add_first_values(record, ticket)
    custom = ticket.get("custom")
    record.custom = dict(custom) if isinstance(custom, dict) else {}
    record.custom |= {name: ticket[name] for name in _CUSTOM if ticket.get(name)}
    if counters := ticket.get("counters"):
        record.custom["claimed"] = counters


def _add_first_values(record: Record, ticket: Mapping[str, Any]) -> None:
    """Category and tags have no history here: they stand from the beginning."""
    category, tags = ticket.get("category"), ticket.get("tags")
    path = category if isinstance(category, list) else [category]
    if name := " / ".join(text for part in path if (text := words(part))):
        record.rows[0].values.setdefault("category", name)
    if isinstance(tags, list) and (text := " ".join(filter(None, map(words, tags)))):
        record.rows[0].values.setdefault("tags", text)


def _clock(ticket: Mapping[str, Any], zone: tzinfo | None) -> Clock:
    name = words(ticket.get("timezone"))
    if zone is None and name:
        try:
            zone = parse_zone(name)
        except ValueError as error:
            raise RecordRefused(str(error)) from None
    return Clock(ISO, zone)


def _check_strings(value: Any) -> None:
    """Refuse text that no database can hold, however deep it sits."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            _check_strings(item)
    elif isinstance(value, list):
        for item in value:
            _check_strings(item)
