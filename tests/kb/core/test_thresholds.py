from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kb.core.thresholds import (
    CANDIDATES,
    Finding,
    answers_needed,
    calibration_error,
    choose,
    curve,
    lower_bound,
    reliability,
)

JUDGED = st.lists(
    st.tuples(st.floats(0, 1, allow_nan=False), st.booleans()), min_size=1, max_size=60
)


def test_reliability_counts_by_hand():
    bins = reliability([0.05, 0.1, 0.85, 0.9, 1.0], [0, 1, 1, 0, 1])

    assert [each.n for each in bins] == [1, 1, 0, 0, 0, 0, 0, 0, 1, 2]
    assert bins[9].confidence == pytest.approx(0.95)
    assert (bins[9].right, bins[9].share) == (1, 0.5)
    assert (bins[2].share, bins[2].lower, bins[2].upper) == (None, 0.0, 1.0)
    wilson = stats.binomtest(1, 2).proportion_ci(method="wilson")
    assert (bins[9].lower, bins[9].upper) == pytest.approx((wilson.low, wilson.high))
    # (|0.05-0| + |0.1-1| + |0.85-1|) / 5 + 2/5 * |0.95-0.5|
    assert calibration_error(bins) == pytest.approx((0.05 + 0.9 + 0.15) / 5 + 0.18)


def test_calibration_error_of_nothing_is_none():
    assert calibration_error(reliability([], [])) is None


@given(JUDGED, st.integers(1, 12))
def test_reliability_bins_hold_each_answer_once(judged, bins):
    values, right = zip(*judged, strict=True)
    found = reliability(values, right, bins=bins)

    assert sum(each.n for each in found) == len(judged)
    assert sum(each.right for each in found) == sum(right)
    for each in found:
        inside = [
            value
            for value in values
            if each.low <= value < each.high or (each.high == 1.0 and value == 1.0)
        ]
        assert each.n == len(inside)


@pytest.mark.parametrize("n", [1, 7, 40, 300])
def test_lower_bound_is_clopper_and_pearson(n):
    for right in range(0, n + 1, max(1, n // 7)):
        exact = stats.binomtest(right, n, alternative="greater").proportion_ci(0.99)
        assert lower_bound(right, n, chance=0.01) == pytest.approx(exact.low, abs=1e-9)


def test_answers_needed_is_the_fewest_that_show_it():
    for target in (0.5, 0.8, 0.9, 0.95, 0.99):
        n = answers_needed(target)
        chance = 0.05 / CANDIDATES
        assert lower_bound(n, n, chance=chance) >= target - 1e-9
        assert lower_bound(n - 1, n - 1, chance=chance) < target


@given(JUDGED)
def test_curve_against_counting(judged):
    values, right = (np.array(each) for each in zip(*judged, strict=True))
    points = curve(values, right)

    assert 1 <= len(points) <= CANDIDATES
    assert points[-1].coverage == 1.0
    for point in points:
        shown = [is_right for value, is_right in judged if value >= point.threshold]
        assert point.threshold in values
        assert (point.shown, point.right) == (len(shown), sum(shown))
        assert point.coverage == len(shown) / len(judged)
    thresholds = [point.threshold for point in points]
    assert thresholds == sorted(set(thresholds), reverse=True)


def test_choose_takes_the_widest_coverage_that_is_shown():
    # 200 sure answers, 2 wrong; 100 unsure ones, half of them wrong.
    confidences = [0.95 - 0.0001 * n for n in range(200)] + [0.5] * 100
    right = [n not in (50, 150) for n in range(200)] + [n % 2 == 0 for n in range(100)]

    choice = choose(confidences, right, 0.9)

    assert choice.finding == Finding.CHOSEN
    assert choice.point.threshold == pytest.approx(0.95 - 0.0001 * 179)
    assert (choice.point.shown, choice.point.right) == (180, 178)
    assert choice.point.coverage == 0.6
    assert choice.point.lower == pytest.approx(
        stats.binomtest(178, 180, alternative="greater").proportion_ci(0.995).low
    )
    assert 0.9 < choice.point.lower < choice.point.precision


def test_choose_says_how_many_are_needed():
    choice = choose([0.9] * 50, [True] * 50, 0.9)

    assert (choice.finding, choice.threshold) == (Finding.TOO_FEW, None)
    assert (choice.n, choice.needed) == (50, 51)
    assert choose([0.9] * 51, [True] * 51, 0.9).threshold == 0.9
    assert choose([], [], 0.9).finding == Finding.TOO_FEW


def test_choose_needs_more_when_some_are_wrong():
    choice = choose([0.9] * 100, [n >= 5 for n in range(100)], 0.9)

    assert choice.finding == Finding.TOO_FEW
    chance = 0.05 / CANDIDATES
    right = int(0.95 * choice.needed)
    assert 100 < choice.needed < 1000
    assert lower_bound(right, choice.needed, chance=chance) >= 0.9


def test_choose_gives_up_where_nothing_was_right_so_often():
    choice = choose([0.9] * 300, [n % 3 > 0 for n in range(300)], 0.9)

    assert (choice.finding, choice.threshold) == (Finding.NOT_REACHED, None)


def test_chosen_precision_holds_as_often_as_promised():
    """A world whose true precision above each threshold is known, drawn 200 times."""
    draw = np.random.default_rng(7)
    misses = chosen = 0
    for _ in range(200):
        confidences = draw.uniform(0.5, 1.0, 400)
        # Never right at 0.5, nearly always at 1: above t, 0.99 t of them are right.
        truth = (confidences - 0.5) * 2 * 0.99
        choice = choose(confidences, draw.random(400) < truth, 0.7)
        if choice.threshold is not None:
            chosen += 1
            misses += 0.99 * choice.threshold < 0.7
    assert chosen > 150
    assert misses / chosen <= 0.05


@pytest.mark.parametrize(
    ("confidences", "right", "target"),
    [
        ([0.5], [True, False], 0.9),
        ([1.5], [True], 0.9),
        ([float("nan")], [True], 0.9),
        ([0.5], [2], 0.9),
        ([0.5], [True], 1.0),
        ([0.5], [True], 0.0),
    ],
)
def test_choose_refuses_what_is_no_share(confidences, right, target):
    with pytest.raises(ValueError, match=r"\w"):
        choose(confidences, right, target)


def test_points_do_not_depend_on_the_order_of_answers():
    judged = [(0.9, True), (0.4, False), (0.4, True), (0.7, False)]
    first = curve(*zip(*judged, strict=True))
    for pair in combinations(range(4), 2):
        moved = list(judged)
        moved[pair[0]], moved[pair[1]] = moved[pair[1]], moved[pair[0]]
        assert curve(*zip(*moved, strict=True)) == first
