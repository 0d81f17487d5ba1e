"""Error, bias and coverage of a forecast at one grain, and a word for them.

The thresholds of the words are those of one vendor's guide (5, 7, 10 and 15 % are
excellent by month, week, day and interval; 10, 15, 20 and 30 % a problem). Chance alone
puts a small queue beyond them, so what is judged is the error beyond chance: errors that
do not depend on each other add up in squares, hence the root of WAPE² − floor².
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from workforce.capacity.core.accuracy import bias, coverage, noise_floor, wape
from workforce.capacity.core.judging.sums import Judged

GRAINS = ("month", "week", "day", "interval")

EXCELLENT = {"month": 0.05, "week": 0.07, "day": 0.10, "interval": 0.15}
PROBLEM = {"month": 0.10, "week": 0.15, "day": 0.20, "interval": 0.30}
LEAN = (0.05, 0.10)
"""Bias beyond chance from which a forecast is no better than usable, and a problem."""
HELD = (0.88, 0.75)
"""Share held by a 95 % band, below which the same is said; from ``HELD_LEAST`` entries."""
HELD_LEAST = 28
LEAST = {"month": 2, "week": 4, "day": 10, "interval": 40}
"""How many entries a verdict needs."""


class Verdict(StrEnum):
    UNKNOWN = "unknown"
    EXCELLENT = "excellent"
    CHANCE = "chance"
    USABLE = "usable"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Figures:
    """One forecast's record at one grain; shares are 0 to 1, ``None`` is unknown.

    ``bias`` is positive where the forecast was too high. ``floor`` is the WAPE that
    chance alone leaves to a perfect forecast. ``beyond`` is the error beyond chance.
    """

    grain: str
    n: int
    actual: float
    expected: float
    wape: float | None
    bias: float | None
    covered80: float | None
    covered95: float | None
    floor: float | None
    beyond: float | None
    verdict: Verdict


def verdict_of(
    grain: str, n: int, error: float | None, beyond: float | None
) -> Verdict:
    """Return the word for an error beyond chance.

    A forecast whose error is for the most part chance (more than half of its square) is
    told apart: its plain error is large, yet no method would do much better.
    """
    if error is None or beyond is None or n < LEAST[grain]:
        return Verdict.UNKNOWN
    if error < EXCELLENT[grain]:
        return Verdict.EXCELLENT
    if beyond < EXCELLENT[grain] and 2 * beyond**2 < error**2:
        return Verdict.CHANCE
    return Verdict.USABLE if beyond <= PROBLEM[grain] else Verdict.PROBLEM


def held_back(verdict: Verdict, lean: float, held: float | None) -> Verdict:
    """Return the word no better than a lean and a band allow.

    ``lean`` is the bias beyond chance, without sign; ``held`` the share of entries in
    the 95 % band, ``None`` where too few are known. A small error on average is little
    use where each day is off to the same side, or where the band promises too much.
    """
    if verdict is Verdict.UNKNOWN:
        return verdict
    share = 1.0 if held is None else held
    if lean > LEAN[1] or share < HELD[1]:
        return Verdict.PROBLEM
    if verdict is not Verdict.PROBLEM and (lean > LEAN[0] or share < HELD[0]):
        return Verdict.USABLE
    return verdict


def figures(judged: Judged, grain: str) -> Figures:
    """Return the record of entries at a grain (month, week, day or interval).

    Shares need something to be shares of: without any actual contact they are ``None``.
    """
    n, actual, expected = len(judged), judged.actual.sum(), judged.mean.sum()
    error = float(wape(judged.actual, judged.mean)) if actual > 0 else None
    floor = float(noise_floor(judged.mean)) if expected > 0 else None
    beyond = None
    if error is not None:
        beyond = sqrt(max(0.0, error**2 - (floor or 0.0) ** 2))
    leaning = float(bias(judged.actual, judged.mean)) if actual > 0 else None
    held = _covered(judged, 95)
    word = held_back(
        verdict_of(grain, n, error, beyond),
        # Chance moves a sum of that many contacts by one in its root.
        sqrt(max(0.0, (leaning or 0.0) ** 2 - (1 / expected if expected > 0 else 0.0))),
        held if n >= HELD_LEAST else None,
    )
    return Figures(
        grain=grain,
        n=n,
        actual=float(actual),
        expected=float(expected),
        wape=error,
        bias=leaning,
        covered80=_covered(judged, 80),
        covered95=held,
        floor=floor,
        beyond=beyond,
        verdict=word,
    )


def _covered(judged: Judged, percent: int) -> float | None:
    if not len(judged):
        return None
    low, high = getattr(judged, f"low{percent}"), getattr(judged, f"high{percent}")
    return float(coverage(judged.actual, low, high))
