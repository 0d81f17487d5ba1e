"""What has to be written, mended or archived, and who does it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kb.models.articles import Article
from supportops.duties.models import RecurringDuty, RecurringTask


class Flag(models.Model):
    """An agent says that something is missing or wrong."""

    class Kind(models.TextChoices):
        MISSING = "MISSING", _("No article answers this")
        WRONG = "WRONG", _("The article is wrong or out of date")
        WORKAROUND = "WORKAROUND", _("I found a workaround worth writing down")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        DECLINED = "DECLINED", _("Declined")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="flags",
        verbose_name=_("article"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("ticket"),
    )  # fmt: skip
    text = models.CharField(_("what"), max_length=500)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    flagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    flagged_at = models.DateTimeField(_("flagged"))
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        permissions = [("decide_flag", "Can close flags")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="MISSING")
                | Q(kind="WORKAROUND")
                | Q(article__isnull=False),
                name="kb_flag_wrong_names_article",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WorklistRow(models.Model):
    """A gap as it was last computed: what is asked, what exists, what it costs.

    Written anew by ``services.gaps``; what people decide about it is in ``GapTask``.
    Hours are those of a month of 30 days.
    """

    class Source(models.TextChoices):
        SEARCHES = "SEARCHES", _("Searches without an answer")
        TICKETS = "TICKETS", _("Tickets without an article")
        FLAGS = "FLAGS", _("Agents' flags")
        UNHELPFUL = "UNHELPFUL", _("Unhelpful article")
        STALE = "STALE", _("Article not reviewed")

    class Action(models.TextChoices):
        WRITE = "WRITE", _("Write an article")
        TROUBLESHOOT = "TROUBLESHOOT", _("Add a troubleshooting section")
        CUSTOMERS = "CUSTOMERS", _("Write it for customers: only staff have one")
        WORDS = "WORDS", _("Add the words customers use")
        TITLE = "TITLE", _("Rewrite title and summary")
        IMPROVE = "IMPROVE", _("Improve the article")
        CORRECT = "CORRECT", _("Correct the article")
        REVIEW = "REVIEW", _("Review or archive")

    class Priority(models.TextChoices):
        HIGH = "1HIGH", _("High")
        MEDIUM = "2MEDIUM", _("Medium")
        NONE = "3NONE", _("No rule fires")

    key = models.CharField(max_length=160, unique=True)
    title = models.CharField(_("gap"), max_length=200)
    language = models.CharField(_("language"), max_length=10, blank=True)
    sources = models.CharField(
        max_length=80, help_text=_("Codes with a space before and after each.")
    )
    action = models.CharField(_("action"), max_length=12, choices=Action)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    rules = models.CharField(max_length=80, blank=True)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("what exists"),
    )  # fmt: skip
    category = models.ForeignKey(
        "tickets.Category", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("category"),
    )  # fmt: skip
    hours_low = models.FloatField(_("hours saved a month, low"))
    hours = models.FloatField(_("hours saved a month"))
    hours_high = models.FloatField(_("hours saved a month, high"))
    searches = models.PositiveIntegerField(_("searches"), default=0)
    tickets = models.PositiveIntegerField(_("tickets"), default=0)
    terms = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("row of the worklist")
        verbose_name_plural = _("rows of the worklist")
        indexes = [models.Index(fields=["-hours", "key"], name="kb_worklist_ranked")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours_low__gte=0)
                & Q(hours__gte=models.F("hours_low"))
                & Q(hours_high__gte=models.F("hours")),
                name="kb_worklist_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GapTask(models.Model):
    """What somebody decided about a row of the worklist.

    ``key`` names the gap the same way each time it is computed.
    """

    class State(models.TextChoices):
        TAKEN = "TAKEN", _("Taken on")
        DONE = "DONE", _("Done")
        DISMISSED = "DISMISSED", _("Dismissed")

    key = models.CharField(max_length=160, unique=True)
    title = models.CharField(_("gap"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="kb_gaps", verbose_name=_("owner"),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("article"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("content task")
        verbose_name_plural = _("content tasks")

    def __str__(self) -> str:
        return self.title


class ContentTask(RecurringTask):
    """A duty of keeping content alive that comes back each week, month or quarter."""

    class Cadence(models.TextChoices):
        ONGOING = "ONGOING", _("Ongoing")
        WEEKLY = "WEEKLY", _("Each week")
        MONTHLY = "MONTHLY", _("Each month")
        QUARTERLY = "QUARTERLY", _("Each quarter")

    name = models.CharField(_("task"), max_length=160, unique=True)
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence)
    role = models.CharField(_("who"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="content_tasks", verbose_name=_("owner"),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("content duty")
        verbose_name_plural = _("content duties")
        ordering = ["position", "pk"]


class ContentDuty(RecurringDuty):
    """A content task in one period."""

    task = models.ForeignKey(
        ContentTask, on_delete=models.CASCADE, related_name="duties"
    )

    class Meta:
        verbose_name = _("content duty of a period")
        verbose_name_plural = _("content duties of periods")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "period_start"], name="kb_duty_once_per_period"
            ),
        ]


class TicketArticle(models.Model):
    """An agent used an article on a ticket.

    Only ``SENT`` says that the customer got it: a reply with its address, its passage or
    (where it has no address) its title went out. ``INSERTED`` is a click that put it
    into the box; what became of that text is not known.
    """

    class Use(models.TextChoices):
        LINKED = "LINKED", _("Linked")
        INSERTED = "INSERTED", _("Put into the reply box")
        SENT = "SENT", _("Sent in a reply")

    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="articles"
    )
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="ticket_uses"
    )
    use = models.CharField(_("use"), max_length=8, choices=Use)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    used_at = models.DateTimeField(_("used"))
    message = models.ForeignKey(
        "tickets.Message", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("reply"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("article of a ticket")
        verbose_name_plural = _("articles of tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "article", "use"], name="kb_ticketarticle_once"
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=True) | Q(use="SENT"),
                name="kb_ticketarticle_only_sent_has_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.article_id}"
