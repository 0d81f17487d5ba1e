"""The decision itself: what was asked, its versions and its evidence."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models.queues import Queue


class Decision(models.Model):
    """One decision with its working copy; what was decided is in its versions."""

    class Kind(models.TextChoices):
        BALANCING = "BALANCING", _("Load balancing across channels")
        SEGMENTS = "SEGMENTS", _("Priorities of customer segments")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        REOPENED = "REOPENED", _("Reopened")
        REJECTED = "REJECTED", _("Rejected")
        RETIRED = "RETIRED", _("Retired")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    objective = models.TextField(_("objective"), blank=True)
    question = models.TextField(_("decision question"), blank=True)
    scope = models.TextField(_("scope"), blank=True)
    queues = models.ManyToManyField(
        Queue, blank=True, related_name="decisions", verbose_name=_("queues")
    )
    metrics = models.JSONField(
        _("metrics"), default=list, blank=True,
        help_text=_("Codes in the catalogue; their definitions are the catalogue's."),
    )  # fmt: skip
    starts_on = models.DateField(_("horizon from"), null=True, blank=True)
    ends_on = models.DateField(_("horizon to"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT,
        related_name="owned_decisions", verbose_name=_("owner"),
    )  # fmt: skip
    balancing_rules = models.TextField(
        _("load-balancing rules and escalation paths"), blank=True
    )
    chosen = models.CharField(_("option chosen"), max_length=1, blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    timeline = models.TextField(_("timeline"), blank=True)
    refresh_plan = models.TextField(_("data-refresh plan"), blank=True)
    monitoring = models.CharField(_("monitoring cadence"), max_length=200, blank=True)
    weights = models.JSONField(
        _("weights of a segment score"), default=dict, blank=True
    )
    capacity = models.FloatField(
        _("capacity to share out, tickets a week"), null=True, blank=True
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        permissions = [("approve_decision", "Can approve and reject decisions")]
        indexes = [
            models.Index(fields=["-changed_at"], name="capacity_decision_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="capacity_decision_horizon_in_order",
                violation_error_message=_("The horizon ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DecisionVersion(models.Model):
    """The whole document as it was proposed or approved. Never changed."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("version of a decision")
        verbose_name_plural = _("versions of decisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"],
                name="capacity_decisionversion_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} v{self.number}"


class Evidence(models.Model):
    """The evidence log: what happened to a decision and what it rests on. Append-only."""

    class Kind(models.TextChoices):
        NOTE = "NOTE", _("Evidence")
        CHANGED = "CHANGED", _("Changed")
        COMPUTED = "COMPUTED", _("Options computed")
        PROPOSED = "PROPOSED", _("Proposed")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")
        FIRED = "FIRED", _("A trigger fired")
        REOPENED = "REOPENED", _("Reopened")
        REVIEWED = "REVIEWED", _("Reviewed")
        REFRESHED = "REFRESHED", _("Data refreshed")
        RETIRED = "RETIRED", _("Retired")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="evidence"
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True,
        related_name="+", db_constraint=False, verbose_name=_("by"),
    )  # fmt: skip
    text = models.TextField(_("text"))
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.kind} {self.at:%Y-%m-%d}"


class Approval(models.Model):
    """Who is asked to approve a version, and what they answered."""

    class Answer(models.TextChoices):
        ASKED = "ASKED", _("Asked")
        APPROVED = "APPROVED", _("Approved")
        REJECTED = "REJECTED", _("Rejected")

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="approvals"
    )
    number = models.PositiveIntegerField(_("version"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    answer = models.CharField(
        _("answer"), max_length=8, choices=Answer, default=Answer.ASKED
    )
    words = models.CharField(_("words"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number", "person"],
                name="capacity_approval_once_per_version",
            ),
            models.CheckConstraint(
                condition=Q(answer="ASKED", answered_at__isnull=True)
                | ~Q(answer="ASKED") & Q(answered_at__isnull=False),
                name="capacity_approval_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} v{self.number} {self.person_id}"


class ReviewDate(models.Model):
    """A day on which the decision is looked at again, whatever the triggers say."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="reviews"
    )
    due_on = models.DateField(_("review on"))
    note = models.CharField(_("what to look at"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("review date")
        verbose_name_plural = _("review dates")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.due_on}"
