import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.recalibration import FEWEST_JUDGED, UNCHANGED, Correction, fit


def overconfident(n=2000, seed=3):
    """Answers said with 0.5 to 1 and right with the square of that."""
    draw = np.random.default_rng(seed)
    said = draw.uniform(0.5, 0.999, n)
    return said, draw.random(n) < said**2


def log_likelihood(slope, base, said, right):
    rights, wrongs = right.sum(), (~right).sum()
    target = np.where(right, (rights + 1) / (rights + 2), 1 / (wrongs + 2))
    odds = slope * np.log(said / (1 - said)) + base
    chance = 1 / (1 + np.exp(-odds))
    return float((target * np.log(chance) + (1 - target) * np.log(1 - chance)).sum())


def test_fit_is_the_most_likely_of_all_tried():
    said, right = overconfident(300)
    found = fit(said, right)
    best = log_likelihood(found.slope, found.base, said, right)

    for slope in np.linspace(found.slope - 1, found.slope + 1, 21):
        for base in np.linspace(found.base - 1, found.base + 1, 21):
            assert log_likelihood(slope, base, said, right) <= best + 1e-9
    assert found.judged == 300


def test_fit_brings_confidence_to_what_came_true():
    said, right = overconfident()
    found = fit(said, right)
    later, came_true = overconfident(seed=4)
    corrected = np.array([found.of(each) for each in later])

    assert abs(later.mean() - came_true.mean()) > 0.1
    assert abs(corrected.mean() - came_true.mean()) < 0.03


@given(st.floats(0, 1), st.floats(0, 1))
def test_correction_keeps_the_order(one, other):
    correction = Correction(0.7, -0.4, 200)
    low, high = sorted((one, other))

    assert 0 < correction.of(low) <= correction.of(high) < 1


@given(st.floats(0.001, 0.999))
def test_before_undoes_the_correction(share):
    correction = Correction(0.7, -0.4, 200)

    assert correction.before(correction.of(share)) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(
    "right",
    [
        [True] * FEWEST_JUDGED,
        [True] * (FEWEST_JUDGED - 9) + [False] * 9,
        [False] * FEWEST_JUDGED,
    ],
)
def test_fit_changes_nothing_without_both_outcomes(right):
    assert fit(np.linspace(0.1, 0.9, len(right)), right) is UNCHANGED


def test_fit_changes_nothing_with_too_few_or_one_confidence():
    said, right = overconfident(FEWEST_JUDGED - 1)
    assert fit(said, right) is UNCHANGED
    assert fit([0.8] * 200, [True, False] * 100) is UNCHANGED


def test_fit_changes_nothing_where_confidence_says_the_opposite():
    said = np.linspace(0.1, 0.9, 200)
    assert fit(said, said < 0.5) is UNCHANGED


def test_unchanged_returns_what_it_was_given():
    assert [UNCHANGED.of(each) for each in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]
    assert UNCHANGED.before(0.3) == 0.3


def test_fit_refuses_unequal_shapes():
    with pytest.raises(ValueError, match="shapes"):
        fit([0.1], [True, False])
