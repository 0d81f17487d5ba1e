"""People read off a curve equal those found one by one."""

import numpy as np
import pytest

from workforce.capacity.core.erlang.curve import whole_and_exact
from workforce.capacity.core.erlang.promise import promise_of
from workforce.capacity.core.erlang.search import exact_servers, whole_servers

DAY = np.exp(-(((np.arange(48) - 26) / 8) ** 2))
WEEK = np.concatenate([weight * DAY for weight in (20, 19, 18, 18, 17, 6, 4)]) / 6
WIDE = np.geomspace(1e-6, 300.0, 150)
LARGE = np.linspace(100.0, 4000.0, 90)
FEW = np.linspace(0.5, 4.0, 10)


@pytest.mark.parametrize("loads", [WEEK, WIDE, LARGE, FEW])
@pytest.mark.parametrize(
    ("level", "target", "cap", "patience", "definition"),
    [
        (0.8, 20.0, 1.0, None, "offered"),
        (0.8, 20.0, 0.85, None, "offered"),
        (0.8, 20.0, 0.85, 180.0, "offered"),
        (0.5, 5.0, 0.7, 60.0, "without_short"),
        (0.95, 60.0, 1.0, 600.0, "virtual"),
        (0.9, 30.0, 0.85, 120.0, "waited"),
        (0.9, 5000.0, 0.85, 180.0, "waited"),
        (0.0, 20.0, 0.85, 180.0, "offered"),
    ],
)
def test_curve_equals_the_search(loads, level, target, cap, patience, definition):
    promise, _shape = promise_of(loads, 300.0, level, target, cap, patience, definition)
    whole = whole_servers(promise)
    exact = exact_servers(promise, whole)
    found_whole, found = whole_and_exact(promise)
    assert found_whole.tolist() == whole.tolist()
    assert found == pytest.approx(exact, rel=1e-7, abs=1e-7)


def test_cases_side_by_side_keep_their_own_promise():
    levels = np.repeat([0.5, 0.8, 0.98], WEEK.size)
    promise, _shape = promise_of(
        np.tile(WEEK, 3), 300.0, levels, 20.0, 0.85, 180.0, "offered"
    )
    whole = whole_servers(promise)
    found_whole, found = whole_and_exact(promise)
    assert found_whole.tolist() == whole.tolist()
    assert found == pytest.approx(exact_servers(promise, whole), rel=1e-7, abs=1e-7)


def test_intervals_without_contacts_need_nobody():
    loads = np.where(np.arange(100) % 2, np.linspace(0.1, 9.0, 100), 0.0)
    promise, _shape = promise_of(loads, 300.0, 0.8, 20.0, 0.85, 180.0, "offered")
    whole, exact = whole_and_exact(promise)
    assert not whole[::2].any()
    assert not exact[::2].any()
    assert (whole[1::2] >= 1).all()


def test_equal_loads_are_one_point():
    promise, _shape = promise_of(
        np.full(80, 10.0), 180.0, 0.8, 20.0, 1.0, None, "offered"
    )
    assert set(whole_and_exact(promise)[0]) == {14.0}
