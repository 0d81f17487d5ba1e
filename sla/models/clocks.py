"""Clocks: one row per promise and cycle of a ticket, and the alerts each has fired."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClockQuerySet(models.QuerySet["SlaClock"]):
    def unfinished(self) -> "ClockQuerySet":
        return self.filter(state__in=[SlaClock.State.RUNNING, SlaClock.State.PAUSED])

    def promised(self) -> "ClockQuerySet":
        """Clocks with a target; the others only measure."""
        return self.filter(target_seconds__isnull=False)

    def alert_due(self, at: datetime) -> "ClockQuerySet":
        return self.filter(next_alert_at__lte=at)


class SlaClock(models.Model):
    """One promise on one ticket, as ``sla.core.clock`` computed it from the event log.

    Every ticket has clocks, with or without a policy: without one they measure and have
    no ``due_at``. Rows keep their identity across recomputations (ticket, metric,
    cycle), so alerts already fired stay attached.
    """

    class Metric(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("First response")
        NEXT_REPLY = "next_reply", _("Next reply")
        PERIODIC_UPDATE = "periodic_update", _("Periodic update")
        RESOLUTION = "resolution", _("Resolution")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")

    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="sla_clocks"
    )
    metric = models.CharField(_("metric"), max_length=20, choices=Metric)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    policy_version = models.ForeignKey(
        "sla.PolicyVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clocks",
        verbose_name=_("policy version"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    target_seconds = models.PositiveIntegerField(_("target"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    elapsed_seconds = models.PositiveIntegerField(
        _("counted time"), help_text=_("As of computed_at, or of the stop.")
    )
    paused_seconds = models.PositiveIntegerField(_("paused time"), default=0)
    breach_seconds = models.PositiveIntegerField(_("late by"), default=0)
    judged_at = models.DateTimeField(
        _("judged"),
        null=True,
        blank=True,
        help_text=_(
            "When the promise was kept, or came due unkept: the day it counts for."
        ),
    )
    is_kept = models.BooleanField(_("kept"), null=True, blank=True)
    is_excluded = models.BooleanField(
        _("left out"),
        default=False,
        help_text=_(
            "Out of scope or duplicate: shown beside the figures, not in them."
        ),
    )
    next_alert_at = models.DateTimeField(null=True, blank=True)
    watched_since = models.DateTimeField(
        help_text=_(
            "First computed under its policy version. A threshold crossed long before "
            "is recorded, and nobody is told."
        ),
    )
    computed_at = models.DateTimeField(_("computed"))

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("SLA clock")
        verbose_name_plural = _("SLA clocks")
        indexes = [
            models.Index(
                fields=["next_alert_at", "id"],
                name="sla_clock_next_alert",
                condition=Q(next_alert_at__isnull=False),
            ),
            models.Index(
                fields=["judged_at", "metric"],
                name="sla_clock_judged",
                condition=Q(judged_at__isnull=False),
            ),
            models.Index(
                fields=["due_at"],
                name="sla_clock_running_due",
                condition=Q(state="running", due_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric", "cycle"], name="sla_clock_one_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], stopped_at__isnull=True)
                | Q(state__in=["met", "missed"], stopped_at__isnull=False),
                name="sla_clock_stopped_at_iff_final",
            ),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, is_kept__isnull=True)
                | Q(judged_at__isnull=False, is_kept__isnull=False),
                name="sla_clock_judged_iff_kept_known",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.metric}/{self.cycle} on ticket {self.ticket_id}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.PAUSED}


class SlaAlert(models.Model):
    """One threshold crossed by one clock. The constraint makes each fire once."""

    clock = models.ForeignKey(SlaClock, on_delete=models.CASCADE, related_name="alerts")
    threshold = models.PositiveSmallIntegerField(
        _("threshold"), help_text=_("Percent of the target.")
    )
    crossed_at = models.DateTimeField(_("crossed"))
    fired_at = models.DateTimeField(_("fired"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("SLA alert")
        verbose_name_plural = _("SLA alerts")
        indexes = [models.Index(fields=["-fired_at", "-id"], name="sla_alert_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "threshold"], name="sla_alert_once_per_threshold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.threshold}% of clock {self.clock_id}"
