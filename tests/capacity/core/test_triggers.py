"""When a trigger fires for a figure, and how often it would have."""

import pytest

from workforce.capacity.core.triggers import (
    Reading,
    Rule,
    Standing,
    firings,
    standing,
)

ABOVE = Rule(threshold=0.05, above=True, minimum_n=20)
BELOW = Rule(threshold=80, above=False, minimum_n=20)


@pytest.mark.parametrize(
    ("rule", "reading", "expected"),
    [
        (ABOVE, Reading(None), Standing.UNKNOWN),
        (ABOVE, Reading(0.05, n=900), Standing.CLEAR),
        (ABOVE, Reading(0.04, n=900, low=0.03, high=0.06), Standing.CLEAR),
        (ABOVE, Reading(0.09, n=19, low=0.06, high=0.2), Standing.TOO_FEW),
        (ABOVE, Reading(0.09, n=20, low=0.06, high=0.2), Standing.CROSSED),
        (ABOVE, Reading(0.09, n=20, low=0.05, high=0.2), Standing.UNSURE),
        (ABOVE, Reading(0.09, n=20), Standing.CROSSED),
        (BELOW, Reading(79.9, n=20), Standing.CROSSED),
        (BELOW, Reading(79.9, n=20, low=70, high=80), Standing.UNSURE),
        (BELOW, Reading(79.9, n=20, low=70, high=79.95), Standing.CROSSED),
        (BELOW, Reading(80, n=20), Standing.CLEAR),
    ],
)
def test_standing_asks_for_facts_and_the_whole_interval(rule, reading, expected):
    assert standing(rule, reading) is expected


def test_distance_is_negative_beyond_the_threshold():
    assert ABOVE.distance(0.03) == pytest.approx(0.02)
    assert ABOVE.distance(0.08) == pytest.approx(-0.03)
    assert BELOW.distance(90) == 10
    assert BELOW.distance(70) == -10


def test_firings_count_a_lasting_crossing_once():
    rule = Rule(threshold=10, above=True)
    values = [9, 11, 12, 11, 10, 13, None, 14]

    readings = [Reading(value, n=30) for value in values]
    assert firings(rule, readings) == [1, 5]


def test_firings_stay_disarmed_through_what_is_not_sure():
    readings = [
        Reading(0.09, n=50, low=0.06, high=0.1),
        Reading(0.06, n=50, low=0.04, high=0.1),
        Reading(0.09, n=50, low=0.06, high=0.1),
        Reading(0.01, n=50, low=0.0, high=0.03),
        Reading(0.09, n=50, low=0.06, high=0.1),
    ]
    assert firings(ABOVE, readings) == [0, 4]
