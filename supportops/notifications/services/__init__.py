"""Every write to notifications: tell people, send mail, read marks, choices."""

from supportops.notifications.services.choices import save_choices
from supportops.notifications.services.delivery import deliver
from supportops.notifications.services.inbox import mark_all_read, mark_read
from supportops.notifications.services.telling import Message, notify, notify_all

__all__ = [
    "Message",
    "deliver",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_all",
    "save_choices",
]
