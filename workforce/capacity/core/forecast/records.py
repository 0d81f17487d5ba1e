"""What goes into a forecast besides volumes, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Moments = NDArray[np.datetime64]

LEVELS = (80, 95)
"""Percent of actual values that an interval is meant to hold."""

BEST, RECIPE = "best", "recipe"
SEEDS = (
    "historical_average",
    "trend",
    "seasonal",
    "moving_average",
    "regression",
)
"""The five methods a planner knows by name, each of which is one member."""

METHODS = (*SEEDS, RECIPE)
"""Every method that a backtest compares."""

EXCLUDE, ADJUST, REPEAT = "exclude", "adjust", "repeat"
TREATMENTS = (EXCLUDE, ADJUST, REPEAT)


@dataclass(frozen=True)
class CalendarEvent:
    """One occurrence of something that moves volume; occurrences share a ``key``.

    Attributes
    ----------
    first, last : date
        Both included.
    treatment : {"exclude", "adjust", "repeat"}
        What is done with its past days: they are left out; the stated percentage is
        taken out of them; their change is learnt and repeated on coming occurrences.
    percent : float or None
        +50 means half as much again. Applied to coming days of "adjust" and "repeat";
        without it a "repeat" applies what was learnt.

    Raises
    ------
    ValueError
        For days out of order, an unknown treatment, a percentage below -100 or not
        finite, or an "adjust" without one.
    """

    key: str
    first: date
    last: date
    treatment: str = REPEAT
    percent: float | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"event {self.key!r} ends before it starts")
        if self.treatment not in TREATMENTS:
            raise ValueError(
                f"event {self.key!r}: treatment {self.treatment!r} is not one of "
                + ", ".join(TREATMENTS)
            )
        if self.percent is not None and not -100 <= self.percent < np.inf:
            raise ValueError(
                f"event {self.key!r}: percent must be a number of at least -100"
            )
        if self.treatment == ADJUST and self.percent is None:
            raise ValueError(f"event {self.key!r}: say by how many percent to adjust")


@dataclass(frozen=True)
class Outlier:
    """A one-off day and what training took in its place."""

    day: date
    actual: float
    expected: float


@dataclass(frozen=True)
class EventEffect:
    """What past days of an event taught: the change in percent, from ``n`` days."""

    percent: float
    n: int


@dataclass(frozen=True)
class Figures:
    """How one method did over past origins.

    Attributes
    ----------
    wape, day_wape : float
        Sum of absolute errors over sum of actual volume, of intervals and of days.
    bias : float
        Signed share of actual volume; above zero the forecast was too high.
    mase : float
        Mean absolute error over that of last week's same interval in training.
    coverage : dict of int to float
        Share of intervals inside the 80 and the 95 % bounds.
    seconds : float
        Time for one forecast.
    origins : int
        How many past days it was forecast from.
    """

    wape: float
    day_wape: float
    bias: float
    mase: float
    coverage: dict[int, float]
    seconds: float
    origins: int


@dataclass(frozen=True)
class Backtest:
    """Figures of each method over the same past origins.

    ``horizon`` counts open days ahead; ``day_coverage`` is by method and level for
    whole days. ``best`` has the lowest WAPE of those that lean little, or is the recipe
    when that is within 5 % of it (see `engine.best_of`).
    """

    origins: int
    horizon: int
    methods: dict[str, Figures]
    noise_floor: float
    best: str
    day_coverage: dict[str, dict[int, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; what is not a number becomes None."""
        plain: dict[str, Any] = _json_ready(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Backtest":
        """Return what `to_dict` wrote, also after a trip through JSON."""
        return cls(
            origins=int(stored["origins"]),
            horizon=int(stored["horizon"]),
            methods={
                name: _figures(entry) for name, entry in stored["methods"].items()
            },
            noise_floor=_number(stored["noise_floor"]),
            best=str(stored["best"]),
            day_coverage={
                name: _by_level(entry)
                for name, entry in stored.get("day_coverage", {}).items()
            },
        )


@dataclass(frozen=True)
class Forecast:
    """Expected volume by interval and by day, with bounds.

    Attributes
    ----------
    timestamps : datetime64[s], shape (h,)
        Local starts of the coming open intervals, ascending.
    mean : float64, shape (h,)
        Expected volume, never below 0.
    lower, upper : dict of int to float64 of shape (h,)
        Bounds at 80 and 95 %; ``lower <= mean <= upper`` and 80 lies within 95.
    days : datetime64[D], shape (d,)
    day_mean : float64, shape (d,)
        The sum of the means of the day's intervals.
    day_lower, day_upper : dict of int to float64 of shape (d,)
        Calibrated on errors of whole days: errors of intervals partly cancel, so these
        are not sums of the interval bounds.
    method : str
        The method used, which differs from "best" and, on short history, from the one
        asked for.
    weights : dict of str to float
        Share of each member in the mean; sums to 1.
    outliers : tuple of Outlier
        Days that training replaced.
    notes : tuple of str
        Codes of what was noticed: ``short_history``, ``low_volume``, ``gaps``,
        ``outliers``, ``level_shift``, ``drop_suspected``, ``rise_suspected``,
        ``no_full_year``, ``method_unavailable``, ``all_zero``, ``partial_day``,
        ``leading_zeros``, ``unknown_slots``, ``unseen_weekdays``.
    history_days : int
        Days that were learnt from.
    noise_floor : float
        WAPE of a perfect forecast if arrivals are Poisson with this mean.
    events : dict of str to EventEffect
        What past occurrences taught.
    backtest : Backtest or None
        Every method over past origins of this very history, bounds judged by the other
        origins; None when there is too little history for a single origin.
    """

    timestamps: Moments
    mean: Floats
    lower: dict[int, Floats]
    upper: dict[int, Floats]
    days: Moments
    day_mean: Floats
    day_lower: dict[int, Floats]
    day_upper: dict[int, Floats]
    method: str
    weights: dict[str, float]
    outliers: tuple[Outlier, ...]
    notes: tuple[str, ...]
    history_days: int
    noise_floor: float
    events: dict[str, EventEffect]
    backtest: Backtest | None


def _json_ready(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _json_ready(entry) for key, entry in value.items()}
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _by_level(stored: Mapping[Any, float | None]) -> dict[int, float]:
    return {int(level): _number(share) for level, share in stored.items()}


def _figures(stored: Mapping[str, Any]) -> Figures:
    return Figures(
        wape=_number(stored["wape"]),
        day_wape=_number(stored["day_wape"]),
        bias=_number(stored["bias"]),
        mase=_number(stored["mase"]),
        coverage=_by_level(stored["coverage"]),
        seconds=_number(stored["seconds"]),
        origins=int(stored["origins"]),
    )
