"""Days read from addresses."""

from datetime import date

import pytest

from supportops.common.asked_days import asked_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-02-30", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_asked_day_is_one_that_can_be_reckoned_with(text, day):
    assert asked_day(text) == day
