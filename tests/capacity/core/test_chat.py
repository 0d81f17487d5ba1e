"""Several chats at once."""

import pytest

from workforce.capacity.core.chat import ONE_AT_A_TIME, concurrency


def test_each_further_chat_slows_all_of_them():
    found = concurrency(3, 0.15)
    assert (found.slots, found.factor) == (3, pytest.approx(1.3))
    assert found.gain == pytest.approx(3 / 1.3)


def test_one_chat_at_a_time_is_not_slowed():
    assert concurrency(1, 0.5) == ONE_AT_A_TIME
    assert concurrency(4, 0.0).gain == 4.0


@pytest.mark.parametrize(
    ("slots", "slowdown"), [(0, 0.1), (1.5, 0.1), (2, -0.1), (2, float("nan"))]
)
def test_impossible_concurrency_is_refused(slots, slowdown):
    with pytest.raises(ValueError, match="must be"):
        concurrency(slots, slowdown)
