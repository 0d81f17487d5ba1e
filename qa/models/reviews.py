"""Reviews: one person's judgement of one agent's work on one ticket."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa.models.scorecards import RootCause, ScorecardVersion

RELEASED_STATES = ("RELEASED", "ACKNOWLEDGED", "DISPUTED", "CLOSED")
FINISHED_STATES = ("SUBMITTED", *RELEASED_STATES)
COUNTED_KINDS = ("ASSIGNED", "ADHOC", "PEER")


class ReviewQuerySet(models.QuerySet["Review"]):
    def released(self) -> "ReviewQuerySet":
        """What agents may read: released, and not declared void since."""
        return self.filter(state__in=RELEASED_STATES)

    def counted(self) -> "ReviewQuerySet":
        """Reviews that an agent's score may be made of."""
        return self.released().filter(
            kind__in=COUNTED_KINDS, is_current=True, score__isnull=False
        )

    def measured(self) -> "ReviewQuerySet":
        """Counted reviews of tickets drawn at random: what a mean may claim."""
        return self.counted().filter(basis="RANDOM")

    def rated(self) -> "ReviewQuerySet":
        """Finished judgements, for comparing reviewers with one another.

        With second and gold reviews; without one's own, and without calibrations, which
        are practice.
        """
        return self.filter(
            state__in=FINISHED_STATES,
            kind__in=[*COUNTED_KINDS, "OVERLAP", "GOLD"],
            score__isnull=False,
        )


class Review(models.Model):
    """A filled-in scorecard, from its first keystroke to the agent's signature.

    ``revision`` counts every saved change: a page that saves sends the one it has read.
    Scores are written when the review is submitted and never recomputed; a changed one
    is a new review that ``supersedes`` the old.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "ASSIGNED", _("From a draw")
        ADHOC = "ADHOC", _("On its own")
        PEER = "PEER", _("By a peer")
        SELF = "SELF", _("Of oneself")
        OVERLAP = "OVERLAP", _("Second, blind")
        GOLD = "GOLD", _("Against a known answer")
        CALIBRATION = "CALIBRATION", _("For calibration")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SUBMITTED = "SUBMITTED", _("Submitted")
        RELEASED = "RELEASED", _("Released")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        DISPUTED = "DISPUTED", _("Disputed")
        CLOSED = "CLOSED", _("Closed")
        SKIPPED = "SKIPPED", _("Skipped")
        VOIDED = "VOIDED", _("Void")

    class Basis(models.TextChoices):
        """How the ticket came to be looked at: what a mean may be made of."""

        RANDOM = "RANDOM", _("Drawn at random")
        TARGETED = "TARGETED", _("Chosen for a reason")

    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="reviews"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name=_("agent"),
    )
    team = models.ForeignKey(
        "people.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team of the agent then"),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reviews_written",
        verbose_name=_("reviewer"),
    )
    version = models.ForeignKey(
        ScorecardVersion, on_delete=models.PROTECT, related_name="reviews"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    basis = models.CharField(
        _("basis"), max_length=10, choices=Basis, default=Basis.TARGETED
    )
    sample_item = models.OneToOneField(
        "qa.SampleItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="review",
    )
    calibration_item = models.ForeignKey(
        "qa.CalibrationItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.DRAFT
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    raw_score = models.DecimalField(
        _("score before failures"), max_digits=5, decimal_places=2, null=True
    )
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    passed = models.BooleanField(_("passed"), null=True)
    is_critical_fail = models.BooleanField(_("critical fail"), default=False)
    strengths = models.TextField(_("strengths"), blank=True)
    focus = models.TextField(_("one focus"), blank=True)
    is_exemplary = models.BooleanField(_("worth showing to others"), default=False)
    started_at = models.DateTimeField(_("started"))
    changed_at = models.DateTimeField(_("changed"))
    due_at = models.DateTimeField(_("feedback due"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledgement = models.TextField(_("agent's words"), blank=True)
    dispute_until = models.DateTimeField(
        _("may be disputed until"), null=True, blank=True
    )
    active_seconds = models.PositiveIntegerField(_("time spent"), default=0)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    is_current = models.BooleanField(
        default=True, editable=False, help_text=_("Not superseded by another review.")
    )
    reason = models.CharField(_("why skipped or void"), max_length=500, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [
            ("score_review", "Can score reviews"),
            ("view_all_reviews", "Can read reviews of every team"),
            ("decide_dispute", "Can decide disputes"),
            ("void_review", "Can declare reviews void"),
            ("view_quality", "Can read quality figures"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "SKIPPED", "VOIDED"])
                | Q(submitted_at__isnull=False),
                name="qa_review_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["RELEASED", "ACKNOWLEDGED", "DISPUTED", "CLOSED"]
                )
                | Q(released_at__isnull=False),
                name="qa_review_released_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="SELF", reviewer=F("agent"))
                | (~Q(kind="SELF") & ~Q(reviewer=F("agent"))),
                name="qa_review_nobody_reviews_themselves",
                violation_error_message=_("Nobody reviews their own work."),
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="qa_review_score_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(kind="CALIBRATION", calibration_item__isnull=False)
                | (~Q(kind="CALIBRATION") & Q(calibration_item__isnull=True)),
                name="qa_review_calibration_has_item",
            ),
            models.UniqueConstraint(
                fields=["calibration_item", "reviewer"],
                condition=Q(calibration_item__isnull=False),
                name="qa_review_one_per_calibration",
            ),
            models.UniqueConstraint(
                fields=["ticket", "agent", "reviewer", "version", "kind"],
                condition=Q(state="DRAFT", calibration_item__isnull=True),
                name="qa_review_one_draft_each",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-released_at"], name="qa_review_of_agent"),
            models.Index(
                fields=["reviewer", "state", "due_at"], name="qa_review_of_reviewer"
            ),
            models.Index(fields=["-submitted_at"], name="qa_review_newest"),
            models.Index(fields=["released_at"], name="qa_review_by_release"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Answer(models.Model):
    """One criterion of one review. ``level`` is the key of a level of its version."""

    class Source(models.TextChoices):
        HUMAN = "HUMAN", _("Reviewer")
        RULE = "RULE", _("Rule, not confirmed")
        CONFIRMED = "CONFIRMED", _("Rule, confirmed by the reviewer")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    criterion_key = models.SlugField(max_length=60)
    level = models.SlugField(max_length=60, blank=True)
    checked = models.JSONField(default=list, blank=True)
    is_na = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    share = models.FloatField(
        null=True, help_text=_("Of the maximum, 0–1; empty when it does not count.")
    )
    comment = models.TextField(_("comment"), blank=True)
    root_causes = models.ManyToManyField(RootCause, blank=True, related_name="answers")
    source = models.CharField(max_length=10, choices=Source, default=Source.HUMAN)
    evidence = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What a rule found: check to found or not, and where."),
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion_key"], name="qa_answer_one_per_criterion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.criterion_key}"


class Pin(models.Model):
    """A comment on a passage of what was said."""

    class Tone(models.TextChoices):
        PRAISE = "PRAISE", _("Well done")
        ISSUE = "ISSUE", _("To improve")
        NOTE = "NOTE", _("Note")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="pins")
    message = models.ForeignKey(
        "tickets.Message", on_delete=models.CASCADE, related_name="+"
    )
    start = models.PositiveIntegerField(help_text=_("First character of the passage."))
    end = models.PositiveIntegerField(help_text=_("Character after the passage."))
    quote = models.TextField(_("passage"))
    criterion_key = models.SlugField(max_length=60, blank=True)
    tone = models.CharField(_("tone"), max_length=6, choices=Tone)
    text = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("pinned comment")
        verbose_name_plural = _("pinned comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="qa_pin_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.start}–{self.end}"


class ReviewEvent(models.Model):
    """One thing that happened to a review. Never changed."""

    class Kind(models.TextChoices):
        STARTED = "STARTED", _("Started")
        SUBMITTED = "SUBMITTED", _("Submitted")
        REOPENED = "REOPENED", _("Taken back for correction")
        RELEASED = "RELEASED", _("Released to the agent")
        READ = "READ", _("Read by the agent")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        DISPUTED = "DISPUTED", _("Disputed")
        DECIDED = "DECIDED", _("Dispute decided")
        WITHDRAWN = "WITHDRAWN", _("Dispute withdrawn")
        SUPERSEDED = "SUPERSEDED", _("Superseded")
        CLOSED = "CLOSED", _("Closed")
        SKIPPED = "SKIPPED", _("Skipped")
        VOIDED = "VOIDED", _("Declared void")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("review event")
        verbose_name_plural = _("review events")
        indexes = [models.Index(fields=["review", "at"], name="qa_reviewevent_order")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.kind}"
