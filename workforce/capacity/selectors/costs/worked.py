"""A calculation worked out: every input with its source, every line in words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workforce.capacity.core import cost
from workforce.capacity.core.cost import DEFINITIONS, Interval, Line, Swing, Worked
from workforce.capacity.models import Calculation
from workforce.capacity.selectors.costs import phrases
from workforce.capacity.selectors.costs.amounts import amount, number, plain
from workforce.capacity.selectors.costs.facts import Fact, measured
from workforce.capacity.selectors.costs.inputs import InputValue, input_values

SWINGS_SHOWN = 6
# What a year of an agent costs, as other formulas know it.
AGENT_COSTS = {
    "salary": "agent_pay",
    "tools": "agent_tools",
    "training": "agent_training",
    "overhead": "agent_overhead",
}


@dataclass(frozen=True)
class LineWords:
    """One line as a page shows it. ``is_result`` marks the answer."""

    key: str
    name: str
    words: str
    numbers: str
    value: str
    number: float
    unit: str
    is_result: bool
    is_headline: bool


@dataclass(frozen=True)
class SwingWords:
    """One input's swing, its bounds in words; the bar in percent of the chart."""

    name: str
    low: str
    high: str
    result_low: str
    result_high: str
    left: float
    width: float


@dataclass(frozen=True)
class WorkedCalculation:
    """Everything a page, a print or an export shows of a calculation."""

    kind: str
    currency: str
    inputs: list[InputValue]
    worked: Worked
    lines: list[LineWords]
    interval: Interval | None
    swings: list[Swing]

    @property
    def answer(self) -> str:
        return amount(self.worked.value, self.worked.unit, self.currency)

    @property
    def result(self) -> LineWords:
        return next(line for line in self.lines if line.is_result)

    @property
    def headlines(self) -> list[LineWords]:
        return [line for line in self.lines if line.is_headline]

    @property
    def interval_words(self) -> str:
        """Say the interval, and how it was found."""
        if self.interval is None:
            return ""
        low, high = (
            amount(end, self.worked.unit, self.currency)
            for end in (self.interval.low, self.interval.high)
        )
        words = (
            _("%(low)s to %(high)s: the extremes of the ranges, exact (%(n)s corners)")
            if self.interval.is_exact
            else _(
                "%(low)s to %(high)s: nine in ten of %(n)s draws from the ranges, "
                "simulated with a fixed seed"
            )
        )
        return words % {"low": low, "high": high, "n": number(self.interval.n)}

    @property
    def swing_words(self) -> list[SwingWords]:
        return _swing_words(self)


def calculations() -> QuerySet[Calculation]:
    """Return all calculations, those used elsewhere first, examples last."""
    return Calculation.objects.select_related("created_by").order_by(
        "kind", "-is_reference", "is_example", "name"
    )


def facts(at: datetime) -> dict[str, Fact]:
    """Return what was measured, and what the cost per ticket used elsewhere says."""
    found = measured(at)
    row = used_elsewhere("COST_PER_TICKET")
    return found if row is None else found | _of_cost_per_ticket(row, found)


def _of_cost_per_ticket(row: Calculation, known: Mapping[str, Fact]) -> dict[str, Fact]:
    """Its result, and what an agent costs a year as far as somebody has entered it."""
    found = work_out(row, known)
    words = _("the calculation “%(name)s”") % {"name": row.name}
    values = {
        AGENT_COSTS[each.key]: each.value
        for each in found.inputs
        if each.key in AGENT_COSTS and each.origin == "TYPED"
    }
    if math.isfinite(found.worked.value) and found.worked.value > 0:
        values["cost_per_ticket"] = found.worked.value
    day = row.changed_at.date()
    return {
        name: Fact(value, words, day, currency=row.currency)
        for name, value in values.items()
    }


def worked(calculation: Calculation, at: datetime) -> WorkedCalculation:
    """Return a calculation worked out with what is known now."""
    return work_out(calculation, facts(at))


def work_out(
    calculation: Calculation,
    known: Mapping[str, Fact],
    *,
    inputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> WorkedCalculation:
    """Return a calculation worked out, with other inputs than its own where given.

    Money known in another currency is not used. A value stored before its limits were
    narrowed may be refused: ``InputRefused``.
    """
    kind, currency = calculation.kind, calculation.currency
    stored = calculation.inputs if inputs is None else inputs
    usable = {
        name: fact for name, fact in known.items() if fact.currency in ("", currency)
    }
    values = input_values(kind, stored, usable)
    numbers = {each.key: each.value for each in values}
    ranges = {each.key: each.range for each in values if each.range}
    found = cost.evaluate(kind, numbers)
    return WorkedCalculation(
        kind=kind,
        currency=currency,
        inputs=values,
        worked=found,
        lines=_lines(found, currency),
        interval=cost.interval(kind, numbers, ranges),
        swings=cost.swings(kind, numbers, ranges),
    )


def reference(kind: str, at: datetime) -> Worked | None:
    """Return the calculation that is used elsewhere, worked out; ``None`` without one."""
    found = reference_of(kind, at)
    return None if found is None else found.worked


def reference_of(kind: str, at: datetime) -> WorkedCalculation | None:
    """The same with its currency and where its inputs come from."""
    row = used_elsewhere(kind)
    return None if row is None else worked(row, at)


def used_elsewhere(kind: str) -> Calculation | None:
    """Return the calculation of a kind that other pages read; ``None`` without one."""
    return Calculation.objects.filter(kind=kind, is_reference=True).first()


def _lines(found: Worked, currency: str) -> list[LineWords]:
    definition = DEFINITIONS[found.kind]
    units = {each.key: each.unit for each in definition.inputs}
    units |= {line.key: line.unit for line in found.lines}
    values = found.inputs | found.results

    def numbers(key: str) -> str:
        return plain(values[key], units[key], currency)

    return [
        LineWords(
            key=line.key,
            name=phrases.name_of(found.kind, line.key),
            words=_shown(line, lambda key: phrases.name_of(found.kind, key)),
            numbers=_shown(line, numbers),
            value=amount(line.value, line.unit, currency),
            number=line.value,
            unit=line.unit,
            is_result=line.key == definition.result,
            is_headline=line.key in definition.headlines,
        )
        for line in found.lines
    ]


def _shown(line: Line, name: Any) -> str:
    return line.expression.shown(name, phrases.call_words)


def _swing_words(of: WorkedCalculation) -> list[SwingWords]:
    """Lay the largest swings on one scale, a hundred wide."""
    shown = [each for each in of.swings if each.size < float("inf")][:SWINGS_SHOWN]
    if not shown:
        return []
    ends = [end for each in shown for end in (each.result_low, each.result_high)]
    least, wide = min(ends), (max(ends) - min(ends)) or 1.0
    units = {each.key: each.definition.unit for each in of.inputs}
    return [
        SwingWords(
            name=phrases.name_of(of.kind, each.key),
            low=amount(each.low, units[each.key], of.currency),
            high=amount(each.high, units[each.key], of.currency),
            result_low=amount(each.result_low, of.worked.unit, of.currency),
            result_high=amount(each.result_high, of.worked.unit, of.currency),
            left=round(
                100 * (min(each.result_low, each.result_high) - least) / wide, 2
            ),
            width=round(max(100 * each.size / wide, 0.5), 2),
        )
        for each in shown
    ]
