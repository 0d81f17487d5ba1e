"""The ticket: today's state, a projection of its event log."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models.vocabulary import ENDED, StatusCategory

SUBJECT_LENGTH = 300
TAG_LENGTH = 60


class Priority(models.TextChoices):
    P1 = "P1", _("P1 Critical")
    P2 = "P2", _("P2 High")
    P3 = "P3", _("P3 Medium")
    P4 = "P4", _("P4 Low")
    P5 = "P5", _("P5 Request")


class Severity(models.TextChoices):
    SEV1 = "SEV1", _("SEV1 Critical")
    SEV2 = "SEV2", _("SEV2 High")
    SEV3 = "SEV3", _("SEV3 Medium")
    SEV4 = "SEV4", _("SEV4 Low")
    SEV5 = "SEV5", _("SEV5 Minimal")


class Impact(models.TextChoices):
    """Who is hit, from the seed's prioritisation matrix."""

    MANY = "MANY", _("Many users or revenue")
    MULTIPLE = "MULTIPLE", _("Multiple users")
    SINGLE = "SINGLE", _("Single user")
    ENHANCEMENT = "ENHANCEMENT", _("Enhancement")


class Urgency(models.TextChoices):
    """How badly work is blocked."""

    BLOCKED = "BLOCKED", _("Complete block")
    SIGNIFICANT = "SIGNIFICANT", _("Significant block")
    PARTIAL = "PARTIAL", _("Partial block")
    MINOR = "MINOR", _("Minor inconvenience")
    FUTURE = "FUTURE", _("Future improvement")


class UsersAffected(models.TextChoices):
    """How many people are hit, for the severity matrix."""

    ONE = "ONE", _("One user")
    MULTIPLE = "MULTIPLE", _("Multiple users")
    ALL = "ALL", _("All users")


class Impairment(models.TextChoices):
    """How much of their work has stopped, for the severity matrix."""

    COMPLETE = "COMPLETE", _("Complete block")
    MAJOR = "MAJOR", _("Major impairment")
    MINOR = "MINOR", _("Minor impairment")


class Outcome(models.TextChoices):
    """How a ticket ended. Out-of-scope and duplicate tickets leave SLA figures."""

    SOLVED = "SOLVED", _("Solved")
    WORKAROUND = "WORKAROUND", _("Workaround given")
    NO_ANSWER = "NO_ANSWER", _("Customer did not answer")
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("Out of scope")
    DUPLICATE = "DUPLICATE", _("Duplicate")


class Tag(models.Model):
    name = models.SlugField(_("name"), max_length=TAG_LENGTH, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class TicketQuerySet(models.QuerySet["Ticket"]):
    def unresolved(self) -> "TicketQuerySet":
        return self.filter(is_open=True)


class Ticket(models.Model):
    """One request of one customer.

    Every column below ``created_at`` follows from the event log and is written only by
    ``tickets.services``, in the transaction that appends the event. ``next_due_at`` is
    set by whoever keeps promises (``sla``), through ``services.set_next_due``.
    """

    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    source = models.CharField(
        _("source"),
        max_length=60,
        blank=True,
        help_text=_("Where it was imported from."),
    )
    external_id = models.CharField(_("external number"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        "tickets.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("organisation"),
    )
    requester = models.ForeignKey(
        "tickets.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("requester"),
    )
    channel = models.ForeignKey(
        "tickets.Channel",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("channel"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    created_at = models.DateTimeField(_("created"))

    status = models.ForeignKey(
        "tickets.Status", on_delete=models.PROTECT, verbose_name=_("status")
    )
    state = models.CharField(
        _("meaning of the status"), max_length=10, choices=StatusCategory
    )
    is_open = models.BooleanField(
        _("open"), default=True, help_text=_("Neither resolved nor closed.")
    )
    priority = models.CharField(
        _("priority"), max_length=2, choices=Priority, blank=True
    )
    severity = models.CharField(
        _("severity"), max_length=4, choices=Severity, blank=True
    )
    impact = models.CharField(_("impact"), max_length=12, choices=Impact, blank=True)
    urgency = models.CharField(_("urgency"), max_length=12, choices=Urgency, blank=True)
    users_affected = models.CharField(
        _("users affected"), max_length=10, choices=UsersAffected, blank=True
    )
    impairment = models.CharField(
        _("impairment"), max_length=10, choices=Impairment, blank=True
    )
    category = models.ForeignKey(
        "tickets.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("category"),
    )
    product_area = models.ForeignKey(
        "tickets.ProductArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("product area"),
    )
    team = models.ForeignKey(
        "people.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("team"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assignee"),
    )
    level = models.CharField(
        _("support level"),
        max_length=10,
        blank=True,
        help_text=_("L0 to L3; an imported history may say otherwise, such as L2/L3."),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_tickets",
        verbose_name=_("merged into"),
    )
    updated_at = models.DateTimeField(_("updated"))
    first_response_at = models.DateTimeField(_("first response"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    reopen_count = models.PositiveSmallIntegerField(_("reopened"), default=0)
    last_seq = models.PositiveIntegerField(default=0, editable=False)
    next_due_at = models.DateTimeField(_("next promise due"), null=True, blank=True)
    custom = models.JSONField(_("other fields"), default=dict, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        permissions = [
            ("view_all_tickets", "Can see tickets of every team"),
            ("work_ticket", "Can reply to and change tickets"),
            ("triage_ticket", "Can override priority and severity"),
            ("merge_ticket", "Can merge tickets"),
        ]
        indexes = [
            # The queue: open tickets by what is due next, one index per way in. Partial,
            # because Django asks ``WHERE is_open``, which SQLite matches to no column.
            *(
                models.Index(
                    fields=[*narrowed_by, "next_due_at", "-id"],
                    name=name,
                    condition=Q(is_open=True),
                )
                for name, narrowed_by in (
                    ("tickets_queue", ()),
                    ("tickets_queue_by_priority", ("priority",)),
                    ("tickets_queue_by_assignee", ("assignee",)),
                    ("tickets_queue_by_team", ("team",)),
                )
            ),
            models.Index(
                fields=["status", "priority", "next_due_at", "-id"],
                name="tickets_by_status",
            ),
            models.Index(
                fields=["organisation", "-created_at"], name="tickets_by_organisation"
            ),
            models.Index(fields=["requester", "-created_at"], name="tickets_by_person"),
            models.Index(fields=["-created_at", "-id"], name="tickets_newest"),
            models.Index(fields=["-updated_at", "-id"], name="tickets_last_changed"),
            # SQLite does not look into the partial unique index below.
            models.Index(fields=["external_id"], name="tickets_by_external_id"),
            models.Index(
                fields=["resolved_at"],
                name="tickets_by_resolution",
                condition=Q(resolved_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="tickets_ticket_one_per_external_id",
                violation_error_message=_("This source already has that number."),
            ),
            models.CheckConstraint(
                condition=Q(is_open=False, state__in=sorted(ENDED))
                | Q(is_open=True) & ~Q(state__in=sorted(ENDED)),
                name="tickets_ticket_open_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="tickets_ticket_not_merged_into_itself",
                violation_error_message=_("A ticket cannot be merged into itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"
