"""Which assumption moves the number of people most."""

import pytest

from workforce.capacity.core.sensitivity import default_changes, sensitivity
from workforce.capacity.core.staffing import Assumptions, requirement

GIVEN = Assumptions(
    handle_seconds=300, patience_seconds=120, max_occupancy=0.85, shrinkage=0.25
)
FLOOR = {"minutes": 30, "handling": "LIVE", "assumptions": GIVEN}
VOLUMES = [20, 60, 100, 40]


def test_the_largest_swing_comes_first():
    effects = sensitivity(VOLUMES, **FLOOR)
    swings = [effect.swing for effect in effects]
    assert swings == sorted(swings, reverse=True)
    assert {effect.name for effect in effects} == {
        "volume",
        "service_level",
        "target_seconds",
        "handle_seconds",
        "patience_seconds",
        "max_occupancy",
        "shrinkage",
    }


def test_each_assumption_moves_people_the_way_it_should():
    found = {effect.name: effect for effect in sensitivity(VOLUMES, **FLOOR)}
    for name in ("volume", "service_level", "handle_seconds", "shrinkage"):
        assert found[name].fte_low < found[name].fte_base < found[name].fte_high
    assert found["target_seconds"].fte_low > found["target_seconds"].fte_high
    assert found["max_occupancy"].fte_low > found["max_occupancy"].fte_base


def test_effects_equal_the_requirement_worked_by_hand():
    effects = sensitivity(VOLUMES, changes={"shrinkage": (0.2, 0.4)}, **FLOOR)
    base = requirement(VOLUMES, **FLOOR).fte(40)
    assert len(effects) == 1
    assert effects[0].fte_base == pytest.approx(base)
    assert effects[0].fte_low == pytest.approx(base * 0.75 / 0.8)
    assert effects[0].fte_high == pytest.approx(base * 0.75 / 0.6)


def test_chat_adds_its_own_assumptions_and_shares_stay_in_range():
    given = Assumptions(service_level=0.95, concurrency=1, slowdown=0.1)
    changes = default_changes("CHAT", given)
    assert changes["concurrency"] == (1, 2)
    assert changes["slowdown"] == pytest.approx((0.09, 0.11))
    assert changes["service_level"][1] == 0.999
    assert changes["max_occupancy"] == (0.9, 1.0)
    assert "patience_seconds" not in changes
    assert "shrinkage" not in changes


def test_an_unknown_assumption_is_refused():
    with pytest.raises(ValueError, match="unknown assumption"):
        sensitivity(VOLUMES, changes={"weather": (0.0, 1.0)}, **FLOOR)
