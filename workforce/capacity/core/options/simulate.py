"""Intervals of an option's results, and how sure it is that one is the best."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workforce.capacity.core.options.drivers import Floats, Plan, Setting, driver_of
from workforce.capacity.core.options.model import Outcome, central, evaluate

DRAWS = 2_000
TOLD_APART = 0.8
"""So sure one must be that an option is the best to say that it is."""
SEED = 20_260
_SAME = 1e-9


class Measure(StrEnum):
    """What options are compared by, with the direction that is better."""

    VOLUME = "VOLUME"
    RESOLUTION = "RESOLUTION"
    CSAT = "CSAT"
    COST = "COST"

    @property
    def more_is_better(self) -> bool:
        return self in (Measure.VOLUME, Measure.CSAT)

    def of(self, outcome: Outcome) -> Floats:
        found: Floats = {
            Measure.VOLUME: outcome.handled,
            Measure.RESOLUTION: outcome.hours,
            Measure.CSAT: outcome.csat,
            Measure.COST: outcome.cost,
        }[self]
        return found


@dataclass(frozen=True, slots=True)
class Interval:
    """A result at the inputs' values, and where eight of ten draws lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Results of all plans, in their order.

    Attributes
    ----------
    outcome : Outcome
        Every driver at its value, arrays of shape (plans, 1).
    intervals : dict of str to list of Interval
        By name of an attribute of `Outcome`.
    best : dict of Measure to ndarray, shape (plans,)
        Share of the draws in which a plan is the best; ties share.
    """

    outcome: Outcome
    intervals: dict[str, list[Interval]]
    best: dict[Measure, Floats]

    def leaders(self, measure: Measure) -> list[int]:
        """Return the plans that may be the best: one, or several not told apart.

        One when it is the best in at least 80 % of the draws, else every plan that is
        in at least 10 %.
        """
        shares = self.best[measure]
        first = int(np.argmax(shares))
        if shares[first] >= TOLD_APART:
            return [first]
        return [place for place, share in enumerate(shares) if share >= 0.1]


SHOWN = (
    "handled", "people", "automated", "left", "hours", "live_wait", "deferred_wait",
    "csat", "cost", "cost_each", "work", "busy",
)  # fmt: skip


def simulate(
    setting: Setting, plans: Sequence[Plan], *, draws: int = DRAWS, seed: int = SEED
) -> Comparison:
    """Compute every plan under the same draws of the inputs.

    Parameters
    ----------
    setting : Setting
    plans : sequence of Plan
        At least one.
    draws : int
        At least 1.
    seed : int
        The same seed gives the same draws; each driver draws from a stream of its own,
        so that a further uncertain input leaves the draws of the others as they were.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        Without a plan, or for one that does not fit the setting.
    """
    if not plans or draws < 1:
        raise ValueError("at least one plan and one draw are needed")
    drawn = evaluate(setting, plans, draw(setting, draws, seed))
    middle = central(setting, plans)
    intervals = {
        name: _intervals(getattr(middle, name)[:, 0], getattr(drawn, name))
        for name in SHOWN
    }
    best = {measure: _best(measure, drawn, draws) for measure in Measure}
    return Comparison(middle, intervals, best)


def draw(setting: Setting, draws: int, seed: int) -> dict[str, Floats]:
    """Draw every uncertain driver, shape (draws,); pairs mirrored at the median."""
    found = {}
    for key in setting.keys:
        held = setting.range_of(key)
        if held.is_sure:
            continue
        stream = np.random.default_rng([seed, zlib.crc32(key.encode())])
        half = stream.standard_normal(-(-draws // 2))
        normal = np.concatenate([half, -half])[:draws]
        found[key] = held.at(stream.permutation(normal), driver_of(key))
    return found


def _intervals(middle: Floats, drawn: Floats) -> list[Interval]:
    found = []
    for value, row in zip(middle, drawn, strict=True):
        is_known = bool(np.isfinite(row).all())
        low, high = np.quantile(row, [0.1, 0.9]) if is_known else (np.nan, np.nan)
        found.append(Interval(float(value), float(low), float(high)))
    return found


def _best(measure: Measure, drawn: Outcome, draws: int) -> Floats:
    values = measure.of(drawn)
    values = np.broadcast_to(values, (len(values), draws if values.shape[1] > 1 else 1))
    sign = -1.0 if measure.more_is_better else 1.0
    lowest = (sign * values).min(axis=0)
    is_best = sign * values <= lowest + _SAME * (1.0 + np.abs(lowest))
    share: Floats = (is_best / is_best.sum(axis=0)).mean(axis=1)
    return share
