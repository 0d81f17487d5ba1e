"""Business calendars as the admin edits them. Published policies hold frozen copies."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workforce.people.models import validate_time_zone

MINUTES_A_DAY = 24 * 60


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Calendar(models.Model):
    """When promised time counts.

    Editing a calendar changes no deadline by itself: policies keep the hours they were
    published with until they are published again.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_always_open = models.BooleanField(
        _("24/7"), default=False, help_text=_("Hours and holidays below are ignored.")
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self) -> str:
        return self.name


class CalendarInterval(models.Model):
    """One open interval of one weekday; a day may have several."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="intervals"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_minute = models.PositiveSmallIntegerField(
        _("opens"), help_text=_("Minutes after midnight.")
    )
    ends_minute = models.PositiveSmallIntegerField(
        _("closes"), help_text=_("Minutes after midnight; 1440 is 24:00.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("open interval")
        verbose_name_plural = _("weekly hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_minute__lt=F("ends_minute"))
                & Q(ends_minute__lte=MINUTES_A_DAY),
                name="sla_interval_ends_after_start",
                violation_error_message=_(
                    "An interval closes after it opens and by 24:00. "
                    "Hours past midnight are a second interval on the next day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="sla_interval_weekday_0_to_6"
            ),
            models.UniqueConstraint(
                fields=["calendar", "weekday", "starts_minute"],
                name="sla_interval_one_per_start",
                violation_error_message=_("Another interval opens at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_minute}-{self.ends_minute}"


class CalendarHolidays(models.Model):
    """Public holidays of one country (and part of it) that close the calendar."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="holiday_sets"
    )
    country = models.CharField(
        _("country"), max_length=2, help_text=_("ISO code, such as DE.")
    )
    subdivision = models.CharField(
        _("part of it"), max_length=10, blank=True, help_text=_("Such as BY or CA.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("holidays of a country")
        verbose_name_plural = _("holidays by country")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "country", "subdivision"],
                name="sla_calendarholidays_once",
                violation_error_message=_("These holidays are already there."),
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        )


class CalendarException(models.Model):
    """One dated day with hours of its own, or closed (an own holiday)."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="exceptions"
    )
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120)
    hours = models.JSONField(
        _("hours"),
        default=list,
        blank=True,
        help_text=_("Intervals as [opens, closes] in minutes; none closes the day."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("dated exception")
        verbose_name_plural = _("dated exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="sla_calendarexception_one_per_day",
                violation_error_message=_("This day already has an exception."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
