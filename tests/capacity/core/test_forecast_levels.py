import numpy as np
import pytest

from tests.capacity.core.forecast_series import weekly
from workforce.capacity.core.forecast import forecast
from workforce.capacity.core.forecast.calendar import build_calendar
from workforce.capacity.core.forecast.levels import level_out

NOTHING = np.zeros(0, dtype=np.int64)


def level(days, totals, *, came=None, replaced=(), drivers=None):
    columns = np.zeros((days.size, 0)) if drivers is None else drivers[:, None]
    calendar = build_calendar(days.astype(np.int64), NOTHING, columns)
    marks = np.isin(np.arange(days.size), replaced)
    return level_out(calendar, totals, totals if came is None else came, marks)


@pytest.mark.parametrize("factor", [0.6, 1.4, 2.5])
@pytest.mark.parametrize("ago", [5, 12, 40, 100])
def test_a_step_is_found_and_taken_out(factor, ago):
    days, volumes = weekly(300, mean=300.0, seed=1)
    volumes[-ago:] = np.round(volumes[-ago:] * factor)
    found = level(days, volumes)
    assert len(found.steps) == 1
    assert found.steps[0].row == pytest.approx(300 - ago, abs=1)
    assert found.scale[0] == pytest.approx(factor, rel=0.08)
    assert (found.scale[found.steps[0].row :] == 1).all()


def test_up_and_down_again_are_both_taken_out():
    days, volumes = weekly(300, mean=300.0, seed=2)
    volumes[-70:-35] *= 1.8
    found = level(days, volumes)
    assert len(found.steps) == 2
    assert found.scale[0] == pytest.approx(1.0, abs=0.1)
    assert found.scale[-50] == pytest.approx(1 / 1.8, rel=0.08)


def walks(days, seed):
    """Histories without a step: steady, drifting, seasonal, noisy, coming back."""
    rng = np.random.default_rng(seed)
    means = weekly(days.size, mean=300.0)[1]
    number = np.arange(days.size)
    level = np.zeros(days.size)
    for day in range(1, days.size):
        level[day] = 0.93 * level[day - 1] + rng.normal(0, 0.03)
    for rate in (
        means,
        means * np.exp(np.cumsum(rng.normal(0, 0.02, days.size))),
        means * np.exp(0.3 * np.sin(2 * np.pi * number / 365.25 + rng.uniform(0, 6))),
        means * rng.gamma(11.0, 1 / 11, days.size),
        means * np.exp(level),
    ):
        yield rng.poisson(rate).astype(float)


def test_steps_are_not_seen_where_there_are_none():
    days = weekly(400)[0]
    found = [
        len(level(days, volumes).steps) > 0
        for seed in range(40)
        for volumes in walks(days, seed)
    ]
    assert len(found) == 200
    assert sum(found) <= 8


def test_what_last_year_did_as_well_is_a_season():
    days, volumes = weekly(420, mean=300.0, seed=3)
    again = volumes.copy()
    volumes[-20:] *= 1.6
    assert len(level(days, volumes).steps) == 1
    again[-20:] *= 1.6
    again[-20 - 364 : -364 + 8] *= 1.6
    assert not level(days, again).steps


def test_what_a_driver_did_as_well_is_the_drivers():
    days, volumes = weekly(200, mean=300.0, seed=3)
    volumes[-40:] *= 1.6
    customers = np.where(np.arange(200) < 160, -0.5, 2.0)
    assert len(level(days, volumes, drivers=np.zeros(200)).steps) == 1
    assert not level(days, volumes, drivers=customers).steps


def test_a_new_level_is_doubtful_until_two_weeks_have_shown_it():
    days, volumes = weekly(200, mean=300.0, seed=4)
    doubts = []
    for ago in (4, 8, 30):
        moved = volumes.copy()
        moved[-ago:] *= 1.5
        doubts.append(level(days, moved).doubt)
    assert doubts[0].above > doubts[1].above > 10 * doubts[2].above
    assert doubts[0].above == pytest.approx(doubts[0].below, abs=0.003)


@pytest.mark.parametrize("factor", [0.5, 1.6])
def test_two_one_offs_at_the_end_may_be_a_new_level(factor):
    days, volumes = weekly(200, mean=300.0, seed=5)
    wild = volumes.copy()
    wild[-2:] *= factor
    found = level(days, volumes, came=wild, replaced=(198, 199))
    assert not found.steps
    towards, away = found.doubt if factor < 1 else found.doubt[::-1]
    assert towards == pytest.approx(np.log(factor) ** 2 / 2, rel=0.35)
    assert away < 0.01


@pytest.mark.parametrize("rows", [(199,), (196, 197), (195, 199)])
def test_other_one_offs_are_no_new_level(rows):
    days, volumes = weekly(200, mean=300.0, seed=5)
    wild = volumes.copy()
    wild[list(rows)] *= 2.0
    assert max(level(days, volumes, came=wild, replaced=rows).doubt) < 0.01


@pytest.mark.parametrize("count", [1, 5, 20, 30])
def test_a_few_weeks_say_nothing_of_steps(count):
    days, volumes = weekly(count, mean=300.0, seed=6)
    volumes[count // 2 :] *= 3
    found = level(days, volumes)
    assert (found.steps, found.doubt) == ((), (0.0, 0.0))
    assert (found.scale == 1).all()


@pytest.mark.parametrize(
    ("factor", "note"), [(0.5, "drop_suspected"), (1.6, "rise_suspected")]
)
def test_a_suspected_step_is_noted_and_widens_one_side(factor, note):
    days, volumes = weekly(200, mean=300.0, seed=5)
    calm = forecast(days, volumes, freq="D", horizon=7)
    volumes[-2:] = np.round(volumes[-2:] * factor)

    found = forecast(days, volumes, freq="D", horizon=7)

    assert note in found.notes
    assert not {"drop_suspected", "rise_suspected"} & set(calm.notes)
    down = (found.mean - found.lower[80]) / (calm.mean - calm.lower[80])
    up = (found.upper[80] - found.mean) / (calm.upper[80] - calm.mean)
    assert (down > up).all() if factor < 1 else (up > down).all()
