import json

import numpy as np
import pytest

from qa.core.agreement import (
    UNITS,
    UNITS_AND_REVIEWERS,
    bootstrap_interval,
    icc,
    krippendorff_alpha,
)
from qa.core.calibration.statistics import (
    MIN_TICKETS,
    Ratings,
    figures,
    pooled_sd,
    resampled,
    severities,
    summarise,
    ticket_spreads,
    verdict,
)

NAN = float("nan")


def ratings(totals, **values):
    table = np.array(totals, dtype=float)
    return Ratings(
        reviewers=tuple(range(1, table.shape[0] + 1)),
        tickets=tuple(range(101, 101 + table.shape[1])),
        totals=table,
        failed=np.where(np.isnan(table), NAN, 0.0),
        **values,
    )


def many(tickets=40, *, bias=0.0, seed=1):
    rng = np.random.default_rng(seed)
    level = rng.uniform(50, 100, tickets)
    totals = level + rng.normal(0, 5, (3, tickets))
    totals[0] += bias
    return totals


def by(found, method, criterion=""):
    return next(
        row for row in found if (row.method, row.criterion) == (method, criterion)
    )


def test_range_and_sd_of_each_ticket_stand_beside_each_other():
    rows = ticket_spreads(ratings([[80, 90], [84, NAN], [88, NAN]]), 5.0)

    assert rows[0] == {
        "ticket": 101,
        "n": 3,
        "mean": 84.0,
        "range": 8.0,
        "sd": 4.0,
        "is_over": True,
    }
    assert (rows[1]["n"], rows[1]["range"], rows[1]["is_over"]) == (1, None, False)


def test_range_at_the_threshold_is_accepted():
    (row,) = ticket_spreads(ratings([[80], [85]]), 5.0)

    assert not row["is_over"]


def test_pooled_sd_weighs_tickets_by_their_degrees_of_freedom():
    # Squares 32 over 2, and 8 over 1.
    sd, degrees = pooled_sd(np.array([[80, 90], [84, 94], [88, NAN]]))

    assert (sd, degrees) == (pytest.approx((40 / 3) ** 0.5), 3)


def test_pooled_sd_of_single_scores_is_none():
    assert pooled_sd(np.array([[80.0, NAN], [NAN, 70.0]])) == (None, 0)


def test_agreement_is_given_from_twenty_tickets_on():
    few = figures(ratings(many(MIN_TICKETS - 1)), seed=1, draws=50)
    enough = figures(ratings(many(MIN_TICKETS)), seed=1, draws=50)

    assert {(row.note, row.value) for row in few} == {("not_enough", None)}
    assert by(enough, "ALPHA_INTERVAL").value is not None


def test_figures_are_those_of_the_agreement_core_with_an_interval_around():
    totals = many()
    found = figures(ratings(totals), seed=1, draws=200)

    alpha, single = by(found, "ALPHA_INTERVAL"), by(found, "ICC_A1")
    assert alpha.value == pytest.approx(krippendorff_alpha(totals, "interval"))
    assert single.value == pytest.approx(icc(totals, "A,1"))
    assert alpha.low < alpha.value < alpha.high
    assert (alpha.tickets, alpha.reviewers, alpha.ratings) == (40, 3, 120)


def failing(*tickets, of=30, reviewers=3):
    """Totals with a critical failure of every reviewer on these tickets."""
    found = ratings(np.full((reviewers, of), 80.0))
    found.failed[:, list(tickets)] = 1.0
    return found


def test_agreement_on_hardly_any_failure_has_a_value_and_no_verdict():
    found = failing(0)
    found.failed[0, 1] = 1.0

    four = figures(found, seed=1, draws=50)
    found.failed[1, 1] = 1.0
    five = figures(found, seed=1, draws=50)

    assert [by(four, method).note for method in ("ALPHA_NOMINAL", "AC1")] == [
        "rare_class"
    ] * 2
    # 30 tickets of 3: one has a dissenter, 4 of 90 failed. 1 - 89 (4/2) / (2·4·86).
    assert by(four, "ALPHA_NOMINAL").value == pytest.approx(1 - 178 / 688)
    assert by(five, "ALPHA_NOMINAL").note == ""


def test_rarer_class_may_also_be_to_pass():
    found = failing(*range(30))
    found.failed[:, 0] = 0.0

    assert by(figures(found, seed=1, draws=50), "AC1").note == "rare_class"


@pytest.mark.parametrize(
    ("method", "reviewers", "drawn"),
    [
        ("ALPHA_INTERVAL", 2, "units"),
        ("ALPHA_INTERVAL", 3, "units and reviewers"),
        ("ALPHA_ORDINAL", 9, "units and reviewers"),
        ("ALPHA_NOMINAL", 10, "units"),
        ("ICC_A1", 3, "units"),
        ("AC2", 3, "units"),
        ("POOLED_SD", 3, "units"),
    ],
)
def test_reviewers_are_drawn_too_where_three_to_nine_stand_for_more(
    method, reviewers, drawn
):
    assert resampled(method, reviewers) == drawn


def test_interval_of_alpha_is_that_of_drawing_tickets_and_reviewers():
    totals = many()
    found = by(figures(ratings(totals), seed=7, draws=200), "ALPHA_INTERVAL")
    both, tickets = (
        bootstrap_interval(totals, "interval", seed=7, draws=200, resample=each)
        for each in (UNITS_AND_REVIEWERS, UNITS)
    )

    assert (found.low, found.high) == (both.low, both.high)
    assert both.high - both.low > tickets.high - tickets.low


def test_summary_names_what_was_drawn_beside_each_figure():
    found = summarise(ratings(many()), threshold=5.0, seed=1, draws=20)["figures"]

    assert [(row["method"], row["resampled"]) for row in found] == [
        ("ALPHA_INTERVAL", "units and reviewers"),
        ("ICC_A1", "units"),
        ("ALPHA_NOMINAL", "units and reviewers"),
        ("AC1", "units"),
    ]


def test_no_variation_has_no_figure():
    found = figures(ratings(np.full((2, 30), 80.0)), seed=1, draws=50)

    assert {row.note for row in found} == {"no_variation"}
    assert {row.value for row in found} == {None}


def test_icc_needs_every_reviewer_on_every_ticket():
    totals = many()
    totals[0, :5] = NAN

    found = figures(ratings(totals), seed=1, draws=50)

    assert by(found, "ICC_A1").note == "incomplete"
    assert by(found, "ALPHA_INTERVAL").value is not None


def test_criteria_have_ordinal_alpha_and_ac2():
    points = np.round(many() / 25)

    found = figures(
        ratings(many(), criteria={"tone": points}, scales={"tone": (0, 1, 2, 3, 4, 5)}),
        seed=1,
        draws=50,
    )

    assert by(found, "ALPHA_ORDINAL", "tone").value > 0.5
    assert by(found, "AC2", "tone").value > 0.5


def test_bias_is_against_the_mean_of_the_others_by_default():
    found = severities(ratings([[80, 70], [84, 74], [88, 78]]))

    assert [row.bias for row in found] == [-6.0, 0.0, 6.0]
    assert [row.tickets for row in found] == [2, 2, 2]


def test_bias_against_a_reference_leaves_the_baseline_out():
    totals = np.array([[80.0, 70.0], [84.0, 76.0]])

    found = severities(
        ratings(totals, reference=totals[0], reference_kind="baseline", baseline=1)
    )

    assert [(row.reviewer, row.bias) for row in found] == [(2, 5.0)]


def test_limits_of_agreement_need_twenty_tickets():
    few = severities(ratings(many(10, bias=8)))[0]
    enough = severities(ratings(many(40, bias=8)))[0]

    assert few.lower_limit is None
    assert few.low < few.bias < few.high
    assert enough.lower_limit < enough.low < enough.bias
    assert enough.verdict == "lenient"


@pytest.mark.parametrize(
    ("bias", "low", "high", "said"),
    [
        (-4.0, -6.0, -2.0, "harsh"),
        (4.0, 2.0, 6.0, "lenient"),
        (4.0, -1.0, 9.0, ""),
        (2.0, 1.0, 3.0, ""),
        (9.0, None, None, "unknown"),
    ],
)
def test_verdict_needs_a_sure_and_a_large_difference(bias, low, high, said):
    assert verdict(bias, low, high) == said


def test_summary_is_the_same_for_one_seed_and_fits_into_json():
    one = summarise(ratings(many()), threshold=5.0, seed=3, draws=100)
    two = summarise(ratings(many()), threshold=5.0, seed=3, draws=100)

    assert one == two
    assert json.loads(json.dumps(one)) == one
    assert (one["reference"], one["seed"]) == ("others", 3)
