from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kb.core.arms import is_drawn, position, split_p_value

VISITORS = [f"{number:032x}" for number in range(20_000)]


def drawn(salt, share):
    return np.array([is_drawn(key, salt=salt, share=share) for key in VISITORS])


def test_arms_of_known_visitors_never_change():
    arms = [is_drawn(f"visitor-{n}", salt="salt", share=0.5) for n in range(12)]

    assert position("visitor-0", salt="salt") == pytest.approx(
        0.706667060614501, abs=1e-12
    )
    assert "".join("B" if arm else "A" for arm in arms) == "ABAAABABABAB"


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("salt", ["holdout", "3f2a", "語"])
def test_share_is_kept(salt, share):
    count = int(drawn(salt, share).sum())

    assert stats.binomtest(count, len(VISITORS), share).pvalue > 0.001


@pytest.mark.parametrize("salt", ["holdout", "3f2a"])
def test_positions_are_uniform(salt):
    places = [position(key, salt=salt) for key in VISITORS]

    assert stats.kstest(places, "uniform").pvalue > 0.001
    assert 0 <= min(places) < max(places) < 1


def test_experiments_are_independent_of_each_other():
    arms = [drawn(f"experiment-{number}", 0.5) for number in range(6)]
    tests = [
        stats.chi2_contingency(np.histogram2d(one, other, bins=2)[0]).pvalue
        for place, one in enumerate(arms)
        for other in arms[:place]
    ]

    assert min(tests) > 0.001 / len(tests)
    assert stats.kstest(tests, "uniform").pvalue > 0.001


def test_sequential_visitors_are_independent_of_each_other():
    arms = drawn("runs", 0.5)
    pairs = np.histogram2d(arms[:-1], arms[1:], bins=2)[0]

    assert stats.chi2_contingency(pairs).pvalue > 0.001


def test_raising_the_share_only_adds_visitors():
    few, more = drawn("s", Decimal("0.1")), drawn("s", Decimal("0.25"))

    assert (few <= more).all()
    assert few.sum() < more.sum()


@given(st.text(min_size=1), st.text(min_size=1))
def test_edges_draw_nobody_and_everybody(visitor, salt):
    assert not is_drawn(visitor, salt=salt, share=0)
    assert is_drawn(visitor, salt=salt, share=1)
    assert is_drawn(visitor, salt=salt, share=0.5) == (
        position(visitor, salt=salt) < 0.5
    )


def test_salt_and_visitor_are_kept_apart():
    assert position("bc", salt="a") != position("c", salt="ab")


@pytest.mark.parametrize(
    ("visitor", "salt", "share"), [("a", "s", -0.1), ("a", "s", 1.1), ("", "s", 0), ("a", "", 0)]
)  # fmt: skip
def test_nonsense_is_refused(visitor, salt, share):
    with pytest.raises(ValueError, match=r"share|needed"):
        is_drawn(visitor, salt=salt, share=share)


@pytest.mark.parametrize(
    ("seen", "total", "share"), [(500, 1000, 0.5), (530, 1000, 0.5), (60, 1000, 0.1)]
)
def test_split_agrees_with_the_chi_square_test(seen, total, share):
    expected = stats.chisquare(
        [seen, total - seen], [total * share, total * (1 - share)]
    ).pvalue

    assert split_p_value(seen, total, share=share) == pytest.approx(expected)


def test_split_without_visitors_is_nothing_to_worry_about():
    assert split_p_value(0, 0, share=0.5) == 1.0


@pytest.mark.parametrize(
    ("seen", "total", "share"), [(2, 1, 0.5), (1, 2, 0), (-1, 2, 0.5)]
)
def test_split_of_nonsense_is_refused(seen, total, share):
    with pytest.raises(ValueError, match="needs"):
        split_p_value(seen, total, share=share)
