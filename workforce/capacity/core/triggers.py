"""Whether a trigger fires for a figure, and how often it would have fired.

A trigger fires only when there are enough facts and, where the figure has a 95 %
interval, when the whole interval lies beyond the threshold: a value that luck alone may
have carried across reopens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a figure stands to a threshold, from the worst to the best."""

    CROSSED = "CROSSED"
    UNSURE = "UNSURE"
    TOO_FEW = "TOO_FEW"
    CLEAR = "CLEAR"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure as it was read: value, number of facts, 95 % interval where it has one."""

    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When a trigger fires.

    Parameters
    ----------
    threshold : float
        In the unit of the metric.
    above : bool
        Whether it fires above the threshold; below it otherwise.
    minimum_n : int
        Facts that must stand behind the figure.
    """

    threshold: float
    above: bool
    minimum_n: int = 0

    def is_beyond(self, value: float) -> bool:
        """Tell whether a value lies beyond; the threshold itself does not."""
        return value > self.threshold if self.above else value < self.threshold

    def distance(self, value: float) -> float:
        """How far a value is from firing; negative once it is beyond."""
        gap = self.threshold - value
        return gap if self.above else -gap


def standing(rule: Rule, reading: Reading) -> Standing:
    """Say how a figure stands to a trigger.

    Parameters
    ----------
    rule : Rule
    reading : Reading

    Returns
    -------
    Standing
        ``CROSSED`` fires. ``UNSURE`` is beyond the threshold with an interval that is
        not; ``TOO_FEW`` is beyond with fewer facts than asked for.

    Examples
    --------
    >>> rule = Rule(threshold=0.05, above=True, minimum_n=20)
    >>> standing(rule, Reading(0.09, n=100, low=0.048, high=0.163))
    <Standing.UNSURE: 'UNSURE'>
    >>> standing(rule, Reading(0.09, n=400, low=0.066, high=0.122))
    <Standing.CROSSED: 'CROSSED'>
    """
    if reading.value is None:
        return Standing.UNKNOWN
    if not rule.is_beyond(reading.value):
        return Standing.CLEAR
    if reading.n < rule.minimum_n:
        return Standing.TOO_FEW
    nearest = reading.low if rule.above else reading.high
    if nearest is not None and not rule.is_beyond(nearest):
        return Standing.UNSURE
    return Standing.CROSSED


def firings(rule: Rule, readings: Sequence[Reading]) -> list[int]:
    """Find where a trigger would have fired.

    Having fired, it is armed again by the first reading that is clear: a crossing that
    lasts counts once. (A real one is armed again when the next version is approved.)

    Parameters
    ----------
    rule : Rule
    readings : sequence of Reading, length n
        In order of time.

    Returns
    -------
    list of int
        Indexes at which it would have fired.
    """
    found: list[int] = []
    is_armed = True
    for index, reading in enumerate(readings):
        stands = standing(rule, reading)
        if stands is Standing.CROSSED and is_armed:
            found.append(index)
            is_armed = False
        elif stands is Standing.CLEAR:
            is_armed = True
    return found
