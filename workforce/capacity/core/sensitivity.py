"""Which assumption moves the number of people most: each one up and down by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.cases import Case, full_time
from workforce.capacity.core.staffing import CHAT, Assumptions

VOLUME = "volume"
STEP = 0.1
"""How far each assumption is moved, as a share of itself, where nothing else is said."""

_ASSUMPTIONS = (
    "service_level",
    "target_seconds",
    "handle_seconds",
    "patience_seconds",
    "max_occupancy",
    "shrinkage",
)
_CHAT_ONLY = ("concurrency", "slowdown")
# Shares end here when moved: neither 0 nor 1 may be promised or had.
_MOST = {"service_level": 0.999, "max_occupancy": 1.0, "shrinkage": 0.99}


@dataclass(frozen=True, slots=True)
class Effect:
    """Full-time people with one assumption lower and higher, all else equal."""

    name: str
    low_value: float
    high_value: float
    fte_low: float
    fte_high: float
    fte_base: float

    @property
    def swing(self) -> float:
        """How far apart the three lie."""
        values = (self.fte_low, self.fte_high, self.fte_base)
        return max(values) - min(values)


def sensitivity(
    volumes: ArrayLike,
    *,
    minutes: float,
    handling: str,
    assumptions: Assumptions,
    changes: Mapping[str, tuple[float, float]] | None = None,
    weeks: float = 1.0,
) -> list[Effect]:
    """Return what moving each assumption does, the largest swing first.

    Parameters
    ----------
    volumes, minutes, handling, assumptions
        As in `staffing.requirement`.
    changes : mapping of str to (float, float), optional
        Low and high value by name; ``"volume"`` is a factor on all volumes. Without it
        every assumption that counts here moves by 10 % of itself, within its range, and
        chats at once by one.
    weeks : float
        Weeks the volumes span.

    Returns
    -------
    list of Effect
        In the order of a tornado chart; equal swings in the order of ``changes``.

    Raises
    ------
    ValueError
        For an unknown name, or a value out of range.
    """
    moved = default_changes(handling, assumptions) if changes is None else changes
    offered = np.asarray(volumes, dtype=np.float64)

    def case(name: str, value: float) -> Case:
        if name == VOLUME:
            return Case(offered * value, assumptions)
        return Case(offered, _with(assumptions, name, value))

    moves = [(name, value) for name, ends in moved.items() for value in ends]
    base, *found = full_time(
        [case(VOLUME, 1.0), *(case(*move) for move in moves)],
        minutes=minutes,
        handling=handling,
        weeks=weeks,
    )
    effects = [
        Effect(name, low, high, fte_low, fte_high, base)
        for (name, (low, high)), fte_low, fte_high in zip(
            moved.items(), found[::2], found[1::2], strict=True
        )
    ]
    return sorted(effects, key=lambda effect: -effect.swing)


def default_changes(
    handling: str, assumptions: Assumptions
) -> dict[str, tuple[float, float]]:
    """Return each assumption that counts, 10 % down and up within its range."""
    changes = {VOLUME: (1 - STEP, 1 + STEP)}
    for name in _ASSUMPTIONS:
        value = getattr(assumptions, name)
        if value:
            high = min(value * (1 + STEP), _MOST.get(name, float("inf")))
            changes[name] = (value * (1 - STEP), high)
    if handling == CHAT:
        slots = assumptions.concurrency
        changes["concurrency"] = (max(slots - 1, 1), slots + 1)
        if assumptions.slowdown:
            slower = assumptions.slowdown
            changes["slowdown"] = (slower * (1 - STEP), slower * (1 + STEP))
    return changes


def _with(assumptions: Assumptions, name: str, value: float) -> Assumptions:
    known = (*_ASSUMPTIONS, *_CHAT_ONLY, "hours_per_week")
    if name not in known:
        raise ValueError(f"unknown assumption: {name!r}")
    changed: dict[str, Any] = {name: value}
    return replace(assumptions, **changed)
