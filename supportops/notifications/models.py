"""What people are told: in the app, by mail, and what each of them wants to get."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a notification is about. People choose channels per kind."""

    SLA_WARNING = "SLA_WARNING", _("A promise is running out")
    SLA_BREACH = "SLA_BREACH", _("A promise was missed")
    TICKET_ASSIGNED = "TICKET_ASSIGNED", _("A ticket was given to me")
    JOB_FINISHED = "JOB_FINISHED", _("Long work of mine has finished")
    REVIEWS_TO_DO = "REVIEWS_TO_DO", _("Reviews were given to me")
    REVIEW_RELEASED = "REVIEW_RELEASED", _("A review of my work can be read")
    DISPUTE = "DISPUTE", _("A review is disputed, or a dispute decided")
    CALIBRATION = "CALIBRATION", _("A calibration needs me")
    CERTIFICATE = "CERTIFICATE", _("My certificate as a reviewer has changed")
    COACHING = "COACHING", _("Coaching, goals and recognition")
    CAPACITY = "CAPACITY", _("A forecast, or staffing, needs me")
    DECISION = "DECISION", _("A decision of mine needs me")
    KNOWLEDGE = "KNOWLEDGE", _("An article of mine, or work on content, needs me")
    DRIFT = "DRIFT", _("A stored deadline differs from its recomputation")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def to(self, user: Any) -> "NotificationQuerySet":
        """What one person sees in the app."""
        return self.filter(recipient=user, in_app=True)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One message to one person: the outbox row and the in-app entry in one.

    ``dedup_key`` is unique: writing the same notification twice is refused by the
    database, however often a task runs.
    """

    class EmailState(models.TextChoices):
        NONE = "NONE", _("Not by e-mail")
        PENDING = "PENDING", _("To be sent")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Failed")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    dedup_key = models.CharField(max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    in_app = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    email_state = models.CharField(
        _("e-mail"), max_length=10, choices=EmailState, default=EmailState.NONE
    )
    email_attempts = models.PositiveSmallIntegerField(default=0)
    email_next_at = models.DateTimeField(null=True, blank=True)
    email_error = models.CharField(max_length=300, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(
                fields=["email_next_at"],
                name="notifications_to_mail",
                condition=models.Q(email_state="PENDING"),
            ),
            models.Index(
                fields=["recipient", "-created_at"], name="notifications_by_person"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"


class Preference(models.Model):
    """What one person wants of one kind. No row means: in the app and by mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_preferences",
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    in_app = models.BooleanField(_("in the app"), default=True)
    by_email = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], name="notifications_preference_one_per_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.kind}"
