"""What a person was told, and what they chose to be told."""

from typing import Any

from supportops.notifications.models import (
    Kind,
    Notification,
    NotificationQuerySet,
    Preference,
)


def inbox(user: Any) -> NotificationQuerySet:
    """What the person sees in the app, newest first."""
    return Notification.objects.to(user).order_by("-created_at", "-pk")


def choices_of(user: Any) -> list[tuple[Kind, bool, bool]]:
    """Every kind with ``(in the app, by e-mail)``; both until the person chose."""
    chosen = {
        row.kind: (row.in_app, row.by_email)
        for row in Preference.objects.filter(user=user)
    }
    return [(kind, *chosen.get(kind, (True, True))) for kind in Kind]
