"""Performance improvement plans: restricted, signed by both, every reading logged."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ImprovementPlan(models.Model):
    """What must improve, by when, with which support; ``standards`` are its goals.

    ``text`` is the plan as it was issued: what both sign. From then on a trigger keeps
    it and everything it was made of.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ISSUED = "ISSUED", _("Issued, not signed by both")
        ACTIVE = "ACTIVE", _("Active")
        PASSED = "PASSED", _("Passed")
        FAILED = "FAILED", _("Not passed")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Length(models.IntegerChoices):
        DAYS_30 = 30, _("30 days")
        DAYS_60 = 60, _("60 days")
        DAYS_90 = 90, _("90 days")

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="improvement_plans",
        verbose_name=_("agent"),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("manager"),
    )
    hr_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("personnel contact"),
        help_text=_("May read the plan."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    starts_on = models.DateField(_("starts"))
    days = models.PositiveSmallIntegerField(
        _("length"), choices=Length, default=Length.DAYS_60
    )
    facts = models.JSONField(_("performance at the start"), default=dict, blank=True)
    concerns = models.TextField(_("specific concerns"))
    support = models.TextField(_("support provided"))
    buddy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("buddy"),
    )
    load_percent = models.PositiveSmallIntegerField(
        _("ticket load, %"), default=100, help_text=_("Of the usual load, meanwhile.")
    )
    success = models.TextField(_("success criteria"))
    text = models.TextField(_("as issued"), blank=True, editable=False)
    outcome = models.TextField(_("outcome"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        permissions = [("view_all_improvementplans", "Can read every improvement plan")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(agent=F("manager")), name="coaching_plan_two_people"
            ),
            models.CheckConstraint(
                condition=Q(load_percent__gte=10, load_percent__lte=100),
                name="coaching_plan_load",
            ),
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(state__in=["DRAFT", "ISSUED", "ACTIVE"]),
                name="coaching_plan_one_at_a_time",
                violation_error_message=_("This agent already has a plan."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "CANCELLED"])
                | Q(issued_at__isnull=False, text__gt=""),
                name="coaching_plan_issued_has_text",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Milestone(models.Model):
    """Weeks 2, 4, 6 and 8: what should be seen by then."""

    class Verdict(models.TextChoices):
        OPEN = "OPEN", _("Not yet due")
        MET = "MET", _("Met")
        MISSED = "MISSED", _("Missed")
        NOT_ENOUGH = "NOT_ENOUGH", _("Not enough data")

    plan = models.ForeignKey(
        ImprovementPlan, on_delete=models.CASCADE, related_name="milestones"
    )
    week = models.PositiveSmallIntegerField(_("week"))
    text = models.CharField(_("milestone"), max_length=300)
    metric = models.CharField(_("metric"), max_length=60, blank=True)
    at_least = models.FloatField(_("at least"), null=True, blank=True)
    at_most = models.FloatField(_("at most"), null=True, blank=True)
    min_n = models.PositiveSmallIntegerField(_("from how many cases"), default=3)
    computed = models.CharField(
        _("by the figures"), max_length=10, choices=Verdict, default=Verdict.OPEN
    )
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    decided = models.CharField(
        _("by the manager"), max_length=10, choices=Verdict, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "week"], name="coaching_milestone_one_a_week"
            )
        ]
        ordering = ["week"]

    def __str__(self) -> str:
        return f"{self.plan_id} week {self.week}"


class Signature(models.Model):
    """That somebody has signed exactly this text. Never changed."""

    class Part(models.TextChoices):
        AGENT = "AGENT", _("Agent")
        MANAGER = "MANAGER", _("Manager")

    plan = models.ForeignKey(
        ImprovementPlan, on_delete=models.PROTECT, related_name="signatures"
    )
    part = models.CharField(_("as"), max_length=8, choices=Part)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name as typed"), max_length=200)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "part"], name="coaching_signature_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.part}"


class PlanAccess(models.Model):
    """Who has read a plan, when, where. Never changed."""

    plan = models.ForeignKey(
        ImprovementPlan, on_delete=models.PROTECT, related_name="accesses"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=40)

    class Meta:
        verbose_name = _("reading of a plan")
        verbose_name_plural = _("readings of plans")
        indexes = [models.Index(fields=["plan", "-at"], name="coaching_planaccess_log")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.user_id}"
