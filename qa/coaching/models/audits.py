"""Quarterly audits: do the reported figures match what a person finds in the tickets?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MetricAudit(models.Model):
    """A seeded sample of facts behind some metrics, checked by hand."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        CLOSED = "CLOSED", _("Closed")

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    metrics = models.JSONField(_("metrics"), default=list)
    size = models.PositiveSmallIntegerField(_("tickets a metric"), default=20)
    seed = models.BigIntegerField(_("seed"))
    frame_size = models.PositiveIntegerField(_("tickets to draw from"), default=0)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("metric audit")
        verbose_name_plural = _("metric audits")
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on", "ends_on"], name="coaching_metricaudit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class AuditLine(models.Model):
    """One fact of one ticket: as reported, and as found."""

    class Verdict(models.TextChoices):
        AGREES = "AGREES", _("Agrees")
        DIFFERS = "DIFFERS", _("Differs")
        UNCLEAR = "UNCLEAR", _("Cannot be told")

    audit = models.ForeignKey(
        MetricAudit, on_delete=models.CASCADE, related_name="lines"
    )
    metric = models.CharField(_("metric"), max_length=60)
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="+"
    )
    reported = models.CharField(_("as reported"), max_length=120)
    found = models.CharField(_("as found"), max_length=120, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("audited ticket")
        verbose_name_plural = _("audited tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "metric", "ticket"], name="coaching_auditline_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.metric}"
