"""Reads of costs: calculations worked out, what was measured, what is used elsewhere."""

from workforce.capacity.selectors.costs.facts import (
    Fact,
    counted,
    measured,
)
from workforce.capacity.selectors.costs.inputs import InputValue, input_values
from workforce.capacity.selectors.costs.worked import (
    LineWords,
    WorkedCalculation,
    calculations,
    facts,
    reference,
    work_out,
    worked,
)

__all__ = [
    "Fact",
    "InputValue",
    "LineWords",
    "WorkedCalculation",
    "calculations",
    "counted",
    "facts",
    "input_values",
    "measured",
    "reference",
    "work_out",
    "worked",
]
