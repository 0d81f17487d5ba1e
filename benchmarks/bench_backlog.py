"""The smoothest plan for deferred work beside a linear programme, in one run.

Run with ``python -m benchmarks.bench_backlog``. The programme finds the smallest peak with
HiGHS, through ``scipy.optimize.linprog`` with sparse constraints on the backlog, which is
already more than a dense one gets done; its peak is compared with ours. Quarter-hours, work
comes around the clock, the desk is open on weekdays from 8 to 18, and work is due within
eight open hours. Ours also gives the plan with the smallest squares, which the programme
does not. Best time of several runs; the peak of memory newly allocated by Python and numpy
is taken in a run of its own.
"""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import bmat, diags

from workforce.capacity.core.backlog import due_within, plan

SEED = 7
QUARTER = 900.0
WITHIN = 8 * 3_600.0
MIB = 1024**2
SIZES = (
    ("a week", 672),
    ("four weeks", 2_688),
    ("a quarter", 8_736),
    ("a year", 35_040),
    ("ten years", 350_400),
)
LARGEST_PROGRAMME = 8_736


def stream(intervals: int) -> tuple[np.ndarray, np.ndarray]:
    """Work and open share by quarter-hour, starting on a Monday at midnight."""
    rng = np.random.default_rng(SEED)
    quarter = np.arange(intervals)
    hour, weekday = quarter % 96 / 4, quarter // 96 % 7
    rate = 2.0 + 8.0 * np.exp(-(((hour - 11) / 3.5) ** 2)) * (weekday < 5)
    arrivals = rng.poisson(rate).astype(float) * 600.0
    is_open = (hour >= 8) & (hour < 18) & (weekday < 5)
    return arrivals, is_open.astype(float)


def programme_peak(arrivals: np.ndarray, share: np.ndarray) -> float:
    """Smallest peak: backlog after each interval between 0 and what is not yet due."""
    n = arrivals.size
    opened = share * QUARTER
    arrived, due = np.cumsum(arrivals), due_within(arrivals, opened, WITHIN)
    # Done up to i is the variable; its steps are the work, at most peak times open time.
    steps = diags([np.ones(n), -np.ones(n - 1)], [0, -1], format="csr")
    peak = -opened[:, None]
    matrix = bmat([[steps, peak], [-steps, np.zeros((n, 1))]], format="csr")
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=matrix,
        b_ub=np.zeros(2 * n),
        bounds=np.vstack([np.column_stack([due, arrived]), [[0.0, np.inf]]]),
        method="highs",
    )
    assert found.status == 0, found.message
    return float(found.fun)


def taken(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Seconds of the best run and MiB allocated at most by another."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return best, peak / MIB


def report(name: str, intervals: int) -> None:
    arrivals, share = stream(intervals)
    ours = plan(arrivals, share, minutes=15, within=WITHIN)
    assert ours.feasible
    seconds, memory = taken(
        lambda: plan(arrivals, share, minutes=15, within=WITHIN), repeats=3
    )
    text = f"{name:<12} {intervals:>8,} {seconds * 1e3:>10,.2f} {memory:>8.1f}"
    text += f" {ours.peak:>8.3f}"
    if intervals <= LARGEST_PROGRAMME:
        repeats = 3 if intervals < LARGEST_PROGRAMME else 1
        start, best = 0.0, float("inf")
        for _ in range(repeats):
            start = time.perf_counter()
            peak = programme_peak(arrivals, share)
            best = min(best, time.perf_counter() - start)
        text += f" {best * 1e3:>12,.1f} {best / seconds:>8,.0f}"
        text += f" {abs(peak - ours.peak) / peak:>10.1e}"
    print(text)


def main() -> None:
    print(
        f"{'':<12} {'quarters':>8} {'ours ms':>10} {'MiB':>8} {'peak':>8}"
        f" {'HiGHS ms':>12} {'ratio':>8} {'apart':>10}"
    )
    for name, intervals in SIZES:
        report(name, intervals)


if __name__ == "__main__":
    main()
