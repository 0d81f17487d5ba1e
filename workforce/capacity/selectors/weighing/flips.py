"""Scenario ranges of a decision: low, base and high, and where the preference flips."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from workforce.capacity.core.options import Measure, Plan, Setting, evaluate
from workforce.capacity.core.options.drivers import driver_of
from workforce.capacity.core.tipping import Stretch, tipping
from workforce.capacity.models import Decision, DecisionInput
from workforce.capacity.selectors.weighing.setting import Gathered, typed_factor_of
from workforce.capacity.selectors.weighing.wanted import COST_KEYS, WANTED

USUAL = (
    "tickets_per_week",
    "handle_minutes",
    "automation_success",
    "cost_per_fte_week",
)
"""Drivers looked at even when nobody typed a range; then 30 % either way."""
MOST_DRIVERS = 6
EITHER_WAY = 0.3
KEPT_POINTS = 25


def flips_of(decision: Decision, held: Gathered) -> list[dict[str, Any]]:
    """Compute every scenario of a decision, plain values only, in typed units."""
    if held.setting is None:
        return []
    rows = {row.key: row for row in decision.inputs.all()}
    return [
        _scenario(held.setting, held.plans, key, rows)
        for key in drivers_of(held.setting, held.plans)
    ]


def drivers_of(setting: Setting, plans: Sequence[Plan]) -> list[str]:
    """The drivers with a range, then the usual ones: those that can move anything."""
    ranged = [
        key
        for key in setting.keys
        if not setting.range_of(key).is_sure and not key.startswith("csat_")
    ]
    automates = any(plan.automation for plan in plans)
    usual = [
        key
        for key in USUAL
        if key not in ranged and (automates or key != "automation_success")
    ]
    found = [*ranged, *usual]
    found.sort(key=lambda key: USUAL.index(key) if key in USUAL else len(USUAL))
    return [key for key in found if setting.range_of(key).value > 0][:MOST_DRIVERS]


def ends_of(setting: Setting, key: str) -> tuple[float, float, bool]:
    """The range a driver is looked at over, and whether somebody typed it."""
    held, driver = setting.range_of(key), driver_of(key)
    low = held.value * (1 - EITHER_WAY) if not held.down else held.value - held.down
    high = held.value * (1 + EITHER_WAY) if not held.up else held.value + held.up
    if driver.is_share:
        high = min(1.0, high)
    return max(0.0, low), high, not held.is_sure


def _scenario(
    setting: Setting,
    plans: Sequence[Plan],
    key: str,
    rows: dict[str, DecisionInput],
) -> dict[str, Any]:
    low, high, is_typed = ends_of(setting, key)
    found = tipping(setting, plans, key, low, high, points=2 * KEPT_POINTS - 1)
    factor, unit = typed_factor_of(key, rows)
    base = setting.range_of(key).value
    row, wanted = rows.get(key), WANTED.get(key)
    return {
        "key": key,
        "name": row.name if row else str(wanted.name) if wanted else key,
        "unit": unit,
        "is_cost": key in COST_KEYS,
        "is_typed": is_typed,
        "letters": [plan.letter for plan in plans],
        "points": _plain(found.points[::2] * factor),
        "cost": [_plain(line[::2]) for line in found.cost],
        "hours": [_plain(line[::2]) for line in found.hours],
        "cheapest": _stretches(found.cheapest, plans, factor),
        "fastest": _stretches(found.fastest, plans, factor),
        "cases": _cases(setting, plans, key, (low, base, high), factor),
    }


def _stretches(
    found: Sequence[Stretch], plans: Sequence[Plan], factor: float
) -> list[dict[str, Any]]:
    return [
        {
            "low": _round(each.low * factor),
            "high": _round(each.high * factor),
            "letter": plans[each.best].letter,
        }
        for each in found
    ]


def _cases(
    setting: Setting,
    plans: Sequence[Plan],
    key: str,
    at: tuple[float, float, float],
    factor: float,
) -> list[dict[str, Any]]:
    """Results of every option at the low end, the value and the high end."""
    values = np.array(at)
    found = evaluate(setting, plans, {key: values})
    shape = (len(plans), len(values))
    tables = {
        measure.value: np.broadcast_to(measure.of(found), shape) for measure in Measure
    }
    names = ("low", "base", "high")
    return [
        {
            "case": names[place],
            "at": _round(float(value) * factor),
            **{name: _plain(table[:, place]) for name, table in tables.items()},
        }
        for place, value in enumerate(values)
    ]


def _round(value: float) -> float:
    return float(f"{value:.8g}")


def _plain(values: Any) -> list[float]:
    return [_round(float(value)) for value in values]


# In words ---------------------------------------------------------------------------------


def flip_words(scenario: dict[str, Any], amount: Any) -> list[str]:
    """Say which option costs least and which is fastest, stretch by stretch."""
    cuts = sorted(
        {
            each["low"]
            for name in ("cheapest", "fastest")
            for each in scenario.get(name, ())[1:]
        }
    )
    ends = [None, *cuts, None]
    found = []
    for low, high in pairwise(ends):
        cheap = _holder(scenario.get("cheapest"), low)
        fast = _holder(scenario.get("fastest"), low)
        where = _where(low, high, lambda value: amount(value, scenario["unit"]))
        found.append(_stretch_words(where, cheap, fast))
    return found


def _holder(stretches: Any, low: float | None) -> str:
    """The letter that holds from a cut on; empty for a measure that is not shown."""
    if not stretches:
        return ""
    letter = stretches[0]["letter"]
    for each in stretches[1:]:
        if low is not None and each["low"] <= low:
            letter = each["letter"]
    return str(letter)


def _where(low: float | None, high: float | None, text: Any) -> str:
    if low is None and high is None:
        return _("Over the whole range")
    if low is None:
        return _("Up to %(high)s") % {"high": text(high)}
    if high is None:
        return _("Above %(low)s") % {"low": text(low)}
    return _("From %(low)s to %(high)s") % {"low": text(low), "high": text(high)}


def _stretch_words(where: str, cheap: str, fast: str) -> str:
    names = {"where": where, "cheap": cheap, "fast": fast}
    if cheap and cheap == fast:
        return _("%(where)s %(cheap)s is fastest and costs least.") % names
    if cheap and fast:
        return _("%(where)s %(cheap)s costs least and %(fast)s is fastest.") % names
    if fast:
        return _("%(where)s %(fast)s is fastest.") % names
    return _("%(where)s %(cheap)s costs least.") % names
