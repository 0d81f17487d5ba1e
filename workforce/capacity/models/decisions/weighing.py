"""What a decision weighs: figures, options, criteria, risks, segments of customers."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models.decisions.record import Decision


class DecisionInput(models.Model):
    """A figure the decision stands on: value, source, date, and what is wrong with it.

    ``key`` names it for what is computed from it: ``mix_<channel>``, ``staffing_fte``,
    ``automation_coverage``, ``handle_minutes``, ``cost_per_ticket``.
    """

    class About(models.TextChoices):
        MIX = "MIX", _("Channel mix")
        STAFFING = "STAFFING", _("Staffing")
        AUTOMATION = "AUTOMATION", _("Automation coverage")
        WORK = "WORK", _("Volume and handle time")
        COST = "COST", _("Cost")
        OTHER = "OTHER", _("Something else")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="inputs"
    )
    key = models.SlugField(_("key"), max_length=60)
    about = models.CharField(
        _("about"), max_length=10, choices=About, default=About.OTHER
    )
    name = models.CharField(_("name"), max_length=120)
    value = models.FloatField(_("value"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    low = models.FloatField(_("plausible from"), null=True, blank=True)
    high = models.FloatField(_("plausible to"), null=True, blank=True)
    metric = models.CharField(
        _("metric"), max_length=60, blank=True,
        help_text=_("Code in the catalogue; its definition is the catalogue's."),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=200, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    quality_gap = models.CharField(_("data-quality gap"), max_length=300, blank=True)
    data_owner = models.CharField(_("data owner"), max_length=120, blank=True)
    refresh_days = models.PositiveSmallIntegerField(
        _("refreshed every, days"), null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("input of a decision")
        verbose_name_plural = _("inputs of decisions")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "key"], name="capacity_decisioninput_one_per_key",
                violation_error_message=_("This decision already has that input."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="capacity_decisioninput_range_in_order",
                violation_error_message=_("The range starts above its end."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def refresh_due_on(self) -> date | None:
        """The day the figure is to be read again, or ``None`` without a plan."""
        if self.as_of is None or not self.refresh_days:
            return None
        return self.as_of + timedelta(days=self.refresh_days)

    @property
    def share(self) -> float | None:
        """The value as a fraction where it is written in percent; else the value."""
        if self.value is None or self.unit != "%":
            return self.value
        return self.value / 100


class DecisionOption(models.Model):
    """Option A, B or C: a channel mix, a staffing and an automation coverage.

    ``mix`` maps a channel to its share of contacts; ``results`` is what
    ``core.options`` last computed, with its interval, and what it was computed from.
    """

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="options"
    )
    letter = models.CharField(_("option"), max_length=1)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("speed versus cost"), blank=True)
    mix = models.JSONField(_("channel mix"), default=dict, blank=True)
    people = models.FloatField(
        _("people, full-time equivalents"), null=True, blank=True
    )
    automation = models.FloatField(_("automation coverage"), default=0)
    results = models.JSONField(_("results"), default=dict, blank=True)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "letter"], name="capacity_option_one_per_letter"
            ),
            models.CheckConstraint(
                condition=Q(automation__gte=0, automation__lte=1),
                name="capacity_option_automation_0_to_1",
                violation_error_message=_("Automation coverage lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Criterion(models.Model):
    """What options are judged by: a figure of their results, or a grade by hand."""

    class Measure(models.TextChoices):
        VOLUME = "VOLUME", _("Volume handled")
        RESOLUTION = "RESOLUTION", _("Resolution time")
        CSAT = "CSAT", _("CSAT")
        COST = "COST", _("Cost")
        HAND = "HAND", _("Graded by hand")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="criteria"
    )
    name = models.CharField(_("criterion"), max_length=160)
    measure = models.CharField(_("measured by"), max_length=10, choices=Measure)
    weight = models.FloatField(_("weight"), default=1)
    grades = models.JSONField(
        _("grades"), default=dict, blank=True,
        help_text=_("Option to grade from 0 to 10, for criteria graded by hand."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["-weight", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=0),
                name="capacity_criterion_weight_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Risk(models.Model):
    """What may go wrong, how likely and how bad, and what is done about it."""

    class Grade(models.IntegerChoices):
        LOW = 1, _("Low")
        MEDIUM = 2, _("Medium")
        HIGH = 3, _("High")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="risks"
    )
    text = models.CharField(_("risk"), max_length=300)
    likelihood = models.PositiveSmallIntegerField(
        _("likelihood"), choices=Grade, default=Grade.MEDIUM
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), choices=Grade, default=Grade.MEDIUM
    )
    mitigation = models.CharField(_("mitigation"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("owner"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def weight(self) -> int:
        """Likelihood times impact, from 1 to 9."""
        return self.likelihood * self.impact


class Segment(models.Model):
    """A group of customers with a claim on capacity, for decisions about segments."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="segments"
    )
    name = models.CharField(_("segment"), max_length=120)
    tier = models.ForeignKey(
        "tickets.CustomerTier", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("customer tier"),
    )  # fmt: skip
    customers = models.PositiveIntegerField(_("customers"), default=0)
    lifetime_value = models.FloatField(_("lifetime value of one customer"), default=0)
    churn_risk = models.FloatField(_("churn risk"), default=0)
    demand = models.FloatField(_("demand, tickets a week"), default=0)
    commitment = models.FloatField(
        _("committed, tickets a week"), default=0,
        help_text=_("What contracts promise to this segment whatever else happens."),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "name"], name="capacity_segment_one_per_name"
            ),
            models.CheckConstraint(
                condition=Q(
                    churn_risk__gte=0, churn_risk__lte=1, demand__gte=0,
                    commitment__gte=0, lifetime_value__gte=0,
                ),
                name="capacity_segment_figures_in_range",
                violation_error_message=_(
                    "Churn risk lies between 0 and 1; nothing else is negative."
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
