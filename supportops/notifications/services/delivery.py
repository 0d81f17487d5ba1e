"""The outbox: take what is to be mailed, send it, write down what came of it.

A mail is sent at least once. A worker that dies after the server took a message and
before that is written down leaves the row pending; when its lease ends another worker
sends it again, with the same Message-ID, by which mail systems drop a second copy.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import blake2b

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from supportops.notifications.models import Notification

logger = logging.getLogger(__name__)

States = Notification.EmailState

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=30)
MAX_REFUSALS = 8
"""A server that answers and refuses so often will not change its mind."""

_PERMANENT = 500


class ServerUnreachable(Exception):  # noqa: N818 -- a state of the world
    """The mail server cannot be reached: no message is to blame."""


def deliver(*, at: datetime, batch: int = 100) -> dict[str, int]:
    """Send mail that is due, at most ``batch``; return counts by what came of it.

    While the server cannot be reached, everything waits, however long that takes: only
    refusals of a message count against it. Safe to run by several workers at once: a
    row is taken under a lease.
    """
    counts = {"sent": 0, "postponed": 0, "failed": 0}
    taken = _take(at, batch)
    if not taken:
        return counts
    try:
        with get_connection() as connection:
            for place, notification in enumerate(taken):
                try:
                    outcome = _send(notification, connection, at)
                except ServerUnreachable as error:
                    _postpone(taken[place:], at, str(error))
                    counts["postponed"] += len(taken) - place
                    return counts
                counts[outcome] += 1
    except (OSError, smtplib.SMTPException) as error:
        # The connection could not be opened, or failed while closing.
        rest = [n for n in taken if n.email_state == States.PENDING]
        _postpone(rest, at, f"{type(error).__name__}: {error}")
        counts["postponed"] += len(rest)
    return counts


@transaction.atomic
def _take(at: datetime, batch: int) -> list[Notification]:
    """Lease rows: until the lease ends, no other worker sees them as due."""
    rows = Notification.objects.select_for_update(
        skip_locked=transaction.get_connection().features.has_select_for_update_skip_locked,
        of=("self",),
    )
    taken = list(
        rows.filter(email_state=States.PENDING, email_next_at__lte=at)
        .select_related("recipient")
        .order_by("email_next_at", "pk")[:batch]
    )
    Notification.objects.filter(pk__in=[n.pk for n in taken]).update(
        email_next_at=at + LEASE
    )
    return taken


def _send(notification: Notification, connection: object, at: datetime) -> str:
    """Send one message and record it. Raises ``ServerUnreachable``."""
    try:
        mail_of(notification, connection).send()
    except (
        smtplib.SMTPServerDisconnected,
        smtplib.SMTPConnectError,
        smtplib.SMTPHeloError,
        smtplib.SMTPAuthenticationError,
    ) as error:
        raise ServerUnreachable(f"{type(error).__name__}: {error}") from error
    except (smtplib.SMTPException, ValueError) as error:
        return _refused(notification, error, at)
    except OSError as error:
        raise ServerUnreachable(f"{type(error).__name__}: {error}") from error
    notification.email_state = States.SENT
    notification.email_next_at = None
    notification.email_error = ""
    notification.save(update_fields=["email_state", "email_next_at", "email_error"])
    return "sent"


def _refused(notification: Notification, error: Exception, at: datetime) -> str:
    """The server answered and did not take this message: try later, or give up."""
    notification.email_attempts += 1
    notification.email_error = f"{type(error).__name__}: {error}"[:300]
    final = _is_permanent(error) or notification.email_attempts >= MAX_REFUSALS
    if final:
        notification.email_state = States.FAILED
        notification.email_next_at = None
        logger.warning(
            "mail refused for good", extra={"notification_id": notification.pk}
        )
    else:
        notification.email_next_at = at + _wait(notification.email_attempts)
    notification.save(
        update_fields=["email_state", "email_attempts", "email_error", "email_next_at"]
    )
    return "failed" if final else "postponed"


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, ValueError):
        return True  # an address or header that cannot be written as mail
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [answer[0] for answer in error.recipients.values()]
        return bool(codes) and min(codes) >= _PERMANENT
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= _PERMANENT
    return False


def _wait(attempts: int) -> timedelta:
    doubled: timedelta = FIRST_RETRY * 2 ** max(0, attempts - 1)
    return min(doubled, LONGEST_RETRY)


def _postpone(rows: Sequence[Notification], at: datetime, error: str) -> None:
    """The server is away: everything waits a little; no attempt is counted."""
    logger.warning("mail server unreachable: %s", error, extra={"waiting": len(rows)})
    Notification.objects.filter(pk__in=[n.pk for n in rows]).update(
        email_next_at=at + FIRST_RETRY, email_error=error[:300]
    )


def mail_of(
    notification: Notification, connection: object = None
) -> EmailMultiAlternatives:
    """Write the mail of a notification, in plain text and HTML."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "notification": notification,
            "link": _absolute(notification.url),
            "choices_link": _absolute("/admin/notifications/notification/choices/"),
            "organisation": settings.ORGANISATION_NAME,
        }
        mail = EmailMultiAlternatives(
            subject=notification.title,
            body=render_to_string("notifications/mail.txt", context),
            to=[notification.recipient.email],
            headers={
                "Message-ID": message_id(notification),
                "Auto-Submitted": "auto-generated",
            },
            connection=connection,
        )
        html = render_to_string("notifications/mail.html", context)
    mail.attach_alternative(html, "text/html")
    return mail


def message_id(notification: Notification) -> str:
    """The same for every attempt: made of the key that says what this is about."""
    digest = blake2b(notification.dedup_key.encode(), digest_size=12).hexdigest()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{digest}.notification@{domain or 'localhost'}>"


def _absolute(url: str) -> str:
    if not url or "://" in url:
        return url
    return f"{settings.SITE_URL.rstrip('/')}{url}"
