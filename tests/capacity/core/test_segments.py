"""Shares of segments: commitments first, then by score, equal to a linear programme."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from workforce.capacity.core.segments import (
    Claim,
    CommitmentsExceedCapacity,
    allocate,
    fill,
    scores,
)

EVEN = {"value": 1.0, "risk": 1.0}
GOLD = Claim("Gold", value=40_000, risk=0.2, demand=100, commitment=60)
SILVER = Claim("Silver", value=10_000, risk=0.4, demand=200)
FREE = Claim("Free", value=0, risk=0.1, demand=300)


def test_scores_are_parts_of_the_largest():
    assert scores([GOLD, SILVER, FREE], {"value": 3, "risk": 1}) == [
        (1.0, 0.5, pytest.approx(0.875)),
        (0.25, 1.0, pytest.approx(0.4375)),
        (0.0, 0.25, pytest.approx(0.0625)),
    ]


def test_commitments_come_first_and_leftovers_go_on():
    # 60 due; 240 left by scores 0.75, 0.625, 0.125: Gold takes its 40, the others 200
    # at 5 : 1.
    found = allocate([GOLD, SILVER, FREE], 300, EVEN)
    assert [each.due for each in found] == [60, 0, 0]
    assert [each.served for each in found] == pytest.approx([100, 500 / 3, 100 / 3])
    assert [each.unserved for each in found] == pytest.approx([0, 100 / 3, 800 / 3])


def test_enough_for_everybody_serves_everybody():
    found = allocate([GOLD, SILVER, FREE], 1_000, EVEN)
    assert [each.served for each in found] == [100, 200, 300]


def test_more_promised_than_there_is_refuses():
    with pytest.raises(CommitmentsExceedCapacity) as refusal:
        allocate([GOLD, Claim("B", 1, 0.1, 100, 50)], 100, EVEN)
    assert (refusal.value.due, refusal.value.short) == (110, 10)


def test_commitment_beyond_demand_is_not_due():
    found = allocate([Claim("A", 1, 0.1, 20, 500), SILVER], 60, EVEN)
    assert [each.served for each in found] == [20, 40]


def test_segment_without_score_gets_what_is_left():
    none = Claim("None", 0, 0, 50)
    also = Claim("Also none", 0, 0, 150)
    found = allocate([SILVER, none, also], 280, EVEN)
    assert [each.served for each in found] == pytest.approx([200, 20, 60])


@pytest.mark.parametrize(
    "weights", [{}, {"value": -1, "risk": 2}, {"value": 0, "risk": 0}]
)
def test_weights_out_of_range_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate([GOLD], 100, weights)


@pytest.mark.parametrize("capacity", [-1, float("nan"), float("inf")])
def test_capacity_out_of_range_is_refused(capacity):
    with pytest.raises(ValueError, match="at least 0"):
        allocate([GOLD], capacity, EVEN)


AMOUNT = st.floats(0, 500).map(lambda number: round(number, 2))
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.just("S"),
        st.floats(0, 1e5).map(round),
        st.floats(0, 1),
        AMOUNT,
        AMOUNT,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(CLAIMS, AMOUNT)
def test_nothing_is_lost_and_nobody_gets_more_than_asked(claims, capacity):
    due = sum(min(each.demand, each.commitment) for each in claims)
    if due > capacity + 1e-6:
        with pytest.raises(CommitmentsExceedCapacity):
            allocate(claims, capacity, EVEN)
        return
    found = allocate(claims, capacity + 1e-6, EVEN)
    demand = sum(each.demand for each in claims)
    assert sum(each.served for each in found) == pytest.approx(
        min(capacity, demand), abs=1e-5
    )
    for each in found:
        assert each.due - 1e-9 <= each.served <= each.demand + 1e-9


ROOMS = st.lists(
    st.tuples(st.floats(0.5, 100), st.floats(0.05, 1)), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(ROOMS, st.floats(0, 400))
def test_filling_equals_successive_linear_programmes(rooms, amount):
    """Max-min fairness: raise the least ratio as far as it goes, fix it, go on."""
    room, weights = np.array(rooms).T
    expected = max_min(room, weights, min(amount, float(room.sum())))
    assert fill(room, weights, amount) == pytest.approx(expected, abs=1e-5)


def max_min(room, weights, amount):
    """Solve max t, x_i >= t w_i while i is not full, sum x = amount, round by round."""
    n = len(room)
    fixed = {}
    while len(fixed) < n:
        rows, bounds = [], []
        for i in range(n):
            if i not in fixed:
                row = np.zeros(n + 1)
                row[i], row[n] = -1.0, weights[i]
                rows.append(row)
            bounds.append((fixed[i],) * 2 if i in fixed else (0, room[i]))
        found = linprog(
            [0.0] * n + [-1.0],
            A_ub=rows,
            b_ub=np.zeros(len(rows)),
            A_eq=[[1.0] * n + [0.0]],
            b_eq=[amount],
            bounds=[*bounds, (0, None)],
        )
        if found.status != 0:
            # No slack is left for the open ones beyond what the last level gave.
            return np.array([fixed.get(i, 0.0) for i in range(n)])
        level = found.x[n]
        full = [
            i
            for i in range(n)
            if i not in fixed and room[i] <= level * weights[i] + 1e-9
        ]
        if not full:
            return np.array([fixed.get(i, level * weights[i]) for i in range(n)])
        fixed |= {i: room[i] for i in full}
    return np.array([fixed[i] for i in range(n)])


@settings(max_examples=60, deadline=None)
@given(ROOMS, st.floats(0.1, 400))
def test_filling_equals_small_cups(rooms, amount):
    """Pour a ten-thousandth at a time at the speeds of the weights."""
    room, weights = np.array(rooms).T
    assume(amount > 1)
    level = np.zeros(len(room))
    low, high = 0.0, float((room / weights).max()) + 1
    for _step in range(200):
        middle = (low + high) / 2
        level = np.minimum(room, middle * weights)
        low, high = (middle, high) if level.sum() < amount else (low, middle)
    expected = room if amount >= room.sum() else level
    assert fill(room, weights, amount) == pytest.approx(expected, abs=1e-6)
