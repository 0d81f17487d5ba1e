"""What a person does with what they were told."""

from datetime import datetime
from typing import Any

from supportops.notifications.models import Notification


def mark_read(*, user: Any, notification_ids: list[int], at: datetime) -> int:
    """Mark some of one's own notifications read; those of others are passed over."""
    return (
        Notification.objects.to(user)
        .unread()
        .filter(pk__in=notification_ids)
        .update(read_at=at)
    )


def mark_all_read(*, user: Any, at: datetime, up_to_id: int | None = None) -> int:
    """Mark everything read, at most up to the newest that the person has seen."""
    mine = Notification.objects.to(user).unread()
    if up_to_id is not None:
        mine = mine.filter(pk__lte=up_to_id)
    return mine.update(read_at=at)
