import pytest

from sla.core.clock import threshold_at
from tests.sla.core.clock_stories import HOUR, OFFICE, at, one, story


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.5, "5 10:00"), (0.8, "5 10:36"), (1, "5 11:00"), (2, "5 13:00")],
)
def test_threshold_lies_at_its_share_of_the_target(share, expected):
    clock = one(story("5 09:00 created"), "resolution", 2 * HOUR, "5 09:10")

    assert threshold_at(clock, OFFICE, "", at("5 09:10"), share) == at(expected)


def test_threshold_already_passed_is_now():
    clock = one(story("5 09:00 created"), "resolution", 2 * HOUR, "5 15:00")

    assert threshold_at(clock, OFFICE, "", at("5 15:00"), 0.5) == at("5 15:00")


def test_paused_clock_approaches_no_threshold():
    events = story("5 09:00 created", "5 09:05 paused")
    clock = one(events, "resolution", 2 * HOUR, "5 09:10")

    assert threshold_at(clock, OFFICE, "", at("5 09:10"), 1) is None
