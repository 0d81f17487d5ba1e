"""Hours saved: intervals against exact ones, the formula against simulation."""

import numpy as np
import pytest

from kb.core.gaps import (
    Range,
    Term,
    avoided_share,
    count_range,
    estimate,
    mean_range,
    share_range,
    shrunk_share,
)


@pytest.mark.parametrize(
    # Exact Poisson limits, from tables (Garwood 1936).
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (40, 28.577, 54.469)],
)
def test_count_range_is_near_the_exact_interval(count, low, high):
    found = count_range(count, 30)
    assert found.likely == count
    assert found.low == pytest.approx(low, abs=0.03)
    assert found.high == pytest.approx(high, abs=0.08)


def test_count_range_is_that_of_a_month():
    assert count_range(90, 90).likely == 30
    with pytest.raises(ValueError, match="days above 0"):
        count_range(1, 0)


def test_share_range_is_wilsons():
    found = share_range(12, 40)
    assert (found.low, found.high) == pytest.approx((0.1807, 0.4543), abs=1e-4)
    assert share_range(0, 10).low == 0
    assert share_range(10, 10).high == 1


def test_shrunk_share_draws_few_cases_towards_all():
    found = shrunk_share(3, 4, prior=0.06, weight=20)
    assert found.likely == pytest.approx((3 + 1.2) / 24)
    assert shrunk_share(0, 0, prior=0.06, weight=20).likely == pytest.approx(0.06)


def test_mean_range_needs_two_values():
    found = mean_range([10, 20, 30])
    assert found.likely == 20
    assert found.high == pytest.approx(20 + 1.96 * 10 / 3**0.5, abs=0.01)
    with pytest.raises(ValueError, match="two values"):
        mean_range([10])


def test_avoided_share_compares_searches_that_found_with_those_that_did_not():
    found = avoided_share(
        answered=1000, answered_tickets=20, failed=500, failed_tickets=50
    )
    assert found.likely == pytest.approx(0.8)
    # Katz: 1 − 0.2·exp(±1.96·√(1/20 − 1/1000 + 1/50 − 1/500)).
    assert (found.low, found.high) == pytest.approx((0.667, 0.880), abs=0.001)


@pytest.mark.parametrize(
    "counts", [(100, 0, 100, 5), (100, 5, 100, 0), (0, 0, 10, 1), (100, 20, 100, 10)]
)
def test_avoided_share_says_nothing_where_nothing_can_be_told(counts):
    names = ("answered", "answered_tickets", "failed", "failed_tickets")
    assert avoided_share(**dict(zip(names, counts, strict=True))) is None


def test_range_refuses_what_is_out_of_order():
    with pytest.raises(ValueError, match="low ≤ likely"):
        Range(2, 1, 3)


TERMS = {
    "after_searches": (
        Term("searches", Range(9.5, 13.3, 18.1), 40),
        Term("tickets_per_search", Range(0.05, 0.10, 0.20), 40),
    ),
    "other_tickets": (
        Term("tickets", Range(16, 20, 25), 60),
        Term("reached", Range(0.2, 0.35, 0.5), 0),
    ),
    "avoided": Term("avoided", Range(0.3, 0.4, 0.5), 0),
    "minutes": Term("minutes", Range(27, 30, 33), 100),
}


def test_estimate_is_the_formula_and_shows_every_term():
    found = estimate(**TERMS)
    assert found.hours.likely == pytest.approx(
        (13.3 * 0.10 + 20 * 0.35) * 0.4 * 30 / 60
    )
    assert [term.code for term in found.terms] == [
        "searches", "tickets_per_search", "tickets", "reached", "avoided", "minutes",
    ]  # fmt: skip


def test_estimate_holds_95_of_100_simulated_cases():
    chance = np.random.default_rng(1)

    def draw(term):
        value = term.value
        spread = np.log(value.high / value.low) / (2 * 1.96)
        return value.likely * np.exp(chance.normal(0, spread, 40_000))

    (searches, rate), (tickets, reached) = (
        TERMS["after_searches"],
        TERMS["other_tickets"],
    )
    hours = (draw(searches) * draw(rate) + draw(tickets) * draw(reached)) * draw(
        TERMS["avoided"]
    )
    hours *= draw(TERMS["minutes"]) / 60
    found = estimate(**TERMS).hours
    inside = np.mean((hours >= found.low) & (hours <= found.high))
    assert 0.93 < inside < 0.97


def test_estimate_of_nothing_seen_is_0_with_an_upper_end():
    found = estimate(
        after_searches=None,
        other_tickets=(
            Term("tickets_after_reading", count_range(0, 90), 5),
            Term("wrong_when_stale", Range(0.1, 0.2, 0.3), 0),
        ),
        avoided=TERMS["avoided"],
        minutes=TERMS["minutes"],
    )
    assert (found.hours.low, found.hours.likely) == (0, 0)
    assert 0 < found.hours.high < 0.1
    nothing = estimate(
        after_searches=None,
        other_tickets=None,
        avoided=TERMS["avoided"],
        minutes=TERMS["minutes"],
    )
    assert nothing.hours.likely == 0
