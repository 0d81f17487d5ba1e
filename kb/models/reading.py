"""What visitors did: searched, read, voted, asked for help. No names, a random key only.

``visitor`` is a random key in a cookie of the help centre's own; it says that two rows
came from one browser, never from whom.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kb.models.articles import Article, ArticleVersion

VISITOR = 32


class Place(models.TextChoices):
    HELP = "HELP", _("Help centre")
    FORM = "FORM", _("Ticket form")
    ASSISTANT = "ASSISTANT", _("Assistant")
    AGENT = "AGENT", _("Ticket page")


class Search(models.Model):
    """One search and what came of it."""

    visitor = models.CharField(max_length=VISITOR)
    place = models.CharField(_("where"), max_length=10, choices=Place)
    language = models.CharField(_("language"), max_length=10)
    text = models.CharField(_("searched for"), max_length=300)
    folded = models.CharField(max_length=300, help_text=_("Lower case, single spaces."))
    corrected = models.CharField(_("understood as"), max_length=300, blank=True)
    results = models.PositiveSmallIntegerField(_("results"), default=0)
    shown = models.JSONField(_("articles shown"), default=list)
    clicked = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("opened"),
    )  # fmt: skip
    clicked_rank = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    refined_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("searched again as"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("ticket afterwards"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes = [
            models.Index(fields=["at"], name="kb_search_by_time"),
            models.Index(fields=["visitor", "at"], name="kb_search_by_visitor"),
            # The figures of a year are counted in these two alone, not in the table.
            models.Index(
                fields=[
                    "place", "at", "language", "results", "clicked", "clicked_rank",
                    "refined_by", "ticket",
                ],
                name="kb_search_figures",
            ),
            models.Index(
                fields=[
                    "folded", "at", "place", "language", "results", "clicked",
                    "refined_by", "ticket",
                ],
                name="kb_search_by_text",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class Reading(models.Model):
    """One visitor opened one article."""

    visitor = models.CharField(max_length=VISITOR)
    # No index of its own: PostgreSQL took that one for the figures of all articles, with
    # each row from the table, and kb_reading_by_article begins with the article too.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    version = models.ForeignKey(
        ArticleVersion, on_delete=models.CASCADE, related_name="readings"
    )
    search = models.ForeignKey(
        Search,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="readings",
    )
    place = models.CharField(_("where"), max_length=10, choices=Place)
    experiment = models.ForeignKey(
        "kb.Experiment", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="readings",
    )  # fmt: skip
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("ticket afterwards"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(
                fields=["article", "at", "place", "visitor", "ticket"],
                name="kb_reading_by_article",
            ),
            models.Index(
                fields=["place", "at", "search", "ticket", "visitor", "article"],
                name="kb_reading_figures",
            ),
            models.Index(fields=["at"], name="kb_reading_by_time"),
            # Readers of a year are counted in this one alone, one visitor after another.
            models.Index(
                fields=["visitor", "at", "place", "ticket"],
                name="kb_reading_by_visitor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.at:%Y-%m-%d}"


class Vote(models.Model):
    """Was this helpful? One answer a visitor and version; a later one replaces it."""

    class Reason(models.TextChoices):
        NOT_FOUND = "NOT_FOUND", _("It is not what I was looking for")
        UNCLEAR = "UNCLEAR", _("I did not understand it")
        WRONG = "WRONG", _("It is wrong or out of date")
        INCOMPLETE = "INCOMPLETE", _("Something is missing")
        DISLIKE = "DISLIKE", _("It works that way, and I do not like it")

    visitor = models.CharField(max_length=VISITOR)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    version = models.ForeignKey(
        ArticleVersion, on_delete=models.CASCADE, related_name="votes"
    )
    is_helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        indexes = [
            models.Index(fields=["at", "is_helpful", "article"], name="kb_vote_by_time")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "version"], name="kb_vote_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {'+' if self.is_helpful else '-'}"


class FormVisit(models.Model):
    """Somebody opened the ticket form: were suggestions shown, and was it sent?

    ``arm`` is drawn by visitor: of the held-out share nobody sees suggestions, so that
    what suggestions prevent is measured and not claimed.
    """

    class Arm(models.TextChoices):
        SHOWN = "SHOWN", _("Suggestions shown")
        HELD_OUT = "HELD_OUT", _("Held out")

    visitor = models.CharField(max_length=VISITOR)
    arm = models.CharField(_("group"), max_length=8, choices=Arm)
    subject = models.CharField(_("subject typed"), max_length=300, blank=True)
    suggested = models.JSONField(_("suggested"), default=list)
    opened = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("opened"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("ticket sent"),
    )  # fmt: skip
    was_sent = models.BooleanField(_("sent"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("visit of the form")
        verbose_name_plural = _("visits of the form")
        indexes = [
            models.Index(fields=["at"], name="kb_formvisit_by_time"),
            models.Index(fields=["visitor", "at"], name="kb_formvisit_by_visitor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=True) | Q(was_sent=True),
                name="kb_formvisit_ticket_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm} {self.at:%Y-%m-%d}"


class KnownQuestion(models.Model):
    """A question whose right article is known: the search's regression set."""

    class Source(models.TextChoices):
        CLICKS = "CLICKS", _("Clicks")
        HAND = "HAND", _("By hand")

    language = models.CharField(_("language"), max_length=10, default="en")
    text = models.CharField(_("question"), max_length=300)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="known_questions"
    )
    source = models.CharField(_("source"), max_length=8, choices=Source)
    weight = models.PositiveIntegerField(_("asked"), default=1)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("known question")
        verbose_name_plural = _("known questions")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "text"], name="kb_question_once",
                violation_error_message=_("This question has an answer already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text
