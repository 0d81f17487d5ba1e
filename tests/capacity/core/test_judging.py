"""Records of forecasts: sums with their bands, figures, verdicts, which snapshot judges."""

from datetime import date
from math import sqrt

import numpy as np
import pytest

from workforce.capacity.core.bands import Band, total
from workforce.capacity.core.judging import (
    Judged,
    Snapshots,
    Verdict,
    figures,
    held_back,
    judging_snapshots,
    sum_by,
    verdict_of,
)


def judged(actual, mean, half=0.3):
    means = np.array(mean, dtype=float)
    return Judged(
        np.array(actual, dtype=float),
        means,
        means * (1 - half / 1.5),
        means * (1 + half / 1.5),
        means * (1 - half),
        means * (1 + half),
    )


def test_sum_by_agrees_with_the_total_of_each_group():
    parts = judged([10, 12, 90, 7], [9, 14, 100, 8])
    sums = sum_by(parts, [0, 1, 0, 1], 2)

    for group, rows in enumerate(([0, 2], [1, 3])):
        own = parts.where(rows)
        expected = total(Band(own.mean, own.low80, own.high80, own.low95, own.high95))
        assert sums.low95[group] == pytest.approx(expected.low95)
        assert sums.high80[group] == pytest.approx(expected.high80)
    assert sums.actual.tolist() == [100, 19]


def test_band_of_a_quiet_week_is_narrower_than_its_days_added_up():
    week = Judged(*(np.full(7, value) for value in (3.0, 3.0, 1.0, 5.0, 0.0, 7.0)))

    sums = sum_by(week, np.zeros(7, dtype=int), 1)

    # Chance: 1.96 · √3 = 3.39 a day, in squares; the other √(16 − 11.5) goes together.
    chance = 1.959963984540054**2 * 3
    high = 21 + sqrt(7 * chance + (7 * sqrt(16 - chance)) ** 2)
    assert sums.high95[0] == pytest.approx(high)
    assert high < 49


def test_figures_of_a_small_table_are_those_counted_by_hand():
    found = figures(judged([100, 80, 120], [110, 100, 110]), "day")

    assert found.n == 3
    assert found.wape == pytest.approx(40 / 300)
    assert found.bias == pytest.approx(20 / 300)
    assert found.covered95 == 1
    assert found.floor == pytest.approx(0.0772, abs=0.0005)
    assert found.verdict == Verdict.UNKNOWN


def test_figures_without_any_contact_are_unknown_not_zero():
    found = figures(judged([0, 0], [0, 0]), "day")

    assert (found.wape, found.bias, found.floor) == (None, None, None)
    assert figures(judged([], []), "day").covered95 is None


@pytest.mark.parametrize(
    ("grain", "n", "error", "beyond", "word"),
    [
        ("day", 30, 0.09, 0.09, Verdict.EXCELLENT),
        ("day", 30, 0.15, 0.14, Verdict.USABLE),
        ("day", 30, 0.101, 0.093, Verdict.USABLE),
        ("day", 30, 0.25, 0.21, Verdict.PROBLEM),
        ("day", 30, 0.40, 0.05, Verdict.CHANCE),
        ("day", 9, 0.09, 0.09, Verdict.UNKNOWN),
        ("month", 3, 0.09, 0.09, Verdict.USABLE),
        ("interval", 100, 0.14, 0.10, Verdict.EXCELLENT),
    ],
)
def test_verdict_depends_on_grain_number_and_chance(grain, n, error, beyond, word):
    assert verdict_of(grain, n, error, beyond) == word


@pytest.mark.parametrize(
    ("before", "lean", "held", "word"),
    [
        (Verdict.EXCELLENT, 0.05, 0.88, Verdict.EXCELLENT),
        (Verdict.EXCELLENT, 0.051, None, Verdict.USABLE),
        (Verdict.CHANCE, 0.0, 0.87, Verdict.USABLE),
        (Verdict.USABLE, 0.0, 0.74, Verdict.PROBLEM),
        (Verdict.EXCELLENT, 0.11, 1.0, Verdict.PROBLEM),
        (Verdict.PROBLEM, 0.06, 0.8, Verdict.PROBLEM),
        (Verdict.UNKNOWN, 0.5, 0.1, Verdict.UNKNOWN),
    ],
)
def test_verdict_is_held_back_by_a_lean_and_a_narrow_band(before, lean, held, word):
    assert held_back(before, lean, held) == word


def test_forecast_that_is_always_a_little_high_is_not_excellent():
    found = figures(judged([100] * 40, [108] * 40), "day")

    assert found.wape == pytest.approx(0.08)
    assert verdict_of("day", 40, found.wape, found.beyond) == Verdict.EXCELLENT
    assert found.verdict == Verdict.USABLE


def test_lean_of_few_contacts_is_chance():
    found = figures(judged([0, 1] * 5 + [1] * 4, [0.65] * 14), "day")

    assert found.bias == pytest.approx(0.0111, abs=1e-4)
    assert found.verdict == Verdict.CHANCE


def test_perfect_forecast_of_a_quiet_queue_is_as_good_as_chance_allows():
    rates = np.full(400, 3.0)
    came = np.random.default_rng(7).poisson(rates)

    found = figures(judged(came, rates, half=1.15), "day")

    assert found.wape > 0.4
    assert found.verdict == Verdict.CHANCE


def snapshots(*rows):
    """Of rows of queue, day, local day of publication, and its moment."""
    queues, days, published, moments = zip(*rows, strict=True)
    return Snapshots(
        np.array(queues, dtype="i8"),
        np.array(days, dtype="datetime64[D]"),
        np.array(published, dtype="datetime64[D]"),
        np.array(moments, dtype="f8"),
    )


def test_day_is_judged_by_the_newest_forecast_published_before_it():
    day = date(2026, 3, 10)
    known = snapshots(
        (1, day, date(2026, 2, 1), 1),
        (1, day, date(2026, 3, 9), 2),
        (1, day, date(2026, 3, 10), 3),
    )

    assert judging_snapshots(known, 1).tolist() == [1]
    assert judging_snapshots(known, 7).tolist() == [0]
    assert judging_snapshots(known, 90).tolist() == []


def test_of_two_published_on_one_day_the_later_judges():
    day = date(2026, 3, 10)
    known = snapshots((1, day, date(2026, 3, 1), 20), (1, day, date(2026, 3, 1), 10))

    assert judging_snapshots(known, 1).tolist() == [0]


def test_each_day_of_each_queue_has_its_judge_in_their_order():
    first, second = date(2026, 3, 10), date(2026, 3, 11)
    known = snapshots(
        (2, first, date(2026, 3, 1), 1),
        (1, second, date(2026, 3, 1), 1),
        (1, first, date(2026, 3, 1), 1),
        (1, second, date(2026, 3, 8), 2),
    )

    assert judging_snapshots(known, 1).tolist() == [2, 3, 0]
    assert judging_snapshots(known, 7).tolist() == [2, 1, 0]
