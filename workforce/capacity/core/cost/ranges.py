"""How sure a result is when its inputs are ranges, and which input moves it most."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.cost.definitions import Definition
from workforce.capacity.core.cost.evaluation import checked, complete, work
from workforce.capacity.core.cost.formulas import DEFINITIONS

MOST_CORNERS = 12
"""Ranges up to which all corners are tried: 2¹² = 4,096 sums."""

DRAWS = 20_000
SHARE = 0.90
CHANGE = 0.10

Ranges = Mapping[str, tuple[float, float]]

# How a line depends on one input while the others stand still.
_NOT, _STRAIGHT, _ONE_WAY, _ANY = range(4)


@dataclass(frozen=True)
class Interval:
    """Where a result lies.

    ``share`` is 1.0 for the exact extremes (``n`` corners tried) and 0.9 for the middle
    nine tenths of ``n`` seeded draws, in which each input is equally likely anywhere in
    its range. Bounds may be infinite (never); NaN when a corner is not defined.
    """

    low: float
    high: float
    is_exact: bool
    share: float
    n: int


@dataclass(frozen=True)
class Swing:
    """One input from its low to its high value, and the result at both."""

    key: str
    low: float
    high: float
    result_low: float
    result_high: float

    @property
    def size(self) -> float:
        return abs(self.result_high - self.result_low)


def interval(
    kind: str,
    inputs: Mapping[str, float | None],
    ranges: Ranges,
    *,
    result: str = "",
    seed: int = 1,
) -> Interval | None:
    """Return where a line lies while some inputs are ranges; ``None`` without any.

    Exact by trying every corner where the line rises or falls all the way in each ranged
    input, which the formula's text shows, and there are at most ``MOST_CORNERS`` of
    them. Else simulated.

    Raises
    ------
    InputRefused
        As ``evaluate``, also for a range whose ends are out of the input's limits.
    ValueError
        For a range whose low end is above its high end.
    """
    definition = DEFINITIONS[kind]
    values = complete(definition, inputs)
    spread = _checked_ranges(definition, ranges)
    if not spread:
        return None
    key = result or definition.result
    if len(spread) <= MOST_CORNERS and is_one_way(definition, key, spread):
        columns = np.array(list(product(*spread.values())), "f8").T
    else:
        columns = _draws(spread, seed)
    is_exact = columns.shape[1] == 2 ** len(spread)
    found = work(definition, {**values, **dict(zip(spread, columns, strict=True))})[key]
    return _bounds(found, columns.shape[1], is_exact=is_exact)


def swings(
    kind: str, inputs: Mapping[str, float | None], ranges: Ranges
) -> list[Swing]:
    """Return what each input does to the result by itself, the largest first.

    An input without a range moves by ``CHANGE`` (a tenth) either way, within its limits.
    Inputs that do not touch the result are left out.
    """
    definition = DEFINITIONS[kind]
    values = complete(definition, inputs)
    spread = _checked_ranges(definition, ranges)
    rows = [
        _swing(
            definition, values, key, *spread.get(key, _tenth(definition, key, value))
        )
        for key, value in values.items()
    ]
    # “Never” on one side only is the largest swing of all; on both sides it is none.
    moved = [row for row in rows if row.size > 0]
    # Rounded, so that equal swings keep the order of the inputs.
    return sorted(moved, key=lambda row: -round(row.size, 6))


def is_one_way(definition: Definition, key: str, names: Iterable[str]) -> bool:
    """Tell whether a line rises or falls all the way in each of these inputs.

    Read from the formula's text, so never true by luck: an input that comes in twice in
    a way that may bend answers no.
    """
    return all(_dependence(definition, key, name) != _ANY for name in names)


def _dependence(definition: Definition, key: str, name: str) -> int:
    known = {each.key: _NOT for each in definition.inputs} | {name: _STRAIGHT}
    for step in definition.steps:
        known[step.key] = _kind(step.expression.tree, known)
    return known[key]


def _kind(node: ast.expr, known: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.Constant):
        return _NOT
    if isinstance(node, ast.BinOp):
        return _kind_of_sum(node, known)
    arguments = [_kind(each, known) for each in node.args]  # type: ignore[attr-defined]
    moving = [each for each in arguments if each != _NOT]
    if not moving:
        return _NOT
    return _ONE_WAY if len(moving) == 1 and moving[0] != _ANY else _ANY


def _kind_of_sum(node: ast.BinOp, known: Mapping[str, int]) -> int:
    left, right = _kind(node.left, known), _kind(node.right, known)
    if isinstance(node.op, ast.Div):
        if right == _NOT:
            return left
        # A straight line over a straight line is a hyperbola: one way, as every
        # denominator of the formulas stays above zero.
        return _ONE_WAY if right == _STRAIGHT and left <= _STRAIGHT else _ANY
    if _NOT in (left, right):
        return max(left, right)
    is_sum = isinstance(node.op, ast.Add | ast.Sub)
    return _STRAIGHT if is_sum and left == right == _STRAIGHT else _ANY


def _checked_ranges(
    definition: Definition, ranges: Ranges
) -> dict[str, tuple[float, float]]:
    complete(definition, dict.fromkeys(ranges))
    known = definition.by_key
    found = {}
    for key, (low, high) in ranges.items():
        if checked(known[key], low) > checked(known[key], high):
            raise ValueError(f"{key}: {low} is above {high}")
        if low < high:
            found[key] = (float(low), float(high))
    return found


def _draws(spread: Ranges, seed: int) -> np.ndarray:
    """Return one row an input; the same draws for the same ranges and seed."""
    random = np.random.default_rng(seed)
    ends = np.array(list(spread.values()), "f8")
    found: NDArray[np.float64] = (
        ends[:, :1] + random.random((len(ends), DRAWS)) * np.ptp(ends, axis=1)[:, None]
    )
    return found


def _bounds(found: np.ndarray, n: int, *, is_exact: bool) -> Interval:
    if np.isnan(found).any():
        return Interval(np.nan, np.nan, is_exact, 1.0 if is_exact else SHARE, n)
    if is_exact:
        return Interval(float(found.min()), float(found.max()), True, 1.0, n)
    tail = (1 - SHARE) / 2
    # "nearest" picks a drawn value: between a number and never nothing lies.
    low, high = np.quantile(found, [tail, 1 - tail], method="nearest")
    return Interval(float(low), float(high), False, SHARE, n)


def _tenth(definition: Definition, key: str, value: float) -> tuple[float, float]:
    limits = definition.by_key[key]
    low, high = sorted((value * (1 - CHANGE), value * (1 + CHANGE)))
    return max(low, limits.low), min(high, limits.high)


def _swing(
    definition: Definition,
    values: Mapping[str, float],
    key: str,
    low: float,
    high: float,
) -> Swing:
    pair = work(definition, {**values, key: np.array([low, high])})[definition.result]
    ends = np.broadcast_to(pair, 2)
    return Swing(key, low, high, float(ends[0]), float(ends[1]))
