import numpy as np
import pytest

from sla.core.attainment import attainment_interval, worst_first


@pytest.mark.parametrize(
    ("met", "total", "expected"),
    [
        # Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3 (Wilson score).
        (81, 263, (0.2553, 0.3662)),
        (0, 20, (0.0000, 0.1611)),
    ],
)
def test_attainment_interval_agrees_with_published_table(met, total, expected):
    np.testing.assert_allclose(
        attainment_interval([met], [total]), [expected], atol=5e-5
    )


def test_worst_first_is_not_led_by_the_smallest_group():
    met, total = [0, 600, 99], [1, 1000, 100]

    assert worst_first(met, total).tolist() == [1, 0, 2]


def test_worst_first_puts_the_larger_of_two_equal_groups_first():
    assert worst_first([0, 0, 0], [0, 0, 0]).tolist() == [0, 1, 2]
    assert worst_first([], []).tolist() == []
