"""What a ticket is filed under: priority, severity, level, category, tags."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import gettext as _

from tickets.models import (
    Impact,
    Impairment,
    Severity,
    Tag,
    Ticket,
    Urgency,
    UsersAffected,
)
from tickets.models.tickets import SUBJECT_LENGTH, TAG_LENGTH
from tickets.services.changing import Change, Kind, changing, known
from tickets.services.lifecycle import known_priority
from tickets.services.matrix_values import (
    priority_of_matrix,
    set_priority,
    set_severity,
    severity_of_matrix,
)
from tickets.services.refusals import MissingFields, TextTooLong, UnknownValue
from workforce.people.models import SupportLevel, User

_ANSWERS = {
    "impact": Impact.values,
    "urgency": Urgency.values,
    "users_affected": UsersAffected.values,
    "impairment": Impairment.values,
}
FIELDS = ("subject", "organisation", "requester", "category", "product_area", *_ANSWERS)


def change_priority(
    *, ticket_id: int, at: datetime, actor: User | None, priority: str, reason: str = ""
) -> Ticket:
    """Set the priority.

    Raises ``ReasonRequired`` when it overrides the matrix without one,
    ``UnknownValue``.
    """
    known_priority(priority)
    with changing(ticket_id, at=at, actor=actor) as change:
        set_priority(change, priority, reason=reason.strip())
    return change.ticket


def change_severity(
    *, ticket_id: int, at: datetime, actor: User | None, severity: str, reason: str = ""
) -> Ticket:
    """Set the severity.

    Raises ``ReasonRequired`` when it overrides the matrix without one,
    ``UnknownValue``.
    """
    known(severity, Severity.values, what=_("severity"))
    with changing(ticket_id, at=at, actor=actor) as change:
        set_severity(change, severity, reason=reason.strip())
    return change.ticket


def change_level(
    *, ticket_id: int, at: datetime, actor: User | None, level: str, reason: str = ""
) -> Ticket:
    """Set the support level that works on the ticket. Raises ``UnknownValue``."""
    known_level(level)
    with changing(ticket_id, at=at, actor=actor) as change:
        former = change.ticket.level
        if former != level:
            change.append(
                Kind.LEVEL, from_value=former, to_value=level, reason=reason.strip()
            )
            change.set(level=level)
    return change.ticket


def change_fields(
    *, ticket_id: int, at: datetime, actor: User | None, **fields: Any
) -> Ticket:
    """Set any of ``FIELDS``; one event for each that changes.

    A priority that followed the matrix follows it to the new impact and urgency; an
    overridden one stays. The same holds for severity.

    Raises ``TypeError`` for another name, ``UnknownValue``, ``MissingFields`` for an
    empty subject.
    """
    for name in fields:
        if name not in FIELDS:
            raise TypeError(f"change_fields has no field {name!r}: {', '.join(FIELDS)}")
    for name, choices in _ANSWERS.items():
        known(fields.get(name, ""), choices, what=name.replace("_", " "))
    with changing(ticket_id, at=at, actor=actor) as change:
        former = _matrix_values(change.ticket)
        for name in FIELDS:
            if name in fields:
                set_field(change, name, fields[name])
        _follow_matrices(change, former)
    return change.ticket


def set_tags(
    *, ticket_id: int, at: datetime, actor: User | None, tags: Iterable[str]
) -> Ticket:
    """Replace the ticket's tags. Raises ``UnknownValue`` for a malformed one."""
    names = tags_named(tags)
    with changing(ticket_id, at=at, actor=actor) as change:
        former = sorted(change.ticket.tags.values_list("name", flat=True))
        if former != names:
            change.ticket.tags.set(tag_rows(names))
            change.append(
                Kind.TAGS,
                from_value=" ".join(former),
                to_value=" ".join(names),
                details=tag_details(names),
            )
    return change.ticket


def checked_subject(subject: str) -> str:
    """Return the subject on one line. Raises ``MissingFields``, ``TextTooLong``."""
    subject = " ".join(subject.split())
    if not subject:
        raise MissingFields(
            _("A ticket needs a subject. Say in a few words what it is about."),
            ["subject"],
        )
    if len(subject) > SUBJECT_LENGTH:
        raise TextTooLong(
            _(
                "The subject has %(length)d characters; at most %(limit)d are kept. "
                "Shorten it and put the rest into the text."
            )
            % {"length": len(subject), "limit": SUBJECT_LENGTH}
        )
    return subject


def tags_named(tags: Iterable[str]) -> list[str]:
    """Return the tags in lower case, each once, in order of the alphabet.

    Raises ``UnknownValue`` for one that is no plain word.
    """
    names = sorted({tag.strip().lower() for tag in tags if tag.strip()})
    for name in names:
        try:
            validate_slug(name)
        except ValidationError:
            raise UnknownValue(
                _(
                    "“%(tag)s” is no tag: use letters, digits, hyphens and "
                    "underscores, without blanks."
                )
                % {"tag": name}
            ) from None
        if len(name) > TAG_LENGTH:
            raise TextTooLong(
                _("The tag “%(tag)s” is longer than %(limit)d characters. Shorten it.")
                % {"tag": name, "limit": TAG_LENGTH}
            )
    return names


def tag_rows(names: list[str]) -> list[Tag]:
    """Return the tags of these names, creating those that are new."""
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=names))


def tag_details(names: list[str]) -> dict[str, list[str]]:
    """Keep the whole list beside ``to_value``, which may be cut."""
    return {"tags": names}


def known_level(level: str) -> str:
    return known(level, SupportLevel.values, what=_("support level"))


def set_field(change: Change, name: str, value: Any) -> None:
    """Give one field a value; the one it has changes nothing."""
    if name == "subject":
        value = checked_subject(value)
    former = getattr(change.ticket, name)
    if former == value:
        return
    kind = Kind.CATEGORY if name == "category" else Kind.FIELD
    details: dict[str, Any] = {} if kind == Kind.CATEGORY else {"field": name}
    if isinstance(former, models.Model) or isinstance(value, models.Model):
        details["id"] = value.pk if value else None
    change.append(
        kind, from_value=_shown(former), to_value=_shown(value), details=details
    )
    change.set(**{name: value})


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _matrix_values(ticket: Ticket) -> Mapping[str, str]:
    return {
        "priority": priority_of_matrix(ticket),
        "severity": severity_of_matrix(ticket),
    }


def _follow_matrices(change: Change, former: Mapping[str, str]) -> None:
    ticket = change.ticket
    now = _matrix_values(ticket)
    reason = _("By the matrix.")
    for name, setter in (("priority", set_priority), ("severity", set_severity)):
        followed = not getattr(ticket, name) or getattr(ticket, name) == former[name]
        if now[name] and now[name] != former[name] and followed:
            setter(change, now[name], reason=reason)
