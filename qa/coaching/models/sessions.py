"""One-to-ones: what went well, one thing to work on, and whether it came about."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa.models import RootCause


class Playbook(models.Model):
    """How to coach one kind of issue."""

    key = models.SlugField(_("short name"), max_length=40, unique=True)
    title = models.CharField(_("issue"), max_length=120)
    signs = models.TextField(_("how it shows"), blank=True)
    approach = models.TextField(_("approach"))
    resources = models.TextField(_("resources"), blank=True)
    criterion_key = models.SlugField(_("criterion"), max_length=60, blank=True)
    root_cause_kind = models.CharField(
        _("kind of root cause"), max_length=10, choices=RootCause.Kind, blank=True
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CoachingSession(models.Model):
    """One talk between a coach and an agent, from the plan to the signature.

    ``facts`` are the figures as they stood when the talk was prepared.
    ``period_end`` is the day after the period. ``private_notes`` never reach the agent:
    only ``selectors.sessions.private_notes_of`` reads them.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        PREPARED = "PREPARED", _("Prepared")
        HELD = "HELD", _("Held")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        CANCELLED = "CANCELLED", _("Cancelled")

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="coaching_sessions",
        verbose_name=_("agent"),
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coaching_given",
        verbose_name=_("coach"),
        help_text=_("Empty until somebody takes the talk."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PLANNED
    )
    because_of = models.ForeignKey(
        "qa.Review",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coaching_sessions",
        verbose_name=_("because of"),
    )
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(_("period until"))
    due_on = models.DateField(_("to be held by"))
    scheduled_at = models.DateTimeField(_("takes place"), null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    playbook = models.ForeignKey(
        Playbook,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("playbook"),
    )
    focus = models.CharField(_("focus"), max_length=300, blank=True)
    focus_why = models.TextField(_("why it matters"), blank=True)
    focus_how = models.TextField(_("how to improve"), blank=True)
    resources = models.TextField(_("resources"), blank=True)
    shared_notes = models.TextField(_("notes for both"), blank=True)
    private_notes = models.TextField(_("notes of the coach"), blank=True)
    next_on = models.DateField(_("next talk"), null=True, blank=True)
    check_in = models.CharField(_("check-in on"), max_length=300, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("coaching session")
        verbose_name_plural = _("coaching sessions")
        permissions = [
            ("coach_agent", "Can coach agents of one's teams"),
            ("view_all_coaching", "Can read coaching of every team"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(agent=F("coach")), name="coaching_session_two_people"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")),
                name="coaching_session_period",
            ),
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(state__in=["PLANNED", "PREPARED"]),
                name="coaching_session_one_ahead",
                violation_error_message=_("A talk with this person is planned."),
            ),
        ]
        indexes = [
            models.Index(fields=["coach", "state", "due_on"], name="coaching_board"),
            models.Index(fields=["agent", "-due_on"], name="coaching_of_agent"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CoachingPoint(models.Model):
    """A strength or an opportunity, with the review that shows it."""

    class Kind(models.TextChoices):
        STRENGTH = "STRENGTH", _("Strength")
        OPPORTUNITY = "OPPORTUNITY", _("Opportunity")

    session = models.ForeignKey(
        CoachingSession, on_delete=models.CASCADE, related_name="points"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("what"))
    review = models.ForeignKey(
        "qa.Review",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("example"),
    )
    criterion_key = models.SlugField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("coaching point")
        verbose_name_plural = _("coaching points")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind}"


class Goal(models.Model):
    """Something to reach by a date: a metric of the catalogue checks itself.

    Belongs to a talk or to an improvement plan. Without ``metric`` and criterion a
    person says whether it was reached. ``target`` and ``value`` are in the metric's unit:
    shares are fractions, times seconds, a criterion's score points of 100.
    """

    class Comparison(models.TextChoices):
        AT_LEAST = "AT_LEAST", _("at least")
        AT_MOST = "AT_MOST", _("at most")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        MET = "MET", _("Met")
        MISSED = "MISSED", _("Missed")
        NOT_ENOUGH = "NOT_ENOUGH", _("Not enough data")

    session = models.ForeignKey(
        CoachingSession,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="goals",
    )
    plan = models.ForeignKey(
        "coaching.ImprovementPlan",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="standards",
    )
    text = models.CharField(_("goal"), max_length=300)
    metric = models.CharField(_("metric"), max_length=60, blank=True)
    criterion_key = models.SlugField(
        _("criterion"),
        max_length=60,
        blank=True,
        help_text=_("For the score of one criterion."),
    )
    comparison = models.CharField(
        _("should be"), max_length=8, choices=Comparison, default=Comparison.AT_LEAST
    )
    target = models.FloatField(_("target"), null=True, blank=True)
    min_n = models.PositiveSmallIntegerField(_("from how many cases"), default=3)
    starts_on = models.DateField(_("counted from"))
    ends_on = models.DateField(_("by"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN
    )
    value = models.FloatField(_("value"), null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty when checked by itself."),
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, plan__isnull=True)
                | Q(session__isnull=True, plan__isnull=False),
                name="coaching_goal_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(metric="", criterion_key="") | Q(target__isnull=False),
                name="coaching_goal_metric_has_target",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="coaching_goal_has_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "ends_on"], name="coaching_goal_due")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_measured(self) -> bool:
        return bool(self.metric or self.criterion_key)
