"""Student's t beside printed tables and closed forms; how sure a mean is."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.incomplete_beta import f_cdf, f_quantile
from qa.core.student import (
    half_width,
    mean_interval,
    t_cdf,
    t_cdfs,
    t_quantile,
    t_quantiles,
)

# Two-sided 95 %, one-sided 95 % and two-sided 99.9 %, as SciPy 1.17 gives them.
QUANTILES = [
    (0.975, 1, 12.706204736174696),
    (0.975, 2, 4.302652729749462),
    (0.975, 4, 2.776445105197793),
    (0.975, 10, 2.228138851986274),
    (0.975, 30, 2.0422724563012373),
    (0.95, 5, 2.015048373333023),
    (0.9995, 3, 12.923978636687485),
    (0.9995, 120, 3.373453768562533),
    (0.975, math.inf, 1.959963984540054),
]


@pytest.mark.parametrize(("p", "df", "printed"), QUANTILES)
def test_quantile_gives_the_tables(p, df, printed):
    assert t_quantile(p, df) == pytest.approx(printed, rel=1e-11)
    assert t_quantile(1 - p, df) == pytest.approx(-printed, rel=1e-11)
    assert t_cdf(printed, df) == pytest.approx(p, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-6, 1 - 1e-6))
def test_quantile_equals_the_closed_forms_of_one_two_and_four(p):
    one = math.tan(math.pi * (p - 0.5))
    two = (2 * p - 1) / math.sqrt(2 * p * (1 - p))
    assert t_quantile(p, 1) == pytest.approx(one, rel=1e-9, abs=1e-12)
    assert t_quantile(p, 2) == pytest.approx(two, rel=1e-9, abs=1e-12)
    square = 4 * p * (1 - p)
    root = math.cos(math.acos(math.sqrt(square)) / 3) / math.sqrt(square)
    four = math.copysign(2 * math.sqrt(max(root - 1, 0.0)), p - 0.5)
    # The closed form itself loses digits in the middle, where root is near 1.
    assert t_quantile(p, 4) == pytest.approx(four, rel=1e-9, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-8, 1 - 1e-8), st.floats(0.5, 1e5))
def test_quantile_and_distribution_undo_each_other(p, df):
    assert t_cdf(t_quantile(p, df), df) == pytest.approx(p, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("df", [999.0, 1_000.0, 1_001.0])
def test_quantile_is_smooth_where_the_method_changes(df):
    assert t_quantile(0.975, df) == pytest.approx(1.9623391, abs=3e-6)
    assert t_cdf(t_quantile(0.975, df), df) == pytest.approx(0.975, abs=1e-12)


def test_distribution_of_many_is_that_of_each():
    x = np.array([-np.inf, -2.0, 0.0, 1e-9, 3.0, np.inf])
    found = t_cdfs(x, 7.5)
    assert found.tolist() == [t_cdf(float(at), 7.5) for at in x]
    assert found[[0, 2, 5]].tolist() == [0.0, 0.5, 1.0]
    assert t_quantiles(0.5, [1, 2, 3]).tolist() == [0.0, 0.0, 0.0]


def test_arguments_out_of_range_are_refused():
    for p in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="p must lie"):
            t_quantile(p, 5)
    for df in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="degrees of freedom"):
            t_quantile(0.9, df)
    with pytest.raises(ValueError, match="x must be"):
        t_cdf(math.nan, 3)


def test_f_gives_the_tables_and_the_square_of_t():
    assert round(f_quantile(0.95, 3, 10), 4) == 3.7083
    assert round(f_quantile(0.99, 5, 20), 4) == 4.1027
    assert f_quantile(0.95, 1, 12) == pytest.approx(t_quantile(0.975, 12) ** 2)
    assert f_cdf(f_quantile(0.025, 7, 2.5), 7, 2.5) == pytest.approx(0.025, abs=1e-12)
    assert f_cdf(0.0, 3, 3) == 0.0
    with pytest.raises(ValueError, match="degrees above 0"):
        f_quantile(0.5, 0, 3)


def test_mean_interval_of_a_draw_from_few():
    """Half of sixteen seen: t(3) = 3.1824, s = 12.9099, 1 - 4/16 = .75."""
    endless = mean_interval([70, 80, 90, 100])
    few = mean_interval([70, 80, 90, 100], population=16)
    assert (few.n, few.mean) == (4, 85.0)
    assert endless.half_width == pytest.approx(3.182446 * 12.909944 / 2, rel=1e-6)
    assert few.half_width == pytest.approx(endless.half_width * math.sqrt(0.75))
    assert (few.low, few.high) == (85 - few.half_width, 85 + few.half_width)


def test_precision_of_weekly_samples():
    """With s = 12 and 100 tickets: 5 reviews give ±14.5, 20 give ±5.0, 40 give ±3.0."""
    found = [round(half_width(12, n, population=100), 1) for n in (5, 20, 40)]
    assert found == [14.5, 5.0, 3.0]


def test_mean_interval_of_everything_leaves_no_doubt():
    assert mean_interval([70, 80], population=2).half_width == 0.0
    assert mean_interval([70], population=1).low == 70.0


def test_mean_interval_of_too_few_rules_nothing_out():
    none, one = mean_interval([]), mean_interval([81.5])
    assert math.isnan(none.mean)
    assert (one.mean, one.is_known, none.is_known) == (81.5, False, False)
    assert [none.low, none.high, one.low, one.high] == [-math.inf, math.inf] * 2


def test_mean_interval_refuses_what_it_cannot_mean():
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, math.nan])
    with pytest.raises(ValueError, match="population"):
        mean_interval([1.0, 2.0, 3.0], population=2)
    with pytest.raises(ValueError, match="confidence"):
        mean_interval([1.0, 2.0], confidence=95)
