"""Keys read from addresses and forms."""

import pytest

from supportops.common.row_ids import LARGEST_ID, row_id, row_ids


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("007", 7),
        (str(LARGEST_ID), LARGEST_ID),
        (str(LARGEST_ID + 1), None),
        ("9" * 5000, None),
        ("0", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_row_id_is_what_a_key_column_holds(text, number):
    assert row_id(text) == number


def test_row_ids_pass_over_what_is_no_key():
    assert row_ids(["3", "x", "9" * 30, "2"]) == [3, 2]
