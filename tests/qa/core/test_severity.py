"""Levels and biases beside dense mixed-model equations, and where nothing can be said."""

import math

import numpy as np
import pytest

from qa.core.severity import fit
from qa.core.severity.grid import fitted_grid, solve
from qa.core.severity.parts import connected_parts

# Five agents, three reviewers, one connected part.
AGENTS = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 4])
REVIEWERS = np.array([0, 1, 1, 0, 2, 0, 0, 1, 2, 1, 2, 2])
SCORES = np.array([80.0, 71, 74, 92, 85, 77, 70, 68, 73, 88, 95, 60])


def simulated(seed, agents=12, reviewers=4, each=8, sd=(4.0, 4.0, 11.0)):
    rng = np.random.default_rng(seed)
    levels = 80 + rng.normal(0, sd[0], agents)
    biases = rng.normal(0, sd[1], reviewers)
    agent = np.repeat(np.arange(agents), each)
    reviewer = rng.integers(0, reviewers, agent.size)
    scores = levels[agent] + biases[reviewer] + rng.normal(0, sd[2], agent.size)
    return scores, agent, reviewer, levels, biases


def dense_equations(scores, agent, reviewer, inverse_agent, inverse_reviewer):
    """Henderson's equations in full: mean, agents, reviewers; solution and inverse."""
    agents, reviewers = agent.max() + 1, reviewer.max() + 1
    design = np.hstack(
        [np.ones((scores.size, 1)), np.eye(agents)[agent], np.eye(reviewers)[reviewer]]
    )
    ridge = [0.0] + [inverse_agent] * agents + [inverse_reviewer] * reviewers
    inverse = np.linalg.inv(design.T @ design + np.diag(ridge))
    return inverse @ design.T @ scores, inverse, design


@pytest.mark.parametrize("inverses", [(0.3, 0.9), (7.5, 40.0), (200.0, 0.01)])
def test_levels_equal_the_dense_equations(inverses):
    inverse_agent, inverse_reviewer = inverses
    found, inverse, _ = dense_equations(SCORES, AGENTS, REVIEWERS, *inverses)
    (part,) = connected_parts(SCORES, AGENTS, REVIEWERS)
    solved = solve(part, np.array([inverse_agent]), np.array([inverse_reviewer]))
    level, unit = solved.levels_at(part, inverse_agent, 0, np.arange(5))
    pick = np.hstack([np.ones((5, 1)), np.eye(5), np.full((5, 3), 1 / 3)])
    np.testing.assert_allclose(part.centre + level[:, 0], pick @ found)
    np.testing.assert_allclose(unit[:, 0], np.diag(pick @ inverse @ pick.T))
    np.testing.assert_allclose(solved.reviewers_at(0)[0], found[6:], atol=1e-12)
    gap, gap_unit = solved.difference_at(part, inverse_agent, 0, np.array([3, 1]))
    between = pick[3] - pick[1]
    assert gap[0] == pytest.approx(between @ found)
    assert gap_unit[0] == pytest.approx(between @ inverse @ between)


@pytest.mark.parametrize("inverses", [(0.3, 0.9), (7.5, 40.0), (200.0, 0.01)])
def test_likelihood_equals_the_dense_one(inverses):
    """log|H| + log|1'H⁻¹1| and y'Py with H = I + γ·ZZ' + δ·WW' written out."""
    agents, reviewers = np.eye(5)[AGENTS], np.eye(3)[REVIEWERS]
    whole = np.eye(12) + agents @ agents.T / inverses[0]
    whole += reviewers @ reviewers.T / inverses[1]
    ones = np.ones(12)
    solved_ones = np.linalg.solve(whole, ones)
    weight = ones @ solved_ones
    away = SCORES - solved_ones @ SCORES / weight
    (part,) = connected_parts(SCORES, AGENTS, REVIEWERS)
    solved = solve(part, np.array([inverses[0]]), np.array([inverses[1]]))
    size = np.linalg.slogdet(whole)[1] + math.log(weight)
    assert solved.log_size[0, 0] == pytest.approx(size)
    assert solved.misfit[0, 0] == pytest.approx(away @ np.linalg.solve(whole, away))


def test_grid_narrows_to_where_many_reviews_put_the_variances():
    scores, agent, reviewer, _, _ = simulated(3, agents=300, reviewers=40, each=40)
    model = fit(scores, agent, reviewer)
    assert model.agent_sd == pytest.approx(4, abs=0.5)
    assert model.reviewer_sd == pytest.approx(4, abs=1.2)
    assert model.residual_sd == pytest.approx(11, abs=0.2)
    grid = fitted_grid(connected_parts(scores, agent, reviewer))
    assert grid.weights.max() < 0.2


def test_adjusted_levels_come_nearer_the_truth_than_plain_means():
    raw, adjusted, held = [], [], []
    for seed in range(60):
        scores, agent, reviewer, levels, biases = simulated(seed)
        model = fit(scores, agent, reviewer)
        truth = levels + biases.mean()
        raw += list(model.agent_raw - truth)
        adjusted += list(model.agent_adjusted - truth)
        held += list((model.agent_low <= truth) & (truth <= model.agent_high))
    assert np.std(raw) > 3.9
    assert np.std(adjusted) < 3.2
    assert 0.93 <= np.mean(held) <= 0.975


def test_shrinkage_follows_steins_estimate_of_batting_averages():
    """Efron and Morris (1977): 18 players, 45 at bats; the best, .400, becomes .294."""
    hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
    player = np.repeat(np.arange(18), 45)
    batted = np.concatenate([np.arange(45) < hit for hit in hits]).astype(float)
    model = fit(batted, player, np.zeros(player.size, dtype=int))
    stein = 0.2654 + 0.2117 * (np.array(hits) / 45 - 0.2654)
    assert model.mean == pytest.approx(0.2654, abs=1e-4)
    assert model.agent_shrinkage[0] == pytest.approx(0.212, abs=0.12)
    assert np.abs(model.agent_adjusted - stein).max() < 0.02
    assert np.abs(model.agent_raw - stein).max() > 0.1


def test_raw_to_adjusted_adds_up():
    scores, agent, reviewer, _, _ = simulated(5)
    model = fit(scores, agent + 100, reviewer + 900)
    for row, agent_id in enumerate(model.agent_ids.tolist()):
        shares = model.itemise(agent_id)
        moved = sum(share.contribution for share in shares) + model.pull(agent_id)
        assert model.agent_raw[row] + moved == pytest.approx(
            model.agent_adjusted[row], abs=1e-12
        )
        assert sum(share.n for share in shares) == 8
        biases = dict(
            zip(model.reviewer_ids.tolist(), model.reviewer_bias, strict=True)
        )
        for reviewer_id, n, bias, contribution in shares:
            assert bias == biases[reviewer_id]
            assert contribution == -bias * n / 8


def test_pull_is_the_shrinkage_towards_the_mean():
    """One reviewer, many agents: the known variances make pull and factor agree."""
    scores, agent, reviewer, _, _ = simulated(6, agents=400, reviewers=1, each=10)
    model = fit(scores, agent, reviewer)
    row = int(np.argmax(model.agent_raw))
    away = model.agent_raw[row] - model.mean
    assert model.pull(row) == pytest.approx(
        (model.agent_shrinkage[row] - 1) * away, rel=0.01
    )
    assert model.agent_shrinkage[0] == pytest.approx(16 / (16 + 12.1), abs=0.06)


def test_a_harsh_reviewer_is_found_and_taken_out():
    """Agent 1 is scored by the harsh reviewer 8 only; all others meet both."""
    agent = np.repeat(np.arange(1, 9), 10)
    reviewer = np.where(agent == 1, 8, np.where(np.arange(80) % 2, 7, 8))
    noise = np.tile([3.0, -3, -1, 1, 2, -2, -4, 4, 0.5, -0.5], 8)
    scores = 80 + noise - 10.0 * (reviewer == 8)
    model = fit(scores, agent, reviewer)
    assert model.reviewer_ids.tolist() == [7, 8]
    assert model.reviewer_bias == pytest.approx([5, -5], abs=0.5)
    assert model.reviewer_high[1] < 0 < model.reviewer_low[0]
    assert model.agent_raw[0] == pytest.approx(70)
    assert model.agent_adjusted[0] == pytest.approx(75, abs=1)
    (share,) = model.itemise(1)
    assert (share.reviewer_id, share.n) == (8, 10)
    assert share.contribution == pytest.approx(5, abs=0.5)


def test_probability_of_being_above_follows_the_gap():
    scores, agent, reviewer, _, _ = simulated(9, each=30)
    model = fit(scores, agent, reviewer)
    order = np.argsort(model.agent_adjusted)
    lowest, middle, highest = (int(order[at]) for at in (0, 6, 11))
    assert model.prob_above(highest, lowest) > 0.98
    assert 0.5 < model.prob_above(highest, middle) < model.prob_above(highest, lowest)
    assert model.prob_above(lowest, highest) == pytest.approx(
        1 - model.prob_above(highest, lowest)
    )
    assert model.prob_above(lowest, lowest) == 0.5


def test_probability_of_being_above_is_calibrated():
    """Pairs said to be 70 to 90 % sure are right about 80 % of the time."""
    right = []
    for seed in range(100):
        scores, agent, reviewer, levels, _ = simulated(seed, agents=8, each=6)
        model = fit(scores, agent, reviewer)
        for a, b in [(0, 1), (2, 3), (4, 5), (6, 7)]:
            sure = model.prob_above(a, b)
            first, second = (a, b) if sure >= 0.5 else (b, a)
            if 0.7 <= max(sure, 1 - sure) <= 0.9:
                right.append(levels[first] > levels[second])
    assert len(right) > 100
    assert 0.7 <= np.mean(right) <= 0.88


def test_people_without_shared_reviewers_are_not_compared():
    scores = [80, 82, 70, 75, 60, 66, 50]
    model = fit(scores, [1, 1, 2, 2, 3, 3, 4], [10, 11, 10, 11, 20, 21, 21])
    assert model.components == 2
    assert model.agent_component.tolist() == [0, 0, 1, 1]
    assert model.reviewer_component.tolist() == [0, 0, 1, 1]
    assert math.isnan(model.prob_above(1, 3))
    assert not math.isnan(model.prob_above(3, 4))
    for part in (0, 1):
        assert model.reviewer_bias[
            model.reviewer_component == part
        ].sum() == pytest.approx(0)


def test_long_chains_of_shared_reviewers_are_one_component():
    links = np.arange(2_000)
    agents = np.concatenate([links, links])
    reviewers = np.concatenate([links, (links + 1) % 2_000])[::-1]
    assert len(connected_parts(np.ones(4_000), agents, reviewers[::-1])) == 1
    order = np.random.default_rng(1).permutation(4_000)
    assert (
        len(connected_parts(np.ones(4_000), agents[order], reviewers[::-1][order])) == 1
    )


def test_nothing_reviewed_gives_an_empty_model():
    model = fit([], [], [])
    assert (model.n, model.components, model.is_known) == (0, 0, False)
    assert model.agent_ids.size == model.reviewer_bias.size == 0
    assert math.isnan(model.mean)
    with pytest.raises(KeyError):
        model.itemise(1)


def test_one_review_is_a_mean_that_nothing_bounds():
    model = fit([81.5], [4], [9])
    assert (model.agent_raw[0], model.agent_adjusted[0]) == (81.5, 81.5)
    assert (model.agent_low[0], model.agent_high[0]) == (-math.inf, math.inf)
    assert (model.reviewer_bias[0], model.reviewer_se[0]) == (0.0, math.inf)
    assert model.itemise(4) == [(9, 1, 0.0, 0.0)]
    assert (model.pull(4), model.is_known) == (0.0, False)


def test_equal_scores_bound_nothing_and_tell_nobody_apart():
    model = fit([90.0] * 8, [1, 1, 2, 2, 3, 3, 4, 4], [5, 6] * 4)
    assert not model.is_known
    assert model.agent_adjusted.tolist() == [90.0] * 4
    assert model.agent_high.tolist() == [math.inf] * 4
    assert model.prob_above(1, 2) == 0.5
    assert model.residual_sd == 0.0


def test_a_single_agent_keeps_the_mean_across_reviewers():
    model = fit([70.0, 72, 90, 88, 71, 89], [3] * 6, [1, 1, 2, 2, 1, 2])
    assert model.agent_shrinkage[0] == 1.0
    assert model.pull(3) == pytest.approx(0.0, abs=1e-9)
    assert model.agent_adjusted[0] == pytest.approx(80)
    assert model.agent_low[0] < 80 < model.agent_high[0]
    assert math.isnan(model.agent_sd)


def test_a_single_reviewer_has_no_bias():
    model = fit([70.0, 72, 90, 88], [1, 1, 2, 2], [5, 5, 5, 5])
    assert (model.reviewer_bias[0], model.reviewer_se[0]) == (0.0, math.inf)
    assert (model.reviewer_low[0], model.reviewer_high[0]) == (-math.inf, math.inf)
    assert math.isnan(model.reviewer_sd)
    assert np.isfinite(model.agent_low).all()


@pytest.mark.parametrize(
    ("scores", "agents", "reviewers"),
    [
        ([80.0, 90], [1, 1], [5, 5]),
        ([80.0, 90], [1, 2], [5, 5]),
        ([80.0, 90], [1, 1], [5, 6]),
        ([80.0, 90], [1, 2], [5, 6]),
        ([80.0, 80, 90, 90], [1, 1, 2, 2], [5, 6, 5, 6]),
        ([80.0, 90, 85, 95], [1, 1, 2, 2], [5, 6, 5, 6]),
        ([1e9, 1e9 + 1, 1e9 + 3], [1, 1, 2], [5, 6, 6]),
        ([1e-9, 2e-9, 4e-9], [1, 1, 2], [5, 6, 6]),
    ],
)
def test_scarce_reviews_give_figures_without_holes(scores, agents, reviewers):
    model = fit(scores, agents, reviewers)
    figures = [
        model.agent_adjusted,
        model.agent_low,
        model.agent_high,
        model.agent_shrinkage,
        model.reviewer_bias,
        model.reviewer_se,
        model.reviewer_low,
        model.reviewer_high,
    ]
    assert not any(np.isnan(figure).any() for figure in figures)
    assert (model.agent_low <= model.agent_adjusted).all()
    assert (model.agent_adjusted <= model.agent_high).all()


def test_wider_confidence_gives_wider_bounds():
    scores, agent, reviewer, _, _ = simulated(2)
    narrow, wide = (fit(scores, agent, reviewer, confidence=c) for c in (0.8, 0.99))
    assert (narrow.agent_low > wide.agent_low).all()
    assert (narrow.reviewer_high < wide.reviewer_high).all()
    np.testing.assert_allclose(narrow.agent_adjusted, wide.agent_adjusted)


def test_order_of_reviews_and_origin_of_scores_change_nothing():
    scores, agent, reviewer, _, _ = simulated(4)
    order = np.random.default_rng(1).permutation(scores.size)
    model = fit(scores, agent, reviewer)
    moved = fit(10 * scores[order] - 500, agent[order], reviewer[order])
    np.testing.assert_allclose(moved.agent_adjusted, 10 * model.agent_adjusted - 500)
    np.testing.assert_allclose(moved.agent_low, 10 * model.agent_low - 500)
    np.testing.assert_allclose(moved.reviewer_bias, 10 * model.reviewer_bias, atol=1e-9)


def test_unfit_reviews_are_refused():
    with pytest.raises(ValueError, match="equal shape"):
        fit([1.0, 2], [1], [1, 2])
    with pytest.raises(ValueError, match="finite"):
        fit([1.0, math.nan], [1, 1], [1, 2])
    with pytest.raises(ValueError, match="confidence"):
        fit([1.0, 2], [1, 1], [1, 2], confidence=1.0)
    with pytest.raises(KeyError):
        fit([1.0, 2], [1, 1], [1, 2]).prob_above(1, 3)
