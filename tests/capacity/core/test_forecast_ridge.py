import numpy as np
import pytest
from scipy.optimize import minimize

from tests.capacity.core.forecast_series import weekly
from workforce.capacity.core.forecast.calendar import build_calendar
from workforce.capacity.core.forecast.ridge import (
    Ridge,
    design,
    fit_poisson,
    penalties,
    predict,
)

NONE = np.array([], dtype=np.int64)


def calendar_of(days, holidays=()):
    numbers = np.array(holidays, dtype="datetime64[D]").astype(np.int64)
    return build_calendar(days.astype(np.int64), numbers, np.zeros((days.size, 0)))


@pytest.mark.parametrize("seed", range(4))
def test_fit_minimises_the_penalised_deviance(seed):
    rng = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(80), rng.normal(size=(80, 4))])
    volumes = rng.poisson(np.exp(columns @ [2.0, 0.3, -0.5, 0.0, 0.2])).astype(float)
    weights = rng.uniform(0.2, 1.0, 80)
    penalty = np.array([1e-6, 2.0, 0.5, 8.0, 30.0])

    def objective(b):
        linear = columns @ b
        loss = weights @ (np.exp(linear) - volumes * linear)
        return loss + 0.5 * penalty @ b**2

    def slope(b):
        return columns.T @ (weights * (np.exp(columns @ b) - volumes)) + penalty * b

    start = np.array([2.0, 0, 0, 0, 0])
    best = minimize(objective, start, jac=slope, method="BFGS", options={"gtol": 1e-9})
    found = fit_poisson(columns, volumes, weights, penalty, iterations=50)
    assert found == pytest.approx(best.x, abs=1e-4)
    assert objective(found) <= best.fun + 1e-6


def test_fit_with_robust_weights_shrugs_off_a_wild_day():
    volumes = np.random.default_rng(2).poisson(100, 200).astype(float)
    volumes[150] = 5000
    columns, weights = np.ones((200, 1)), np.ones(200)
    plain = fit_poisson(columns, volumes, weights, np.array([1e-6]))
    robust = fit_poisson(columns, volumes, weights, np.array([1e-6]), robust=True)
    assert np.exp(plain[0]) == pytest.approx(volumes.mean(), rel=1e-3)
    assert np.exp(robust[0]) == pytest.approx(100, rel=0.02)


@pytest.mark.parametrize("level", [0.0, 1e-3, 3.0, 1e6, 1e12])
def test_fit_reaches_any_level(level):
    found = fit_poisson(
        np.ones((50, 1)),
        np.full(50, level),
        np.ones(50),
        np.array([1e-6]),
        iterations=40,
    )
    assert np.exp(found[0]) == pytest.approx(level, rel=0.01, abs=0.01)


def test_design_and_penalties_have_the_same_columns():
    calendar = calendar_of(weekly(500)[0])
    for yearly in (False, True):
        columns = design(calendar, 10, 400, 428, yearly)
        assert columns.shape == (418, penalties(calendar, yearly).size)


def test_regression_learns_the_week():
    days, means = weekly(140)
    found = predict(calendar_of(days), means[:112], 112, 28, Ridge(120.0, 14))
    assert found == pytest.approx(means[112:], rel=0.02)


def test_regression_learns_a_holiday_and_repeats_it():
    days, means = weekly(420)
    christmas = np.array(
        ["2024-04-01", "2024-07-04", "2024-10-14", "2025-02-12"], "M8[D]"
    )
    off = np.isin(days, christmas)
    volumes = np.where(off, means * 0.3, means)
    found = predict(
        calendar_of(days, christmas), volumes[:400], 400, 20, Ridge(500.0, 14)
    )
    at = int(np.flatnonzero(off)[-1]) - 400
    assert found[at] == pytest.approx(0.3 * means[400 + at], rel=0.25)
    assert found[at - 7] == pytest.approx(means[400 + at - 7], rel=0.05)


def test_regression_follows_the_level_of_the_last_days():
    days, means = weekly(140)
    volumes = means.copy()
    volumes[100:] *= 1.3
    found = predict(calendar_of(days), volumes[:112], 112, 14, Ridge(120.0, 7))
    assert found.sum() == pytest.approx(1.3 * means[112:126].sum(), rel=0.06)
