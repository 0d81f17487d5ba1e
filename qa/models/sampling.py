"""Which tickets are reviewed: plans, draws that can be repeated, and their items."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from qa.models.scorecards import Scorecard
from workforce.people.models import validate_time_zone

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class SamplingPlan(models.Model):
    """How many tickets of whom are reviewed each week, and by whom."""

    class Allocation(models.TextChoices):
        EQUAL = "EQUAL", _("The same number from each stratum")
        PROPORTIONAL = "PROPORTIONAL", _("In proportion to the strata")
        NEYMAN = "NEYMAN", _("More where scores vary more (Neyman)")

    class Quota(models.TextChoices):
        TEAM_SIZE = "TEAM_SIZE", _("By team size: 5, 4, 3 or 2 a week")
        FIXED = "FIXED", _("A fixed number a week")

    name = models.CharField(_("name"), max_length=120, unique=True)
    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, verbose_name=_("scorecard")
    )
    is_active = models.BooleanField(_("active"), default=True)
    teams = models.ManyToManyField(
        "people.Team", blank=True, verbose_name=_("teams"), related_name="+"
    )
    categories = models.ManyToManyField(
        "tickets.Category", blank=True, verbose_name=_("categories"), related_name="+"
    )
    channels = models.ManyToManyField(
        "tickets.Channel", blank=True, verbose_name=_("channels"), related_name="+"
    )
    strata = models.JSONField(
        _("strata"),
        default=list,
        blank=True,
        help_text=_("Any of category, complexity, channel, priority."),
    )
    allocation = models.CharField(
        _("allocation"),
        max_length=12,
        choices=Allocation,
        default=Allocation.PROPORTIONAL,
    )
    quota_rule = models.CharField(
        _("quota"), max_length=10, choices=Quota, default=Quota.TEAM_SIZE
    )
    quota = models.PositiveSmallIntegerField(
        _("tickets an agent a week"), null=True, blank=True
    )
    rules = models.JSONField(
        _("flagged tickets"),
        default=list,
        blank=True,
        help_text=_("Rules that add tickets beside the random ones."),
    )
    rule_limit = models.PositiveSmallIntegerField(
        _("flagged tickets an agent at most"), default=1
    )
    overlap_share = models.DecimalField(
        _("reviewed twice, blind"),
        max_digits=4,
        decimal_places=3,
        default="0.080",
        validators=SHARE,
    )
    gold_share = models.DecimalField(
        _("with a known answer"),
        max_digits=4,
        decimal_places=3,
        default="0.020",
        validators=SHARE,
    )
    reviewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        verbose_name=_("reviewers"),
        related_name="sampling_plans",
    )
    reviewer_limit = models.PositiveSmallIntegerField(
        _("reviews a reviewer at most"), null=True, blank=True
    )
    pair_limit = models.PositiveSmallIntegerField(
        _("of one agent by one reviewer at most"), null=True, blank=True
    )
    due_hours = models.PositiveSmallIntegerField(_("due after, hours"), default=48)
    weekday = models.PositiveSmallIntegerField(
        _("drawn on"),
        default=0,
        choices=list(
            enumerate(
                [
                    _("Monday"),
                    _("Tuesday"),
                    _("Wednesday"),
                    _("Thursday"),
                    _("Friday"),
                    _("Saturday"),
                    _("Sunday"),
                ]
            )
        ),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_automatic = models.BooleanField(
        _("drawn by itself"), default=True, help_text=_("Each week, on that day.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sampling plan")
        verbose_name_plural = _("sampling plans")
        permissions = [("take_draw", "Can take draws and reassign items")]
        constraints = [
            models.CheckConstraint(
                condition=Q(quota_rule="TEAM_SIZE") | Q(quota__gte=1),
                name="qa_samplingplan_fixed_has_quota",
                violation_error_message=_("Say how many tickets a week."),
            ),
            models.CheckConstraint(
                condition=Q(
                    overlap_share__gte=0,
                    overlap_share__lte=1,
                    gold_share__gte=0,
                    gold_share__lte=1,
                ),
                name="qa_samplingplan_shares_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SamplingDraw(models.Model):
    """One taken draw: what could have been drawn, with which chance, and what was.

    The same plan settings, frame and seed give the same items. ``frame`` holds the
    rows ``[ticket, agent, stratum]`` in the order the draw has read them.
    """

    plan = models.ForeignKey(
        SamplingPlan, on_delete=models.PROTECT, related_name="draws"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text=_("Not part of the period."))
    seed = models.BigIntegerField(_("seed"))
    plan_then = models.JSONField(_("settings of the plan then"), default=dict)
    frame = models.JSONField(_("frame"), default=list)
    frame_size = models.PositiveIntegerField(_("tickets in the frame"))
    frame_hash = models.CharField(max_length=64)
    strata = models.JSONField(
        _("strata"), default=list, help_text=_("Label, size, drawn, spread.")
    )
    uncovered = models.JSONField(_("agents without a ticket"), default=list, blank=True)
    taken_at = models.DateTimeField(_("taken"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "starts_on"],
                name="qa_samplingdraw_once_a_period",
                violation_error_message=_("This period has been drawn already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="qa_samplingdraw_has_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.starts_on}"


class SampleItemQuerySet(models.QuerySet["SampleItem"]):
    def open(self) -> "SampleItemQuerySet":
        """What somebody still has to review."""
        return self.filter(state="OPEN")

    def as_drawn(self) -> "SampleItemQuerySet":
        """The items that the draw itself has made, without what replaced them."""
        return self.filter(replaces__isnull=True)


class SampleItem(models.Model):
    """One ticket to review, by whom, until when, and why this one."""

    class Why(models.TextChoices):
        RANDOM = "RANDOM", _("Drawn at random")
        RULE = "RULE", _("Flagged by a rule")
        OVERLAP = "OVERLAP", _("Second, blind review")
        GOLD = "GOLD", _("Known answer")

    class State(models.TextChoices):
        OPEN = "OPEN", _("To do")
        DONE = "DONE", _("Done")
        REPLACED = "REPLACED", _("Replaced")
        EXPIRED = "EXPIRED", _("Expired")

    class Reason(models.TextChoices):
        """Why an item was replaced: who replaces what is counted."""

        WRONG_AGENT = "WRONG_AGENT", _("Not this agent's work")
        TOO_LITTLE = "TOO_LITTLE", _("Too little in it to judge")
        LANGUAGE = "LANGUAGE", _("In a language I do not read")
        INVOLVED = "INVOLVED", _("I worked on it myself")
        SPAM = "SPAM", _("Spam or a test")
        OTHER = "OTHER", _("Another reason")

    draw = models.ForeignKey(
        SamplingDraw, on_delete=models.PROTECT, related_name="items"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    stratum = models.CharField(_("stratum"), max_length=200, blank=True)
    probability = models.FloatField(
        _("chance of being drawn"),
        null=True,
        help_text=_("0–1; empty for what was not drawn at random."),
    )
    why = models.CharField(_("why"), max_length=8, choices=Why)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sample_items",
        verbose_name=_("reviewer"),
    )
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    replaced_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
    )
    reason_code = models.CharField(
        _("why replaced"), max_length=12, choices=Reason, blank=True
    )
    reason = models.CharField(_("in words"), max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced by"),
    )
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("Replaced or expired.")
    )

    objects = SampleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket to review")
        verbose_name_plural = _("tickets to review")
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("agent")),
                name="qa_sampleitem_nobody_reviews_themselves",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True)
                | Q(probability__gt=0, probability__lte=1),
                name="qa_sampleitem_probability",
            ),
            models.CheckConstraint(
                condition=~Q(state="REPLACED") | Q(reason_code__gt=""),
                name="qa_sampleitem_replaced_has_reason",
            ),
            models.UniqueConstraint(
                fields=["draw", "ticket", "reviewer"],
                condition=Q(reviewer__isnull=False, state__in=["OPEN", "DONE"]),
                name="qa_sampleitem_once_a_reviewer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reviewer", "state", "due_at"], name="qa_sampleitem_inbox"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} #{self.ticket_id}"
