"""Erlang B, C and A against exact arithmetic, and at the edges of what they accept."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workforce.capacity.core.erlang import (
    average_speed_of_answer,
    erlang_a,
    erlang_b,
    erlang_c,
    fractional_servers,
    required_servers,
    service_level,
)
from workforce.capacity.core.erlang.promise import promise_of
from workforce.capacity.core.erlang.search import _bisect, whole_servers

DEFINITIONS = ("offered", "without_short", "waited", "virtual")
PROMISE = {"service_level": 0.8, "target": 20.0}


def exact_blocking(servers, load):
    """1/B(n) = 1 + n/A · 1/B(n - 1), in fractions."""
    inverse = Fraction(1)
    for step in range(1, servers + 1):
        inverse = 1 + inverse * step / Fraction(load)
    return 1 / inverse


def exact_waiting(servers, load):
    blocked = exact_blocking(servers, load)
    return servers * blocked / (servers - Fraction(load) * (1 - blocked))


def exact_abandonment(servers, load, aht, patience, target):
    """Shares of Erlang A by its birth-death sums, in decimals of 120 digits."""
    with localcontext() as context:
        context.prec = 120
        load, aht, patience, target = map(Decimal, (load, aht, patience, target))
        x, y = servers * patience / aht, load * patience / aht

        def tail(power, until):
            left = y * (-until).exp()
            term = total = Decimal(1)
            step = 0
            while term > total * Decimal("1e-110") or step < left - power:
                step += 1
                term *= left / (power + step)
                total += term
            return total * (y - left - power * until).exp()

        idle = 1 / _decimal(exact_blocking(servers, Fraction(load))) - 1
        until = target / patience
        all_waits, late = tail(x, Decimal(0)), tail(x, until)
        served = x / (x + 1) * tail(x + 1, Decimal(0))
        served_late = x / (x + 1) * tail(x + 1, until)
        total = idle + all_waits
        offered = (idle + served - served_late) / total
        longer = late * (-until).exp() / total
        return {
            "p_wait": all_waits / total,
            "p_abandon": (all_waits - served) / total,
            "occupancy": load * (idle + served) / total / servers,
            "offered": offered,
            "without_short": offered / (offered + longer),
            "waited": 1 - longer,
            "virtual": (idle + all_waits - late) / total,
            "longer": longer,
            "abandoned": 1 - offered - longer,
        }


def _decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def found_abandonment(servers, load, aht, patience, target):
    queue = erlang_a(servers, load, aht, patience)
    found = {name: queue.service_level(target, name) for name in DEFINITIONS}
    found |= {
        "p_wait": queue.p_wait,
        "p_abandon": queue.p_abandon,
        "occupancy": queue.occupancy,
        "longer": queue.waits_longer(target),
        "abandoned": queue.abandoned_within(target),
    }
    return found


@given(st.integers(0, 250), st.floats(1e-6, 400.0))
@settings(max_examples=150, deadline=None)
def test_blocking_equals_the_recursion_in_fractions(servers, load):
    exact = float(exact_blocking(servers, load))
    assert erlang_b(servers, load) == pytest.approx(exact, rel=1e-12, abs=1e-300)
    found = erlang_b(np.array([servers]), np.array([load]))
    assert found[0] == pytest.approx(exact, rel=1e-11, abs=1e-300)


@given(st.integers(1, 250), st.floats(1e-6, 250.0))
@settings(max_examples=150, deadline=None)
def test_waiting_equals_fractions_up_to_the_last_stable_load(servers, load):
    assume(load < servers * (1 - 1e-9))
    waits = exact_waiting(servers, load)
    target = 20 / 300
    ahead = (servers - Fraction(load)) * Fraction(target)
    level = 1 - float(waits) * math.exp(-float(ahead))
    found = np.array([servers]), np.array([load])
    for n, a in ((servers, load), found):
        assert erlang_c(n, a) == pytest.approx(float(waits), rel=1e-10, abs=1e-290)
        assert service_level(n, a, 300.0, 20.0) == pytest.approx(level, abs=1e-12)
        wait = float(waits * 300 / (servers - Fraction(load)))
        asa = average_speed_of_answer(n, a, 300.0)
        assert asa == pytest.approx(wait, rel=1e-6, abs=1e-290)


@given(
    servers=st.integers(1, 60),
    load=st.floats(1e-3, 80.0),
    patience=st.floats(1.0, 20_000.0),
    target=st.floats(0.0, 400.0),
)
@settings(max_examples=60, deadline=None)
def test_abandonment_equals_the_birth_death_sums(servers, load, patience, target):
    exact = exact_abandonment(servers, load, 300.0, patience, target)
    found = found_abandonment(servers, load, 300.0, patience, target)
    for name, value in exact.items():
        wanted = pytest.approx(float(value), rel=1e-9, abs=1e-80)
        assert found[name] == wanted, name


def test_abandonment_keeps_its_digits_where_few_give_up():
    """Differences of incomplete gamma functions have none left here."""
    exact = exact_abandonment(20, 8.0, 300.0, 1_000_000.0, 20.0)
    found = found_abandonment(20, 8.0, 300.0, 1_000_000.0, 20.0)
    assert float(exact["p_abandon"]) < 1e-8
    for name, value in exact.items():
        assert found[name] == pytest.approx(float(value), rel=1e-10), name


def test_abandonment_in_deep_overload_keeps_the_share_that_is_served():
    """Three in four give up after 10 minutes; the share answered within 20 s is 2e-68."""
    exact = exact_abandonment(50, 200.0, 300.0, 600.0, 20.0)
    found = found_abandonment(50, 200.0, 300.0, 600.0, 20.0)
    assert found["offered"] == pytest.approx(float(exact["offered"]), rel=1e-9)
    assert 1e-69 < found["offered"] < 1e-67


@given(st.floats(0.2, 300.0), st.floats(10.0, 2_000.0), st.floats(0.05, 0.99))
@settings(max_examples=60, deadline=None)
def test_fractional_people_lie_between_whole_ones(load, patience, share):
    """The continuation meets the whole numbers and rises between them."""
    below = math.floor(load * 1.05)
    middle = below + share
    ends = [
        found_abandonment(n, load, 300.0, patience, 20.0)
        for n in (below, middle, below + 1)
    ]
    for name in ("offered", "virtual"):
        low, between, high = (end[name] for end in ends)
        assert low - 1e-12 <= between <= high + 1e-12
    blocked = [erlang_b(n, load) for n in (below, middle, below + 1)]
    assert blocked[0] >= blocked[1] >= blocked[2]


def test_fractional_blocking_equals_its_integral():
    """1/B = A ∫ exp(-A u) (1 + u)^n du, by the midpoints of 2,000,000 strips."""
    width = 60.0 / 2_000_000
    u = (np.arange(2_000_000) + 0.5) * width
    for servers, load in ((3.25, 1.7), (0.4, 0.9), (40.5, 30.0)):
        inverse = load * np.exp(servers * np.log1p(u) - load * u).sum() * width
        assert erlang_b(servers, load) == pytest.approx(1 / inverse, rel=1e-8)


@pytest.mark.parametrize("load", [1e-6, 1e-3, 1.0, 100.0, 10_000.0, 200_000.0])
def test_huge_and_tiny_loads_neither_overflow_nor_underflow(load):
    n = required_servers(load, 300.0, **PROMISE)
    assert n == required_servers(np.array([load]), 300.0, **PROMISE)[0]
    assert service_level(n, load, 300.0, 20.0) >= 0.8 - 1e-12
    assert n - 1 <= load or service_level(n - 1, load, 300.0, 20.0) < 0.8
    for servers in (n, n * 5 + 100, max(n // 3, 1)):
        figures = found_abandonment(servers, load, 300.0, 120.0, 20.0)
        assert all(0 <= value <= 1 + 1e-12 for value in figures.values())
        assert math.isfinite(erlang_b(servers, load))


def test_overload_without_abandonment_waits_for_ever():
    assert erlang_c(5, 5) == 1.0
    assert erlang_c(3, 5.5) == 1.0
    assert average_speed_of_answer(5, 5, 300) == math.inf
    assert service_level(5, 5, 300, 20) == 0.0
    assert service_level(4, 5, 300, math.inf) == 0.0
    assert erlang_c(0, 5) == 1.0


def test_no_load_needs_nobody_and_nobody_waits():
    assert erlang_b(3, 0) == 0.0
    assert erlang_b(0, 0) == 1.0
    assert erlang_b(0, 2.0) == 1.0
    assert erlang_c(0, 0) == 0.0
    assert average_speed_of_answer(0, 0, 300) == 0.0
    assert service_level(0, 0, 300, 20) == 1.0
    assert required_servers(0, 300, **PROMISE) == 0
    assert fractional_servers(0, 300, **PROMISE) == 0.0
    queue = erlang_a(0, 0, 300, 60)
    assert (queue.p_wait, queue.p_abandon, queue.mean_wait) == (0.0, 0.0, 0.0)
    assert queue.service_level(20) == 1.0


def test_nobody_there_means_everybody_gives_up():
    queue = erlang_a(0, 3.0, 300, 60)
    assert (queue.p_wait, queue.p_abandon, queue.mean_wait) == (1.0, 1.0, 60.0)
    assert queue.queue_length == pytest.approx(0.6)
    levels = [queue.service_level(60, name) for name in DEFINITIONS]
    assert levels == [0.0, 0.0, pytest.approx(1 - math.exp(-1)), 0.0]


def test_endless_patience_is_erlang_c():
    queue = erlang_a([10, 14], 10, 180, math.inf)
    assert queue.p_wait.tolist() == [1.0, pytest.approx(0.174131933595)]
    assert queue.mean_wait.tolist() == [math.inf, pytest.approx(7.835937011777)]
    assert queue.service_level(20).tolist() == [0.0, pytest.approx(0.888350019179)]
    assert queue.abandoned_within(20).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_targets_of_zero_and_for_ever_are_the_limits(definition):
    queue = erlang_a(9, 10.0, 180.0, 60.0)
    at_once, ever = {
        "offered": (1 - queue.p_wait, 1 - queue.p_abandon),
        "without_short": (1 - queue.p_wait, 1.0),
        "waited": (1 - queue.p_wait, 1.0),
        "virtual": (1 - queue.p_wait, 1.0),
    }[definition]
    assert queue.service_level(0, definition) == pytest.approx(at_once, rel=1e-12)
    assert queue.service_level(math.inf, definition) == pytest.approx(ever, rel=1e-12)


def test_plain_numbers_give_plain_numbers_and_arrays_broadcast():
    assert type(erlang_b(3, 2)) is float
    assert type(required_servers(10, 300, **PROMISE)) is int
    assert type(required_servers(np.float64(10), 300, **PROMISE)) is int
    assert type(required_servers(10, 300, patience=60, **PROMISE)) is int
    assert type(fractional_servers(10, 300, **PROMISE)) is float
    assert type(erlang_a(3, 2, 300, 60).p_wait) is float
    assert type(erlang_a(3, 2, 300, 60).service_level(20)) is float
    assert erlang_c(np.ones((3, 1)), np.zeros(4)).shape == (3, 4)
    grid = required_servers(
        [[5.0], [10.0]], 300, service_level=[0.5, 0.8, 0.95], target=20
    )
    assert grid.tolist() == [[7, 8, 10], [12, 14, 16]]
    assert grid.dtype == np.int64


def test_abandonment_broadcasts_over_a_grid():
    people, load, target = [[8], [10], [12]], [9.0, 11.0], [[[5.0]], [[60.0]]]
    queue = erlang_a(people, load, 300, 120)
    assert queue.p_abandon.shape == (3, 2)
    levels = queue.service_level(target, "virtual")
    assert levels.shape == (2, 3, 2)
    one = erlang_a(10, 11.0, 300, 120)
    assert queue.p_wait[1, 1] == pytest.approx(one.p_wait, rel=1e-13)
    assert levels[1, 1, 1] == pytest.approx(one.service_level(60.0, "virtual"))
    assert erlang_b(people, load).shape == (3, 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: erlang_b(-1, 2), "servers must be"),
        (lambda: erlang_b(1, math.nan), "load must be"),
        (lambda: erlang_b([1, 2], [3, -4]), "load must be"),
        (lambda: erlang_c(1, math.inf), "load must be"),
        (lambda: service_level(3, 2, 0, 20), "aht must be"),
        (lambda: service_level(3, 2, 300, -1), "target must be"),
        (lambda: average_speed_of_answer(3, 2, [300, 0]), "aht must be"),
        (lambda: erlang_a(3, 2, 300, 0), "patience must be"),
        (lambda: erlang_a(3, 2, 300, 60).service_level(20, "best"), "definition"),
        (lambda: required_servers(3, 300, service_level=1, target=20), "below 1"),
        (
            lambda: required_servers(3, 300, max_occupancy=0, **PROMISE),
            "max_occupancy must be",
        ),
        (lambda: required_servers(3, 300, definition="most", **PROMISE), "definition"),
        (lambda: erlang_b("many", 2), "could not convert"),
    ],
)
def test_values_out_of_range_are_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("load", "cap", "people"),
    [(8.5, 0.85, 10), (0.3, 0.1, 3), (7.0, 0.7, 10), (8.500001, 0.85, 11)],
)
def test_occupancy_cap_is_exact_at_whole_numbers(load, cap, people):
    lenient = {"service_level": 0.1, "target": 3_600.0, "max_occupancy": cap}
    assert required_servers(load, 300.0, **lenient) == people
    assert required_servers(np.array([load]), 300.0, **lenient).tolist() == [people]


def test_a_promise_kept_exactly_is_kept():
    """Two people at half an Erlang: nine in ten need not wait, exactly."""
    promise = {"service_level": 0.9, "target": 0.0}
    assert required_servers(0.5, 300.0, **promise) == 2
    assert required_servers(np.array([0.5]), 300.0, **promise).tolist() == [2]


@given(
    load=st.floats(0.01, 400.0),
    level=st.floats(0.0, 0.999),
    target=st.floats(0.0, 600.0),
    cap=st.sampled_from([None, 0.7, 0.85, 1.0]),
    patience=st.sampled_from([None, 3.0, 60.0, 600.0]),
    definition=st.sampled_from(DEFINITIONS),
)
@settings(max_examples=120, deadline=None)
def test_required_people_are_the_fewest(load, level, target, cap, patience, definition):
    promise = {
        "service_level": level,
        "target": target,
        "max_occupancy": cap,
        "patience": patience,
        "definition": definition,
    }
    n = required_servers(load, 300.0, **promise)
    assert n == required_servers(np.array([load]), 300.0, **promise)[0]

    def kept(servers):
        queue = erlang_a(servers, load, 300.0, patience or math.inf)
        answered = queue.service_level(target, definition) >= level - 1e-11
        stable = patience is not None or servers > load
        return answered and stable and queue.occupancy <= (cap or 1.0) + 1e-11

    assert kept(n)
    assert n == 0 or not kept(n - 1) or _is_a_tie(n - 1, load, promise)
    exact = fractional_servers(load, 300.0, **promise)
    assert n - 1 - 1e-6 <= exact <= n + 1e-9


def _is_a_tie(servers, load, promise):
    """Whether the promise is kept or missed by the last digits only."""
    queue = erlang_a(servers, load, 300.0, promise["patience"] or math.inf)
    level = queue.service_level(promise["target"], promise["definition"])
    over = queue.occupancy - (promise["max_occupancy"] or 1.0)
    return abs(level - promise["service_level"]) < 1e-10 or abs(over) < 1e-10


@pytest.mark.parametrize("patience", [None, 5.0, 120.0])
@pytest.mark.parametrize("cap", [None, 0.85])
@pytest.mark.parametrize(
    ("level", "target"), [(0.8, 20), (0.99, 0), (0.5, 3600), (0, 20)]
)
def test_the_table_of_many_loads_equals_bisection(patience, cap, level, target):
    load = np.random.default_rng(3).gamma(1.2, 60.0, 3_000)
    promise, _ = promise_of(load, 300.0, level, target, cap, patience, "offered")
    assert whole_servers(promise).tolist() == _bisect(promise).tolist()


def test_fractional_people_just_keep_the_promise():
    load = np.array([0.05, 1.0, 20.0, 300.0, 9_000.0])
    people = fractional_servers(load, 300.0, **PROMISE)
    assert service_level(people, load, 300.0, 20.0) == pytest.approx(0.8, abs=1e-9)
    people = fractional_servers(load, 300.0, patience=60.0, **PROMISE)
    found = erlang_a(people, load, 300.0, 60.0).service_level(20.0)
    assert found == pytest.approx(0.8, abs=1e-9)
    capped = fractional_servers(100.0, 300.0, max_occupancy=0.8, **PROMISE)
    assert capped == pytest.approx(125.0, rel=1e-12)


@pytest.mark.parametrize("patience", [1e90, 1e100, 1e200, 1e308])
def test_patience_without_an_end_to_speak_of_is_erlang_c(patience):
    found = erlang_a(10, 8, 180, patience)

    assert found.p_wait == pytest.approx(erlang_c(10, 8), rel=1e-12)
    assert found.service_level(20) == pytest.approx(service_level(10, 8, 180, 20))
    busy = erlang_a(8, 10, 180, patience)
    assert busy.p_abandon == pytest.approx(0.2)
    assert busy.occupancy == pytest.approx(1.0)
