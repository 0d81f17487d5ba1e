"""Bounds of agreement figures: what is drawn, how often they hold, what is refused."""

import math

import numpy as np
import pytest

from qa.core.agreement import (
    Ratings,
    bootstrap_interval,
    icc,
    krippendorff_alpha,
)
from qa.core.agreement.bootstrap import _code_sums, _UnitCounts, _value_sums
from tests.qa.core.agreement_samples import JUDGES, KRIPPENDORFF, N

LEVELS = ("nominal", "ordinal", "interval")


def drawn_again(table, times):
    """The table with each unit as often as it was drawn."""
    return np.repeat(np.array(table), times, axis=1)


@pytest.mark.parametrize("level", LEVELS)
def test_one_draw_is_the_alpha_of_the_units_drawn(level):
    given = Ratings.of(KRIPPENDORFF).pairable()
    rng = np.random.default_rng(3)
    sums_of = _value_sums(given) if level == "interval" else _code_sums(given, level)
    for _ in range(20):
        times = np.bincount(rng.integers(0, 11, 11), minlength=11)
        within, expected, n = sums_of(times[np.newaxis].astype(float))
        table = drawn_again(given.dense(), times)
        alpha = krippendorff_alpha(table, level)
        assert 1 - (n[0] - 1) * within[0] / expected[0] == pytest.approx(alpha)


def test_counts_too_large_for_a_table_give_the_same():
    given = Ratings.of(KRIPPENDORFF).pairable()
    values, code = given.codes()
    table = _UnitCounts.of(given, code, values.size)
    cells = _UnitCounts(given, code, values.size, table.sizes, None)
    times = np.random.default_rng(5).integers(0, 3, (4, 11)).astype(float)
    ranks = np.random.default_rng(6).normal(size=(4, values.size))
    np.testing.assert_allclose(cells.drawn(times), table.drawn(times))
    np.testing.assert_allclose(cells.spread(ranks), table.spread(ranks), atol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_seed_gives_the_same_bounds_around_the_figure(level):
    first = bootstrap_interval(KRIPPENDORFF, level, seed=7)
    assert first == bootstrap_interval(KRIPPENDORFF, level, seed=7)
    assert first.value == krippendorff_alpha(KRIPPENDORFF, level)
    assert first.low < first.value < first.high <= 1.0
    assert (first.draws, first.seed, first.resampled) == (1000, 7, "units")
    other = bootstrap_interval(KRIPPENDORFF, level, seed=8)
    assert (other.low, other.high) == pytest.approx((first.low, first.high), abs=0.1)


def test_alpha_by_sums_and_alpha_by_function_draw_the_same_units():
    by_sums = bootstrap_interval(KRIPPENDORFF, "interval", seed=1, draws=200)
    table = Ratings.of(KRIPPENDORFF).pairable().dense()
    by_function = bootstrap_interval(
        table, lambda r: krippendorff_alpha(r, "interval"), seed=1, draws=200
    )
    assert by_sums.low == pytest.approx(by_function.low)
    assert by_sums.high == pytest.approx(by_function.high)


def test_a_function_of_the_table_is_bounded_too():
    found = bootstrap_interval(JUDGES, lambda r: icc(r, "A,1"), seed=2, draws=300)
    assert found.value == icc(JUDGES, "A,1")
    assert found.low < found.value < found.high


def test_reviewers_drawn_too_widen_the_bounds():
    rng = np.random.default_rng(4)
    scores = (
        rng.normal(80, 8, 200) + rng.normal(0, 6, (4, 1)) + rng.normal(0, 4, (4, 200))
    )
    tickets = bootstrap_interval(scores, "interval", seed=1, draws=400)
    both = bootstrap_interval(
        scores, "interval", seed=1, draws=400, resample="units and reviewers"
    )
    assert both.value == tickets.value
    assert both.resampled == "units and reviewers"
    assert both.high - both.low > 2 * (tickets.high - tickets.low)


def test_bounds_for_a_pool_of_reviewers_hold_only_with_reviewers_drawn():
    """Five of a pool with severity SD 4: the pool's alpha is 64/(64 + 16 + 36)."""
    rng = np.random.default_rng(21)
    held = {"units": 0, "units and reviewers": 0}
    for seed in range(60):
        scores = rng.normal(80, 8, 60) + rng.normal(0, 4, (5, 1))
        scores = scores + rng.normal(0, 6, (5, 60))
        for drawn in held:
            found = bootstrap_interval(
                scores, "interval", seed=seed, draws=200, resample=drawn
            )
            held[drawn] += found.low <= 64 / 116 <= found.high
    assert held["units"] < 54
    assert held["units and reviewers"] >= 54


@pytest.mark.parametrize("level", LEVELS)
def test_reviewers_drawn_twice_are_not_paired_with_themselves(level):
    """Two reviewers at odds: every draw that holds both says so, the others nothing."""
    odds = [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]]
    found = bootstrap_interval(
        odds, level, seed=1, draws=400, resample="units and reviewers"
    )
    assert found.value < 0
    assert 160 < found.defined < 240


def test_bounds_hold_the_true_reliability_about_as_often_as_they_say():
    """True interval alpha of 200,000 tickets, then 150 calibrations of 60 tickets."""
    rng = np.random.default_rng(11)

    def calibration(units):
        return rng.normal(80, 8, units) + rng.normal(0, 6, (5, units))

    truth = krippendorff_alpha(calibration(200_000), "interval")
    held = 0
    for seed in range(150):
        found = bootstrap_interval(calibration(60), "interval", seed=seed, draws=300)
        held += found.low <= truth <= found.high
    assert truth == pytest.approx(64 / 100, abs=0.01)
    assert 0.88 <= held / 150 <= 0.99


@pytest.mark.parametrize(
    "ratings", [[[4, 4, 4], [4, 4, 4]], [[1, N], [N, 1]], np.empty((2, 0))]
)
@pytest.mark.parametrize("level", LEVELS)
def test_an_undefined_figure_has_no_bounds(ratings, level):
    found = bootstrap_interval(ratings, level, seed=1, draws=50)
    assert [math.isnan(at) for at in (found.value, found.low, found.high)] == [True] * 3
    assert found.defined == 0


def test_draws_without_variation_are_counted_out():
    """One ticket of twenty differs: a third of the draws miss it."""
    ratings = np.full((2, 20), 5.0)
    ratings[:, 0] = [4, 3]
    found = bootstrap_interval(ratings, "interval", seed=1, draws=1000)
    assert 580 < found.defined < 690


def test_bootstrap_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="statistic must be one of"):
        bootstrap_interval(JUDGES, "icc", seed=1)
    with pytest.raises(ValueError, match="resample must be one of"):
        bootstrap_interval(JUDGES, "ordinal", seed=1, resample="reviewers")
    with pytest.raises(ValueError, match="for alpha only"):
        bootstrap_interval(JUDGES, np.mean, seed=1, resample="units and reviewers")
    with pytest.raises(ValueError, match="draws must be"):
        bootstrap_interval(JUDGES, "ordinal", seed=1, draws=0)
    with pytest.raises(ValueError, match="confidence"):
        bootstrap_interval(JUDGES, "ordinal", seed=1, confidence=95)
