import time
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from kb.core.deflection import forms_needed
from kb.core.sequential import (
    SMALLEST_ARM,
    Counts,
    Verdict,
    course,
    look,
    readers_needed,
)

counts = st.integers(0, 500).flatmap(lambda n: st.builds(Counts, st.integers(0, n), st.just(n)))  # fmt: skip


def simulated(rate_a, rate_b, *, readers, days, runs, share_b=0.5, seed=20261122):
    """Return counts of many experiments, each day's look a column."""
    draw = np.random.default_rng(seed)
    arrived = draw.poisson(readers, (runs, days))
    b = draw.binomial(arrived, share_b)
    a = arrived - b
    good_a, good_b = draw.binomial(a, rate_a), draw.binomial(b, rate_b)
    return [daily.cumsum(axis=1) for daily in (good_a, a, good_b, b)]


def share_ever(is_called):
    return float(is_called.any(axis=1).mean())


def called_different(found):
    return share_ever((found.lower > 0) | (found.upper < 0))


@pytest.mark.parametrize("share_b", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("rate", [0.02, 0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("readers", [8, 60])
def test_equal_versions_are_seldom_called_different_when_looking_each_day(
    rate, share_b, readers
):
    found = course(*simulated(rate, rate, readers=readers, days=90, runs=2000, share_b=share_b))  # fmt: skip

    assert called_different(found) < 0.05
    assert share_ever(found.p_value < 0.05) < 0.05


@pytest.mark.parametrize("alpha", [0.01, 0.2])
def test_false_alarms_follow_the_level_asked_for(alpha):
    found = course(*simulated(0.6, 0.6, readers=40, days=90, runs=4000), alpha=alpha)

    assert called_different(found) < alpha


def test_looking_each_day_at_an_ordinary_test_would_mislead():
    good_a, a, good_b, b = simulated(0.6, 0.6, readers=40, days=60, runs=4000)
    pooled = (good_a + good_b) / (a + b)
    error = np.sqrt(pooled * (1 - pooled) * (1 / a + 1 / b))
    ordinary = share_ever(np.abs(good_b / b - good_a / a) > 1.96 * error)

    assert ordinary > 0.25
    assert called_different(course(good_a, a, good_b, b)) < 0.04


@pytest.mark.parametrize(
    ("rate", "effect", "share_b"), [(0.6, 0.1, 0.5), (0.9, 0.05, 0.2), (0.5, -0.2, 0.8), (0.1, 0.0, 0.1)]
)  # fmt: skip
def test_bounds_hold_the_truth_on_all_days_together(rate, effect, share_b):
    found = course(
        *simulated(rate, rate + effect, readers=40, days=90, runs=3000, share_b=share_b)
    )
    held = (found.lower <= effect) & (effect <= found.upper)

    assert held.all(axis=1).mean() > 0.95


@pytest.mark.parametrize(("rate", "effect"), [(0.6, 0.1), (0.8, 0.05)])
def test_power_kept_against_a_test_with_one_look(rate, effect):
    fixed = int(forms_needed(-effect, base_rate=rate, holdout=0.5)[0])  # power 80 %
    days = 60
    found = course(
        *simulated(rate, rate + effect, readers=fixed / days, days=2 * days, runs=3000)
    )
    is_better = found.lower > 0
    first = np.where(is_better.any(axis=1), is_better.argmax(axis=1) + 1, 2 * days)

    assert 0.45 < share_ever(is_better[:, :days]) < 0.60
    assert share_ever(is_better) > 0.80
    assert 0.9 < first.mean() / days < 1.2


@pytest.mark.parametrize(
    ("rate", "effect", "share_b"), [(0.6, 0.1, 0.5), (0.8, -0.05, 0.3), (0.3, 0.2, 0.1)]
)
def test_readers_needed_decide_with_the_power_asked_for(rate, effect, share_b):
    readers = readers_needed(effect, base_rate=rate, share_b=share_b)
    found = course(
        *simulated(
            rate, rate + effect, readers=readers, days=1, runs=6000, share_b=share_b
        )
    )
    decided = found.lower > 0 if effect > 0 else found.upper < 0

    assert share_ever(decided) == pytest.approx(0.8, abs=0.05)


def test_guardrail_stops_a_much_worse_version_and_spares_a_slightly_worse_one():
    bad = course(*simulated(0.8, 0.55, readers=40, days=60, runs=2000))
    slight = course(*simulated(0.8, 0.75, readers=40, days=60, runs=2000))

    assert share_ever(bad.upper < -0.1) > 0.95
    assert share_ever(slight.upper < -0.1) < 0.02


def test_p_value_is_one_over_the_mixture_of_likelihood_ratios():
    found = course([180], [300], [225], [310])
    pooled = (405 + 1) / (610 + 2)
    error = np.sqrt(pooled * (1 - pooled) * (1 / 300 + 1 / 310))
    seen = 225 / 310 - 180 / 300
    mixed, _ = integrate.quad(
        lambda d: NormalDist(0, 0.1).pdf(d) * NormalDist(d, error).pdf(seen), -1, 1
    )

    assert found.p_value[0] == pytest.approx(NormalDist(0, error).pdf(seen) / mixed)


@given(st.integers(40, 2000), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_p_value_and_bounds_say_the_same(readers, rate_a, rate_b):
    totals = [round(readers * rate_a)], [readers], [round(readers * rate_b)], [readers]
    found = course(*totals)
    is_out = found.lower[0] > 1e-9 or found.upper[0] < -1e-9

    if abs(found.p_value[0] - 0.05) > 1e-9:
        assert is_out == (found.p_value[0] < 0.05)
    assert found.lower[0] <= found.effect[0] <= found.upper[0]


@given(counts, counts)
def test_exchanging_the_versions_turns_the_result_around(a, b):
    one, other = look(a, b), look(b, a)

    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower))
    assert one.p_value == pytest.approx(other.p_value)
    assert 0 < one.p_value <= 1
    assert -1 <= one.lower <= one.upper <= 1


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (Counts(0, 0), Counts(0, 0), Verdict.TOO_EARLY),
        (Counts(500, 1000), Counts(19, 19), Verdict.TOO_EARLY),
        (Counts(300, 500), Counts(310, 500), Verdict.UNDECIDED),
        (Counts(300, 500), Counts(370, 500), Verdict.B_BETTER),
        (Counts(370, 500), Counts(300, 500), Verdict.B_WORSE),
        (Counts(400, 500), Counts(250, 500), Verdict.GUARDRAIL),
    ],
)
def test_verdict_of_a_look(a, b, verdict):
    assert look(a, b, guardrail=0.1).verdict is verdict


def test_without_a_guardrail_a_bad_version_is_worse():
    assert look(Counts(400, 500), Counts(250, 500)).verdict is Verdict.B_WORSE


def test_nothing_is_known_before_both_arms_have_readers():
    empty = look(Counts(0, 0), Counts(0, 0))
    early = look(Counts(SMALLEST_ARM - 1, SMALLEST_ARM - 1), Counts(0, 100))

    assert (empty.effect, empty.lower, empty.upper, empty.p_value) == (None, -1, 1, 1)
    assert (early.effect, early.lower, early.upper, early.p_value) == (-1, -1, 1, 1)


def test_p_value_only_falls_as_readers_come():
    found = course(*simulated(0.6, 0.65, readers=30, days=60, runs=50))

    assert (np.diff(found.p_value, axis=1) <= 0).all()


def test_thousands_of_experiments_are_judged_in_seconds():
    totals = simulated(0.6, 0.6, readers=40, days=90, runs=5000)
    before = time.process_time()
    found = course(*totals)

    assert found.p_value.shape == (5000, 90)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("totals", "options"),
    [
        (([2], [1], [0], [1]), {}),
        (([-1], [1], [0], [1]), {}),
        (([1], [1], [0, 1], [1, 1]), {}),
        ((1, 1, 0, 1), {}),
        (([1], [1], [0], [1]), {"alpha": 0}),
        (([1], [1], [0], [1]), {"alpha": 1}),
        (([1], [1], [0], [1]), {"usual_effect": 0}),
    ],
)
def test_nonsense_is_refused(totals, options):
    with pytest.raises(ValueError, match="need"):
        course(*totals, **options)


@pytest.mark.parametrize(
    ("effect", "rate", "share"), [(0, 0.5, 0.5), (0.6, 0.5, 0.5), (0.1, 0, 0.5), (0.1, 0.5, 1)]
)  # fmt: skip
def test_readers_for_nonsense_are_refused(effect, rate, share):
    with pytest.raises(ValueError, match="rates"):
        readers_needed(effect, base_rate=rate, share_b=share)


@pytest.mark.parametrize(
    "wrong", [{"alpha": 0}, {"alpha": 2}, {"power": 1}, {"usual_effect": 0}]
)
def test_readers_needed_refuses_what_no_test_has(wrong):
    with pytest.raises(ValueError, match="out of range"):
        readers_needed(0.05, base_rate=0.5, **wrong)
