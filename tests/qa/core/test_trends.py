import numpy as np
import pytest

from qa.core.trends import DAYS_A_MONTH, monthly_slopes
from qa.core.weekly_limits import weekly_limits

MONTH = DAYS_A_MONTH * 86400


def slopes(scores, months, agents, groups=None, size=1):
    groups = np.zeros(len(scores), dtype=np.intp) if groups is None else groups
    return monthly_slopes(
        scores, np.array(months) * MONTH, np.array(agents), groups, size
    )


def test_a_line_has_its_slope_and_no_doubt():
    found = slopes([70, 72, 74, 76], [0, 1, 2, 3], [1, 1, 1, 1])

    assert found.value[0] == pytest.approx(2)
    assert (found.low[0], found.high[0]) == (pytest.approx(2), pytest.approx(2))


def test_a_better_agent_who_joins_is_no_trend():
    # One stays at 70, the other starts later at 90: the mean rises, nobody does.
    found = slopes([70, 70, 70, 90, 90], [0, 1, 2, 2, 3], [1, 1, 1, 2, 2])

    assert found.value[0] == pytest.approx(0, abs=1e-9)


def test_interval_is_that_of_the_regression():
    # Slope 4, rests 0, 1, −1 … of three points: se² = (6/1)/2 with t(0.975, 1) = 12.706.
    found = slopes([70, 77, 78], [0, 1, 2], [1, 1, 1])

    assert found.value[0] == pytest.approx(4)
    assert found.sd[0] == pytest.approx(np.sqrt(6 / 2))
    assert found.high[0] - 4 == pytest.approx(12.7062047 * np.sqrt(3), rel=1e-6)


def test_groups_are_apart_and_too_little_is_unknown():
    found = slopes(
        [70, 72, 74, 50], [0, 1, 2, 0], [1, 1, 1, 1], np.array([0, 0, 0, 1]), 3
    )

    assert found.n.tolist() == [3, 1, 0]
    assert found.value[0] == pytest.approx(2)
    assert np.isnan(found.value[1:]).all()


def test_weekly_limits_narrow_with_more_scores():
    found = weekly_limits(
        np.array([4, 16, 0]),
        np.array([80.0, 80.0, np.nan]),
        np.array([6.0, 6.0, np.nan]),
    )

    assert found.centre == 80
    assert found.lower[:2].tolist() == [71.0, 75.5]
    assert found.upper[:2].tolist() == [89.0, 84.5]
    assert np.isnan(found.lower[2])
    assert not found.beyond.any()


def test_a_week_outside_its_limits_signals():
    found = weekly_limits(
        np.array([9, 9, 9]), np.array([80.0, 80.0, 62.0]), np.array([3.0, 3.0, 3.0])
    )

    assert found.beyond.tolist() == [True, True, True]


def test_eight_weeks_on_one_side_are_a_run():
    means = np.array([81.0] * 8 + [72.0])
    found = weekly_limits(np.full(9, 4), means, np.full(9, 20.0))

    assert found.run.tolist() == [True] * 8 + [False]
    assert not weekly_limits(np.full(8, 4), means[1:], np.full(8, 20.0)).run.any()
