from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supportops.metrics.core.rows import Rows, encode, matching

MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)


def test_rows_join_days_of_different_types():
    rows = Rows(
        [MONDAY, TUESDAY],
        [
            {"n": np.array([1], dtype=np.uint8)},
            {"n": np.array([70_000, 2], dtype=np.uint32)},
        ],
    )

    assert rows.size == 3
    assert rows["n"].tolist() == [1, 70_000, 2]
    assert rows["day"].tolist() == [MONDAY.toordinal()] + 2 * [TUESDAY.toordinal()]


def test_rows_without_days_have_empty_columns():
    rows = Rows([], [])

    assert rows.size == 0
    assert rows["n"].tolist() == []
    assert rows.where(None)["day"].tolist() == []


def test_where_narrows_what_was_narrowed():
    rows = Rows([MONDAY], [{"n": np.arange(6)}])

    even = rows.where(np.arange(6) % 2 == 0)
    large = even.where(even["n"] > 1)

    assert large["n"].tolist() == [2, 4]
    assert large.size == 2


@given(st.lists(st.integers(0, 40)), st.frozensets(st.integers(0, 60)))
def test_matching_is_membership(values, wanted):
    column = np.array(values, dtype=np.uint8)

    assert matching(column, wanted).tolist() == [value in wanted for value in values]


@given(st.lists(st.integers(0, 2**40), max_size=30))
def test_encode_numbers_the_distinct_values(values):
    column = np.array(values, dtype=np.int64)

    keys, codes = encode(column)

    assert keys.tolist() == sorted(set(values))
    assert keys[codes].tolist() == values
