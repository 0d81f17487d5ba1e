"""From a neutral record to a ticket's history in our own words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from tickets.imports.core.neutral import UNKNOWN, Record, Row, Text, moment
from tickets.imports.services.directory import Directory, fit
from tickets.models import Message, Status, StatusCategory, TicketEvent
from tickets.models.tickets import SUBJECT_LENGTH, TAG_LENGTH
from tickets.services.history import HistoricEvent, HistoricMessage, TicketHistory

Kind = TicketEvent.Kind

PRIORITIES = {"urgent": "P1", "high": "P2", "normal": "P3", "low": "P4"}
_SEVERITIES = frozenset({"SEV1", "SEV2", "SEV3", "SEV4", "SEV5"})
LEVEL_LENGTH = 10

# The code we prefer for each neutral status, and what it must mean.
_STATUSES = {
    "new": ("new", StatusCategory.OPEN),
    "open": ("in-progress", StatusCategory.OPEN),
    "pending": ("waiting", StatusCategory.WAITING),
    "on_hold": ("pending", StatusCategory.ON_HOLD),
    "solved": ("resolved", StatusCategory.RESOLVED),
    "closed": ("closed", StatusCategory.CLOSED),
    "deleted": ("closed", StatusCategory.CLOSED),
}
_DIRECTIONS = {
    "in": Message.Direction.IN,
    "out": Message.Direction.OUT,
    "internal": Message.Direction.INTERNAL,
}
# Fields that have events of their own kind; every other one becomes a FIELD event.
_OWN_KIND = frozenset(
    {"status", "priority", "severity", "group", "assignee", "level", "category", "tags"}
)


class StatusMissing(OperationRefused):
    code = "status_missing"


@dataclass(frozen=True, slots=True)
class StatusWord:
    """One of this desk's statuses."""

    code: str
    state: str


def status_words() -> dict[str, StatusWord]:
    """Map each neutral status to one of this desk's.

    Raises ``StatusMissing`` when the desk keeps no status of a meaning.
    """
    rows = list(
        Status.objects.order_by("position", "pk").values_list("code", "category")
    )
    words = {}
    for neutral, (code, category) in _STATUSES.items():
        fitting = [known for known, meaning in rows if meaning == category]
        if not fitting:
            raise StatusMissing(
                _(
                    "No status here means “%(meaning)s”, which imported tickets need. "
                    "Add one under Statuses, then start again."
                )
                % {"meaning": category.label}
            )
        words[neutral] = StatusWord(code if code in fitting else fitting[0], category)
    return words


def remember(directory: Directory, records: Sequence[Record]) -> None:
    """Find or make everybody and everything that these records name."""
    people: dict[str, str] = {}
    customers: dict[str, str] = {}
    emails: dict[str, str] = {}
    groups: dict[str, str] = {}
    categories: set[str] = set()
    for record in records:
        emails |= record.emails
        for row in record.rows:
            _note_row(row, record, people, customers, groups, categories)
    attributes = [record.attributes for record in records]
    for values in attributes:
        if key := values.get("requester"):
            customers[key] = values.get("requester_name", "")
            if email := values.get("requester_email"):
                emails[key] = email
    directory.remember_users(people)
    directory.remember_contacts(customers, emails)
    directory.remember_teams(groups)
    directory.remember_categories(categories)
    directory.remember_organisations(
        {
            key: values.get("organization_name", "")
            for values in attributes
            if (key := values.get("organization"))
        }
    )
    directory.remember_products(_stated(attributes, "product"))
    directory.remember_channels(_stated(attributes, "channel"))


def _stated(attributes: Iterable[Mapping[str, Any]], name: str) -> set[str]:
    return {value for values in attributes if (value := values.get(name))}


def _note_row(
    row: Row,
    record: Record,
    people: dict[str, str],
    customers: dict[str, str],
    groups: dict[str, str],
    categories: set[str],
) -> None:
    for key in (row.actor, row.values.get("assignee", "")):
        if key and key not in record.customers:
            people[key] = record.people.get(key, "")
    for text in row.texts:
        if text.author:
            named = customers if text.direction == "in" else people
            named[text.author] = record.people.get(text.author, "")
    if group := row.values.get("group"):
        groups[group] = record.groups.get(group, "")
    if category := row.values.get("category"):
        categories.add(category)


class HistoryBuilder:
    """Builds histories from records whose names the directory has remembered."""

    def __init__(self, directory: Directory, words: Mapping[str, StatusWord]) -> None:
        self._directory = directory
        self._words = words

    def build(self, record: Record) -> tuple[TicketHistory, list[int]]:
        """Return the history and, for each row, how many events exist after it."""
        log = _Log(record, self._directory, self._words)
        ends = []
        for row in record.rows:
            log.add(row)
            ends.append(len(log.events))
        return self._history(record, log), ends

    def _history(self, record: Record, log: "_Log") -> TicketHistory:
        told, known = record.attributes, self._directory
        subject = " ".join(str(told.get("subject") or self._untitled(record)).split())
        return TicketHistory(
            subject=subject[:SUBJECT_LENGTH],
            events=log.events,
            source=known.source,
            external_id=record.external_id,
            organisation_id=known.organisations.get(told.get("organization", "")),
            requester_id=known.contacts.get(told.get("requester", "")),
            channel_id=known.channels.get(told.get("channel", "")),
            product_area_id=known.products.get(told.get("product", "")),
            language=str(told.get("language") or "")[:10],
            custom=self._custom(record, log),
        )

    def _untitled(self, record: Record) -> str:
        """Name a ticket whose source has no subject by where it stands there."""
        return f"{self._directory.source} {record.external_id}"

    @staticmethod
    def _custom(record: Record, log: "_Log") -> dict[str, Any]:
        fields = {k: v for k, v in log.values.items() if v and k not in _OWN_KIND}
        custom = {**record.custom, **fields}
        if location := record.attributes.get("location"):
            custom["location"] = location
        for name in ("priority", "severity"):
            if (raw := log.values.get(name)) and not log.mapped.get(name):
                custom[name] = raw
        return custom


class _Log:
    """Appends events row by row, keeping what the ticket says so far."""

    def __init__(
        self, record: Record, directory: Directory, words: Mapping[str, StatusWord]
    ) -> None:
        self.events: list[HistoricEvent] = []
        self.values: dict[str, str] = {}
        self.mapped: dict[str, str] = {}
        self._record = record
        self._directory = directory
        self._words = words
        self._status = ""
        self._raw_status = ""

    def add(self, row: Row) -> None:
        """Write the events that this row stands for: at least one."""
        at = moment(row.at)
        actor_id = self._directory.users.get(row.actor)
        before = len(self.events)
        self._add_status(row, at, actor_id)
        for name, value in row.values.items():
            if name != "status" and value != self.values.get(name, ""):
                self._add_value(name, value, row, at, actor_id, first=before == 0)
        for text in row.texts:
            self._add_text(text, at, actor_id)
        says_resolved = row.status == "solved" and self._status_repeated(before)
        if len(self.events) == before or says_resolved:
            self._add_activity(row, at, actor_id)

    def _status_repeated(self, before: int) -> bool:
        """Whether the row resolves a ticket that was resolved already."""
        news = self.events[before:]
        return not any(event.kind in {Kind.CREATED, Kind.STATUS} for event in news)

    def _add_status(self, row: Row, at: datetime, actor_id: int | None) -> None:
        raw = row.values.get("status", "") or row.activity
        told = self._words.get(row.status)
        if not self.events:
            word = told or self._words["new"]
            self._enter(Kind.CREATED, word, raw, at, actor_id)
        elif told and told.code != self._status:
            self._enter(Kind.STATUS, told, raw, at, actor_id)
        elif raw and (raw != self._raw_status or row.activity):
            self._add_activity(row, at, actor_id)
        self._raw_status = raw or self._raw_status

    def _enter(
        self, kind: str, word: StatusWord, raw: str, at: datetime, actor_id: int | None
    ) -> None:
        self.events.append(
            HistoricEvent(
                at,
                kind,
                actor_id,
                from_value=self._status,
                to_value=word.code,
                state=word.state,
                details={"raw": raw} if raw and raw != word.code else {},
            )
        )
        self._status = word.code

    def _add_activity(self, row: Row, at: datetime, actor_id: int | None) -> None:
        raw = row.values.get("status", "") or row.activity
        told = self._words.get(row.status)
        details: dict[str, Any] = {"status": told.code} if told else {}
        if row.status == UNKNOWN:
            details["unknown"] = True
        self.events.append(
            HistoricEvent(at, Kind.ACTIVITY, actor_id, to_value=raw, details=details)
        )

    def _add_value(
        self,
        name: str,
        value: str,
        row: Row,
        at: datetime,
        actor_id: int | None,
        *,
        first: bool,
    ) -> None:
        former = self.values.get(name, "")
        self.values[name] = value
        kind, old, new, details = self._change(name, former, value, row)
        # A ticket's first row gives plain fields no event: they are in ``custom``.
        if kind and not (first and kind == Kind.FIELD):
            self.events.append(
                HistoricEvent(at, kind, actor_id, old, new, details=details)
            )

    def _change(
        self, name: str, former: str, value: str, row: Row
    ) -> tuple[str, str, str, dict[str, Any]]:
        """Return kind, old and new value as shown, and details; kind ``""`` for none."""
        known = self._directory
        details: dict[str, Any]
        match name:
            case "group":
                names = known.team_names
                details = {"id": known.teams.get(value)}
                return Kind.TEAM, names.get(former, ""), names.get(value, ""), details
            case "assignee":
                names = known.user_names
                details = {"id": known.users.get(value)}
                return (
                    Kind.ASSIGNEE,
                    names.get(former, ""),
                    names.get(value, ""),
                    details,
                )
            case "category":
                details = {"id": known.categories.get(value)}
                return Kind.CATEGORY, former, value, details
            case "level":
                short = value[:LEVEL_LENGTH]
                details = {"raw": value} if short != value else {}
                return Kind.LEVEL, former[:LEVEL_LENGTH], short, details
            case "tags":
                return Kind.TAGS, _tags(former), _tags(value), {}
            case "priority":
                return self._mapped(
                    name, Kind.PRIORITY, PRIORITIES.get(row.priority, ""), value
                )
            case "severity":
                severity = value if value in _SEVERITIES else ""
                return self._mapped(name, Kind.SEVERITY, severity, value, former)
        return Kind.FIELD, former, value, {"field": name}

    def _mapped(
        self, name: str, kind: str, ours: str, raw: str, former_raw: str = ""
    ) -> tuple[str, str, str, dict[str, Any]]:
        """A field with words of our own; a raw word we do not know stays a field."""
        former = self.mapped.get(name, "")
        if not ours and not former:
            return Kind.FIELD, former_raw, raw, {"field": name}
        self.mapped[name] = ours
        if ours == former:
            return "", "", "", {}
        return kind, former, ours, {"raw": raw}

    def _add_text(self, text: Text, at: datetime, actor_id: int | None) -> None:
        known = self._directory
        direction = _DIRECTIONS[text.direction]
        from_customer = direction == Message.Direction.IN
        author_id = None if from_customer else known.users.get(text.author)
        message = (
            None
            if text.body is None
            else HistoricMessage(
                body=text.body,
                author_id=author_id,
                contact_id=known.contacts.get(text.author) if from_customer else None,
                author_name=self._record.people.get(text.author) or text.author,
                external_id=text.external_id,
            )
        )
        self.events.append(
            HistoricEvent(
                at,
                Kind.MESSAGE,
                author_id if not from_customer else None,
                direction=direction,
                message=message,
            )
        )


def _tags(value: str) -> str:
    """Tags as we write them: slugs, in order, once each."""
    slugs = (fit(slugify(tag), TAG_LENGTH) for tag in value.split())
    return " ".join(dict.fromkeys(slug for slug in slugs if slug))
