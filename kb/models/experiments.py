"""Two versions of an article against each other, with a rule when to stop."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kb.models.articles import Article, ArticleVersion


class Experiment(models.Model):
    """Readers are split by visitor; looking at any time keeps the error rate."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        RUNNING = "RUNNING", _("Running")
        STOPPED = "STOPPED", _("Stopped")

    class Ended(models.TextChoices):
        """Why an experiment was stopped."""

        PERSON = "PERSON", _("Stopped by a person")
        PROMOTED = "PROMOTED", _("B became the article")
        GUARDRAIL = "GUARDRAIL", _("B crossed the guardrail")
        ARTICLE = "ARTICLE", _("The article changed meanwhile")

    class Outcome(models.TextChoices):
        HELPFUL = "HELPFUL", _("Share of helpful votes")
        NO_TICKET = "NO_TICKET", _("Share of readers without a ticket in the next day")

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="experiments"
    )
    name = models.CharField(_("what is tried"), max_length=160)
    version_a = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("version A (today's)"),
    )  # fmt: skip
    version_b = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("version B"),
    )  # fmt: skip
    outcome = models.CharField(
        _("judged by"), max_length=10, choices=Outcome, default=Outcome.HELPFUL
    )
    share_b = models.DecimalField(
        _("share that sees B"), max_digits=4, decimal_places=3, default="0.500"
    )
    alpha = models.DecimalField(
        _("false alarms at most"), max_digits=4, decimal_places=3, default="0.050"
    )
    guardrail_drop = models.DecimalField(
        _("stop when B is worse by"), max_digits=4, decimal_places=3, default="0.100"
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.DRAFT
    )
    salt = models.CharField(max_length=32)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    ended = models.CharField(
        _("why it ended"), max_length=10, choices=Ended, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    verdict = models.CharField(
        _("verdict"), max_length=12, blank=True,
        help_text=_("What could be said when it was stopped."),
    )  # fmt: skip
    promoted = models.BooleanField(_("B became the article"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", help_text=_("Empty where the daily check stopped it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="RUNNING"),
                name="kb_experiment_one_running",
                violation_error_message=_("This article is in an experiment already."),
            ),
            models.CheckConstraint(
                condition=~Q(version_a=F("version_b")), name="kb_experiment_two_versions"
            ),
            models.CheckConstraint(
                condition=Q(share_b__gt=0, share_b__lt=1, alpha__gt=0, alpha__lt=1),
                name="kb_experiment_shares_in_range",
            ),
            models.CheckConstraint(
                condition=Q(guardrail_drop__gt=0, guardrail_drop__lt=1),
                name="kb_experiment_guardrail_in_range",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", started_at__isnull=True)
                | Q(state="RUNNING", started_at__isnull=False, stopped_at__isnull=True)
                | Q(state="STOPPED", started_at__isnull=False, stopped_at__isnull=False),
                name="kb_experiment_moments_follow_state",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
