"""Which method *best* takes."""

import numpy as np
import pytest

from tests.capacity.core.forecast_series import days_from
from workforce.capacity.core.forecast import forecast
from workforce.capacity.core.forecast.engine import best_of
from workforce.capacity.core.forecast.records import Figures


def figures(wape, bias=0.0, origins=8):
    return Figures(
        wape=wape, day_wape=wape, bias=bias, mase=1.0, coverage={80: 0.8, 95: 0.95},
        seconds=0.01, origins=origins,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "best"),
    [
        (figures(0.16), "recipe"),
        (figures(0.15), "trend"),
        (figures(0.15, bias=-0.065), "trend"),
        (figures(0.15, bias=0.065), "trend"),
        (figures(0.15, bias=-0.075), "recipe"),
        (figures(0.15, bias=0.075), "recipe"),
        (figures(0.05, origins=7), "recipe"),
    ],
)
def test_the_recipe_is_kept_unless_another_is_better_and_leans_little(other, best):
    assert best_of({"recipe": figures(0.165, bias=0.02), "trend": other}) == best


def test_of_those_that_lean_little_the_lowest_error_is_best():
    found = best_of(
        {
            "recipe": figures(1.5, bias=0.1),
            "historical_average": figures(1.0, bias=-1.0),
            "moving_average": figures(1.3, bias=0.1),
            "trend": figures(1.2, bias=0.14),
        }
    )
    assert found == "trend"


def test_without_the_recipe_the_lowest_error_is_best():
    assert (
        best_of({"trend": figures(0.2, bias=-1.0), "regression": figures(0.3)})
        == "trend"
    )


def test_methods_without_figures_leave_the_recipe():
    nothing = figures(float("nan"), bias=float("nan"))
    assert best_of({"recipe": nothing, "trend": nothing}) == "recipe"


@pytest.mark.parametrize("mean", [0.3, 0.6])
def test_the_expected_volume_of_a_rare_queue_is_what_comes_not_nothing(mean):
    came = expected = 0.0
    for seed in range(4):
        volumes = np.random.default_rng(seed).poisson(mean, 328).astype(float)
        days = days_from("2024-01-01", 328)
        expected += forecast(days[:300], volumes[:300], freq="D", horizon=28).mean.sum()
        came += 28 * mean
    assert expected == pytest.approx(came, rel=0.35)
