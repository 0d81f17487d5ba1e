"""Changes of figures, and whether chance explains them."""

import numpy as np
import pytest

from kb.core.changes import Bounded, difference, growth, median_range
from kb.core.deflection import differences
from supportops.metrics.core.intervals import share_interval


def share(hits, n):
    low, high = share_interval([hits], [n])[0].tolist()
    return Bounded(hits / n, low, high)


@pytest.mark.parametrize("counts", [(56, 70, 48, 80), (0, 9, 3, 8), (5, 5, 0, 7)])
def test_two_shares_differ_as_newcombe_says(counts):
    hits, n, other, other_n = counts
    found = difference(share(hits, n), share(other, other_n))
    assert found == pytest.approx(differences(*counts)[0].tolist())


def test_a_change_within_its_interval_is_noise():
    small = difference(share(56, 70), share(53, 70))
    large = difference(share(560, 700), share(480, 800))
    assert small.is_noise
    assert not large.is_noise
    assert large.margin == pytest.approx(0.0455, abs=0.001)


def test_growth_of_counts():
    found = growth(30, 20)
    assert found == pytest.approx((0.5, -0.1421, 1.6224), abs=1e-3)
    assert found.is_noise
    assert not growth(300, 200).is_noise
    assert growth(5, 5).value == 0
    assert growth(3, 0) is None
    gone = growth(0, 40)
    assert (gone.value, gone.low) == (-1, -1)
    assert not gone.is_noise


def test_growth_holds_the_true_ratio_about_95_times_of_100():
    random = np.random.default_rng(7)
    now, before = random.poisson(60, 2000), random.poisson(40, 2000)
    found = [growth(int(a), int(b)) for a, b in zip(now, before, strict=True)]
    held = np.mean([each.low <= 0.5 <= each.high for each in found])
    assert 0.935 < held < 0.97


def test_median_range_holds_the_median_about_95_times_of_100():
    random = np.random.default_rng(11)
    held = 0
    for _round in range(600):
        values, counts = np.unique(
            random.exponential(1000, 60).astype(int), return_counts=True
        )
        low, high = median_range(
            dict(zip(values.tolist(), counts.tolist(), strict=True))
        )
        held += low <= 1000 * np.log(2) <= high
    assert 0.93 < held / 600 < 0.99


def test_median_of_a_few_has_no_range():
    assert median_range({1: 5}) is None
    assert median_range({3: 6}) == (3, 3)
    assert median_range(dict.fromkeys(range(1, 101), 1)) == (40, 61)
