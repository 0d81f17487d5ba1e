"""Zendesk's own shapes: lists, incremental exports, single answers, one object a line."""

import io
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from tickets.imports.core.clock import ISO, Clock
from tickets.imports.core.csv_rows import Refuse
from tickets.imports.core.json_stream import JsonBroken, JsonStream
from tickets.imports.core.jsonl import words
from tickets.imports.core.neutral import Record, RecordRefused, check_text
from tickets.imports.core.staging import Part, Staging
from tickets.imports.core.zendesk_ticket import Lookup, read_ticket

# Names of lists in documents, and the kind of thing in them.
LISTS = {
    "tickets": "ticket",
    "requests": "ticket",
    "audits": "audit",
    "ticket_audits": "audit",
    "ticket_events": "ticket_event",
    "comments": "comment",
    "users": "user",
    "organizations": "organization",
    "groups": "group",
    "metric_sets": "metric",
    "ticket_metrics": "metric",
    "results": "",
}
_SINGLES = {
    "ticket": "ticket",
    "request": "ticket",
    "audit": "audit",
    "comment": "comment",
    "user": "user",
    "organization": "organization",
    "group": "group",
    "ticket_metric": "metric",
}
_NOTED = frozenset({"user", "organization", "group"})
_ENVELOPE = frozenset(
    {
        "count",
        "next_page",
        "previous_page",
        "end_time",
        "end_of_stream",
        "after_cursor",
        "after_url",
        "before_cursor",
        "before_url",
        "meta",
        "links",
        "facets",
    }
)


class ZendeskReader:
    """Reads anything the Zendesk API answers about tickets, in any order."""

    def __init__(
        self, text: io.TextIOWrapper, zone: tzinfo | None, refuse: Refuse
    ) -> None:
        self.notices: list[str] = []
        self._stream = JsonStream(text, LISTS)
        self._clock = Clock(ISO, zone)
        self._refuse = refuse

    @property
    def line(self) -> int:
        return self._stream.line

    def stage(self, staging: Staging, tick: Callable[[], None]) -> None:
        found = False
        try:
            for name, value in self._stream:
                found = True
                self._take(LISTS.get(name, ""), value, staging)
                tick()
        except JsonBroken as broken:
            self._refuse(
                broken.line, f"the file cannot be read on from here: {broken}", ""
            )
        if not found:
            self.notices.append("the file holds no Zendesk object")

    def _take(self, kind: str, value: Any, staging: Staging) -> None:
        if not isinstance(value, Mapping):
            self._refuse(self.line, "is not a JSON object", repr(value)[:200])
            return
        kind = kind or _kind_of(value)
        if not kind:
            self._take_members(value, staging)
            return
        try:
            self._keep(kind, value, staging)
        except RecordRefused as reason:
            self._refuse(self.line, f"{kind} {words(value.get('id'))}: {reason}", "")

    def _take_members(self, value: Mapping[str, Any], staging: Staging) -> None:
        """An answer with one thing in it, or the loose ends of a document."""
        known = {
            name: value[name] for name in _SINGLES if isinstance(value.get(name), dict)
        }
        if not known and set(value) - _ENVELOPE:
            names = ", ".join(list(value)[:6])
            self._refuse(self.line, f"is no Zendesk object known here ({names})", "")
        for name, member in known.items():
            self._take(_SINGLES[name], member, staging)

    def _keep(self, kind: str, value: Mapping[str, Any], staging: Staging) -> None:
        identifier = words(value.get("id"))
        if kind in _NOTED:
            if identifier:
                staging.note(kind, identifier, _brief(value))
            return
        ticket_id = identifier if kind == "ticket" else words(value.get("ticket_id"))
        if not ticket_id:
            raise RecordRefused("does not say which ticket it belongs to")
        staging.add(ticket_id, self.line, [kind, value])

    def assemble(self, external_id: str, parts: list[Part], staging: Staging) -> Record:
        lookup = Lookup(staging.noted)
        kept = [payload for _line, payload in parts]
        record = read_ticket(external_id, kept, lookup, self._clock)
        record.line = parts[0][0]
        for row in record.rows:
            row.line = record.line
        return record

    def external_id_of(self, raw: str) -> str:
        return ""


def _kind_of(value: Mapping[str, Any]) -> str:
    """Tell a bare object by its address, else by what only its kind has."""
    if declared := words(value.get("result_type")):
        return {"user": "user", "ticket": "ticket"}.get(declared, declared)
    url = words(value.get("url"))
    for part, kind in (
        ("/tickets/", "ticket"),
        ("/users/", "user"),
        ("/organizations/", "organization"),
        ("/groups/", "group"),
        ("/ticket_metrics/", "metric"),
        ("/requests/", "ticket"),
    ):
        if part in url:
            return kind
    if "ticket_id" in value:
        if isinstance(value.get("child_events"), list):
            return "ticket_event"
        if isinstance(value.get("events"), list):
            return "audit"
        return "metric" if "reopens" in value else ""
    if "id" not in value:
        return ""
    if "requester_id" in value or ("subject" in value and "status" in value):
        return "ticket"
    if "role" in value or "email" in value:
        return "user"
    return "organization" if "domain_names" in value else ""


def _brief(value: Mapping[str, Any]) -> dict[str, str]:
    brief = {name: words(value.get(name)) for name in ("name", "email", "role")}
    for text in brief.values():
        check_text(text)
    return brief
