"""The append-only log of what happened to a ticket, and what was said on it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.tickets import Ticket
from tickets.models.vocabulary import StatusCategory

VALUE_LENGTH = 200
REASON_LENGTH = 500


class Message(models.Model):
    """Something said on a ticket, by a customer or by us."""

    class Direction(models.TextChoices):
        IN = "IN", _("From the customer")
        OUT = "OUT", _("To the customer")
        INTERNAL = "INTERNAL", _("Internal note")

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages"
    )
    at = models.DateTimeField(_("at"))
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    contact = models.ForeignKey(
        "tickets.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    author_name = models.CharField(_("author"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    external_id = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["ticket", "at"], name="tickets_message_in_order")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction="IN") | models.Q(contact__isnull=True),
                name="tickets_message_only_customers_write_in",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.direction} on ticket {self.ticket_id}"

    @property
    def is_public(self) -> bool:
        return self.direction != self.Direction.INTERNAL


class TicketEvent(models.Model):
    """One thing that happened. Never changed, never reordered.

    Order is ``seq``, counted per ticket under the ticket's row lock; ``at`` may repeat.
    The first rows of a ticket are CREATED and then one row per value it started with.
    """

    class Kind(models.TextChoices):
        CREATED = "CREATED", _("Created")
        MESSAGE = "MESSAGE", _("Message")
        STATUS = "STATUS", _("Status")
        PRIORITY = "PRIORITY", _("Priority")
        SEVERITY = "SEVERITY", _("Severity")
        ASSIGNEE = "ASSIGNEE", _("Assignee")
        TEAM = "TEAM", _("Team")
        LEVEL = "LEVEL", _("Support level")
        CATEGORY = "CATEGORY", _("Category")
        FIELD = "FIELD", _("Field")
        TAGS = "TAGS", _("Tags")
        PAUSED = "PAUSED", _("Clocks paused")
        RESUMED = "RESUMED", _("Clocks resumed")
        ESCALATION = "ESCALATION", _("Escalation")
        MERGED = "MERGED", _("Merged")
        ACTIVITY = "ACTIVITY", _("Activity")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ticket_events",
        verbose_name=_("by"),
    )
    from_value = models.CharField(_("from"), max_length=VALUE_LENGTH, blank=True)
    to_value = models.CharField(_("to"), max_length=VALUE_LENGTH, blank=True)
    state = models.CharField(
        _("meaning of the status"),
        max_length=10,
        choices=StatusCategory,
        blank=True,
        help_text=_(
            "Of CREATED and STATUS rows: what the status meant then. "
            "Renaming or re-filing a status later does not rewrite history."
        ),
    )
    direction = models.CharField(
        max_length=10,
        choices=Message.Direction,
        blank=True,
        help_text=_("Of messages."),
    )
    message = models.OneToOneField(
        Message,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="event",
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("ticket event")
        verbose_name_plural = _("ticket events")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "seq"], name="tickets_event_one_per_seq"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["CREATED", "STATUS"], state__gt="")
                | ~models.Q(kind__in=["CREATED", "STATUS"]) & models.Q(state=""),
                name="tickets_event_state_on_status_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A ticket event is never changed; append another one.")
        super().save(*args, **kwargs)
