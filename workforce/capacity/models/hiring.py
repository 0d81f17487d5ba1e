"""Whom to hire by when, and what things cost."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workforce.capacity.models.queues import Queue
from workforce.people.models import SupportLevel

RAMP = [0, 0, 0.25, 0.5, 0.75, 0.75, 1, 1]
"""Share of a full load by week after joining (seed: New Hire Ramp Schedule)."""


def standard_ramp() -> list[float]:
    return list(RAMP)


class HiringPlan(models.Model):
    """Need against have, month by month, for the next months; it rolls by itself."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    queues = models.ManyToManyField(
        Queue, blank=True, related_name="hiring_plans", verbose_name=_("queues"),
        help_text=_("None means every active queue."),
    )  # fmt: skip
    months = models.PositiveSmallIntegerField(_("months ahead"), default=3)
    attrition = models.DecimalField(
        _("attrition a year"), max_digits=4, decimal_places=3, default="0.300",
        help_text=_("Share of the team that leaves within a year."),
    )  # fmt: skip
    ramp = models.JSONField(
        _("ramp"), default=standard_ramp,
        help_text=_("Share of a full load in each week after joining."),
    )  # fmt: skip
    people_now = models.DecimalField(
        _("people today, full-time equivalents"), max_digits=6, decimal_places=2,
        null=True, blank=True,
        help_text=_("Empty: counted from the active members of the queues' teams."),
    )  # fmt: skip
    tier_ratios = models.JSONField(
        _("share of each support level"), default=dict, blank=True,
        help_text=_("Such as L1 0.65, L2 0.30, L3 0.05."),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("owner"),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords(m2m_fields=[queues])

    class Meta:
        verbose_name = _("hiring plan")
        verbose_name_plural = _("hiring plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(attrition__gte=0, attrition__lte=1),
                name="capacity_hiringplan_attrition_0_to_1",
                violation_error_message=_("Attrition lies between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=24),
                name="capacity_hiringplan_1_to_24_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Hire(models.Model):
    """People to be hired together: how many, for what, from when."""

    class Scenario(models.TextChoices):
        REPLACEMENT = "REPLACEMENT", _("Replacement")
        GROWTH = "GROWTH", _("Growth")
        NEW_TIER = "NEW_TIER", _("New tier or specialty")
        SEASONAL = "SEASONAL", _("Seasonal")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        HIRING = "HIRING", _("Hiring")
        JOINED = "JOINED", _("Joined")
        CANCELLED = "CANCELLED", _("Cancelled")

    plan = models.ForeignKey(HiringPlan, on_delete=models.CASCADE, related_name="hires")
    scenario = models.CharField(_("kind"), max_length=12, choices=Scenario)
    level = models.CharField(
        _("support level"), max_length=5, choices=SupportLevel, blank=True
    )
    people = models.DecimalField(
        _("people, full-time equivalents"), max_digits=5, decimal_places=2
    )
    joins_on = models.DateField(_("joins on"))
    leaves_on = models.DateField(_("leaves on"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PLANNED
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("hire")
        verbose_name_plural = _("hires")
        ordering = ["joins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gt=0), name="capacity_hire_of_somebody",
                violation_error_message=_("Hire more than nobody."),
            ),
            models.CheckConstraint(
                condition=Q(leaves_on__isnull=True)
                | Q(leaves_on__gt=models.F("joins_on")),
                name="capacity_hire_leaves_after_joining",
                violation_error_message=_("Nobody leaves before joining."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.people} {self.scenario} {self.joins_on}"


class LeadTime(models.Model):
    """How many months pass from the decision to hire to the first day at work."""

    scenario = models.CharField(
        _("kind"), max_length=12, choices=Hire.Scenario, unique=True
    )
    months_low = models.DecimalField(_("months, from"), max_digits=3, decimal_places=1)
    months_high = models.DecimalField(_("months, to"), max_digits=3, decimal_places=1)
    considerations = models.CharField(_("considerations"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lead time")
        verbose_name_plural = _("lead times")
        constraints = [
            models.CheckConstraint(
                condition=Q(months_low__lte=models.F("months_high")),
                name="capacity_leadtime_in_order",
                violation_error_message=_("The longer time is not below the shorter."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_scenario_display()


class Calculation(models.Model):
    """One worked formula with its inputs, each with where it came from.

    ``inputs`` maps an input's key (see ``core.cost``) to ``{"value", "source",
    "as_of"}``; an input that is missing, or whose value is null, is read from live
    data where there is such a thing, else from the formula's default.
    """

    class Kind(models.TextChoices):
        CAPACITY = "CAPACITY", _("Required agents")
        COST_PER_TICKET = "COST_PER_TICKET", _("Cost per ticket")
        AUTOMATION = "AUTOMATION", _("Total cost of an automation")
        SELF_SERVICE = "SELF_SERVICE", _("Return on self-service")
        OUTSOURCING = "OUTSOURCING", _("In-house against outsourced")

    kind = models.CharField(_("formula"), max_length=16, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    inputs = models.JSONField(_("inputs"), default=dict, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_example = models.BooleanField(
        _("worked example"), default=False,
        help_text=_("Ships with the product, with figures of its own."),
    )  # fmt: skip
    is_reference = models.BooleanField(
        _("used elsewhere"), default=False,
        help_text=_("Pages and metrics that need this figure read it from here."),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("calculation")
        verbose_name_plural = _("calculations")
        ordering = ["kind", "name"]
        permissions = [
            ("view_costs", "Can see costs"),
            ("change_costs", "Can change costs"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], name="capacity_calculation_one_per_name",
                violation_error_message=_("There is a calculation with that name."),
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_reference=True),
                name="capacity_calculation_one_reference",
                violation_error_message=_("Another calculation is used elsewhere."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
