"""Rank correlation with ties, its bounds, and the ceiling of unreliable measures."""

import math

import numpy as np
import pytest

from qa.core.correlation import _drawn_ranks, ceiling, ranked, spearman


def test_ties_share_the_middle_rank():
    assert ranked([3, 1, 3, 2, 3]).tolist() == [4.0, 1.0, 4.0, 2.0, 4.0]


def test_spearman_gives_a_textbook_figure():
    """Intelligence and hours of television of ten people: -29/165."""
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert spearman(iq, hours).value == pytest.approx(-29 / 165)


def test_spearman_of_ties_is_pearson_of_mid_ranks():
    x, y = [1, 2, 2, 3, 5, 5], [4, 4, 6, 5, 9, 7]
    expected = np.corrcoef([1, 2.5, 2.5, 4, 5.5, 5.5], [1.5, 1.5, 4, 3, 6, 5])[0, 1]
    assert spearman(x, y).value == pytest.approx(expected)


def test_holes_drop_their_pair():
    found = spearman([1, 2, math.nan, 4, 3], [2, 1, 9, math.nan, 5])
    assert (found.n, found.value) == (3, 0.5)


@pytest.mark.parametrize("method", ["fisher", "bootstrap"])
def test_bounds_hold_the_true_correlation_about_as_often_as_they_say(method):
    """Normal pairs with correlation .5 have rank correlation 6/π·asin(.25) = .4826."""
    rng = np.random.default_rng(2)
    held = 0
    for seed in range(150):
        x = rng.normal(size=80)
        y = 0.5 * x + math.sqrt(0.75) * rng.normal(size=80)
        found = spearman(x, y, method=method, draws=200, seed=seed)
        held += found.low <= 0.4826 <= found.high
    assert 0.89 <= held / 150 <= 0.99


def test_drawn_ranks_are_those_of_each_draw():
    codes = np.random.default_rng(3).integers(0, 4, (6, 9))
    expected = [ranked(row) - 5 for row in codes]
    assert _drawn_ranks(codes).tolist() == np.array(expected).tolist()


def test_what_cannot_be_correlated_rules_nothing_out():
    for x, y in ([[], []], [[1, 2], [2, 1]], [[1, 2, 3, 4], [5, 5, 5, 5]]):
        found = spearman(x, y)
        assert math.isnan(found.value)
        assert (found.low, found.high) == (-1.0, 1.0)
    three = spearman([1, 2, 3], [1, 2, 3])
    assert (three.value, three.low, three.high) == (1.0, -1.0, 1.0)


def test_perfect_ranks_of_few_pairs_are_not_taken_for_certain():
    found = spearman([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low < 0.5
    mirrored = spearman([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    assert (mirrored.low, mirrored.high) == (-1.0, -found.low)


def test_ceiling_is_the_root_of_both_reliabilities():
    assert ceiling(0.49, 1.0) == pytest.approx(0.7)
    assert ceiling(0.6, math.nan) == pytest.approx(math.sqrt(0.6))
    assert ceiling(-0.1, 0.8) == 0.0
    with pytest.raises(ValueError, match="at most 1"):
        ceiling(1.2, 0.5)


def test_unfit_pairs_are_refused():
    with pytest.raises(ValueError, match="equal shape"):
        spearman([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="finite"):
        spearman([1, 2, math.inf], [1, 2, 3])
    with pytest.raises(ValueError, match="unfit method"):
        spearman([1, 2, 3], [1, 2, 3], method="jackknife")
