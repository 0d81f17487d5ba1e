"""The two editable matrices: impact × urgency → priority, users × impairment → severity."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from tickets.models.tickets import (
    Impact,
    Impairment,
    Priority,
    Severity,
    Urgency,
    UsersAffected,
)


class PriorityRule(models.Model):
    """One cell of the priority matrix."""

    impact = models.CharField(_("impact"), max_length=12, choices=Impact)
    urgency = models.CharField(_("urgency"), max_length=12, choices=Urgency)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("priority rule")
        verbose_name_plural = _("priority matrix")
        constraints = [
            models.UniqueConstraint(
                fields=["impact", "urgency"], name="tickets_priorityrule_one_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.impact} × {self.urgency} = {self.priority}"


class SeverityRule(models.Model):
    """One cell of the severity matrix."""

    users_affected = models.CharField(
        _("users affected"), max_length=10, choices=UsersAffected
    )
    impairment = models.CharField(_("impairment"), max_length=10, choices=Impairment)
    severity = models.CharField(_("severity"), max_length=4, choices=Severity)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("severity rule")
        verbose_name_plural = _("severity matrix")
        constraints = [
            models.UniqueConstraint(
                fields=["users_affected", "impairment"],
                name="tickets_severityrule_one_per_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.users_affected} × {self.impairment} = {self.severity}"
