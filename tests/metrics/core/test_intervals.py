import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportops.metrics.core.intervals import share_interval


@pytest.mark.parametrize(
    ("hits", "total", "expected"),
    [
        # Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3 (Wilson score).
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0000, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_share_interval_agrees_with_published_table(hits, total, expected):
    np.testing.assert_allclose(share_interval([hits], [total]), [expected], atol=5e-5)


def test_share_interval_rules_nothing_out_for_an_empty_group():
    assert share_interval([0], [0]).tolist() == [[0.0, 1.0]]


@given(st.integers(1, 10_000), st.data())
def test_share_interval_holds_the_share_and_stays_in_bounds(total, data):
    hits = data.draw(st.integers(0, total))

    ((low, high),) = share_interval([hits], [total])

    assert 0 <= low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("hits", "total", "confidence", "message"),
    [
        ([1], [1, 2], 0.95, "one equal shape"),
        ([2], [1], 0.95, "0 <= hits <= total"),
        ([-1], [1], 0.95, "0 <= hits <= total"),
        ([1], [1], 1.0, "strictly in"),
    ],
)
def test_share_interval_refuses_impossible_counts(hits, total, confidence, message):
    with pytest.raises(ValueError, match=message):
        share_interval(hits, total, confidence=confidence)
