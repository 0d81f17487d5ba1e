"""People for a row of intervals: from volumes to paid hours."""

import math
from dataclasses import replace

import numpy as np
import pytest

from workforce.capacity.core.cases import promise_curve
from workforce.capacity.core.erlang import erlang_a, required_servers, service_level
from workforce.capacity.core.staffing import (
    Assumptions,
    achieved,
    capacity_equation,
    requirement,
)

PHONE = Assumptions(
    service_level=0.8,
    target_seconds=20,
    handle_seconds=180,
    max_occupancy=0.85,
    shrinkage=0.3,
)
HALF_HOUR = {"minutes": 30, "handling": "LIVE"}


def test_hundred_calls_in_half_an_hour_need_fourteen_people():
    """100 calls of 3 minutes, 80/20, at most 85 % busy: pyworkforce's example."""
    found = requirement([100, 0], assumptions=PHONE, **HALF_HOUR)
    assert found.load.tolist() == [10.0, 0.0]
    assert found.agents.tolist() == [14, 0]
    assert found.service_level == pytest.approx([0.888350019179, 1.0])
    assert found.occupancy == pytest.approx([10 / 14, 0.0])
    assert found.asa == pytest.approx([7.835937011777, 0.0])
    assert found.abandoned.tolist() == [0.0, 0.0]


def test_people_are_rounded_once_and_shrinkage_comes_last():
    """13.04 people on the phones are 18.6 paid, not 14 / 0.7 = 20."""
    found = requirement([100], assumptions=PHONE, **HALF_HOUR)
    assert found.exact[0] == pytest.approx(13.0372, abs=1e-4)
    assert found.paid[0] == pytest.approx(found.exact[0] / 0.7)
    assert found.paid_hours == pytest.approx(found.paid[0] / 2)
    assert found.fte(40) == pytest.approx(found.paid_hours / 40)
    assert found.fte(40, weeks=4) == pytest.approx(found.paid_hours / 160)


def test_exact_people_just_keep_the_promise():
    volumes = np.array([1.0, 10.0, 80.0, 400.0])
    given = replace(PHONE, max_occupancy=1.0)
    found = requirement(volumes, assumptions=given, **HALF_HOUR)
    kept = achieved(volumes, found.exact, assumptions=given, **HALF_HOUR)
    assert kept.service_level == pytest.approx(0.8, abs=1e-9)
    assert (found.agents == np.ceil(found.exact)).all()


def test_patience_needs_fewer_people_and_counts_who_gives_up():
    given = replace(PHONE, patience_seconds=60, max_occupancy=1.0)
    found = requirement([100], assumptions=given, **HALF_HOUR)
    assert found.agents[0] == required_servers(
        10, 180, service_level=0.8, target=20, patience=60
    )
    assert found.agents[0] < 14
    queue = erlang_a(int(found.agents[0]), 10, 180, 60)
    assert found.abandoned[0] == pytest.approx(queue.p_abandon)
    assert found.asa[0] == pytest.approx(queue.mean_wait)


@pytest.mark.parametrize(
    ("definition", "people"),
    [("OFFERED", 104), ("WITHOUT_SHORT", 101), ("WAITED", 101), ("VIRTUAL", 102)],
)
def test_the_four_definitions_ask_for_different_people(definition, people):
    """100 Erlangs of 5 minutes, 90 % within 20 s, patience of 2 minutes."""
    given = Assumptions(
        service_level=0.9,
        handle_seconds=300,
        patience_seconds=120,
        definition=definition,
    )
    found = requirement([300], minutes=15, handling="LIVE", assumptions=given)
    assert found.agents.tolist() == [people]


def test_chat_is_staffed_on_slots():
    """Three at once, each 30 % longer: 13 Erlangs on slots, three slots a person."""
    given = replace(PHONE, concurrency=3, slowdown=0.15, max_occupancy=1.0)
    found = requirement([100], minutes=30, handling="CHAT", assumptions=given)
    slots = required_servers(13.0, 234, service_level=0.8, target=20)
    assert found.load[0] == pytest.approx(13.0)
    assert found.agents[0] == math.ceil(slots / 3)
    assert found.exact[0] * 3 == pytest.approx(slots, abs=1)
    assert found.occupancy[0] == pytest.approx(13.0 / (3 * found.agents[0]))
    at_phone = requirement([100], assumptions=given, **HALF_HOUR)
    assert at_phone.load[0] == 10.0


def test_handle_time_may_differ_by_interval():
    found = requirement(
        [100, 100], assumptions=PHONE, handle_seconds=[180, 360], **HALF_HOUR
    )
    assert found.load.tolist() == [10.0, 20.0]
    assert found.agents.tolist()[0] == 14


def test_too_few_people_without_patience_never_catch_up():
    found = achieved([100], [10], assumptions=PHONE, **HALF_HOUR)
    assert found.service_level.tolist() == [0.0]
    assert found.asa.tolist() == [math.inf]
    assert found.occupancy.tolist() == [1.0]


def test_half_a_person_lies_between_two_whole_ones():
    volumes = [100, 100, 100]
    found = achieved(volumes, [13, 13.5, 14], assumptions=PHONE, **HALF_HOUR)
    low, middle, high = found.service_level
    assert low < middle < high
    assert low == pytest.approx(service_level(13, 10, 180, 20))


def test_the_promise_curve_climbs_ever_steeper():
    levels = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99]
    given = replace(PHONE, max_occupancy=1.0)
    curve = promise_curve([100] * 10, assumptions=given, levels=levels, **HALF_HOUR)
    assert (np.diff(curve) > 0).all()
    by_point = np.diff(curve) / np.diff(levels)
    assert (np.diff(by_point[1:]) > 0).all()
    one = requirement([100] * 10, assumptions=given, **HALF_HOUR).fte(40)
    assert curve[2] == pytest.approx(one)


def test_the_capacity_equation_prints_the_worked_example():
    """500 tickets of 20 minutes; 8 hours at 75 %: 10,000 ÷ 360 = 27.78, 28 agents."""
    found = capacity_equation(500, 20, 8, 0.75)
    assert found.work_minutes == 10_000.0
    assert found.minutes_per_agent == 360.0
    assert found.exact == pytest.approx(27.78, abs=0.005)
    assert found.agents == 28
    assert capacity_equation(0, 20, 8, 0.75).agents == 0
    assert capacity_equation(504, 20, 8, 0.75).agents == 28


@pytest.mark.parametrize(
    "wrong",
    [
        {"service_level": 1.0},
        {"definition": "BEST"},
        {"handle_seconds": 0},
        {"patience_seconds": 0},
        {"concurrency": 0},
        {"max_occupancy": 0},
        {"shrinkage": 1.0},
        {"hours_per_week": 0},
        {"target_seconds": -1},
        {"slowdown": -0.1},
    ],
)
def test_assumptions_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Assumptions(**wrong)


def test_impossible_questions_are_refused():
    with pytest.raises(ValueError, match="handling"):
        requirement([1], minutes=30, handling="FAX", assumptions=PHONE)
    with pytest.raises(ValueError, match="minutes"):
        requirement([1], minutes=0, handling="LIVE", assumptions=PHONE)
    with pytest.raises(ValueError, match="load"):
        requirement([-1], assumptions=PHONE, **HALF_HOUR)
    with pytest.raises(ValueError, match="servers"):
        achieved([1], [-1], assumptions=PHONE, **HALF_HOUR)
    with pytest.raises(ValueError, match="utilisation"):
        capacity_equation(500, 20, 8, 0)


def test_no_intervals_need_nobody():
    patient = Assumptions(patience_seconds=180)
    for handling, given in (("LIVE", patient), ("CHAT", Assumptions())):
        need = requirement([], minutes=30, handling=handling, assumptions=given)
        reached = achieved([], [], minutes=30, handling=handling, assumptions=given)

        assert need.agents.shape == need.exact.shape == (0,)
        assert reached.asa.shape == (0,)
        assert need.paid_hours == 0
