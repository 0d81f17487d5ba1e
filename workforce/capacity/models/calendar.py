"""The planning calendar: duties that come back each month, quarter and year."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from supportops.duties.models import RecurringDuty, RecurringTask


class PlanningTask(RecurringTask):
    """One duty of planning, who owns it and when in its period it is due."""

    class Cadence(models.TextChoices):
        MONTHLY = "MONTHLY", _("Each month")
        QUARTERLY = "QUARTERLY", _("Each quarter")
        ANNUAL = "ANNUAL", _("Each year")

    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence)
    due_day = models.PositiveSmallIntegerField(
        _("due on day of the period"), default=10,
        help_text=_("10 is the tenth day of the month, quarter or year."),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="planning_tasks", verbose_name=_("owner"),
    )  # fmt: skip
    page = models.CharField(
        _("done on page"), max_length=60, blank=True,
        help_text=_("The name of the page where it is done, such as capacity:hiring."),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("planning task")
        verbose_name_plural = _("planning tasks")
        ordering = ["cadence", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadence", "name"], name="capacity_planningtask_one_per_name",
                violation_error_message=_("This cadence already has that task."),
            ),
            models.CheckConstraint(
                condition=Q(cadence="MONTHLY", due_day__gte=1, due_day__lte=28)
                | Q(cadence="QUARTERLY", due_day__gte=1, due_day__lte=90)
                | Q(cadence="ANNUAL", due_day__gte=1, due_day__lte=365),
                name="capacity_planningtask_due_within_period",
                violation_error_message=_("The due day lies within the period."),
            ),
        ]  # fmt: skip


class PlanningDuty(RecurringDuty):
    """A task in one period: due, done, by whom, with what outcome."""

    task = models.ForeignKey(
        PlanningTask, on_delete=models.CASCADE, related_name="duties"
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("planning duty")
        verbose_name_plural = _("planning duties")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], name="capacity_duty_by_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period_start"], name="capacity_duty_once_per_period"
            ),
        ]
