import math

import numpy as np
import pytest

from qa.core.group_means import (
    group_means,
    means_from_sums,
    rank_ranges,
    weighted_means,
)


def test_means_have_students_interval():
    # n = 3, sd = 10, t(0.975, 2) = 4.302653: half width 4.302653 × 10 / √3.
    found = group_means([70, 80, 90, 50], np.array([0, 0, 0, 1]), 3)

    assert found.n.tolist() == [3, 1, 0]
    assert found.value[:2].tolist() == [80, 50]
    assert found.sd[0] == pytest.approx(10)
    assert found.high[0] - 80 == pytest.approx(24.841377, abs=1e-6)
    assert np.isnan([found.value[2], found.low[1], found.high[1]]).all()


def test_means_from_sums_agree_with_means_of_values():
    values = np.array([0.2, 0.9, 0.4, 0.4])

    plain = group_means(values, np.zeros(4, dtype=np.intp), 1)
    summed = means_from_sums([4], [values.sum()], [(values**2).sum()])

    assert summed.low[0] == pytest.approx(plain.low[0])
    assert summed.high[0] == pytest.approx(plain.high[0])


def test_equal_values_leave_no_width():
    found = group_means([85.3] * 7, np.zeros(7, dtype=np.intp), 1)

    assert (found.low[0], found.high[0]) == (pytest.approx(85.3), pytest.approx(85.3))


def test_weighted_means_speak_for_the_tickets_drawn_from():
    # One ticket of ten scored 60 and one of two scored 90: (10·60 + 2·90) / 12.
    found = weighted_means([60, 90], [10, 2], np.array([0, 0]), 2)

    assert found[0] == pytest.approx(65)
    assert math.isnan(found[1])


def test_ranks_are_ranges_where_nothing_tells_apart():
    assert rank_ranges([90, 88, 50], [5, 5, 5]).tolist() == [[1, 2], [1, 2], [3, 3]]
    assert rank_ranges([80, 80, 80], [0, 0, 0]).tolist() == [[1, 3]] * 3
