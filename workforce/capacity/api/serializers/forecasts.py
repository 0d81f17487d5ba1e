"""What the API shows of forecasts, how good they were, and investigations."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tickets.api.serializers import Named
from workforce.capacity.api.numbers import number
from workforce.capacity.api.serializers.queues import OfQueue
from workforce.capacity.core.bands import NAMES
from workforce.capacity.core.forecast import Figures as MethodFigures
from workforce.capacity.core.judging import GRAINS
from workforce.capacity.models import Forecast, ForecastDay, Investigation
from workforce.capacity.selectors.forecasts.lines import figures_of, noise_floor_of


class ForecastBrief(serializers.ModelSerializer):
    """A forecast without its days. `starts_on` to `ends_on` are local days, both inside."""

    queue = Named(read_only=True)
    time_zone = serializers.CharField(
        source="queue.time_zone", help_text=_("IANA name; days are local days.")
    )
    created_by = Named(read_only=True, allow_null=True)
    published_by = Named(read_only=True, allow_null=True)

    class Meta:
        model = Forecast
        fields: tuple[str, ...] = (
            "id",
            "queue",
            "time_zone",
            "state",
            "asked_method",
            "method",
            "trained_until",
            "starts_on",
            "ends_on",
            "created_at",
            "created_by",
            "published_at",
            "published_by",
            "note",
        )


class ForecastDayOut(serializers.ModelSerializer):
    """Contacts expected on a local day, with the ends of its 80 % and 95 % ranges."""

    class Meta:
        model = ForecastDay
        fields = ("day", *NAMES)


class BacktestOut(serializers.Serializer):
    """What the method did on past days that it did not know. Shares are fractions."""

    wape = serializers.FloatField(
        allow_null=True, help_text=_("Error of intervals ÷ contacts.")
    )
    day_wape = serializers.FloatField(
        allow_null=True, help_text=_("Error of days ÷ contacts.")
    )
    bias = serializers.FloatField(
        allow_null=True, help_text=_("Positive where it was too high.")
    )
    noise_floor = serializers.FloatField(
        allow_null=True, help_text=_("The error that chance alone leaves.")
    )
    origins = serializers.IntegerField(help_text=_("Times it was tried."))


class ForecastOut(ForecastBrief):
    """A forecast with its days and what its method did on past ones."""

    backtest = serializers.SerializerMethodField(
        help_text=_("Null where history is too short to try a method.")
    )
    notices = serializers.ListField(
        source="quality",
        child=serializers.DictField(),
        help_text=_("What was noticed in the data, by `code`."),
    )
    days = ForecastDayOut(many=True, read_only=True)

    class Meta(ForecastBrief.Meta):
        fields = (*ForecastBrief.Meta.fields, "backtest", "notices", "days")

    @extend_schema_field(BacktestOut(allow_null=True))
    def get_backtest(self, forecast: Forecast) -> dict | None:
        figures: MethodFigures | None = figures_of(forecast)
        if figures is None:
            return None
        return {
            "wape": number(figures.wape),
            "day_wape": number(figures.day_wape),
            "bias": number(figures.bias),
            "noise_floor": number(noise_floor_of(forecast)),
            "origins": figures.origins,
        }


class ForecastIntervalOut(serializers.Serializer):
    """Contacts expected in one interval, with the ends of its ranges."""

    starts_at = serializers.DateTimeField(help_text=_("UTC."))
    mean = serializers.FloatField()
    low80 = serializers.FloatField()
    high80 = serializers.FloatField()
    low95 = serializers.FloatField()
    high95 = serializers.FloatField()


class ForecastIntervalsOut(serializers.Serializer):
    """The intervals of one local day; none on a day that is closed."""

    forecast = serializers.IntegerField()
    queue = serializers.IntegerField()
    time_zone = serializers.CharField(help_text=_("IANA name; the day is a local day."))
    day = serializers.DateField()
    interval_minutes = serializers.IntegerField()
    intervals = ForecastIntervalOut(many=True)


# Accuracy ---------------------------------------------------------------------------------


class RecordOut(serializers.Serializer):
    """Error of a forecast over `n` days or intervals. Shares are fractions."""

    n = serializers.IntegerField()
    wape = serializers.FloatField(
        allow_null=True, help_text=_("Sum of misses ÷ contacts that came.")
    )
    bias = serializers.FloatField(
        allow_null=True,
        help_text=_("(expected − actual) ÷ actual: positive where it was too high."),
    )
    noise_floor = serializers.FloatField(
        source="floor",
        allow_null=True,
        help_text=_("The error that chance alone leaves to a perfect forecast."),
    )
    covered80 = serializers.FloatField(
        allow_null=True, help_text=_("Share that came within the 80 % range.")
    )
    covered95 = serializers.FloatField(
        allow_null=True, help_text=_("Share that came within the 95 % range.")
    )


class JudgedOut(RecordOut):
    verdict = serializers.CharField(
        help_text=_("One of excellent, chance, usable, problem, unknown.")
    )


class AccuracyRowOut(serializers.Serializer):
    """One period, newest first: what came and what had been published before."""

    start = serializers.DateField(help_text=_("First local day of the period."))
    starts_at = serializers.DateTimeField(
        allow_null=True, help_text=_("UTC; null except for intervals.")
    )
    actual = serializers.FloatField(help_text=_("Contacts."))
    expected = serializers.FloatField(help_text=_("Contacts."))
    low95 = serializers.FloatField(help_text=_("Contacts."))
    high95 = serializers.FloatField(help_text=_("Contacts."))
    deviation = serializers.FloatField(
        allow_null=True, help_text=_("(actual − expected) ÷ expected.")
    )
    is_outside = serializers.BooleanField(help_text=_("Of the 95 % range."))
    record = RecordOut(
        help_text=_("Of the days in the period; of the interval itself for intervals.")
    )


class AccuracyOut(OfQueue):
    """Forecasts against what came, each day by what was published before it."""

    grain = serializers.ChoiceField(choices=GRAINS)
    horizon_days = serializers.IntegerField(
        help_text=_("How many days before a day its forecast was published, at least.")
    )
    total = JudgedOut(help_text=_("Over the whole span, at this grain."))
    rows = AccuracyRowOut(many=True)


# Investigations ---------------------------------------------------------------------------


class InvestigationOut(serializers.ModelSerializer):
    """A week in which much more or less came than was expected."""

    queue = Named(read_only=True)
    forecast = serializers.PrimaryKeyRelatedField(read_only=True)
    owner = Named(read_only=True, allow_null=True)
    closed_by = Named(read_only=True, allow_null=True)

    class Meta:
        model = Investigation
        fields = (
            "id",
            "queue",
            "forecast",
            "starts_on",
            "ends_on",
            "expected",
            "actual",
            "deviation",
            "state",
            "owner",
            "outcome",
            "finding",
            "action",
            "opened_at",
            "due_on",
            "closed_at",
            "closed_by",
        )
