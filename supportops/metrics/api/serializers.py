"""What the API shows of the metric catalogue."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supportops.metrics.catalogue import (
    Area,
    Better,
    Figure,
    Grain,
    Level,
    Metric,
    Unit,
    Verdict,
)
from supportops.metrics.core.periods import Period
from supportops.metrics.registry import segment_kind


class LevelOut(serializers.Serializer):
    """Bounds that themselves still pass; null where there is none."""

    at_least = serializers.FloatField(allow_null=True)
    at_most = serializers.FloatField(allow_null=True)


def level(value: Level) -> dict[str, float | None] | None:
    """A level that bounds nothing is shown as null."""
    return LevelOut(value).data if value else None


class MetricOut(serializers.Serializer):
    """One KPI as the catalogue defines it."""

    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    formula = serializers.CharField()
    unit = serializers.ChoiceField(
        choices=[unit.value for unit in Unit],
        help_text=_("Shares are fractions between 0 and 1."),
    )
    better = serializers.ChoiceField(choices=[better.value for better in Better])
    grain = serializers.ChoiceField(choices=[grain.value for grain in Grain])
    area = serializers.ChoiceField(choices=[area.value for area in Area])
    target = serializers.SerializerMethodField()
    target_note = serializers.CharField(allow_blank=True)
    warning = serializers.SerializerMethodField(
        help_text=_("A value outside it is a warning.")
    )
    benchmarks = serializers.SerializerMethodField(
        help_text=_("Targets by stage of a company.")
    )
    filters = serializers.SerializerMethodField(
        help_text=_("Parameters that narrow this figure; null: see its error message.")
    )

    @extend_schema_field(LevelOut(allow_null=True))
    def get_target(self, metric: Metric) -> Any:
        return level(metric.target)

    @extend_schema_field(LevelOut(allow_null=True))
    def get_warning(self, metric: Metric) -> Any:
        return level(metric.warning)

    @extend_schema_field(serializers.DictField(child=LevelOut()))
    def get_benchmarks(self, metric: Metric) -> Any:
        return {stage: LevelOut(held).data for stage, held in metric.benchmarks.items()}

    @extend_schema_field(
        serializers.ListField(child=serializers.CharField(), allow_null=True)
    )
    def get_filters(self, metric: Metric) -> Any:
        if not metric.segment:
            return None
        return sorted(segment_kind(metric.segment).dimensions)


class FigureOut(serializers.Serializer):
    """A metric's value over one period, exactly as pages and exports show it."""

    metric = serializers.CharField()
    start = serializers.DateField(help_text=_("First day, UTC."))
    end = serializers.DateField(help_text=_("Last day inside, UTC."))
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.FloatField(
        allow_null=True, help_text=_("Null when nothing was there to measure.")
    )
    n = serializers.IntegerField(help_text=_("Facts under the figure."))
    hits = serializers.IntegerField(
        allow_null=True, help_text=_("The numerator of a share.")
    )
    low = serializers.FloatField(
        allow_null=True, help_text=_("Lower bound of the 95 % interval.")
    )
    high = serializers.FloatField(
        allow_null=True, help_text=_("Upper bound of the 95 % interval.")
    )
    target = LevelOut(allow_null=True)
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])


def figure_shown(metric: Metric, period: Period, figure: Figure) -> dict[str, Any]:
    """Return the JSON of one figure."""
    return {
        "metric": metric.code,
        "start": period.start.isoformat(),
        "end": period.last.isoformat(),
        "unit": metric.unit.value,
        "value": figure.value,
        "n": figure.n,
        "hits": figure.hits,
        "low": figure.low,
        "high": figure.high,
        "target": level(figure.target or metric.target),
        "verdict": metric.judge(figure).value,
    }
