"""What fields of decisions offer: metrics with their units, what narrows a figure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from supportops.metrics import catalogue
from supportops.metrics.catalogue import Metric, Unit
from supportops.metrics.registry import segment_kind
from tickets.models import Channel, CustomerTier, Priority
from workforce.people.models import Team

# How a threshold is typed: the factor from the catalogue's unit, and what it is then in.
TYPED: dict[Unit, tuple[float, Any]] = {
    Unit.SHARE: (100.0, "%"),
    Unit.SECONDS: (1 / 3600, "h"),
}


def typed_factor(code: str) -> float:
    """The factor from a metric's own unit to the one that is typed."""
    try:
        return TYPED.get(catalogue.get(code).unit, (1.0, ""))[0]
    except KeyError:
        return 1.0


def metric_choices() -> list[tuple[str, str]]:
    """Every metric by name, with the unit that its threshold is typed in."""
    return [(metric.code, _metric_label(metric)) for metric in catalogue.all()]


def _metric_label(metric: Metric) -> str:
    unit = TYPED.get(metric.unit, (1.0, ""))[1]
    if metric.unit is Unit.POINTS:
        unit = _("points of 100")
    return f"{metric.name} ({unit})" if unit else str(metric.name)


@dataclass(frozen=True)
class Narrowing:
    """What a trigger can be narrowed by: dimension to choices, read once a page."""

    by: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls) -> "Narrowing":
        def named(model: Any) -> list[tuple[str, str]]:
            rows = model.objects.order_by("name").values_list("pk", "name")
            return [("", _("any")), *((str(pk), name) for pk, name in rows)]

        return cls(
            {
                "channel": named(Channel),
                "team": named(Team),
                "tier": named(CustomerTier),
                "priority": [("", _("any")), *Priority.choices],
            }
        )


def can_be_narrowed(code: str, dimension: str) -> bool:
    """Tell whether the facts of a metric have this dimension."""
    try:
        metric = catalogue.get(code)
    except KeyError:
        return False
    return not metric.segment or dimension in segment_kind(metric.segment).dimensions
