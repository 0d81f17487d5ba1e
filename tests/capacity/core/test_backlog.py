"""Work that can wait: against linear and quadratic programmes, and a queue played through."""

from collections import deque

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from workforce.capacity.core.backlog import due_within, plan, project, taut_string

QUARTER = 900.0


@st.composite
def weeks(draw):
    """A few quarter-hours with work, closed times, a deadline and a backlog."""
    n = draw(st.integers(1, 12))
    share = st.sampled_from([0.0, 0.0, 0.5, 1.0, 1.0])
    return {
        "arrivals": draw(st.lists(st.integers(0, 9_000), min_size=n, max_size=n)),
        "capacity_open": draw(st.lists(share, min_size=n, max_size=n)),
        "within": float(draw(st.sampled_from([0, 450, 900, 1_700, 3_600, 9_000]))),
        "backlog": float(draw(st.sampled_from([0, 0, 2_500]))),
    }


def corridor(week):
    """Arrived and due, cumulated, and the seconds open."""
    arrivals = np.array(week["arrivals"], dtype=float)
    opened = np.array(week["capacity_open"]) * QUARTER
    due = due_within(arrivals, opened, week["within"])
    passed = np.cumsum(opened)
    due += np.where((passed > 0) & (passed >= week["within"]), week["backlog"], 0.0)
    return week["backlog"] + np.cumsum(arrivals), due, opened


def programme(arrived, due, opened):
    """Constraints of the work by interval: at most arrived, at least due, none closed."""
    n = len(opened)
    sums = np.tril(np.ones((n, n)))
    matrix, limits = np.vstack([sums, -sums]), np.concatenate([arrived, -due])
    bounds = [(0.0, None if seconds else 0.0) for seconds in opened]
    return matrix, limits, bounds


def least_peak(arrived, due, opened):
    matrix, limits, bounds = programme(arrived, due, opened)
    n = len(opened)
    matrix = np.block(
        [[matrix, np.zeros((2 * n, 1))], [np.eye(n), -opened[:, np.newaxis]]]
    )
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=matrix,
        b_ub=np.concatenate([limits, np.zeros(n)]),
        bounds=[*bounds, (0.0, None)],
    )
    assert found.status == 0, found.message
    return found.fun


@given(weeks())
@settings(max_examples=120, deadline=None)
def test_the_peak_equals_that_of_the_linear_programme(week):
    arrived, due, opened = corridor(week)
    found = plan(minutes=15, **week)
    assert found.feasible
    assert found.peak == pytest.approx(least_peak(arrived, due, opened), abs=1e-6)
    done = np.cumsum(found.work)
    assert (done <= arrived + 1e-6).all()
    assert (done >= due - 1e-6).all()
    assert (found.work[opened == 0] == 0).all()
    assert (found.people >= 0).all()


@given(weeks())
@settings(max_examples=40, deadline=None)
def test_no_feasible_plan_is_smoother(week):
    """The squares cannot fall: the slope towards any feasible plan is never downwards.

    For a convex cost that is the whole condition, and the steepest such plan is a linear
    programme.
    """
    arrived, due, opened = corridor(week)
    found = plan(minutes=15, **week)
    matrix, limits, bounds = programme(arrived, due, opened)
    gradient = 2 * found.people
    best = linprog(gradient, A_ub=matrix, b_ub=limits, bounds=bounds)
    assert best.status == 0, best.message
    scale = 1.0 + float(gradient @ found.work)
    assert gradient @ found.work <= best.fun + 1e-7 * scale


def test_a_quadratic_programme_finds_the_same_plan():
    week = {
        "arrivals": [3_000, 0, 6_000, 500, 0, 2_000],
        "capacity_open": [1.0, 1.0, 0.0, 0.5, 1.0, 1.0],
        "within": 1_700.0,
        "backlog": 1_500.0,
    }
    arrived, due, opened = corridor(week)
    found = plan(minutes=15, **week)
    is_open = opened > 0
    sums = np.tril(np.ones((6, 6)))[:, is_open]
    solved = minimize(
        lambda work: float((work**2 / opened[is_open]).sum()),
        x0=np.diff(arrived, prepend=0.0)[is_open],
        jac=lambda work: 2 * work / opened[is_open],
        constraints=[
            {"type": "ineq", "fun": lambda work: arrived - sums @ work},
            {"type": "ineq", "fun": lambda work: sums @ work - due},
        ],
        bounds=[(0, None)] * int(is_open.sum()),
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert found.work[is_open] == pytest.approx(solved.x, abs=1.0)


def played_first_come_first_served(week, work):
    """Latest deadline miss, in open seconds, of each piece of work done in turn."""
    waiting = deque([(0.0, week["backlog"])] if week["backlog"] else [])
    clock, worst = 0.0, 0.0
    rows = zip(week["arrivals"], week["capacity_open"], work, strict=True)
    for arrives, share, done in rows:
        seconds = share * QUARTER
        # Work comes evenly over an open interval: in tenths, each at its middle. Where
        # none comes, nothing waits that could be late.
        pieces = (10 if seconds else 1) if arrives else 0
        waiting.extend(
            (clock + seconds * (k + 0.5) / pieces, arrives / pieces)
            for k in range(pieces)
        )
        clock += seconds
        left = done
        while left > 1e-6 and waiting:
            came, size = waiting.popleft()
            taken = min(size, left)
            left -= taken
            worst = max(worst, clock - came - week["within"])
            if size - taken > 1e-6:
                waiting.appendleft((came, size - taken))
    late = [clock - came - week["within"] for came, size in waiting if size > 1e-3]
    return max([worst, *late])


@given(weeks())
@example(
    {
        "arrivals": [0, 0, 1],
        "capacity_open": [0.0, 0.5, 1.0],
        "within": 0.0,
        "backlog": 0.0,
    }
)
@settings(max_examples=80, deadline=None)
def test_first_come_first_served_meets_the_deadlines(week):
    """No piece is later than the interval it is done in and a tenth of its arrival."""
    found = plan(minutes=15, **week)
    miss = played_first_come_first_served(week, found.work)
    if any(week["capacity_open"]):
        assert miss <= QUARTER + QUARTER / 20 + 1e-3


def test_work_of_one_hour_spreads_over_its_deadline():
    """60 minutes come at once and may take three open hours: 20 minutes in each."""
    found = plan([3_600, 0, 0, 0], [1, 1, 1, 1], minutes=60, within=7_200)
    assert found.work.tolist() == pytest.approx([1_200, 1_200, 1_200, 0])
    assert found.people.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert found.backlog.tolist() == pytest.approx([2_400, 1_200, 0, 0])
    assert found.peak == pytest.approx(1 / 3)


def test_closed_time_does_not_count_and_nobody_works_in_it():
    """What comes overnight is due two open hours after opening."""
    found = plan([7_200, 0, 0, 0], [0, 0, 1, 1], minutes=60, within=7_200)
    assert found.people.tolist() == pytest.approx([0, 0, 1, 1])
    assert found.backlog.tolist() == pytest.approx([7_200, 7_200, 3_600, 0])
    assert found.feasible


def test_a_backlog_with_deadlines_of_its_own_is_done_in_time():
    given_up = {"minutes": 60, "within": 36_000.0, "backlog": 7_200.0}
    found = plan([0, 0, 0, 0], [1, 1, 1, 1], backlog_due=[3_600] * 4, **given_up)
    assert found.work.tolist() == pytest.approx([3_600, 0, 0, 0])
    found = plan([0, 0, 0], [1, 1, 1], backlog_due=[0, 1_800, 7_200], **given_up)
    assert found.people.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])


def test_work_due_before_opening_is_late_and_done_at_once():
    found = plan(
        [3_600, 0, 0], [0, 1, 1], minutes=60, deadlines=np.array([3_600, 3_600, 3_600])
    )
    assert not found.feasible
    assert found.lateness.tolist() == [3_600, 0, 0]
    assert found.people.tolist() == [0, 1, 0]


def test_never_open_means_all_of_it_waits():
    found = plan([100, 200], [0, 0], minutes=15, within=60, backlog=50)
    assert found.work.tolist() == [0, 0]
    assert found.backlog.tolist() == [150, 350]
    assert (found.peak, found.feasible) == (0.0, True)


def test_what_may_be_left_at_the_end_can_be_set():
    week = {"arrivals": [3_600] * 4, "capacity_open": [1] * 4, "minutes": 60}
    assert plan(within=7_200, **week).backlog[-1] == pytest.approx(7_200)
    found = plan(within=7_200, leave=0, **week)
    assert found.backlog[-1] == pytest.approx(0)
    assert found.people.tolist() == pytest.approx([1, 1, 1, 1])


def test_projection_works_off_what_there_is_and_idles_without():
    """The classic recursion: backlog = max(0, backlog + arrived - capacity)."""
    found = project(
        [3_600, 7_200, 0, 0], [1, 1, 1, 1], [2, 1, 1, 1], minutes=60, within=3_600
    )
    assert found.work.tolist() == [3_600, 3_600, 3_600, 0]
    assert found.backlog.tolist() == [0, 3_600, 0, 0]
    assert found.lateness.tolist() == [0, 0, 0, 0]
    short = project([3_600] * 3, [1] * 3, [0.5] * 3, minutes=60, within=0)
    assert short.backlog.tolist() == [1_800, 3_600, 5_400]
    assert short.lateness.tolist() == [1_800, 3_600, 5_400]
    assert not short.feasible


@given(weeks(), st.lists(st.floats(0, 12), min_size=12, max_size=12))
@settings(max_examples=60, deadline=None)
def test_projection_equals_the_recursion(week, people):
    n = len(week["arrivals"])
    found = project(people=people[:n], minutes=15, **week)
    left = week["backlog"]
    for row in range(n):
        capacity = people[row] * week["capacity_open"][row] * QUARTER
        left = max(0.0, left + week["arrivals"][row] - capacity)
        assert found.backlog[row] == pytest.approx(left, abs=1e-6)


def test_paid_hours_put_time_in_hand_and_shrinkage_on_top():
    found = plan([36_000], [1], minutes=60, within=0)
    hours = found.paid_hours(max_occupancy=0.8, shrinkage=0.25)
    assert hours == pytest.approx(10 / 0.8 / 0.75)
    with pytest.raises(ValueError, match="shares"):
        found.paid_hours(max_occupancy=0, shrinkage=0.25)


def test_the_string_of_a_straight_corridor_is_straight():
    times = np.array([1.0, 2.0, 4.0])
    found = taut_string(times, np.array([0.0, 0.0, 8.0]), np.array([8.0, 8.0, 8.0]))
    assert found.tolist() == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"within": 0, "deadlines": [0, 0]}, "either"),
        ({}, "either"),
        ({"within": -1}, "within"),
        ({"deadlines": [2, 1]}, "must not fall"),
        ({"deadlines": [2]}, "one number an interval"),
        ({"within": 0, "backlog": -1}, "backlog"),
        ({"within": 0, "leave": -1}, "leave"),
    ],
)
def test_impossible_plans_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        plan([1, 2], [1, 1], minutes=15, **wrong)


def test_impossible_intervals_are_refused():
    with pytest.raises(ValueError, match="at most 1"):
        plan([1], [1.5], minutes=15, within=0)
    with pytest.raises(ValueError, match="arrivals"):
        plan([-1], [1], minutes=15, within=0)
    with pytest.raises(ValueError, match="minutes"):
        plan([1], [1], minutes=0, within=0)


def test_hours_late_are_those_of_a_queue_played_through():
    # Six weeks of 40 staffed hours; e-mails at night wait for the morning. People are
    # 3 % fewer than the work asks for, and an answer is promised within 8 staffed hours.
    hour = np.arange(6 * 168)
    is_open = ((hour % 24 >= 9) & (hour % 24 < 17) & (hour // 24 % 7 < 5)).astype(float)
    arrivals = np.random.default_rng(7).uniform(0, 7_200, len(hour))
    people = 0.97 * arrivals.sum() / (is_open.sum() * 3600)
    done = project(
        arrivals, is_open, np.full(len(hour), people), minutes=60, within=8 * 3600.0
    )
    due = due_within(arrivals, is_open * 3600, 8 * 3600.0)

    played, waiting, clock = np.zeros(len(hour)), deque(), 0.0
    for place, new in enumerate(np.diff(due, prepend=0.0)):
        waiting.append((place, new))
    ends = np.cumsum(is_open)
    for place, seconds in enumerate(done.work):
        left = seconds
        while waiting and left > 1e-6:
            of, need = waiting[0]
            took = min(need, left)
            left -= took
            clock = ends[place] - is_open[place] * left / seconds
            if took < need - 1e-6:
                waiting[0] = (of, need - took)
                break
            waiting.popleft()
            played[of] = max(0.0, clock - ends[of])
    finished = waiting[0][0] if waiting else len(hour)
    told = done.hours_late(due)

    busy = np.flatnonzero((np.diff(due, prepend=0.0) > 1) & (hour < finished))
    assert len(busy) > 100
    assert told[busy] == pytest.approx(played[busy], abs=0.01)
    # Most of it is late, and by hours: the share alone would read as if all were lost.
    assert 1 < told[busy].mean() < 16
