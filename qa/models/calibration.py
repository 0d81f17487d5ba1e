"""Calibration: the same tickets, scored blind, compared, decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa.models.scorecards import Scorecard, ScorecardVersion


class CalibrationSession(models.Model):
    """One round: who scores what until when, and what came of it."""

    class Mode(models.TextChoices):
        CONSENSUS = "CONSENSUS", _("Agreed together")
        BASELINE = "BASELINE", _("Against one reviewer")

    class Reveal(models.TextChoices):
        ON_OWN_SUBMIT = "ON_OWN_SUBMIT", _("Once one's own are in")
        ON_REVEAL = "ON_REVEAL", _("When the facilitator opens them")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SCORING = "SCORING", _("Scoring")
        REVEALED = "REVEALED", _("Discussing")
        DECIDED = "DECIDED", _("Decided")
        CLOSED = "CLOSED", _("Closed")
        CANCELLED = "CANCELLED", _("Cancelled")

    title = models.CharField(_("title"), max_length=160)
    version = models.ForeignKey(
        ScorecardVersion, on_delete=models.PROTECT, related_name="calibrations"
    )
    mode = models.CharField(
        _("compared with"), max_length=10, choices=Mode, default=Mode.CONSENSUS
    )
    baseline = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("baseline reviewer"),
    )
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("facilitator"),
    )
    reveal = models.CharField(
        _("scores are shown"), max_length=14, choices=Reveal, default=Reveal.ON_REVEAL
    )
    hide_agent = models.BooleanField(_("hide the agent's name"), default=True)
    threshold = models.DecimalField(
        _("largest accepted range, points"),
        max_digits=4,
        decimal_places=1,
        default="5.0",
    )
    min_participants = models.PositiveSmallIntegerField(
        _("participants at least"), default=2
    )
    due_at = models.DateTimeField(_("scores due"))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("opened"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    statistics = models.JSONField(
        _("statistics at closing"), default=dict, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        permissions = [
            ("facilitate_calibration", "Can run calibrations"),
            ("run_any_calibration", "Can run calibrations of others"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="CONSENSUS") | Q(baseline__isnull=False),
                name="qa_calibrationsession_baseline_named",
                violation_error_message=_("Name the baseline reviewer."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0), name="qa_calibrationsession_threshold"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalibrationItem(models.Model):
    """One ticket of a round; its conversation is frozen when scoring starts."""

    session = models.ForeignKey(
        CalibrationSession, on_delete=models.CASCADE, related_name="items"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    last_seq = models.PositiveIntegerField(
        null=True, help_text=_("The last event that participants see.")
    )

    class Meta:
        verbose_name = _("calibrated ticket")
        verbose_name_plural = _("calibrated tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "ticket"], name="qa_calibrationitem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}.{self.position}"


class Participant(models.Model):
    """Somebody who scores in a round."""

    session = models.ForeignKey(
        CalibrationSession, on_delete=models.CASCADE, related_name="participants"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calibrations"
    )
    finished_at = models.DateTimeField(_("all in"), null=True, blank=True)
    is_missing = models.BooleanField(
        _("missing"), default=False, help_text=_("Had not finished when scores opened.")
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"], name="qa_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id}"


class CalibrationDecision(models.Model):
    """What was agreed on one criterion of one ticket: case law for later reviews."""

    item = models.ForeignKey(
        CalibrationItem, on_delete=models.PROTECT, related_name="decisions"
    )
    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="decisions"
    )
    criterion_key = models.SlugField(max_length=60)
    level = models.SlugField(max_length=60, blank=True)
    is_unclear = models.BooleanField(
        _("criterion unclear"), default=False, help_text=_("Opens a change of rubric.")
    )
    reason = models.TextField(_("reason"))
    quote = models.TextField(_("passage of the ticket"), blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("calibration decision")
        verbose_name_plural = _("case law")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "criterion_key"],
                condition=Q(is_active=True),
                name="qa_calibrationdecision_one_active",
            ),
            models.CheckConstraint(
                condition=Q(is_unclear=True, level="")
                | Q(is_unclear=False, level__gt=""),
                name="qa_calibrationdecision_level_or_unclear",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scorecard", "criterion_key"], name="qa_decision_case_law"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.criterion_key}"


class GoldTicket(models.Model):
    """A ticket whose right answers are known, to examine reviewers with."""

    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        ScorecardVersion, on_delete=models.PROTECT, related_name="gold_tickets"
    )
    answers = models.JSONField(_("known levels"), default=dict)
    score = models.DecimalField(_("known score"), max_digits=5, decimal_places=2)
    item = models.OneToOneField(
        CalibrationItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="gold",
        verbose_name=_("decided in"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("gold ticket")
        verbose_name_plural = _("gold tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "version"], name="qa_goldticket_once"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class RubricChange(models.Model):
    """A criterion that could not be scored as written, with the tickets that showed it."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Rubric changed")
        REJECTED = "REJECTED", _("Not changed")

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="changes"
    )
    criterion_key = models.SlugField(max_length=60)
    text = models.TextField(_("what is unclear"))
    tickets = models.ManyToManyField("tickets.Ticket", related_name="+")
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settlement = models.TextField(_("what was done"), blank=True)

    class Meta:
        verbose_name = _("rubric change")
        verbose_name_plural = _("rubric changes")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion_key"],
                condition=Q(state="OPEN"),
                name="qa_rubricchange_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.criterion_key}"
