"""The public call: volumes in, a forecast with bounds out."""

import itertools
import time
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.accuracy import noise_floor
from workforce.capacity.core.forecast.engine import (
    Solution,
    internal_backtest,
    solve,
    usable,
)
from workforce.capacity.core.forecast.opening import Future, look_ahead, open_slots
from workforce.capacity.core.forecast.records import (
    BEST,
    LEVELS,
    METHODS,
    RECIPE,
    Backtest,
    CalendarEvent,
    Floats,
    Forecast,
    Moments,
)
from workforce.capacity.core.forecast.series import DAY, Series, as_days, read_series
from workforce.capacity.core.forecast.spread import Spread
from workforce.capacity.core.forecast.training import (
    Context,
    Drivers,
    make_context,
    train,
)


def forecast(
    timestamps: ArrayLike,
    volumes: ArrayLike,
    *,
    freq: str,
    horizon: int | timedelta,
    method: str = BEST,
    holidays: Collection[date] = (),
    events: Sequence[CalendarEvent] = (),
    keep: Collection[date] = (),
    drop: Collection[date] = (),
    drivers: Drivers | None = None,
) -> Forecast:
    """Return the expected volume of the coming open intervals, with 80 and 95 % bounds.

    Parameters
    ----------
    timestamps : array_like of datetime64, shape (n,)
        Local starts of intervals, in any order; duplicates are summed. A missing
        interval of a day that has data is 0; a day without data was closed or is
        unknown.
    volumes : array_like of float, shape (n,)
        At least 0; NaN is unknown.
    freq : {"15min", "30min", "h", "D"}
    horizon : int or timedelta
        So many coming open intervals, or a calendar span from the day after the last
        known one.
        A queue is open in the slots and on the weekdays of its history.
    method : str
        "best", "recipe" or one of `records.SEEDS`. "best" is the recipe unless another
        has a WAPE more than 5 % lower in the backtest and does not lean much more (see
        `engine.best_of`). One that this history is too short for is replaced by the
        historical average, which ``method`` then says.
    holidays : collection of date
        Past and coming ones; those on which the queue was closed stay closed.
    events : sequence of CalendarEvent
    keep, drop : collection of date
        One-off days as people decided: real volume, and to be replaced.
    drivers : mapping of str to mapping of date to float, optional
        What volume follows, such as customers by day. Used by the regressions; a
        coming day without a value takes the last known one.

    Raises
    ------
    ValueError
        For input that cannot be read (see `read_series`), an unknown method, or a
        horizon that is not above 0 or too long (see `look_ahead`).
    """
    if method not in (BEST, *METHODS):
        raise ValueError(
            f"method {method!r} is not one of {BEST}, {', '.join(METHODS)}"
        )
    begin = time.perf_counter()
    context = make_context(holidays, events, keep, drop, drivers)
    series = read_series(timestamps, volumes, freq)
    future = look_ahead(series, horizon, context.holidays, open_slots(series))
    if not future.days.size:
        raise ValueError("the horizon holds no open day")
    solution = solution_of(series, future, context, METHODS)
    seconds = time.perf_counter() - begin - sum(solution.trials.seconds.values())
    tested = internal_backtest(solution, METHODS, seconds)
    return _forecast(series, future, solution, method, tested)


def solution_of(
    series: Series, future: Future, context: Context, methods: Sequence[str]
) -> Solution:
    """Return every method's view of the coming days."""
    training = train(series, future.days, open_slots(series), context)
    return solve(training, future.share_of, methods)


def choose(
    method: str, solution: Solution, tested: Backtest | None
) -> tuple[str, Floats]:
    """Return the method to use for the one asked for, and its means of coming days."""
    wanted = method
    if method == BEST:
        wanted = tested.best if tested else RECIPE
    return usable(solution, wanted)


def _forecast(
    series: Series,
    future: Future,
    solution: Solution,
    method: str,
    tested: Backtest | None,
) -> Forecast:
    used, totals = choose(method, solution, tested)
    slots, whole = solution.spreads(used)
    means = totals[:, None] * solution.slot_shares
    asked = future.slots
    mean = means[asked]
    day_mean = np.where(asked, means, 0.0).sum(axis=1)
    ahead = solution.ahead
    lower, upper = _both(slots, mean, np.repeat(ahead, asked.sum(axis=1)))
    day_lower, day_upper = _both(whole, day_mean, ahead)
    notes = solution.training.notes
    if method not in (BEST, used):
        notes = (*notes, "method_unavailable")
    return Forecast(
        timestamps=_moments(series, future),
        mean=mean,
        lower=lower,
        upper=upper,
        days=as_days(future.days),
        day_mean=day_mean,
        day_lower=day_lower,
        day_upper=day_upper,
        method=used,
        weights=solution.trials.weights() if used == RECIPE else {used: 1.0},
        outliers=solution.training.outliers,
        notes=notes,
        history_days=series.days.size,
        noise_floor=noise_floor(mean),
        events=solution.training.effects,
        backtest=tested,
    )


def _both(
    spread: Spread, mean: Floats, ahead: Floats
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    lower, upper = {}, {}
    for level in LEVELS:
        lower[level], upper[level] = spread.bounds(mean, ahead, level)
    for level, wider in itertools.pairwise(LEVELS):
        lower[wider] = np.minimum(lower[wider], lower[level])
        upper[wider] = np.maximum(upper[wider], upper[level])
    return lower, upper


def _moments(series: Series, future: Future) -> Moments:
    slots = future.slots.shape[1]
    starts = future.days[:, None] * DAY + np.arange(slots) * series.step
    moments: Moments = starts[future.slots].astype("datetime64[s]")
    return moments
