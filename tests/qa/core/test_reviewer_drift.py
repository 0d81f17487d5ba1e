import numpy as np
import pytest

from qa.core.reviewer_drift import BASELINE_PERIODS, drifts
from qa.core.severity import fit

YEAR = 364


def year_of_reviews(*, seed, drifting=None, points=9.0):
    """Return a year of 4 reviewers and 20 agents; one may drift in the last 40 %."""
    rng = np.random.default_rng(seed)
    n = 2400
    days = np.sort(rng.integers(0, YEAR, n))
    agents, reviewers = rng.integers(0, 20, n), rng.integers(0, 4, n)
    level = rng.normal(82, 4, 20)
    bias = np.array([-4.0, 0.0, 1.0, 3.0])
    scores = level[agents] + bias[reviewers] + rng.normal(0, 9, n)
    if drifting is not None:
        part = np.clip(days / YEAR - 0.6, 0, None) / 0.4
        scores += np.where(reviewers == drifting, points * part, 0.0)
    return scores, agents, reviewers, days


def charts(**values):
    scores, agents, reviewers, days = year_of_reviews(**values)
    model = fit(scores, agents, reviewers)
    return drifts(scores, agents, reviewers, days, model, first_day=0, last_day=YEAR)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("drifting", [0, 2])
def test_the_one_reviewer_who_drifts_is_found(seed, drifting):
    found = charts(seed=seed, drifting=drifting)

    assert [pk for pk, each in found.items() if each.is_drifting] == [drifting]


def test_steady_reviewers_do_not_drift_however_harsh():
    false_alarms = [
        pk
        for seed in range(10)
        for pk, each in charts(seed=seed).items()
        if each.is_drifting
    ]

    assert len(false_alarms) <= 1  # of 40 charts


def test_chart_has_one_point_a_fortnight_around_the_usual_bias():
    found = charts(seed=1)[0]

    assert found.starts.tolist() == list(range(0, YEAR, 14))
    assert found.n.sum() == pytest.approx(600, abs=80)
    # Four points below the mean of the three others, which lie 1.3 above 0.
    assert found.centre == pytest.approx(-5.3, abs=2.0)
    assert (found.lower < found.centre).all()
    assert (found.centre < found.upper).all()


def test_few_periods_give_no_chart():
    scores, agents, reviewers, days = year_of_reviews(seed=1)
    early = days < 14 * BASELINE_PERIODS
    model = fit(scores[early], agents[early], reviewers[early])

    found = drifts(
        scores[early],
        agents[early],
        reviewers[early],
        days[early],
        model,
        first_day=0,
        last_day=YEAR,
    )

    assert found == {}
