"""How far scores can be trusted: stored figures on agreement and on reviewers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa.models.scorecards import Scorecard


class ReliabilityFigure(models.Model):
    """One agreement figure of one rolling window. Never changed; a new one is added."""

    class Method(models.TextChoices):
        ALPHA_NOMINAL = "ALPHA_NOMINAL", _("Krippendorff's alpha, nominal")
        ALPHA_ORDINAL = "ALPHA_ORDINAL", _("Krippendorff's alpha, ordinal")
        ALPHA_INTERVAL = "ALPHA_INTERVAL", _("Krippendorff's alpha, interval")
        ICC_A1 = "ICC_A1", _("ICC(A,1)")
        AC1 = "AC1", _("Gwet's AC1")
        AC2 = "AC2", _("Gwet's AC2, quadratic")
        POOLED_SD = "POOLED_SD", _("Pooled standard deviation, points")

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="reliability"
    )
    criterion_key = models.SlugField(
        max_length=60, blank=True, help_text=_("Empty for the total score.")
    )
    method = models.CharField(_("method"), max_length=16, choices=Method)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text=_("Not part of the window."))
    tickets = models.PositiveIntegerField(_("tickets with two or more ratings"))
    reviewers = models.PositiveIntegerField(_("reviewers"))
    ratings = models.PositiveIntegerField(_("ratings"))
    value = models.FloatField(null=True, help_text=_("Empty where it is undefined."))
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    draws = models.PositiveIntegerField(_("bootstrap draws"), default=0)
    seed = models.BigIntegerField(null=True)
    note = models.CharField(
        max_length=20,
        blank=True,
        help_text=_("not_enough or no_variation, where no value is given."),
    )
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("reliability figure")
        verbose_name_plural = _("reliability figures")
        permissions = [("view_reliability", "Can read how reviewers agree")]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion_key", "method", "starts_on", "ends_on"],
                name="qa_reliabilityfigure_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.criterion_key} {self.ends_on}"


class ReviewerSeverity(models.Model):
    """How far one reviewer scores above (+) or below (-) the others, in points."""

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="severities"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="severities"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    bias = models.FloatField(_("points above the others"))
    se = models.FloatField(_("standard error"))
    low = models.FloatField()
    high = models.FloatField()
    n = models.PositiveIntegerField(_("reviews"))
    component = models.PositiveSmallIntegerField(
        default=0, help_text=_("Reviewers of different components cannot be compared.")
    )
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("reviewer severity")
        verbose_name_plural = _("reviewer severities")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "reviewer", "ends_on"],
                name="qa_reviewerseverity_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.ends_on}"


class Certification(models.Model):
    """That somebody may score for real with a scorecard, since when, until when."""

    class State(models.TextChoices):
        CERTIFIED = "CERTIFIED", _("Certified")
        LAPSED = "LAPSED", _("Lapsed")
        REVOKED = "REVOKED", _("Revoked")

    scorecard = models.ForeignKey(
        Scorecard, on_delete=models.CASCADE, related_name="certifications"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="certifications",
        verbose_name=_("reviewer"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.CERTIFIED
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty when an exam granted it."),
    )
    granted_at = models.DateTimeField(_("granted"))
    valid_until = models.DateTimeField(_("valid until"))
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "reviewer"],
                condition=Q(state="CERTIFIED"),
                name="qa_certification_one_valid",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.state}"
