"""Closed forms beside their definitions, and what must not change a figure."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.agreement import (
    Ratings,
    cohen_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
)

LEVEL = st.integers(0, 5)
LEVELS = ("nominal", "ordinal", "interval")


@st.composite
def tables(draw, values=LEVEL, holes=True):
    reviewers, units = draw(st.integers(2, 5)), draw(st.integers(1, 8))
    cell = st.one_of(st.just(math.nan), values) if holes else values
    row = st.lists(cell, min_size=units, max_size=units)
    return np.array(
        draw(st.lists(row, min_size=reviewers, max_size=reviewers)), dtype=float
    )


def distance(level, values, counts, first, second):
    if level == "nominal":
        return float(first != second)
    if level == "interval":
        return (values[first] - values[second]) ** 2
    low, high = sorted((first, second))
    between = sum(counts[low : high + 1]) - (counts[low] + counts[high]) / 2
    return between**2


def alpha_by_coincidences(table, level):
    """Krippendorff's definition: every ordered pair of ratings of a unit."""
    units = [column[~np.isnan(column)] for column in table.T]
    units = [unit for unit in units if unit.size >= 2]
    values = sorted({float(value) for unit in units for value in unit})
    size = len(values)
    together = np.zeros((size, size))
    for unit in units:
        for one, two in itertools.permutations(range(unit.size), 2):
            cell = values.index(unit[one]), values.index(unit[two])
            together[cell] += 1 / (unit.size - 1)
    counts = together.sum(axis=1)
    n = counts.sum()
    cells = list(itertools.product(range(size), repeat=2))
    apart = {cell: distance(level, values, counts, *cell) for cell in cells}
    observed = sum(together[cell] * apart[cell] for cell in cells)
    expected = sum(counts[a] * counts[b] * apart[a, b] for a, b in cells)
    return 1 - (n - 1) * observed / expected if expected else math.nan


def gwet_by_definition(table, agree, values):
    counts = np.array([[np.sum(row == value) for value in values] for row in table.T])
    sizes = counts.sum(axis=1)
    shares = []
    for row, m in zip(counts, sizes, strict=True):
        if m >= 2:
            agreeing = sum(
                row[k] * (sum(agree[k][c] * row[c] for c in range(len(values))) - 1)
                for k in range(len(values))
            )
            shares.append(agreeing / (m * (m - 1)))
    rated = sizes > 0
    if not shares or len(values) < 2:
        return math.nan
    usual = (counts[rated] / sizes[rated, None]).mean(axis=0)
    expected = np.sum(agree) * np.sum(usual * (1 - usual))
    expected /= len(values) * (len(values) - 1)
    return (np.mean(shares) - expected) / (1 - expected)


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(LEVELS))
def test_alpha_equals_its_definition(table, level):
    expected = alpha_by_coincidences(table, level)
    assert krippendorff_alpha(table, level) == pytest.approx(
        expected, abs=1e-9, nan_ok=True
    )


@settings(max_examples=60, deadline=None)
@given(tables(values=st.sampled_from([0.0, 12.5, 61.25, 88.8, 100.0])))
def test_alpha_of_uneven_scores_equals_its_definition(table):
    for level in LEVELS:
        expected = alpha_by_coincidences(table, level)
        found = krippendorff_alpha(table, level)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables(), st.randoms(use_true_random=False), st.sampled_from(LEVELS))
def test_alpha_ignores_the_order_of_reviewers_and_units(table, random, level):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    expected = krippendorff_alpha(table, level)
    found = krippendorff_alpha(table[rows][:, columns], level)
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables(), st.floats(0.01, 100), st.floats(-1000, 1000))
def test_interval_alpha_ignores_unit_and_origin(table, unit, origin):
    expected = krippendorff_alpha(table, "interval")
    found = krippendorff_alpha(unit * table + origin, "interval")
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_ordinal_alpha_ignores_any_rising_change_of_scale(table):
    expected = krippendorff_alpha(table, "ordinal")
    assert krippendorff_alpha(table**3 - 7, "ordinal") == pytest.approx(
        expected, abs=1e-9, nan_ok=True
    )


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_unit_with_one_rating_changes_no_alpha(table):
    lone = np.full((table.shape[0], 1), np.nan)
    lone[0] = 9
    for level in LEVELS:
        expected = krippendorff_alpha(table, level)
        found = krippendorff_alpha(np.hstack([lone, table]), level)
        assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_alpha_never_exceeds_one_and_is_undefined_only_without_variation(table):
    pairable = table[:, np.sum(~np.isnan(table), axis=0) >= 2]
    varied = len(set(pairable[~np.isnan(pairable)].tolist())) > 1
    for level in LEVELS:
        found = krippendorff_alpha(table, level)
        assert math.isnan(found) == (not varied)
        assert math.isnan(found) or found <= 1.0


@settings(max_examples=60, deadline=None)
@given(tables())
def test_cells_and_table_give_the_same_ratings(table):
    again = Ratings.of(table).dense()
    np.testing.assert_array_equal(again, table)


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(["unweighted", "linear", "quadratic", "ordinal"]))
def test_gwet_equals_its_definition(table, weights):
    values = sorted({float(value) for value in table[~np.isnan(table)]})
    agree = [[agreement(weights, values, a, b) for a in values] for b in values]
    expected = gwet_by_definition(table, np.array(agree), values)
    assert gwet_ac(table, weights) == pytest.approx(expected, abs=1e-9, nan_ok=True)


def agreement(weights, values, first, second):
    if first == second:
        return 1.0
    if weights == "unweighted":
        return 0.0
    if weights == "ordinal":
        steps = abs(values.index(first) - values.index(second)) + 1
        return 1 - math.comb(steps, 2) / math.comb(len(values), 2)
    apart = abs(first - second) / (values[-1] - values[0])
    return 1 - (apart if weights == "linear" else apart**2)


@settings(max_examples=60, deadline=None)
@given(tables(holes=False))
def test_quadratic_kappa_equals_its_definition(table):
    first, second = table[0], table[1]
    apart = np.square(first[:, None] - second[None, :]).mean()
    expected = 1 - np.square(first - second).mean() / apart if apart else math.nan
    found = cohen_kappa(first, second, "quadratic")
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(tables(holes=False), st.floats(0.1, 10), st.floats(-100, 100))
def test_icc_ignores_unit_and_origin_and_means_beat_single_reviews(table, unit, origin):
    for kind in "1AC":
        single, mean = icc(table, f"{kind},1"), icc(table, f"{kind},k")
        moved = icc(unit * table + origin, f"{kind},1")
        assert moved == pytest.approx(single, abs=1e-6, nan_ok=True)
        if single >= 0:
            assert mean >= single - 1e-12
