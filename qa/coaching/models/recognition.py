"""Good work made visible: ticket of the week, top performer, champion, shout-outs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Recognition(models.Model):
    """One nomination, or what came of it."""

    class Kind(models.TextChoices):
        TICKET_OF_WEEK = "TICKET_OF_WEEK", _("Ticket of the week")
        TOP_PERFORMER = "TOP_PERFORMER", _("Top performer of the month")
        QUALITY_CHAMPION = "QUALITY_CHAMPION", _("Quality champion of the quarter")
        SHOUT_OUT = "SHOUT_OUT", _("Shout-out")

    class State(models.TextChoices):
        NOMINATED = "NOMINATED", _("Nominated")
        AWARDED = "AWARDED", _("Awarded")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="recognitions",
        verbose_name=_("for"),
    )
    period_start = models.DateField(
        _("period"), help_text=_("Its first day: of the week, month or quarter.")
    )
    ticket = models.ForeignKey(
        "tickets.Ticket",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ticket"),
    )
    text = models.TextField(_("what for"))
    facts = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.NOMINATED
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nominated by"),
    )
    created_at = models.DateTimeField(_("created"))
    awarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    awarded_at = models.DateTimeField(_("awarded"), null=True, blank=True)

    class Meta:
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        permissions = [("award_recognition", "Can award recognitions")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period_start"],
                condition=Q(state="AWARDED") & ~Q(kind="SHOUT_OUT"),
                name="coaching_recognition_one_award",
            ),
            models.UniqueConstraint(
                fields=["ticket", "period_start"],
                condition=Q(kind="TICKET_OF_WEEK"),
                name="coaching_recognition_ticket_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-period_start"], name="coaching_recognition_wall"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period_start}"


class Vote(models.Model):
    """One voice for one nomination."""

    recognition = models.ForeignKey(
        Recognition, on_delete=models.CASCADE, related_name="votes"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "user"], name="coaching_vote_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recognition_id} {self.user_id}"
