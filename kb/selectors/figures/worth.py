"""What self-service is worth a month: as claimed, and as measured."""

from dataclasses import dataclass
from typing import Literal

from kb.core.value import Value, value
from kb.models import KnowledgeValue
from kb.selectors.figures.holdout import Measured
from kb.selectors.figures.shares import Share
from kb.selectors.figures.windows import Window

Source = Literal["typed", "counted", "example"]

EXAMPLE_VISITS, EXAMPLE_RATE, EXAMPLE_COST = 10_000, 0.35, 15.0
"""The worked example of the handbook: 10,000 × 35 % × $15 = $52,500 a month."""


@dataclass(frozen=True)
class Input:
    """One number of a formula and where it comes from."""

    value: float
    source: Source


@dataclass(frozen=True)
class Claimed:
    """Visits × the share that is said to need no ticket × cost, a month."""

    visits: Input
    rate: Input
    cost: Input
    worked: Value


@dataclass(frozen=True)
class Proven:
    """Visitors who saw suggestions × the measured effect × cost, a month."""

    visits: float
    rate: float
    worked: Value
    low: Value
    high: Value

    @property
    def amounts(self) -> tuple[float, float, float]:
        """Saved and its interval, which are written alike."""
        return self.low.saved, self.worked.saved, self.high.saved


def stored_value() -> KnowledgeValue | None:
    """Return what was typed, if anything was."""
    return KnowledgeValue.objects.select_related("changed_by").first()


def example() -> Value:
    """Return the worked example."""
    return value(EXAMPLE_VISITS, EXAMPLE_RATE, EXAMPLE_COST)


def claimed(window: Window, readers: Share, typed: KnowledgeValue | None) -> Claimed:
    """Return the claimed figure: what was typed goes before what was counted."""
    visits = _input(
        typed and typed.visits_per_month,
        readers.n / window.months if readers.n else None,
        EXAMPLE_VISITS,
    )
    rate = _input(typed and typed.deflection_rate, readers.value, EXAMPLE_RATE)
    cost = _input(typed and typed.cost_per_ticket, None, EXAMPLE_COST)
    return Claimed(visits, rate, cost, value(visits.value, rate.value, cost.value))


def _input(typed: object, counted: float | None, example: float) -> Input:
    if typed is not None:
        return Input(float(str(typed)), "typed")
    if counted is not None:
        return Input(counted, "counted")
    return Input(example, "example")


def proven(window: Window, found: Measured, cost: float) -> Proven | None:
    """Return the measured figure with its interval; ``None`` without both groups."""
    result = found.result
    if result.effect is None or result.lower is None or result.upper is None:
        return None
    visits = result.shown_forms / window.months
    worked, low, high = (
        value(visits, rate, cost)
        for rate in (result.effect, result.lower, result.upper)
    )
    return Proven(visits, result.effect, worked, low, high)
