"""Tell people something, once, on the channels that each of them chose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from supportops.notifications.models import Kind, Notification, Preference

TITLE_LENGTH = 200
_LIST_SIZE = 900


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell some people.

    ``dedup_key`` names the occasion: nobody is told twice of one occasion.
    """

    recipients: Sequence[Any]
    kind: Kind
    dedup_key: str
    title: str
    body: str = ""
    url: str = ""


def notify(
    *,
    recipients: Iterable[Any],
    kind: Kind,
    dedup_key: str,
    title: str,
    body: str = "",
    url: str = "",
    at: datetime,
) -> int:
    """Tell people one thing; return how many were told that had not been before.

    Written in the caller's transaction: if that is undone, nobody hears of it. Mail is
    sent later by ``deliver``. People who cannot sign in are not told.
    """
    message = Message(tuple(recipients), kind, dedup_key, title, body, url)
    return notify_all([message], at=at)


@transaction.atomic
def notify_all(messages: Iterable[Message], *, at: datetime) -> int:
    """Tell many things at once, in a fixed number of queries; as ``notify`` does."""
    wanted = [
        (message, person)
        for message in messages
        for person in {p.pk: p for p in message.recipients if p.is_active}.values()
    ]
    choices = _choices({person.pk for _, person in wanted})
    rows = [_row(message, person, choices, at) for message, person in wanted]
    kept = {row.dedup_key: row for row in rows if row is not None}
    known = _known(kept)
    new = [row for key, row in kept.items() if key not in known]
    # Another worker may tell the same at this moment: the constraint decides.
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _row(
    message: Message,
    person: Any,
    choices: Mapping[tuple[int, str], tuple[bool, bool]],
    at: datetime,
) -> Notification | None:
    in_app, by_email = choices.get((person.pk, message.kind), (True, True))
    by_email = by_email and bool(person.email)
    if not (in_app or by_email):
        return None
    states = Notification.EmailState
    return Notification(
        recipient_id=person.pk,
        kind=message.kind,
        dedup_key=f"{message.dedup_key}:{person.pk}",
        title=_one_line(message.title),
        body=message.body,
        url=message.url,
        in_app=in_app,
        created_at=at,
        email_state=states.PENDING if by_email else states.NONE,
        email_next_at=at if by_email else None,
    )


def _one_line(title: str) -> str:
    """Make a title fit a mail's subject: one line, not too long."""
    words = " ".join(str(title).split())
    if len(words) <= TITLE_LENGTH:
        return words
    return words[: TITLE_LENGTH - 1] + "…"


def _choices(user_ids: Iterable[int]) -> dict[tuple[int, str], tuple[bool, bool]]:
    found: dict[tuple[int, str], tuple[bool, bool]] = {}
    for batch in _batches(user_ids):
        rows = Preference.objects.filter(user_id__in=batch)
        for user_id, kind, in_app, by_email in rows.values_list(
            "user_id", "kind", "in_app", "by_email"
        ):
            found[user_id, kind] = in_app, by_email
    return found


def _known(keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for batch in _batches(keys):
        found.update(
            Notification.objects.filter(dedup_key__in=batch).values_list(
                "dedup_key", flat=True
            )
        )
    return found


def _batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    listed = sorted(values)
    for start in range(0, len(listed), _LIST_SIZE):
        yield listed[start : start + _LIST_SIZE]
