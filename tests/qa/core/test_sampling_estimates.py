from itertools import combinations, product
from math import isnan

import numpy as np
import pytest

from qa.core.sampling.estimates import stratified_mean, weighted_mean

POPULATION = {"a": [70.0, 80.0, 95.0, 60.0], "b": [40.0, 90.0, 55.0]}
SIZES = {"a": 4, "b": 3}
MEAN = np.mean([*POPULATION["a"], *POPULATION["b"]])


def every_sample(n_a, n_b):
    for a, b in product(
        combinations(POPULATION["a"], n_a), combinations(POPULATION["b"], n_b)
    ):
        yield [*a, *b], ["a"] * n_a + ["b"] * n_b


def test_stratified_mean_and_variance_are_unbiased_over_every_sample():
    found = [stratified_mean(y, h, SIZES) for y, h in every_sample(2, 2)]

    means = np.array([each.mean for each in found])
    assert len(found) == 18
    assert means.mean() == pytest.approx(MEAN)
    assert np.mean([each.variance for each in found]) == pytest.approx(means.var())


def test_weighted_mean_of_a_stratified_sample_is_the_stratified_mean():
    for y, h in every_sample(3, 1):
        chances = [3 / 4] * 3 + [1 / 3]
        assert weighted_mean(y, chances).mean == pytest.approx(
            stratified_mean(y, h, SIZES).mean
        )


def test_weighted_variance_of_a_simple_random_sample_is_unbiased_over_every_sample():
    everybody = [*POPULATION["a"], *POPULATION["b"]]
    found = [weighted_mean(y, [3 / 7] * 3) for y in combinations(everybody, 3)]

    means = np.array([each.mean for each in found])
    assert np.mean([each.variance for each in found]) == pytest.approx(means.var())


def test_weighted_variance_is_near_the_true_one_for_unequal_chances():
    # Every sample of three of five and two of nine tickets.
    rng = np.random.default_rng(3)
    strong, weak = rng.normal(75, 10, 9), rng.normal(75, 10, 12)
    found = [
        weighted_mean([*a, *b], [6 / 9] * 6 + [3 / 12] * 3)
        for a in combinations(strong, 6)
        for b in combinations(weak, 3)
    ]

    truth = np.var([each.mean for each in found])
    ratio = np.mean([each.variance for each in found]) / truth
    assert 0.9 < ratio < 1.15


def test_reviewing_everything_leaves_no_variance():
    y, h = [*POPULATION["a"], *POPULATION["b"]], ["a"] * 4 + ["b"] * 3

    assert stratified_mean(y, h, SIZES).variance == 0
    assert weighted_mean(y, [1.0] * 7).variance == 0
    assert weighted_mean([80.0], [1.0]).standard_error == 0


def test_lone_score_takes_the_spread_of_the_others_or_has_none():
    lone = stratified_mean([60, 80, 70], ["a", "a", "b"], {"a": 4, "b": 3})
    # s² = 200 from stratum a: 16/49 · ½ · 200/2 + 9/49 · ⅔ · 200/1
    assert lone.variance == pytest.approx(16 / 49 * 50 + 9 / 49 * 400 / 3)
    assert isnan(stratified_mean([60, 70], ["a", "b"], {"a": 4, "b": 3}).variance)
    assert isnan(weighted_mean([80.0], [0.5]).variance)


def test_estimates_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="stratum 'b': 0 scores of 3"):
        stratified_mean([60], ["a"], SIZES)
    with pytest.raises(ValueError, match="no stratum"):
        stratified_mean([60, 70, 80], ["a", "b", "c"], SIZES)
    with pytest.raises(ValueError, match="lies in"):
        weighted_mean([60, 70], [0.5, 0.0])
    with pytest.raises(ValueError, match="one probability a score"):
        weighted_mean([], [])
