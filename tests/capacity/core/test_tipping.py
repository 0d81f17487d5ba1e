"""Flip points: exact, equal to brute force, none where nothing changes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workforce.capacity.core.options import (
    Channel,
    Measure,
    Plan,
    Range,
    Setting,
    evaluate,
)
from workforce.capacity.core.tipping import Stretch, stretches, tipping

CHANNELS = (Channel("email"), Channel("phone", is_live=True))
A = Plan("A", {"email": 0.6, "phone": 0.4}, 10, 0.0)
B = Plan("B", {"email": 0.6, "phone": 0.4}, 7, 0.4)


def setting(**drivers):
    held = {
        "tickets_per_week": Range(900),
        "handle_minutes": Range(15),
        "cost_per_fte_week": Range(1_400),
        "csat_today": Range(0.85),
        "csat_per_doubling": Range(-0.03),
        "automation_cost_contact": Range(2.0),
        "automation_cost_week": Range(3_000),
        **drivers,
    }
    return Setting(CHANNELS, held, A)


def test_lines_cross_where_they_do():
    # A: 14,000; B: 7 × 1,400 + 3,000 + 0.4 × 2 × volume = 12,800 + 0.8 × volume.
    found = tipping(setting(), [A, B], "tickets_per_week", 500, 2_500)
    assert [each.best for each in found.cheapest] == [1, 0]
    assert found.cheapest[0].high == pytest.approx(1_500, rel=1e-9)
    assert found.cheapest[1].low == found.cheapest[0].high
    assert found.cheapest[1].low in found.flips


def test_flip_of_a_wage():
    # 3 people × wage against 3,000 + 0.8 × 900 = 3,720.
    found = tipping(setting(), [A, B], "cost_per_fte_week", 500, 2_500)
    assert found.cheapest[0].high == pytest.approx(1_240, rel=1e-9)
    assert len(found.fastest) == 1


@pytest.mark.parametrize(
    "driver", ["tickets_per_week", "handle_minutes", "automation_success"]
)
def test_stretches_equal_brute_force(driver):
    held = setting()
    ends = (0.1, 1.0) if driver == "automation_success" else (5, 40)
    low, high = (400, 2_000) if driver == "tickets_per_week" else ends
    plans = [A, B, Plan("C", {"email": 1.0}, 8, 0.2)]
    found = tipping(held, plans, driver, low, high)
    fine = np.linspace(low, high, 4_001)
    outcome = evaluate(held, plans, {driver: fine})
    for measure, held_stretches in (
        (Measure.COST, found.cheapest),
        (Measure.RESOLUTION, found.fastest),
    ):
        table = np.broadcast_to(measure.of(outcome), (3, len(fine)))
        for place, at in enumerate(fine):
            mine = next(each for each in held_stretches if each.low <= at <= each.high)
            least = table[:, place].min()
            away = min(abs(at - each.low) for each in held_stretches)
            if away > (high - low) / 2_000:
                assert table[mine.best, place] <= least + 1e-6 * (1 + abs(least))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(-20, 20)), min_size=1, max_size=5)
)
def test_lower_envelope_of_lines(lines):
    """Of straight lines the best is known: slopes fall from stretch to stretch."""
    slopes = np.array([line[0] for line in lines])
    offsets = np.array([line[1] for line in lines])

    def curves(at):
        return slopes[:, None] * at + offsets[:, None]

    found = stretches(curves, np.linspace(0, 10, 30))
    assert found[0].low == 0
    assert found[-1].high == 10
    for before, after in pairwise(found):
        assert before.high == after.low
        assert slopes[after.best] < slopes[before.best]
        here = curves(np.array([after.low]))[:, 0]
        assert here[before.best] == pytest.approx(here[after.best], abs=1e-5)
    for each in found:
        middle = curves(np.array([(each.low + each.high) / 2]))[:, 0]
        assert middle[each.best] <= middle.min() + 1e-5


def test_third_option_between_two_points_is_found():
    def curves(at):
        return np.array([at, 10 - at, np.full_like(at, 4.9)])

    found = stretches(curves, np.array([0.0, 10.0]))
    assert [each.best for each in found] == [0, 2, 1]
    assert [each.high for each in found] == pytest.approx([4.9, 5.1, 10])


def test_equal_options_never_flip():
    found = stretches(lambda at: np.ones((3, len(at))), np.linspace(0, 1, 9))
    assert found == [Stretch(0.0, 1.0, 0)]


def test_unknown_driver_and_empty_range_are_refused():
    with pytest.raises(ValueError, match="no input"):
        tipping(setting(), [A, B], "weather", 0, 1)
    with pytest.raises(ValueError, match="empty range"):
        tipping(setting(), [A, B], "handle_minutes", 5, 5)
