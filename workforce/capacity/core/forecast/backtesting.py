"""Forecasts made from past days, knowing only what was known then."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.accuracy import naive_scale, noise_floor
from workforce.capacity.core.forecast.engine import (
    Scored,
    Solution,
    best_of,
    internal_backtest,
)
from workforce.capacity.core.forecast.opening import (
    Future,
    Mask,
    check_horizon,
    open_slots,
)
from workforce.capacity.core.forecast.predicting import choose, solution_of
from workforce.capacity.core.forecast.records import (
    BEST,
    METHODS,
    RECIPE,
    Backtest,
    CalendarEvent,
    Floats,
)
from workforce.capacity.core.forecast.series import (
    Series,
    cut,
    read_series,
    weekdays,
)
from workforce.capacity.core.forecast.training import (
    Context,
    Drivers,
    make_context,
)

WEEK = 7
PLANTED_DAYS = 3


@dataclass(frozen=True)
class _Tally:
    """What one method added up over the origins."""

    scored: Scored
    seconds: list[float]


def backtest(
    timestamps: ArrayLike,
    volumes: ArrayLike,
    *,
    freq: str,
    horizon: int | timedelta,
    methods: Sequence[str] | None = None,
    origins: int = 6,
    step: int | None = None,
    holidays: Collection[date] = (),
    events: Sequence[CalendarEvent] = (),
    first_origin: date | None = None,
    keep: Collection[date] = (),
    drop: Collection[date] = (),
    drivers: Drivers | None = None,
) -> Backtest:
    """Return how methods would have done from several past days.

    At each origin everything is learnt anew from the days before it: cleaning, events,
    weights and bounds. Which days were open, and the holidays, are taken as known.

    Parameters
    ----------
    timestamps, volumes, freq, holidays, events, keep, drop, drivers
        As in `forecast`.
    horizon : int or timedelta
        Intervals or calendar span ahead of each origin, rounded up to open days.
    methods : sequence of str, optional
        Any of `records.METHODS` and "best", which chooses anew at each origin; all but
        "best" if not given.
    origins : int
        At most so many; those whose horizon is not fully known are left out.
    step : int, optional
        Calendar days between origins; a week, or a third of a longer horizon.
    first_origin : date, optional
        The first day not known at the first origin. If not given, the last origins
        that the history has room for are taken.

    Raises
    ------
    ValueError
        As `forecast`; or when the history has no room for one origin.
    """
    series = read_series(timestamps, volumes, freq)
    return backtest_series(
        series,
        days=open_days(series, horizon),
        methods=METHODS if methods is None else tuple(methods),
        origins=origins,
        step=step,
        first_origin=first_origin,
        context=make_context(holidays, events, keep, drop, drivers),
    )


def open_days(series: Series, horizon: int | timedelta) -> int:
    """Return how many open days a horizon is, rounded up, at least one.

    Raises
    ------
    ValueError
        For a horizon as in `opening.check_horizon`.
    """
    check_horizon(horizon, series.step)
    pattern = open_slots(series)
    usual = pattern.any(axis=1)
    if isinstance(horizon, timedelta):
        share = int(usual.sum()) / WEEK
        return max(1, int(np.ceil(horizon / timedelta(days=1) * share)))
    return max(1, int(np.ceil(horizon / pattern[usual].sum(axis=1).mean())))


def backtest_series(
    series: Series,
    *,
    days: int,
    methods: Sequence[str],
    origins: int,
    step: int | None,
    first_origin: date | None,
    context: Context,
    planted: float | None = None,
) -> Backtest:
    """Return the backtest over ``days`` open days ahead of each origin.

    ``planted`` is the percentage by which the day `PLANTED_DAYS` before each origin is
    changed, to see what a one-off day does to the forecast.
    """
    unknown = [m for m in methods if m not in (BEST, *METHODS)]
    if unknown or not methods:
        raise ValueError(f"unknown methods: {', '.join(unknown) or 'none given'}")
    chosen = _origins(series, days, origins, step, first_origin)
    tallies = {name: _Tally(Scored.empty(), []) for name in methods}
    rates: list[Floats] = []
    for count in chosen:
        known = _plant(cut(series, count), planted)
        rates.append(_one_origin(series, known, days, tallies, context))
    if not any(tally.seconds for tally in tallies.values()):
        raise ValueError(f"the history is too short for {', '.join(methods)}")
    scale = _scale(series, chosen[0])
    figures = {
        name: tally.scored.figures(scale, float(np.mean(tally.seconds)))
        for name, tally in tallies.items()
        if tally.seconds
    }
    return Backtest(
        origins=len(chosen),
        horizon=days,
        methods=figures,
        noise_floor=noise_floor(np.concatenate(rates)),
        best=best_of(figures),
        day_coverage={name: tallies[name].scored.day_coverage() for name in figures},
    )


def _origins(
    series: Series, days: int, most: int, step: int | None, first: date | None
) -> list[int]:
    """Return how many days are known at each origin, ascending."""
    if most < 1 or (step is not None and step < 1):
        raise ValueError("origins and step must be at least 1")
    newest = series.days.size - days
    if newest < 1:
        raise ValueError(
            f"{series.days.size} days of history have no room for {days} days ahead"
        )
    if first is not None:
        start = int(np.datetime64(first, "D").astype(np.int64))
        gap = WEEK if step is None else step
        wanted = start + gap * np.arange(most)
    else:
        span = int(series.days[-1] - series.days[newest]) + 1
        gap = max(WEEK, span // 3) if step is None else step
        wanted = series.days[newest] - gap * np.arange(most)[::-1]
    counts = np.unique(np.searchsorted(series.days, wanted))
    found = [int(count) for count in counts if 1 <= count <= newest]
    if not found:
        raise ValueError(f"no origin has history before it and {days} days after it")
    return found


def _plant(known: Series, percent: float | None) -> Series:
    if percent is None or known.days.size < PLANTED_DAYS:
        return known
    values = known.values.copy()
    values[-PLANTED_DAYS] *= 1 + percent / 100
    return replace(known, values=values)


def _one_origin(
    series: Series,
    known: Series,
    days: int,
    tallies: dict[str, _Tally],
    context: Context,
) -> Floats:
    """Score every method from one origin; return the rates it expected."""
    begin = time.perf_counter()
    count = known.days.size
    future = _what_came(series, count, days, known)
    solution = solution_of(known, future, context, METHODS)
    seconds = time.perf_counter() - begin
    actual = series.values[count : count + days]
    rates = np.empty(0)
    for name, tally in tallies.items():
        start = time.perf_counter()
        used = _used(name, solution)
        totals = solution.day_means(used)
        if totals is None:
            continue
        means = totals[:, None] * solution.slot_shares
        tally.scored.add(
            actual, means, solution.ahead, future.slots, solution.spreads(used)
        )
        tally.seconds.append(seconds + time.perf_counter() - start)
        if name in (RECIPE, BEST) or not rates.size:
            rates = means[future.slots]
    return rates


def _used(name: str, solution: Solution) -> str:
    if name != BEST:
        return name
    return choose(BEST, solution, internal_backtest(solution, METHODS, 0.0))[0]


def _what_came(series: Series, count: int, days: int, known: Series) -> Future:
    """Return the days that followed, open in the slots that were or usually are."""
    rows = slice(count, count + days)
    usual: Mask = open_slots(known)[weekdays(series.days[rows])]
    slots = usual | series.present[rows]
    return Future(series.days[rows], slots, slots)


def _scale(series: Series, count: int) -> float:
    pattern = open_slots(series)[weekdays(series.days)]
    values = np.where(series.present | pattern, series.values, np.nan)
    return naive_scale(values[:count], weekdays(series.days[:count]))
