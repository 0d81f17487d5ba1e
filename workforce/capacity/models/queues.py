"""What is planned for: a queue is one kind of work in one channel, and its assumptions."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sla.core.public_holidays import check_place
from sla.models.calendars import Weekday
from workforce.people.models import validate_time_zone

SHARE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


def validate_country(code: str) -> None:
    """Refuse a country, or a part of one, whose holidays are not known."""
    country, _dash, part = code.partition("-")
    try:
        check_place(country, part)
    except ValueError as error:
        raise ValidationError(
            _("No holidays are known for “%(code)s”. Use a code such as DE or DE-BE."),
            params={"code": code},
            code="unknown_country",
        ) from error


class Queue(models.Model):
    """One stream of work that is forecast and staffed by itself: queue and channel.

    A queue with ``channels`` is filled from tickets; one without is filled by import
    only, for work whose tickets live elsewhere.
    """

    class Handling(models.TextChoices):
        LIVE = "LIVE", _("Live, one at a time (phone)")
        CHAT = "CHAT", _("Live, several at once (chat)")
        DEFERRED = "DEFERRED", _("Can wait until a deadline (e-mail, web)")

    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(
        _("channel"), max_length=40, help_text=_("Such as email, chat or phone.")
    )
    handling = models.CharField(_("handling"), max_length=10, choices=Handling)
    teams = models.ManyToManyField(
        "people.Team",
        blank=True,
        related_name="queues",
        verbose_name=_("teams"),
        help_text=_("Tickets of these teams count; none means those of every team."),
    )
    channels = models.ManyToManyField(
        "tickets.Channel",
        blank=True,
        related_name="queues",
        verbose_name=_("ticket channels"),
        help_text=_(
            "Tickets that came this way count. Without any, only imports fill the queue."
        ),
    )
    interval_minutes = models.PositiveSmallIntegerField(
        _("interval, minutes"),
        choices=[(15, "15"), (30, "30"), (60, "60"), (1440, _("a day"))],
        default=30,
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    calendar = models.ForeignKey(
        "sla.Calendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="queues",
        verbose_name=_("staffed hours"),
        help_text=_("When people work on this queue. Empty means round the clock."),
    )
    country = models.CharField(
        _("public holidays of"),
        max_length=6,
        blank=True,
        validators=[validate_country],
        help_text=_("ISO country, with a region where it has one: DE, DE-BE, US-CA."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords(m2m_fields=[teams, channels])

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["name", "channel"]
        permissions = [
            ("view_capacity", "Can see volumes, forecasts and staffing"),
            ("view_all_queues", "Can see the queues of every team"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "channel"],
                name="capacity_queue_one_per_channel",
                violation_error_message=_("This queue already has that channel."),
            ),
            models.CheckConstraint(
                condition=Q(interval_minutes__in=[15, 30, 60, 1440]),
                name="capacity_queue_interval_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.channel}"


class Assumptions(models.Model):
    """What staffing of one queue takes for granted; every change is kept in history."""

    class Definition(models.TextChoices):
        """The four ways to count a service level; they differ by points."""

        OFFERED = "OFFERED", _("Answered in time ÷ all offered")
        WITHOUT_SHORT = (
            "WITHOUT_SHORT",
            _("Answered in time ÷ offered without those who gave up in time"),
        )
        WAITED = "WAITED", _("Nobody waits longer, whether answered or given up")
        VIRTUAL = "VIRTUAL", _("Would be answered in time by who has patience")

    queue = models.OneToOneField(
        Queue, on_delete=models.CASCADE, related_name="assumptions"
    )
    service_level = models.DecimalField(
        _("service level"), max_digits=4, decimal_places=3, default="0.800",
        validators=SHARE,
    )  # fmt: skip
    target_seconds = models.PositiveIntegerField(
        _("answered within, seconds"),
        default=20,
        help_text=_("For deferred work: the open time within which it is done."),
    )
    definition = models.CharField(
        _("service level counts"), max_length=14, choices=Definition,
        default=Definition.OFFERED,
    )  # fmt: skip
    handle_seconds = models.PositiveIntegerField(
        _("handle time, seconds"), default=1200, validators=[MinValueValidator(1)]
    )
    handle_from_tickets = models.BooleanField(
        _("handle time from the volumes where known"),
        default=True,
        help_text=_("The mean of the last eight weeks replaces the number above."),
    )
    patience_seconds = models.PositiveIntegerField(
        _("patience, seconds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Mean time until a caller gives up. Empty: nobody gives up."),
    )
    concurrency = models.PositiveSmallIntegerField(
        _("chats at once"), default=1, validators=[MinValueValidator(1)]
    )
    slowdown = models.DecimalField(
        _("slower for each further chat"), max_digits=4, decimal_places=3,
        default="0.000", validators=SHARE,
        help_text=_("0.15: each chat takes 15 % longer for every other one beside it."),
    )  # fmt: skip
    max_occupancy = models.DecimalField(
        _("occupancy at most"), max_digits=4, decimal_places=3, default="0.800",
        validators=SHARE,
    )  # fmt: skip
    shrinkage = models.DecimalField(
        _("shrinkage"), max_digits=4, decimal_places=3, default="0.250",
        validators=SHARE,
        help_text=_("Share of paid time for training, meetings, breaks and absence."),
    )  # fmt: skip
    hours_per_week = models.DecimalField(
        _("paid hours of a full-time person a week"), max_digits=4, decimal_places=1,
        default="40.0",
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assumptions")
        verbose_name_plural = _("assumptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    service_level__gt=0,
                    service_level__lt=1,
                    max_occupancy__gt=0,
                    max_occupancy__lte=1,
                    shrinkage__gte=0,
                    shrinkage__lt=1,
                ),
                name="capacity_assumptions_shares_in_range",
                violation_error_message=_(
                    "Service level and shrinkage lie between 0 and 1, without 1."
                ),
            ),
            models.CheckConstraint(
                condition=Q(handle_seconds__gte=1, concurrency__gte=1),
                name="capacity_assumptions_work_takes_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    hours_per_week__gt=0, hours_per_week__lte=168, slowdown__gte=0
                ),
                name="capacity_assumptions_week_has_hours",
                violation_error_message=_(
                    "A week has more than 0 and at most 168 paid hours."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.queue)


class PlannedStaff(models.Model):
    """People planned for a queue at a time of the week: what is compared with need.

    It stands in for shifts and rosters, which will write the same thing.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="planned")
    name = models.CharField(
        _("name"), max_length=60, blank=True, help_text=_("Such as Early, Core, Late.")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_minute = models.PositiveSmallIntegerField(
        _("from"), help_text=_("Minutes after midnight.")
    )
    ends_minute = models.PositiveSmallIntegerField(
        _("until"), help_text=_("Minutes after midnight; 1440 is 24:00.")
    )
    people = models.DecimalField(
        _("people on the floor"),
        max_digits=6,
        decimal_places=2,
        help_text=_("Present at that time, before breaks and meetings."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("planned staff")
        verbose_name_plural = _("planned staff")
        ordering = ["queue", "weekday", "starts_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weekday__lte=6,
                    ends_minute__lte=1440,
                    starts_minute__lt=models.F("ends_minute"),
                    people__gte=0,
                ),
                name="capacity_plannedstaff_within_a_day",
                violation_error_message=_(
                    "A block ends after it starts, within one day, with 0 or more people."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=models.F("valid_until")),
                name="capacity_plannedstaff_valid_in_order",
                violation_error_message=_("It is valid until before it is valid from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.weekday} {self.starts_minute}–{self.ends_minute}"
