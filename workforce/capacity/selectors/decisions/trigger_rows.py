"""A trigger as the page shows it: its bound, the figure now, how far away, its past."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supportops.metrics import display
from supportops.metrics.catalogue import Figure, Metric, Unit
from supportops.metrics.scopes import today
from workforce.capacity.core.decisions import automation_rises, distinct_facts
from workforce.capacity.core.triggers import Standing, standing
from workforce.capacity.models import Decision, Trigger
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.inputs import automation_now
from workforce.capacity.selectors.decisions.narrowing import Filters, filters_of
from workforce.capacity.selectors.decisions.watching import (
    QUALITY_METRICS,
    TREND_WINDOWS,
    CannotWatch,
    figure_now,
    past_windows,
    reading_of,
    rule_of,
    rule_words,
    threshold_text,
    watched_by,
)
from workforce.people.models import User

STANDINGS: dict[str, tuple[str, str | Promise]] = {
    Standing.CROSSED: ("late", gettext_lazy("Crossed")),
    Standing.UNSURE: ("watch", gettext_lazy("Beyond, but its interval is not")),
    Standing.TOO_FEW: ("watch", gettext_lazy("Beyond, with too few facts")),
    Standing.CLEAR: ("ok", gettext_lazy("Clear")),
    Standing.UNKNOWN: ("idle", gettext_lazy("No figure")),
}


def trigger_row(trigger: Trigger, at: datetime, queues: Filters) -> dict[str, Any]:
    """Return everything about a trigger that is shown, computed now."""
    row = {
        "id": trigger.pk,
        "rule": rule_words(trigger),
        "metric": trigger.metric,
        "state": trigger.state,
        "state_name": str(trigger.get_state_display()),
        "is_guardrail": trigger.purpose == Trigger.Purpose.GUARDRAIL,
        "purpose": str(trigger.get_purpose_display()),
        "contingency": trigger.contingency,
        "minimum_n": trigger.minimum_n,
        "checked": moment_text(trigger.checked_at),
        "fired": moment_text(trigger.fired_at),
        "problem": "",
        "scope": "",
        "trend": [],
    }
    try:
        return row | _live(trigger, at, queues)
    except CannotWatch as problem:
        css, words = STANDINGS[Standing.UNKNOWN]
        return row | {"problem": str(problem), "chip": css, "standing": str(words)}


def _live(trigger: Trigger, at: datetime, queues: Filters) -> dict[str, Any]:
    what = watched_by(trigger, queues)
    end = today(at) + timedelta(days=1)
    past = past_windows(what, end=end, count=TREND_WINDOWS, at=at)
    figure = past[-1][1] if past else figure_now(what, at)
    rule = rule_of(trigger, figure, what.metric)
    stands = standing(rule, reading_of(figure))
    css, words = STANDINGS[stands]
    metric = what.metric
    return {
        "chip": css,
        "standing": str(words),
        "scope": what.words,
        "is_crossed": stands is Standing.CROSSED,
        "value": value_text(metric, figure.value),
        "threshold": threshold_text(trigger.threshold, metric),
        "threshold_value": trigger.threshold,
        "n": figure.n,
        "interval": display.interval_text(
            figure, metric.unit, display.time_words(metric)
        ),
        "distance": _distance(metric, figure, rule.distance),
        "trend": [_point(metric, day, each) for day, each in past],
    }


def value_text(metric: Metric, value: float | None) -> str:
    return display.value_text(value, metric.unit, display.time_words(metric))


def _distance(metric: Metric, figure: Figure, distance: Any) -> str:
    if figure.value is None:
        return ""
    away = distance(figure.value)
    size = abs(away)
    if metric.unit is Unit.SHARE:
        text = _("%(n).1f points") % {"n": 100 * size}
    else:
        text = value_text(metric, size)
    if away < 0:
        return _("%(size)s beyond") % {"size": text}
    return _("%(size)s away") % {"size": text}


def _point(metric: Metric, day: Any, figure: Figure) -> dict[str, Any]:
    return {
        "day": day_text(day),
        "value": figure.value,
        "text": value_text(metric, figure.value),
        "n": figure.n,
        "interval": display.interval_text(
            figure, metric.unit, display.time_words(metric)
        ),
    }


def moment_text(moment: datetime | None) -> str:
    """Write a moment with its zone, as it stays in a stored version."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{day_text(local.date())}, {local:%H:%M} {local.tzname()}"


# The section ----------------------------------------------------------------------------


def triggers_facts(decision: Decision) -> dict[str, str]:
    rows = decision.triggers.all()
    return distinct_facts((rule_words(row), _trigger_words(row)) for row in rows)


def _trigger_words(row: Trigger) -> str:
    parts = [
        _("from %(n)d facts") % {"n": row.minimum_n},
        str(row.get_purpose_display()),
        row.contingency,
        str(row.get_state_display()) if row.state == Trigger.State.OFF else "",
    ]
    return "; ".join(part for part in parts if part)


def triggers(decision: Decision, reader: User | None, at: datetime) -> dict[str, Any]:
    queues = filters_of(decision)
    return {"rows": [trigger_row(row, at, queues) for row in decision.triggers.all()]}


def triggers_missing(decision: Decision, at: datetime) -> list[str]:
    watching = [
        row for row in decision.triggers.all() if row.state != Trigger.State.OFF
    ]
    if not watching:
        return [_("a trigger that is watched")]
    if needs_guardrail(decision) and not any(_guards(row) for row in watching):
        return [
            _(
                "a quality guardrail: the chosen option automates more than is automated "
                "now, and no trigger of that purpose watches QA score, CSAT or reopen "
                "rate"
            )
        ]
    return []


def _guards(row: Trigger) -> bool:
    is_guardrail = row.purpose == Trigger.Purpose.GUARDRAIL
    return is_guardrail and row.metric in QUALITY_METRICS


def needs_guardrail(decision: Decision) -> bool:
    """Tell whether the chosen option automates more than the inputs say is automated."""
    option = decision.options.filter(letter=decision.chosen).first()
    if option is None:
        return False
    return automation_rises(automation_now(decision.inputs.all()), option.automation)
