"""What holds for any reviews whatever: no holes, exact sums, nothing compared across."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.severity import fit
from qa.core.severity.grid import solve
from qa.core.severity.parts import connected_parts

REVIEWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 20)),
    min_size=1,
    max_size=25,
)


def columns(reviews):
    agents, reviewers, points = (
        np.array(column) for column in zip(*reviews, strict=True)
    )
    return 5.0 * points, agents, reviewers


@settings(max_examples=80, deadline=None)
@given(REVIEWS)
def test_any_reviews_give_figures_without_holes_inside_their_bounds(reviews):
    model = fit(*columns(reviews))
    for low, middle, high in (
        (model.agent_low, model.agent_adjusted, model.agent_high),
        (model.reviewer_low, model.reviewer_bias, model.reviewer_high),
    ):
        assert not np.isnan(np.concatenate([low, middle, high])).any()
        assert (low <= middle).all()
        assert (middle <= high).all()
    assert np.isfinite(model.agent_adjusted).all()
    assert ((model.agent_shrinkage >= 0) & (model.agent_shrinkage <= 1)).all()
    assert np.isfinite(model.agent_low).all() == model.is_known


@settings(max_examples=80, deadline=None)
@given(REVIEWS)
def test_any_adjustment_adds_up_and_biases_cancel(reviews):
    model = fit(*columns(reviews))
    for row, agent in enumerate(model.agent_ids.tolist()):
        shares = model.itemise(agent)
        moved = sum(share.contribution for share in shares) + model.pull(agent)
        assert model.agent_raw[row] + moved == pytest.approx(model.agent_adjusted[row])
        assert sum(share.n for share in shares) == model.agent_n[row]
    for number in range(model.components):
        biases = model.reviewer_bias[model.reviewer_component == number]
        assert biases.sum() == pytest.approx(0, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(REVIEWS)
def test_pairs_are_compared_exactly_within_components(reviews):
    scores, agents, reviewers = columns(reviews)
    model = fit(scores, agents, reviewers)
    reached = {agent: {agent} for agent in set(agents.tolist())}
    for _ in reached:
        for agent, known in reached.items():
            met = np.isin(reviewers, reviewers[np.isin(agents, list(known))])
            reached[agent] = set(agents[met].tolist())
    for a in reached:
        for b in reached:
            above = model.prob_above(a, b)
            assert math.isnan(above) == (b not in reached[a])
            if not math.isnan(above):
                assert above + model.prob_above(b, a) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(REVIEWS, st.floats(0.01, 100), st.floats(0.01, 100))
def test_levels_of_any_part_equal_the_dense_equations(reviews, by_agent, by_reviewer):
    for part in connected_parts(*placed(reviews)):
        agents, reviewers = part.counts.shape
        rows = [
            np.concatenate([[1.0], np.eye(agents)[i], np.eye(reviewers)[j]])
            for i, j in np.argwhere(part.counts)
        ]
        times = part.counts[part.counts > 0]
        normal = np.transpose(rows) @ (np.array(rows) * times[:, None])
        ridge = [0.0] + [by_agent] * agents + [by_reviewer] * reviewers
        sums = [part.agent_sums.sum(), *part.agent_sums, *part.reviewer_sums]
        inverse = np.linalg.inv(normal + np.diag(ridge))
        pick = np.hstack(
            [
                np.ones((agents, 1)),
                np.eye(agents),
                np.full((agents, reviewers), 1 / reviewers),
            ]
        )
        solved = solve(part, np.array([by_agent]), np.array([by_reviewer]))
        level, unit = solved.levels_at(part, by_agent, 0, np.arange(agents))
        np.testing.assert_allclose(level[:, 0], pick @ inverse @ sums, atol=1e-7)
        np.testing.assert_allclose(
            unit[:, 0], np.diag(pick @ inverse @ pick.T), atol=1e-9
        )


def placed(reviews):
    scores, agents, reviewers = columns(reviews)
    return (
        scores,
        np.unique(agents, return_inverse=True)[1],
        np.unique(reviewers, return_inverse=True)[1],
    )
