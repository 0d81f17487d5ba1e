"""Working a formula out, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.cost.definitions import (
    Definition,
    Input,
    InputRefused,
    Unit,
)
from workforce.capacity.core.cost.expression import Expression, Number
from workforce.capacity.core.cost.formulas import DEFINITIONS


@dataclass(frozen=True)
class Line:
    """One line as it was computed. ``value`` is NaN where it is not defined."""

    key: str
    expression: Expression
    value: float
    unit: Unit


@dataclass(frozen=True)
class Worked:
    """A formula with its answer.

    ``results`` holds every line by key. NaN is undefined (a division by nothing),
    infinity means never (a saving that never pays back).
    """

    kind: str
    value: float
    unit: Unit
    inputs: dict[str, float]
    lines: tuple[Line, ...]
    results: dict[str, float]


def evaluate(kind: str, inputs: Mapping[str, float | None]) -> Worked:
    """Work one formula out.

    Parameters
    ----------
    kind : str
        A key of ``DEFINITIONS``.
    inputs : mapping of str to float or None
        Values by key; what is missing or ``None`` takes the formula's default.

    Returns
    -------
    Worked

    Raises
    ------
    KeyError
        For a kind that does not exist.
    InputRefused
        For an input that does not exist, is no finite number, or is out of its limits.
    """
    definition = DEFINITIONS[kind]
    values = complete(definition, inputs)
    found = work(definition, values)
    lines = tuple(
        Line(step.key, step.expression, float(found[step.key]), step.unit)
        for step in definition.steps
    )
    results = {line.key: line.value for line in lines}
    main = definition.step(definition.result)
    return Worked(kind, results[main.key], main.unit, values, lines, results)


def complete(
    definition: Definition, inputs: Mapping[str, float | None]
) -> dict[str, float]:
    """Return every input's value, defaults filled in. Raises ``InputRefused``."""
    known = definition.by_key
    for key in inputs:
        if key not in known:
            raise InputRefused(key)
    return {each.key: checked(each, inputs.get(each.key)) for each in definition.inputs}


def checked(each: Input, value: float | None) -> float:
    """Return the value within the input's limits, or its default for ``None``."""
    if value is None:
        return each.default
    # A comparison with NaN is false, so NaN is refused too.
    if not each.low <= value <= each.high:
        raise InputRefused(each.key, each.low, each.high)
    return float(value)


def work(
    definition: Definition, values: Mapping[str, Number]
) -> dict[str, NDArray[np.float64]]:
    """Return each line's value; inputs may be arrays of one length."""
    known: dict[str, Number] = dict(values)
    for step in definition.steps:
        known[step.key] = step.expression.value(known)
    return {step.key: np.asarray(known[step.key], "f8") for step in definition.steps}
