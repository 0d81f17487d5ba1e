"""Seconds, memory and error of forecasts for many queues, beside last week's values.

Run with ``python -m benchmarks.bench_forecast``; one core, one thread of linear algebra.
A forecast here is everything the product asks for: cleaning, all six methods from eight
past origins, the best of them, bounds by interval and by day. Queues are made up: weekly
shape, season of the year, drifting level, Poisson counts; open days and hours differ.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded

import argparse
import resource
import time as clock
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from workforce.capacity.core.accuracy import wape
from workforce.capacity.core.forecast import Forecast, forecast

SEED = 20_260_101
FIRST = np.datetime64("2022-01-03")
WEEK = np.array([1.3, 1.1, 1.0, 0.95, 0.9, 0.45, 0.4])
STEPS = {"15min": 900, "30min": 1800}
GOAL_QUEUES, GOAL_SECONDS = 500, 60.0


@dataclass
class Queue:
    """History and what came after it."""

    freq: str
    moments: np.ndarray
    volumes: np.ndarray
    later: np.ndarray
    later_volumes: np.ndarray


def make_queue(number: int, days: int, ahead: int) -> Queue:
    """A queue of its own kind: office hours in half hours, or day and night in quarters."""
    rng = np.random.default_rng([SEED, number])
    office = number % 2 == 0
    freq = "30min" if office else "15min"
    day = FIRST + np.arange(days + ahead)
    weekday = (day.astype(np.int64) + 3) % 7
    hours = np.arange(0, 86_400, STEPS[freq]) / 3600
    shape = np.exp(-0.5 * ((hours - 11) / 3) ** 2) + 0.05
    is_open = (hours >= 8) & (hours < 18) if office else hours >= 0
    drift = np.cumsum(rng.normal(0, 0.01, day.size))
    season = 0.2 * np.sin(2 * np.pi * day.astype(np.int64) / 365.25 + rng.uniform(0, 6))
    means = rng.choice([60, 400, 2500]) * WEEK[weekday] * np.exp(drift + season)
    kept = weekday < 5 if office else weekday >= 0
    rates = means[:, None] * np.where(is_open, shape, 0) / shape[is_open].sum()
    moments = day.astype("datetime64[s]")[:, None] + (hours * 3600).astype("m8[s]")
    rows = np.broadcast_to(kept[:, None] & is_open, rates.shape)
    past = rows & (np.arange(day.size) < days)[:, None]
    future = rows & ~past
    counts = rng.poisson(rates).astype(float)
    return Queue(freq, moments[past], counts[past], moments[future], counts[future])


def ours(queue: Queue, ahead: int) -> Forecast:
    return forecast(
        queue.moments, queue.volumes, freq=queue.freq, horizon=timedelta(days=ahead)
    )


def last_week(queue: Queue, ahead: int) -> np.ndarray:
    """The naive forecast: the last known value of the same weekday and time."""
    week = 7 * 86_400
    known = dict(
        zip(queue.moments.astype(np.int64).tolist(), queue.volumes, strict=True)
    )
    last = int(queue.moments.max().astype(np.int64))
    return np.array(
        [
            known.get(moment - week * -(-(moment - last) // week), np.nan)
            for moment in queue.later.astype(np.int64).tolist()
        ]
    )


def seconds(call: Callable[[], object]) -> float:
    """Time on the processor, which other work on the machine disturbs least."""
    begin = clock.process_time()
    call()
    return clock.process_time() - begin


def report_growth(ahead: int, queues: int) -> None:
    """One queue's cost by length of history."""
    print(f"{'history':>8} {'queues':>7} {'ms/queue':>9} {'naive ms':>9} {'MB':>6}")
    for days in (60, 180, 365, 730, 1095):
        made = [make_queue(number, days, ahead) for number in range(queues)]
        took = seconds(lambda m=made: [ours(queue, ahead) for queue in m]) / queues
        naive = seconds(lambda m=made: [last_week(queue, ahead) for queue in m])
        tracemalloc.start()
        ours(made[1], ahead)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        row = f"{took * 1e3:>9.1f} {naive / queues * 1e3:>9.2f} {peak:>6.1f}"
        print(f"{days:>6} d {queues:>7} {row}")


def report_queues(days: int, ahead: int, most: int) -> None:
    """The cost of many queues, and how far off both forecasts were."""
    print(f"{'queues':>7} {'seconds':>8} {'s/queue':>8} {'peak RSS MB':>12}")
    for queues in sorted({most // 10, most // 2, most}):
        took = 0.0
        for number in range(queues):
            queue = make_queue(number, days, ahead)
            took += seconds(lambda q=queue: ours(q, ahead))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{queues:>7} {took:>8.1f} {took / queues:>8.4f} {peak:>12.0f}")
    share = took / queues * GOAL_QUEUES / GOAL_SECONDS
    print(f"{GOAL_QUEUES} queues take {share:.0%} of the goal of {GOAL_SECONDS:.0f} s")


def report_errors(days: int, ahead: int, queues: int) -> None:
    """WAPE and coverage of the days to come, pooled over queues."""
    actual, expected, naive, inside = [], [], [], {80: [], 95: []}
    for number in range(queues):
        queue = make_queue(number, days, ahead)
        found = ours(queue, ahead)
        assert (found.timestamps == queue.later).all()
        actual.append(queue.later_volumes)
        expected.append(found.mean)
        naive.append(last_week(queue, ahead))
        for level, kept in inside.items():
            low, high = found.lower[level], found.upper[level]
            kept.append((queue.later_volumes >= low) & (queue.later_volumes <= high))
    came = np.concatenate(actual)
    held = ", ".join(
        f"{np.concatenate(kept).mean():.1%} in {level} %"
        for level, kept in inside.items()
    )
    print(
        f"{queues} queues, {ahead} days ahead: WAPE {wape(came, np.concatenate(expected)):.1%}"
        f" against {wape(came, np.concatenate(naive)):.1%} of last week's values; {held}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queues", type=int, default=GOAL_QUEUES)
    parser.add_argument("--days", type=int, default=400, help="of history")
    parser.add_argument("--ahead", type=int, default=28, help="days to forecast")
    asked = parser.parse_args()
    print(f"By history, {asked.ahead} days ahead")
    report_growth(asked.ahead, 10)
    print(f"\nBy number of queues, {asked.days} days of history")
    report_queues(asked.days, asked.ahead, asked.queues)
    print("\nError beside the naive forecast")
    report_errors(asked.days, asked.ahead, 40)


if __name__ == "__main__":
    main()
