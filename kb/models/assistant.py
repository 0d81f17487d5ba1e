"""The self-service assistant: conversations, what was answered from where, how surely."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kb.models.articles import Article, ArticleVersion
from kb.models.reading import VISITOR

NAME_LENGTH, WELCOME_LENGTH = 60, 120
CHOICE_LENGTH = 80


class AssistantRules(models.Model):
    """How self-service behaves, and what it is called.

    How sure the assistant must be, whom it leaves alone, and when people answer.
    """

    class Mode(models.TextChoices):
        FIXED = "FIXED", _("A fixed confidence")
        PRECISION = "PRECISION", _("Chosen for a precision measured on real answers")

    name = models.CharField(
        _("name in the help centre"), max_length=NAME_LENGTH, blank=True
    )
    welcome = models.CharField(
        _("words over the search"), max_length=WELCOME_LENGTH, blank=True
    )
    # By language the keys name and welcome, and kinds and parts, which name categories
    # and product areas by their keys: what is left out is shown in the house's language.
    translations = models.JSONField(_("in other languages"), default=dict, blank=True)
    is_on = models.BooleanField(_("on"), default=True)
    mode = models.CharField(
        _("threshold"), max_length=10, choices=Mode, default=Mode.FIXED
    )
    threshold = models.DecimalField(
        _("confidence at least"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.850"),
    )
    precision = models.DecimalField(
        _("right answers at least"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.900"),
    )
    skips_vip = models.BooleanField(
        _("important customers go straight to a person"), default=True
    )
    calendar = models.ForeignKey(
        "sla.Calendar", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("when people answer"),
    )  # fmt: skip
    holdout = models.DecimalField(
        _("share of forms without suggestions"), max_digits=4, decimal_places=3,
        default=Decimal("0.100"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rules of self-service")
        verbose_name_plural = _("rules of self-service")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    threshold__gte=0, threshold__lte=1, precision__gte=0,
                    precision__lte=1, holdout__gte=0, holdout__lte=0.5,
                ),
                name="kb_rules_shares_in_range",
                violation_error_message=_("Shares lie between 0 and 1; hold out half at most."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("Rules of self-service"))


class Conversation(models.Model):
    """One visitor's talk with the assistant, up to an answer or a person."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        ANSWERED = "ANSWERED", _("Answered")
        HANDED_OVER = "HANDED_OVER", _("Handed to a person")
        LEFT = "LEFT", _("Left")

    visitor = models.CharField(max_length=VISITOR)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.OPEN
    )
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("ticket"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(fields=["started_at"], name="kb_conversation_by_time"),
            models.Index(
                fields=["visitor", "started_at"], name="kb_conversation_by_visitor"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=True) | Q(state="HANDED_OVER"),
                name="kb_conversation_ticket_was_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Turn(models.Model):
    """One question, and the passage it was answered with, word for word, or none.

    A passage that was not sure enough is kept too: staff judge it, so that what is right
    below the threshold is known. ``confidence`` is what was said; ``search_confidence``
    what the search gave before past answers corrected it.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="turns"
    )
    question = models.CharField(_("question"), max_length=500)
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(
        ArticleVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    passage = models.TextField(_("passage"), blank=True)
    heading = models.CharField(_("from section"), max_length=200, blank=True)
    anchor = models.CharField(max_length=120, blank=True)
    suggested = models.JSONField(_("articles offered as links"), default=list)
    search_confidence = models.FloatField(
        _("confidence of the search"), null=True, blank=True
    )
    confidence = models.FloatField(_("confidence"), default=0)
    was_shown = models.BooleanField(_("shown"), default=False)
    is_right = models.BooleanField(_("answered the question"), null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("judged by"),
        help_text=_("Empty where the visitor said so."),
    )  # fmt: skip
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="kb_turn_by_time")]

    def __str__(self) -> str:
        return self.question
