import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kb.core.deflection import (
    Finding,
    differences,
    forms_needed,
    measure,
    smallest_effect,
)

counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


# Newcombe 1998, table II, method 10.
@pytest.mark.parametrize(
    ("groups", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_interval_agrees_with_the_published_table(groups, lower, upper):
    assert differences(*groups)[0, 1:] == pytest.approx([lower, upper], abs=6e-5)


def coverage(n, other_n, rate, other_rate):
    """Return how often the interval holds the true difference: each outcome weighed."""
    hits, other_hits = np.arange(n + 1), np.arange(other_n + 1)
    one, two = (grid.ravel() for grid in np.meshgrid(hits, other_hits, indexing="ij"))
    _, lower, upper = differences(one, n, two, other_n).T
    weights = np.outer(
        stats.binom.pmf(hits, n, rate), stats.binom.pmf(other_hits, other_n, other_rate)
    ).ravel()
    truth = rate - other_rate
    return float(weights[(lower <= truth) & (truth <= upper)].sum())


def test_interval_holds_the_truth_as_often_as_it_says():
    covered = [
        coverage(n, 9 * n, rate, rate - effect)
        for n in (30, 50)
        for rate in (0.2, 0.4, 0.6, 0.8, 0.95)
        for effect in (0.0, 0.05, 0.15)
    ]

    assert np.mean(covered) == pytest.approx(0.955, abs=0.006)
    assert min(covered) > 0.93


def test_interval_of_simulated_forms_holds_the_truth():
    draw = np.random.default_rng(20260901)
    held_out = draw.binomial(120, 0.62, 20_000)
    shown = draw.binomial(1080, 0.55, 20_000)
    _, lower, upper = differences(held_out, 120, shown, 1080).T

    assert np.mean((lower <= 0.07) & (upper >= 0.07)) == pytest.approx(0.95, abs=0.005)


@given(counts, counts)
def test_interval_holds_its_difference_and_turns_around(one, other):
    difference, lower, upper = differences(*one, *other)[0]
    turned = differences(*other, *one)[0]

    assert -1 <= lower <= upper <= 1
    if one[1] and other[1]:
        assert lower - 1e-12 <= difference <= upper + 1e-12
        assert turned == pytest.approx([-difference, -upper, -lower])
    else:
        assert np.isnan(difference)
        assert (lower, upper) == (-1, 1)


def test_groups_are_measured_at_once():
    together = differences([56, 9], [70, 10], [48, 3], [80, 10])

    assert together.shape == (2, 3)
    assert together[1] == pytest.approx(differences(9, 10, 3, 10)[0])


def test_more_evidence_narrows_the_interval():
    widths = np.diff(differences([6, 60, 600], [10, 100, 1000], 5, 10)[:, 1:]).ravel()

    assert widths[0] > widths[1] > widths[2]


@pytest.mark.parametrize("groups", [(2, 1, 0, 1), (-1, 1, 0, 1), (0, 1, 3, 2)])
def test_more_sent_than_opened_is_refused(groups):
    with pytest.raises(ValueError, match="0 <= sent <= forms"):
        differences(*groups)


@pytest.mark.parametrize("confidence", [0, 1, 1.5])
def test_confidence_out_of_range_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        differences(1, 2, 1, 2, confidence=confidence)


def by_hand(sent, forms, other_sent, other_forms):
    """Put Wilson intervals of SciPy together as Newcombe does."""
    one, other = sent / forms, other_sent / other_forms
    held = stats.binomtest(sent, forms).proportion_ci(method="wilson")
    shown = stats.binomtest(other_sent, other_forms).proportion_ci(method="wilson")
    return (
        one - other - np.sqrt((one - held.low) ** 2 + (shown.high - other) ** 2),
        one - other + np.sqrt((held.high - one) ** 2 + (other - shown.low) ** 2),
    )


def test_measure_by_hand():
    found = measure(
        shown_sent=480,
        shown_forms=800,
        held_out_sent=70,
        held_out_forms=100,
        views=10_000,
        views_without_ticket=9_200,
    )

    assert (found.shown_rate, found.held_out_rate) == (0.6, 0.7)
    assert found.effect == pytest.approx(0.1)
    assert (found.lower, found.upper) == pytest.approx(by_hand(70, 100, 480, 800))
    assert found.prevented == pytest.approx(80)
    assert found.prevented_lower == pytest.approx(800 * found.lower)
    assert found.prevented_upper == pytest.approx(800 * found.upper)
    assert (found.claimed, found.claimed_rate) == (9_200, 0.92)


@pytest.mark.parametrize(
    ("shown", "held_out", "finding"),
    [
        ((0, 0), (5, 50), Finding.NO_FORMS),
        ((5, 50), (0, 0), Finding.NO_HOLD_OUT),
        ((100, 500), (29, 29), Finding.TOO_FEW),
        ((500, 1000), (70, 100), Finding.FEWER_TICKETS),
        ((700, 1000), (50, 100), Finding.MORE_TICKETS),
        ((650, 1000), (70, 100), Finding.NO_DIFFERENCE_SEEN),
    ],
)
def test_finding_says_what_can_be_said(shown, held_out, finding):
    found = measure(
        shown_sent=shown[0],
        shown_forms=shown[1],
        held_out_sent=held_out[0],
        held_out_forms=held_out[1],
    )

    assert found.finding is finding


def test_without_a_hold_out_nothing_was_measured():
    found = measure(
        shown_sent=5,
        shown_forms=50,
        held_out_sent=0,
        held_out_forms=0,
        views=9,
        views_without_ticket=6,
    )

    assert (found.effect, found.lower, found.prevented) == (None, None, None)
    assert (found.shown_rate, found.held_out_rate) == (0.1, None)
    assert found.claimed_rate == pytest.approx(2 / 3)


def test_claim_of_more_than_all_views_is_refused():
    with pytest.raises(ValueError, match="without a ticket"):
        measure(
            shown_sent=1,
            shown_forms=2,
            held_out_sent=1,
            held_out_forms=2,
            views=1,
            views_without_ticket=2,
        )


def test_forms_needed_for_equal_groups_agree_with_the_textbook():
    # Fleiss, Levin and Paik: 0.60 against 0.70, power 0.80, 356 in each group.
    assert forms_needed(-0.1, base_rate=0.6, holdout=0.5)[0] == pytest.approx(
        712, abs=1
    )


@pytest.mark.parametrize(
    ("effect", "base_rate", "holdout"),
    [(0.1, 0.6, 0.1), (0.05, 0.5, 0.2), (-0.1, 0.3, 0.1)],
)
def test_so_many_forms_see_the_effect_four_times_of_five(effect, base_rate, holdout):
    forms = int(forms_needed(effect, base_rate=base_rate, holdout=holdout)[0])
    held_out = round(forms * holdout)
    draw = np.random.default_rng(77)
    sent = draw.binomial(held_out, base_rate, 10_000)
    others = draw.binomial(forms - held_out, base_rate - effect, 10_000)
    _, lower, upper = differences(sent, held_out, others, forms - held_out).T
    seen = lower > 0 if effect > 0 else upper < 0

    assert np.mean(seen) == pytest.approx(0.8, abs=0.025)


def test_forms_needed_grow_as_the_effect_shrinks():
    needed = forms_needed([0.2, 0.1, 0.05, 0.01], base_rate=0.6, holdout=0.1)

    assert (np.diff(needed) > 0).all()
    assert needed[3] > 80 * needed[1]


@pytest.mark.parametrize(
    ("effect", "base_rate", "holdout"),
    [(0, 0.5, 0.1), (0.6, 0.5, 0.1), (0.1, 0, 0.1), (0.1, 0.5, 1), (-0.6, 0.5, 0.1)],
)
def test_forms_for_nonsense_are_refused(effect, base_rate, holdout):
    with pytest.raises(ValueError, match=r"effect|shares"):
        forms_needed(effect, base_rate=base_rate, holdout=holdout)


@pytest.mark.parametrize("forms", [300, 2_000, 50_000])
def test_smallest_effect_is_the_inverse_of_forms_needed(forms):
    effect = smallest_effect(forms, base_rate=0.6, holdout=0.1)

    assert forms_needed(effect, base_rate=0.6, holdout=0.1)[0] <= forms
    assert forms_needed(effect - 1e-4, base_rate=0.6, holdout=0.1)[0] > forms


def test_few_forms_show_nothing():
    assert smallest_effect(10, base_rate=0.6, holdout=0.1) is None
