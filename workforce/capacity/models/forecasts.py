"""What is expected: events, overlays, forecasts frozen at publication, and their review."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workforce.capacity.models.queues import Queue


class Event(models.Model):
    """Something that moves volume on known days: past ones teach, coming ones apply."""

    class Kind(models.TextChoices):
        RELEASE = "RELEASE", _("Release")
        RENEWAL = "RENEWAL", _("Renewals")
        END_OF_MONTH = "END_OF_MONTH", _("End of month")
        TAX_SEASON = "TAX_SEASON", _("Tax season")
        HOLIDAY = "HOLIDAY", _("Holiday")
        HOLIDAY_EVE = "HOLIDAY_EVE", _("Eve of a holiday")
        OWN = "OWN", _("Other")

    class Treatment(models.TextChoices):
        """What training does with the days of a past event."""

        EXCLUDE = "EXCLUDE", _("Leave its days out")
        ADJUST = "ADJUST", _("Take the stated change out of its days")
        REPEAT = "REPEAT", _("Learn its change, and repeat it next time")

    class Repeats(models.TextChoices):
        NEVER = "NEVER", _("Once")
        MONTHLY = "MONTHLY", _("Each month")
        QUARTERLY = "QUARTERLY", _("Each quarter")
        YEARLY = "YEARLY", _("Each year")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    repeats = models.CharField(
        _("repeats"), max_length=10, choices=Repeats, default=Repeats.NEVER
    )
    treatment = models.CharField(
        _("treatment"), max_length=8, choices=Treatment, default=Treatment.REPEAT
    )
    percent = models.DecimalField(
        _("change in percent"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(-100)],
        help_text=_("+50 means half as much again. Empty: learnt from past days."),
    )
    queues = models.ManyToManyField(
        Queue, blank=True, related_name="events", verbose_name=_("queues"),
        help_text=_("None means every queue."),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords(m2m_fields=[queues])

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="capacity_event_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(treatment="ADJUST") | Q(percent__isnull=False),
                name="capacity_event_adjusting_has_percent",
                violation_error_message=_("Say by how many percent to adjust."),
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=-100),
                name="capacity_event_percent_not_below_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Overlay(models.Model):
    """A named scenario over a forecast: so much more or less on these days."""

    class Kind(models.TextChoices):
        OUTAGE = "OUTAGE", _("Product outage")
        RELEASE = "RELEASE", _("Major release")
        MIGRATION = "MIGRATION", _("Competitor migration")
        HOLIDAY = "HOLIDAY", _("Holiday")
        PR_CRISIS = "PR_CRISIS", _("PR crisis")
        OWN = "OWN", _("Own")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWN)
    percent = models.DecimalField(
        _("change in percent"), max_digits=6, decimal_places=1,
        validators=[MinValueValidator(-100)],
    )  # fmt: skip
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    queues = models.ManyToManyField(
        Queue, blank=True, related_name="overlays", verbose_name=_("queues"),
        help_text=_("None means every queue."),
    )  # fmt: skip
    response = models.CharField(_("response"), max_length=300, blank=True)
    is_standard = models.BooleanField(_("ships with the product"), default=False)
    history = HistoricalRecords(m2m_fields=[queues])

    class Meta:
        verbose_name = _("overlay")
        verbose_name_plural = _("overlays")
        ordering = ["-is_standard", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=-100),
                name="capacity_overlay_percent_not_below_nothing",
                violation_error_message=_("Volume cannot fall by more than 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="capacity_overlay_days_in_order",
                violation_error_message=_(
                    "Give both days in order, or neither for the whole horizon."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Method(models.TextChoices):
    BEST = "best", _("Best of the methods by backtest")
    RECIPE = "recipe", _("Automatic (ensemble)")
    AVERAGE = "historical_average", _("Historical average")
    TREND = "trend", _("Trend")
    SEASONAL = "seasonal", _("Seasonal: last year and growth")
    MOVING = "moving_average", _("Moving average")
    REGRESSION = "regression", _("Regression on calendar and events")


class QueueMethod(models.Model):
    """Which method a queue is forecast with, chosen by a person."""

    queue = models.OneToOneField(
        Queue, on_delete=models.CASCADE, related_name="chosen_method"
    )
    method = models.CharField(
        _("method"), max_length=20, choices=Method, default=Method.BEST
    )
    horizon_days = models.PositiveSmallIntegerField(_("days ahead"), default=91)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("method of a queue")
        verbose_name_plural = _("methods of queues")
        constraints = [
            models.CheckConstraint(
                condition=Q(horizon_days__gte=1, horizon_days__lte=400),
                name="capacity_method_horizon_1_to_400_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.method}"


class Forecast(models.Model):
    """One forecast of one queue. Published, it never changes: it is judged by actuals.

    ``backtest`` holds every method's figures as ``core.forecast.Backtest.to_dict``;
    ``quality`` what was noticed in the data (gaps, outliers replaced, short history).
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        SUPERSEDED = "SUPERSEDED", _("Superseded")

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="forecasts")
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    asked_method = models.CharField(
        _("method asked for"), max_length=20, choices=Method
    )
    method = models.CharField(_("method"), max_length=20, choices=Method)
    trained_until = models.DateField(
        _("trained until"), help_text=_("First day it does not know.")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    backtest = models.JSONField(_("backtest"), default=dict)
    quality = models.JSONField(_("data quality"), default=list, blank=True)
    applied = models.JSONField(
        _("events and overlays"), default=dict, blank=True,
        help_text=_("What was applied, as it was then."),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("computed"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("published by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        permissions = [
            ("run_forecast", "Can compute forecasts and choose methods"),
            ("publish_forecast", "Can publish forecasts"),
        ]
        indexes = [
            models.Index(
                fields=["queue", "-created_at"], name="capacity_forecast_newest"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["queue"],
                condition=Q(state="PUBLISHED"),
                name="capacity_forecast_one_published",
                violation_error_message=_("This queue has a published forecast."),
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", published_at__isnull=True)
                | ~Q(state="DRAFT") & Q(published_at__isnull=False),
                name="capacity_forecast_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="capacity_forecast_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.starts_on}–{self.ends_on}"


class ForecastDay(models.Model):
    """One day of a forecast: its total, and its intervals as lists of equal length.

    ``intervals`` maps ``starts`` (epoch seconds) and ``mean``, ``low80``, ``high80``,
    ``low95``, ``high95`` (contacts per interval). Rows are never changed.
    """

    forecast = models.ForeignKey(
        Forecast, on_delete=models.CASCADE, related_name="days"
    )
    day = models.DateField(_("day"))
    mean = models.FloatField(_("mean"))
    low80 = models.FloatField(_("80 % from"))
    high80 = models.FloatField(_("80 % to"))
    low95 = models.FloatField(_("95 % from"))
    high95 = models.FloatField(_("95 % to"))
    intervals = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("day of a forecast")
        verbose_name_plural = _("days of forecasts")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["forecast", "day"], name="capacity_forecastday_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forecast_id} {self.day}"


class Investigation(models.Model):
    """A forecast that missed by more than allowed, and what was found out about it."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        CLOSED = "CLOSED", _("Closed")

    class Outcome(models.TextChoices):
        ONE_OFF = "ONE_OFF", _("One-off event")
        LASTING = "LASTING", _("Lasting change of demand")
        MISSED_EVENT = "MISSED_EVENT", _("A known event was not entered")
        DATA = "DATA", _("Wrong or missing data")
        METHOD = "METHOD", _("The method does not fit")
        CHANCE = "CHANCE", _("Within what chance explains")

    queue = models.ForeignKey(
        Queue, on_delete=models.CASCADE, related_name="investigations"
    )
    forecast = models.ForeignKey(
        Forecast, on_delete=models.CASCADE, related_name="investigations"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    expected = models.FloatField(_("expected"))
    actual = models.PositiveIntegerField(_("actual"))
    deviation = models.FloatField(
        _("deviation"), help_text=_("(actual − expected) ÷ expected")
    )
    state = models.CharField(
        _("state"), max_length=6, choices=State, default=State.OPEN
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="investigations", verbose_name=_("owner"),
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    finding = models.TextField(_("what was found"), blank=True)
    action = models.CharField(_("what is done about it"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    due_on = models.DateField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("closed by"),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("investigation")
        verbose_name_plural = _("investigations")
        permissions = [("resolve_investigation", "Can own and close investigations")]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "starts_on"], name="capacity_investigation_one_a_week"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at__isnull=True)
                | Q(state="CLOSED", closed_at__isnull=False) & ~Q(outcome=""),
                name="capacity_investigation_closed_has_outcome",
                violation_error_message=_("Say what came out of it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.starts_on}"
