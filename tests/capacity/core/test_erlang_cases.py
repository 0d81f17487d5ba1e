"""Erlang B, C and A against reference values of 25 digits and figures in print."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from workforce.capacity.core.erlang import (
    average_speed_of_answer,
    erlang_a,
    erlang_b,
    erlang_c,
    required_servers,
    service_level,
)

CASES = Path(__file__).parents[4] / "shared" / "cases" / "erlang_cases.json"


@pytest.fixture(scope="module")
def cases():
    if not CASES.exists():
        pytest.skip(f"no reference cases at {CASES}")
    found = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    assert len(found) >= 60
    return found


def of_model(cases, model):
    for case in cases:
        if case["model"] == model:
            yield (
                case["id"],
                {name: float(value) for name, value in case["input"].items()},
                {name: float(value) for name, value in case["expected"].items()},
            )


def near(value):
    """1e-9 relative; a reference of 0 lost its digits to 25, so 1e-24 counts as 0."""
    return pytest.approx(value, rel=1e-9, abs=1e-24 if value == 0 else 0)


def test_blocking_equals_every_case(cases):
    for key, given, expected in of_model(cases, "erlang_b"):
        found = erlang_b(given["servers"], given["load"])
        assert found == near(expected["blocking"]), key
        found = erlang_b([given["servers"]], [given["load"]])
        assert found[0] == near(expected["blocking"]), key


def test_waiting_equals_every_case(cases):
    for key, given, expected in of_model(cases, "erlang_c"):
        queue = given["servers"], given["load"]
        for n, a in (queue, tuple(np.array([value]) for value in queue)):
            found = {
                "p_wait": erlang_c(n, a),
                "asa": average_speed_of_answer(n, a, given["aht"]),
                "service_level": service_level(n, a, given["aht"], given["threshold"]),
            }
            for name, value in found.items():
                assert value == near(expected[name]), (key, name)
        endless = erlang_a(*queue, given["aht"], math.inf)
        assert endless.queue_length == near(expected["queue_length"]), key
        assert endless.occupancy == near(expected["occupancy"]), key


def test_required_people_equal_every_case(cases):
    for key, given, expected in of_model(cases, "erlang_c_required"):
        for load in (given["load"], np.float64(given["load"])):
            found = required_servers(
                load,
                given["aht"],
                service_level=given["target"],
                target=given["threshold"],
                max_occupancy=given["max_occupancy"],
            )
            assert found == expected["servers"], key


def test_abandonment_equals_every_case(cases):
    for key, given, expected in of_model(cases, "erlang_a"):
        queue = erlang_a(
            given["servers"], given["load"], given["aht"], given["patience"]
        )
        within = given["threshold"]
        found = {
            "p_wait": queue.p_wait,
            "p_abandon": queue.p_abandon,
            "mean_wait_all": queue.mean_wait,
            "queue_length": queue.queue_length,
            "occupancy": queue.occupancy,
            "sl_served_within_t": queue.service_level(within),
            "sl_excl_short_abandons": queue.service_level(within, "without_short"),
            "p_wait_gt_t": queue.waits_longer(within),
            "p_abandon_within_t": queue.abandoned_within(within),
        }
        for name, value in found.items():
            assert value == near(expected[name]), (key, name)
        waited = 1 - expected["p_wait_gt_t"]
        virtual = 1 - expected["p_virtual_wait_gt_t"]
        assert queue.service_level(within, "waited") == pytest.approx(waited, abs=1e-12)
        assert queue.service_level(within, "virtual") == pytest.approx(
            virtual, abs=1e-12
        )


@pytest.mark.parametrize(
    ("servers", "load", "share"),
    [(1, 0.0101, 0.01), (5, 1.36, 0.01), (10, 4.46, 0.01), (20, 13.182, 0.02)],
)
def test_blocking_equals_the_printed_table(servers, load, share):
    """Standard Erlang B tables, 1 % and 2 % columns, loads rounded to three digits."""
    assert erlang_b(servers, load) == pytest.approx(share, rel=5e-3)


def test_waiting_equals_the_worked_example_of_mitan():
    """0.2 calls a second of 240 s, 55 people: K. Mitan, "Erlang C", and T. Tanner."""
    assert erlang_c(55, 48) == pytest.approx(0.2387, abs=5e-5)
    assert average_speed_of_answer(55, 48, 240) == pytest.approx(8.184, abs=5e-4)
    assert service_level(55, 48, 240, 15) == pytest.approx(0.8459, abs=5e-5)


def test_waiting_equals_the_r_package():
    """CRAN ErlangC, 10 Erlangs and 14 people: 0.1741319 and 7.83593701177724 s."""
    assert erlang_c(14, 10) == pytest.approx(0.1741319, abs=5e-8)
    assert average_speed_of_answer(14, 10, 180) == pytest.approx(7.83593701177724)


def test_abandonment_equals_garnett_mandelbaum_and_reiman():
    """50 people, 48 calls of a minute each minute, patience of 2 minutes: 3.1 % give up."""
    assert erlang_a(50, 48, 60, 120).p_abandon == pytest.approx(0.031, abs=5e-4)
