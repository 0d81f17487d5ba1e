"""Published figures, and the rules of what is undefined or refused."""

import math
import tracemalloc

import numpy as np
import pytest

from qa.core.agreement import (
    Ratings,
    alpha_of_triples,
    bland_altman,
    cohen_kappa,
    gwet_ac,
    gwet_agreement,
    icc,
    icc_interval,
    kappa_error,
    krippendorff_alpha,
)
from qa.core.reliability_size import subjects_needed
from tests.qa.core.agreement_samples import COHEN, JUDGES, KRIPPENDORFF, N, ratings_of

LEVELS = ("nominal", "ordinal", "interval")
FORMS = ("1,1", "A,1", "C,1", "1,k", "A,k", "C,k")


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_gives_krippendorffs_own_figures(level, printed):
    assert round(krippendorff_alpha(KRIPPENDORFF, level), 3) == printed


def test_alpha_takes_none_masks_and_triples_alike():
    table = np.array(KRIPPENDORFF)
    holes = [[None if math.isnan(x) else int(x) for x in row] for row in KRIPPENDORFF]
    masked = np.ma.masked_invalid(table)
    reviewer, unit = np.nonzero(~np.isnan(table))
    order = np.random.default_rng(1).permutation(unit.size)
    for level in LEVELS:
        expected = krippendorff_alpha(table, level)
        assert krippendorff_alpha(holes, level) == expected
        assert krippendorff_alpha(masked, level) == expected
        found = alpha_of_triples(
            1000 + 7 * unit[order],
            np.array(["ana", "bo", "cy", "di"])[reviewer[order]],
            table[reviewer, unit][order],
            level,
        )
        assert found == pytest.approx(expected, abs=1e-12)


def test_ratings_of_whole_numbers_are_coded_as_any_others():
    values = [3.0, 0.0, 3.0, 2.0]
    found, code = Ratings.from_triples([1, 1, 2, 2], [1, 2, 1, 2], values).codes()
    assert (found.tolist(), code.tolist()) == ([0.0, 2.0, 3.0], [2, 0, 2, 1])
    halves = [x + 0.5 for x in values]
    found, code = Ratings.from_triples([1, 1, 2, 2], [1, 2, 1, 2], halves).codes()
    assert (found.tolist(), code.tolist()) == ([0.5, 2.5, 3.5], [2, 0, 2, 1])


@pytest.mark.parametrize(
    "ratings",
    [
        np.empty((0, 0)),
        np.empty((3, 0)),
        [[1, 2, 3]],
        [[1, N, 3], [N, 2, N]],
        [[N, N], [N, N]],
        [[4, 4, 4], [4, 4, N]],
        [[0.1, 0.1, 7.0], [0.1, 0.1, N]],
    ],
)
@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_undefined_without_pairs_or_variation(ratings, level):
    assert math.isnan(krippendorff_alpha(ratings, level))


def test_alpha_of_full_agreement_is_exactly_one():
    ratings = [[0.1, 0.7, 81.3], [0.1, 0.7, 81.3], [0.1, N, 81.3]]
    assert [krippendorff_alpha(ratings, level) for level in LEVELS] == [1.0, 1.0, 1.0]


def test_alpha_of_a_sparse_table_needs_little_beside_it():
    """Two of a hundred cells filled, 0–100: an eighth of it for the mask, little more."""
    rng = np.random.default_rng(1)
    table = np.full((100, 10_000), np.nan)
    held = rng.random(table.shape) < 0.02
    table[held] = rng.integers(0, 101, held.sum())
    for level in LEVELS:
        tracemalloc.start()
        krippendorff_alpha(table, level)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 0.4 * table.nbytes


def test_alpha_keeps_its_digits_far_from_zero():
    far = np.array(KRIPPENDORFF) + 1e9
    assert krippendorff_alpha(far, "interval") == pytest.approx(0.8491071428571428)


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        ([1, 2, 3], "reviewers × units"),
        ([["a", "b"], ["c", "d"]], "of numbers"),
        ([[1, 2], [3]], "of numbers"),
        ([[1, math.inf], [1, 2]], "finite"),
    ],
)
def test_ratings_that_are_no_table_are_refused(ratings, message):
    with pytest.raises(ValueError, match=message):
        krippendorff_alpha(ratings, "interval")


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="level must be one of"):
        krippendorff_alpha(JUDGES, "ratio")
    with pytest.raises(ValueError, match="form must be one of"):
        icc(JUDGES, "2,1")
    with pytest.raises(ValueError, match="weights must be one of"):
        gwet_ac(JUDGES, "cubic")
    with pytest.raises(ValueError, match="linear, quadratic or a table"):
        cohen_kappa([1, 2], [1, 2], "cubic")


def test_triples_refuse_a_second_rating_of_one_reviewer():
    with pytest.raises(ValueError, match="more than once"):
        alpha_of_triples([1, 1, 1], [5, 5, 6], [3, 4, 3], "ordinal")
    with pytest.raises(ValueError, match="more than once"):
        alpha_of_triples([1, 10**9, 1], [5, 10**8, 5], [3, 4, 3], "ordinal")
    with pytest.raises(ValueError, match="equal shape"):
        alpha_of_triples([1, 1], [5, 6], [3, 4, 3], "ordinal")


def test_icc_gives_shrout_and_fleiss_table():
    printed = [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert [round(icc(JUDGES, form), 2) for form in FORMS] == printed
    low, high = icc_interval(JUDGES, "A,1")
    assert (round(low, 2), round(high, 2)) == (0.02, 0.76)


def test_icc_uses_complete_units_only():
    holed = [[*row, value] for row, value in zip(JUDGES, [3, N, 5, 1], strict=True)]
    assert icc(holed, "A,1") == icc(JUDGES, "A,1")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "ratings", [[[5, 5, 5], [5, 5, 5]], [[1, 2, 3]], [[1, N], [N, 2]], [[0.1], [0.3]]]
)
def test_icc_is_undefined_without_variation_or_complete_units(ratings, form):
    assert math.isnan(icc(ratings, form))
    assert all(map(math.isnan, icc_interval(ratings, form)))


def test_icc_sees_a_harsh_reviewer_by_agreement_and_not_by_consistency():
    harsh = [[60, 70, 80, 90], [50, 60, 70, 80]]
    assert icc(harsh, "C,1") == pytest.approx(1.0)
    assert icc(harsh, "A,1") == pytest.approx(10 / 13)


def test_gwet_gives_the_figures_of_cohens_table():
    ratings = ratings_of(COHEN)
    found = gwet_agreement(ratings)
    assert [round(at, 4) for at in found] == [0.576, 0.7, 0.2925]
    assert round(gwet_ac(ratings, "quadratic"), 5) == 0.63855


def test_gwet_with_holes_gives_irrcacs_figures():
    """Gwet's own four raters and twelve subjects, as irrCAC 1.4 prints them."""
    assert round(gwet_ac(KRIPPENDORFF), 5) == 0.77544


def test_gwet_is_undefined_for_one_category_unless_others_were_possible():
    ratings = [[1, 1, 1], [1, 1, N]]
    assert math.isnan(gwet_ac(ratings))
    assert gwet_ac(ratings, categories=[0, 1]) == 1.0
    with pytest.raises(ValueError, match="not among the categories"):
        gwet_ac(ratings, categories=[0, 2])


def test_gwet_without_pairs_is_undefined():
    assert math.isnan(gwet_ac([[1, N], [N, 2]]))
    assert math.isnan(gwet_ac([[N, N], [N, N]]))


def test_kappa_gives_cohens_figures():
    first, second = ratings_of(COHEN)
    assert round(cohen_kappa(first, second), 3) == 0.492
    apart = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert round(cohen_kappa(first, second, apart), 3) == 0.348


def test_kappa_falls_with_prevalence_where_gwet_does_not():
    """Feinstein and Cicchetti (1990): 85 % agree in both; kappa is .70 and .32."""
    even, skewed = ratings_of([[40, 9], [6, 45]]), ratings_of([[80, 10], [5, 5]])
    assert round(cohen_kappa(*even), 2) == 0.70
    assert round(cohen_kappa(*skewed), 2) == 0.32
    assert gwet_ac(even) == pytest.approx(0.70, abs=0.005)
    assert gwet_ac(skewed) > 0.80


def test_kappa_error_gives_the_figures_of_sas():
    pair = ratings_of([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
    assert round(kappa_error(*pair), 4) == 0.1380
    assert round(kappa_error(*pair, "linear"), 4) == 0.1457


def test_kappa_is_undefined_where_no_disagreement_is_possible():
    assert math.isnan(cohen_kappa([2, 2, 2], [2, 2, N]))
    assert math.isnan(cohen_kappa([1, N], [N, 2]))
    assert math.isnan(kappa_error([2, 2], [2, 2]))


def test_kappa_refuses_weights_that_do_not_fit():
    with pytest.raises(ValueError, match="2 categories need"):
        cohen_kappa([1, 2], [2, 1], [[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    with pytest.raises(ValueError, match="0 on the diagonal"):
        cohen_kappa([1, 2], [2, 1], [[1, 0], [0, 1]])


# Bland and Altman (1986): peak flow by the Wright and the mini meter, first reading.
WRIGHT = [
    494,
    395,
    516,
    434,
    476,
    557,
    413,
    442,
    650,
    433,
    417,
    656,
    267,
    478,
    178,
    423,
    427,
]
MINI = [
    512,
    430,
    520,
    428,
    500,
    600,
    364,
    380,
    658,
    445,
    432,
    626,
    260,
    477,
    259,
    350,
    451,
]


def test_bland_altman_gives_the_figures_of_1986():
    found = bland_altman(WRIGHT, MINI)
    assert (found.n, round(found.bias, 1), round(found.sd, 1)) == (17, -2.1, 38.8)
    assert [round(at, 1) for at in found.bias_ci] == [-22.0, 17.8]
    assert (round(found.lower, 1), round(found.upper, 1)) == (-78.1, 73.9)
    # The paper's ±16.3 · 2.12 for the limits, here with the finer variance of 1999.
    assert found.lower_ci == pytest.approx((-112.9, -43.3), abs=0.05)


def test_bland_altman_slope_shows_a_compressed_scale():
    reference = np.arange(40.0, 100.0, 5.0)
    found = bland_altman(70 + 0.5 * (reference - 70), reference)
    assert found.slope == pytest.approx(-2 / 3)
    assert found.slope_se == pytest.approx(0.0, abs=1e-9)


def test_bland_altman_says_what_few_units_cannot_show():
    none, one, two = (bland_altman([80, 85][:n], [70, 80][:n]) for n in range(3))
    assert (none.n, math.isnan(none.bias)) == (0, True)
    assert (one.bias, math.isnan(one.sd), math.isnan(one.lower)) == (10.0, True, True)
    assert (two.bias, math.isnan(two.slope_se)) == (7.5, True)
    with pytest.raises(ValueError, match="equal shape"):
        bland_altman([1, 2], [1])


def test_subjects_needed_gives_walters_figure():
    """Walter, Eliasziw and Donner (1998): .6 against .8."""
    assert [subjects_needed(0.6, 0.8, k) for k in (2, 3, 4)] == [39, 27, 22]
    with pytest.raises(ValueError, match="least < expected"):
        subjects_needed(0.8, 0.6, 2)
