"""Disputes: an agent asks a second reviewer to look again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa.models.reviews import Review


class Dispute(models.Model):
    """What an agent objects to, and what another reviewer decided."""

    class Kind(models.TextChoices):
        SCORE = "SCORE", _("The score")
        WRONG_AGENT = "WRONG_AGENT", _("This was not my work")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        UPHELD = "UPHELD", _("Score stays")
        PARTLY = "PARTLY", _("Changed in part")
        CHANGED = "CHANGED", _("Changed")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="disputes"
    )
    kind = models.CharField(_("about"), max_length=12, choices=Kind)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN
    )
    reason = models.TextField(_("reason"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("decision due"))
    arbiter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text=_("Never the reviewer, never the agent."),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state="OPEN"),
                name="qa_dispute_one_open",
                violation_error_message=_("This review is already disputed."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "WITHDRAWN"])
                | Q(arbiter__isnull=False, decided_at__isnull=False, decision__gt=""),
                name="qa_dispute_decided_is_complete",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="qa_dispute_due")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DisputeLine(models.Model):
    """One criterion of a dispute."""

    class Outcome(models.TextChoices):
        KEEP = "KEEP", _("Stays")
        PROPOSED = "PROPOSED", _("As the agent proposed")
        OTHER = "OTHER", _("Another level")

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="lines")
    criterion_key = models.SlugField(max_length=60)
    proposed_level = models.SlugField(max_length=60, blank=True)
    reason = models.TextField(_("reason"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    final_level = models.SlugField(max_length=60, blank=True)
    final_checked = models.JSONField(
        default=list, blank=True, help_text=_("Boxes of a checklist, where decided.")
    )

    class Meta:
        verbose_name = _("disputed criterion")
        verbose_name_plural = _("disputed criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "criterion_key"], name="qa_disputeline_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.criterion_key}"
