"""Charts beside the handbooks' examples, and their rules one by one."""

import math

import numpy as np
import pytest

from qa.core.control_charts import ewma, individuals, p_chart

# NIST/SEMATECH e-Handbook 6.3.2.4.
NIST = [52.0, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5]
# Montgomery, frozen orange juice: nonconforming cans of 50.
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]


def test_ewma_gives_the_handbooks_line_and_limits():
    chart = ewma(NIST, centre=50, sd=2.0539, weight=0.3)
    printed = [50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33]
    assert [round(float(at), 2) for at in chart.points] == printed
    late = ewma([50.0] * 100, centre=50, sd=2.0539, weight=0.3)
    assert round(float(late.upper[-1]), 4) == 52.5884
    assert not chart.signals.any()


def test_ewma_limits_start_narrow():
    """First limit: 3 · .3 · sd; second: times sqrt(1 + .7²)."""
    chart = ewma([50.0, 50, 50], centre=50, sd=2.0, weight=0.3)
    assert chart.upper[0] == pytest.approx(51.8)
    assert chart.upper[1] == pytest.approx(50 + 1.8 * math.sqrt(1.49))


def test_ewma_signals_a_small_lasting_shift():
    """Late limits are 80 ± 3; 80 - 4·(1 - .8^k) is past them from the seventh point."""
    chart = ewma([80.0] * 20 + [76.0] * 15, centre=80, sd=3.0)
    assert np.flatnonzero(chart.beyond)[0] == 26
    assert not chart.runs.any()


def test_ewma_passes_over_holes_and_weighs_by_each_ones_sd():
    holed = ewma([52.0, math.nan, 47.0], centre=50, sd=2.0, weight=0.3)
    whole = ewma([52.0, 47.0], centre=50, sd=2.0, weight=0.3)
    assert holed.points[[0, 2]].tolist() == whole.points.tolist()
    assert holed.upper[1] == holed.upper[0]
    single = ewma([50.0, 50.0], centre=50, sd=[2.0, 4.0], weight=0.5)
    assert single.upper[1] == pytest.approx(50 + 3 * math.sqrt(0.25 * 16 + 0.25 * 1))


def test_p_chart_gives_montgomerys_limits_and_signals():
    chart = p_chart(CANS, [50] * 30)
    figures = [chart.centre, chart.upper[0], chart.lower[0]]
    assert [round(float(at), 4) for at in figures] == [0.2313, 0.4102, 0.0524]
    assert (np.flatnonzero(chart.beyond) + 1).tolist() == [15, 23]


def test_p_chart_limits_follow_each_weeks_size():
    chart = p_chart([1, 0, 2], [10, 0, 90], centre=0.04)
    assert chart.upper[0] == pytest.approx(0.04 + 3 * math.sqrt(0.04 * 0.96 / 10))
    assert chart.upper[2] == pytest.approx(0.04 + 3 * math.sqrt(0.04 * 0.96 / 90))
    assert (math.isnan(chart.points[1]), chart.lower[0]) == (True, 0.0)
    assert not chart.signals.any()


def test_one_point_beyond_three_sigma_signals():
    chart = individuals([80.0, 83, 92.1, 67.9, 68.0, 92.0], centre=80, sd=4)
    assert chart.beyond.tolist() == [False, False, True, True, False, False]


def test_eight_on_one_side_signal_and_the_centre_or_a_hole_do_not_count():
    low = [79.0] * 7
    assert not individuals([*low, 81, *low], centre=80, sd=4).runs.any()
    assert not individuals([*low, 80, *low], centre=80, sd=4).runs.any()
    ends = individuals([*low, math.nan, 79, 79], centre=80, sd=4).runs
    assert np.flatnonzero(ends).tolist() == [8, 9]


def test_individuals_estimate_their_sd_by_moving_range():
    """Mean moving range 4 over 1.128."""
    chart = individuals([80.0, 84, 80, 84, 80])
    assert chart.centre == 81.6
    assert chart.upper[0] == pytest.approx(81.6 + 3 * 4 / 1.128379, rel=1e-6)


def test_charts_of_nothing_and_of_one_signal_nothing():
    for chart in (
        individuals([]),
        individuals([80.0]),
        p_chart([], []),
        p_chart([0], [0]),
    ):
        assert not chart.signals.any()
    assert ewma([], centre=80, sd=4).points.size == 0


def test_unfit_charts_are_refused():
    with pytest.raises(ValueError, match="weight"):
        ewma([1.0], centre=0, sd=1, weight=0)
    with pytest.raises(ValueError, match="hits"):
        p_chart([3], [2])
    with pytest.raises(ValueError, match="sd must be"):
        individuals([1.0, 2.0], sd=-1)
    with pytest.raises(ValueError, match="one row"):
        individuals([[1.0]])
