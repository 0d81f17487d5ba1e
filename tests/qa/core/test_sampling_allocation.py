import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.sampling.allocation import EQUAL, NEYMAN, PROPORTIONAL, allocate, targets

sizes_and_n = st.lists(st.integers(1, 60), min_size=1, max_size=12).flatmap(
    lambda sizes: st.tuples(st.just(sizes), st.integers(0, sum(sizes)))
)
methods = st.sampled_from([EQUAL, PROPORTIONAL, NEYMAN])


@pytest.mark.parametrize(
    ("sizes", "n", "method", "spreads", "expected"),
    [
        ([50, 30, 20], 10, PROPORTIONAL, None, [5, 3, 2]),
        ([10, 10, 10], 8, EQUAL, None, [3, 3, 2]),  # ties: the earlier stratum
        ([10, 10, 20], 4, PROPORTIONAL, None, [1, 1, 2]),
        ([98, 1, 1], 5, PROPORTIONAL, None, [3, 1, 1]),  # nobody is left out
        ([2, 100], 60, EQUAL, None, [2, 58]),  # a small stratum gives what it has
        ([50, 50], 12, NEYMAN, [5.0, 15.0], [3, 9]),
        ([50, 50], 12, NEYMAN, [0.0, 10.0], [2, 10]),  # a quarter of the pooled 7.07
        ([50, 50], 12, NEYMAN, [None, 10.0], [6, 6]),
        ([50, 50], 12, NEYMAN, [None, None], [6, 6]),
        ([30, 20], 0, PROPORTIONAL, None, [0, 0]),
    ],
)
def test_allocation_by_hand(sizes, n, method, spreads, expected):
    assert allocate(sizes, n, method, spreads) == expected


@settings(deadline=None)
@given(sizes_and_n, methods)
def test_allocation_sums_to_n_and_takes_no_more_than_there_is(sizes_n, method):
    sizes, n = sizes_n
    numbers = allocate(sizes, n, method, [float(size % 5) for size in sizes])

    assert sum(numbers) == n
    assert all(0 <= number <= size for number, size in zip(numbers, sizes, strict=True))
    if n >= len(sizes):
        assert min(numbers) >= 1


@settings(deadline=None)
@given(sizes_and_n, methods)
def test_allocation_is_a_target_rounded_up_or_down(sizes_n, method):
    sizes, n = sizes_n
    wanted = targets(sizes, n, method)

    assert wanted.sum() == pytest.approx(n)
    assert np.abs(np.array(allocate(sizes, n, method)) - wanted).max() < 1 + 1e-9


@settings(deadline=None)
@given(sizes_and_n)
def test_proportional_targets_are_proportional_when_nothing_binds(sizes_n):
    sizes, n = sizes_n
    exact = n * np.array(sizes) / sum(sizes)
    if n < len(sizes) or exact.min() >= 1:
        np.testing.assert_allclose(targets(sizes, n), exact, rtol=1e-9, atol=1e-9)


def test_allocation_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"0\.\.30"):
        allocate([10, 20], 31)
    with pytest.raises(ValueError, match="needs a ticket"):
        allocate([10, 0], 5)
    with pytest.raises(ValueError, match="unknown allocation"):
        allocate([10, 20], 5, "BEST")
    assert allocate([], 0) == []
