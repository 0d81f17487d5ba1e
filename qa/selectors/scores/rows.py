"""Rows of a scoreboard, made from the arrays of its window."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
from django.db.models import QuerySet
from numpy.typing import ArrayLike, NDArray

from qa.core.group_means import (
    GroupMeans,
    group_means,
    means_from_sums,
    rank_ranges,
    weighted_means,
)
from qa.core.scoreboard import (
    AgentScore,
    CriterionMean,
    Mean,
    ReviewerLevel,
    Scoreboard,
    Share,
    TeamScore,
)
from qa.core.severity import SeverityModel
from qa.selectors.scores.table import Bools, Ints, Table
from supportops.metrics.core.intervals import share_interval
from tickets.metrics.segments import batches
from workforce.people.models import Team, User

MATERIAL = 1.0
"""Points from which on weighting by the chance of being drawn is worth a line."""
_HALF_WIDTHS = 1.959963985
_NAME = ("username", "first_name", "last_name")


def everybody(table: Table) -> dict[int, AgentScore]:
    """Score each agent of a window, whatever is shown of it: without names and ranks."""
    wanted = np.unique(table.agent).tolist()
    team_of = dict(zip(table.agent.tolist(), table.team.tolist(), strict=True))
    chosen = ~table.is_random & ~table.is_second
    places, scores, random = _by(table, table.agent, wanted, table.is_random)
    targeted = _by(table, table.agent, wanted, chosen)[2]
    fails = _fails(table, places, table.is_random, len(wanted), random)
    weights = table.weight[table.is_random]
    weighted = weighted_means(scores, weights, places, len(wanted))
    criteria = _criteria_by_agent(table, wanted)
    adjusted = _adjusted(table.model)
    rows = {}
    for place, agent in enumerate(wanted):
        mean = _mean(random, place)
        value, low, high, shrinkage, component = adjusted.get(agent, _NONE)
        rows[agent] = AgentScore(
            agent_id=agent,
            name="",
            team_id=team_of[agent] or None,
            team="",
            random=mean,
            targeted=_mean(targeted, place),
            weighted=_material(weighted[place], mean.value),
            adjusted=value,
            low=low,
            high=high,
            shrinkage=shrinkage,
            component=component,
            rank_low=None,
            rank_high=None,
            fails=fails[place],
            criteria=criteria.get(agent, ()),
            model=table.model,
        )
    return rows


def shown(
    table: Table,
    known: Mapping[int, AgentScore],
    *,
    start: date,
    end: date,
    team_ids: Collection[int] | None,
    agent_ids: Collection[int] | None,
) -> Scoreboard:
    """Cut a window's scoreboard, as ``everybody`` made it, to some teams and agents."""
    wanted = [
        agent
        for agent, row in known.items()
        if (team_ids is None or (row.team_id or 0) in team_ids)
        and (agent_ids is None or agent in agent_ids)
    ]
    kept = np.isin(table.agent, wanted)
    if team_ids is not None and agent_ids is None:
        kept = np.isin(table.team, sorted(team_ids))
    model = table.model
    reviewers = [] if model is None else model.reviewer_ids.tolist()
    people = _names(User.objects.only(*_NAME), {*wanted, *reviewers})
    homes = {known[agent].team_id or 0 for agent in wanted}
    teams = _names(Team.objects.only("name"), homes | set(table.team[kept].tolist()))
    random = kept & table.is_random
    return Scoreboard(
        start=start,
        end=end,
        agents=_agents([known[agent] for agent in wanted], people, teams),
        teams=_teams(table, kept, teams),
        reviewers=_reviewers(model, people),
        random=_mean_of(table, random),
        targeted=_mean_of(table, kept & ~table.is_random & ~table.is_second),
        fails=_shares([table.is_fail[random].sum()], [random.sum()])[0],
        criteria=_criteria(table, wanted),
        components=model.components if model else 0,
        level=_number(model.mean) if model else None,
        agent_sd=_number(model.agent_sd) if model else None,
        reviewer_sd=_number(model.reviewer_sd) if model else None,
        residual_sd=_number(model.residual_sd) if model else None,
        model=model,
    )


def _names(rows: QuerySet[User] | QuerySet[Team], ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(sorted(ids - {0})):
        found |= {row.pk: str(row) for row in rows.filter(pk__in=some)}
    return found


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _mean(found: GroupMeans, place: int) -> Mean:
    return Mean(
        _number(found.value[place]),
        _number(found.low[place]),
        _number(found.high[place]),
        int(found.n[place]),
    )


def _mean_of(table: Table, mask: Bools) -> Mean:
    values = table.score[mask]
    return _mean(group_means(values, np.zeros(values.size, dtype=np.intp), 1), 0)


def _shares(hits: ArrayLike, n: ArrayLike) -> list[Share]:
    """Shares with their bounds, one a group."""
    columns = (np.asarray(hits, dtype=np.int64), np.asarray(n, dtype=np.int64))
    bounds = share_interval(*columns).tolist()
    return [
        Share(hit / of, low, high, hit, of) if of else Share(None, None, None, 0, 0)
        for hit, of, (low, high) in zip(
            *(column.tolist() for column in columns), bounds, strict=True
        )
    ]


def _by(
    table: Table, keys: Ints, wanted: list[int], mask: Bools
) -> tuple[NDArray[np.intp], NDArray[np.float64], GroupMeans]:
    """Means of the masked rows by place of their key among ``wanted`` (ascending)."""
    mask = mask & np.isin(keys, wanted)
    places = np.searchsorted(np.asarray(wanted, dtype=np.int64), keys[mask])
    scores = table.score[mask]
    return places, scores, group_means(scores, places.astype(np.intp), len(wanted))


def _fails(
    table: Table, places: NDArray[np.intp], mask: Bools, size: int, random: GroupMeans
) -> list[Share]:
    """Critical fails of the masked rows, by the place of each."""
    hits = np.bincount(places, weights=table.is_fail[mask], minlength=size)
    return _shares(hits, random.n)


def _agents(
    known: list[AgentScore], people: Mapping[int, str], teams: Mapping[int, str]
) -> tuple[AgentScore, ...]:
    """Name the agents shown and rank them among each other."""
    ranks = _ranks(known)
    rows = []
    for row in known:
        best, worst = ranks.get(row.agent_id, (None, None))
        rows.append(
            replace(
                row,
                name=people.get(row.agent_id, str(row.agent_id)),
                team=teams.get(row.team_id or 0, ""),
                rank_low=best,
                rank_high=worst,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.best is None, -(row.best or 0.0))))


def _material(weighted: float, plain: float | None) -> float | None:
    if plain is None or not math.isfinite(weighted) or abs(weighted - plain) < MATERIAL:
        return None
    return float(weighted)


def _teams(
    table: Table, kept: Bools, names: Mapping[int, str]
) -> tuple[TeamScore, ...]:
    wanted = np.unique(table.team[kept & ~table.is_second]).tolist()
    random, chosen = kept & table.is_random, kept & ~table.is_random & ~table.is_second
    places, _scores, means = _by(table, table.team, wanted, random)
    targeted = _by(table, table.team, wanted, chosen)[2]
    fails = _fails(table, places, random, len(wanted), means)
    agents = _agents_by_team(table, kept)
    rows = [
        TeamScore(
            team_id=team or None,
            name=names.get(team, ""),
            agents=agents[team],
            random=_mean(means, place),
            targeted=_mean(targeted, place),
            fails=fails[place],
        )
        for place, team in enumerate(wanted)
    ]
    return tuple(
        sorted(rows, key=lambda r: (r.random.value is None, -(r.random.value or 0.0)))
    )


def _agents_by_team(table: Table, kept: Bools) -> Counter[int]:
    """How many people were reviewed in each team."""
    span = int(table.agent.max(initial=0)) + 1
    pairs = np.unique(table.team[kept] * span + table.agent[kept])
    return Counter((pairs // span).tolist())


def _criteria_by_agent(
    table: Table, wanted: list[int]
) -> dict[int, tuple[CriterionMean, ...]]:
    keys = [
        (agent, key)
        for agent in wanted
        for key in table.titles
        if (agent, key) in table.criteria
    ]
    found = _criterion_means(table, [[key] for key in keys])
    rows: dict[int, tuple[CriterionMean, ...]] = {}
    for (agent, key), mean in zip(keys, found, strict=True):
        row = CriterionMean(key, table.titles[key], mean)
        rows[agent] = (*rows.get(agent, ()), row)
    return rows


def _criteria(table: Table, wanted: list[int]) -> tuple[CriterionMean, ...]:
    """Means over all reviews of the agents shown, each review once."""
    members = {
        key: [(agent, key) for agent in wanted if (agent, key) in table.criteria]
        for key in table.titles
    }
    keys = [key for key, cells in members.items() if cells]
    found = _criterion_means(table, [members[key] for key in keys])
    return tuple(
        CriterionMean(key, table.titles[key], mean)
        for key, mean in zip(keys, found, strict=True)
    )


def _criterion_means(
    table: Table, cells: Iterable[Collection[tuple[int, str]]]
) -> list[Mean]:
    """Means in percent of the maximum, each over the sums of some cells."""
    sums = [
        [sum(table.criteria[cell][part] for cell in group) for part in range(3)]
        for group in cells
    ]
    n, total, squares = np.asarray(sums, dtype=np.float64).reshape(-1, 3).T
    found = means_from_sums(n.astype(np.int64), 100 * total, 100**2 * squares)
    return [_mean(found, place) for place in range(len(n))]


_Adjusted = tuple[float | None, float | None, float | None, float | None, int | None]
_NONE: _Adjusted = (None, None, None, None, None)


def _adjusted(model: SeverityModel | None) -> dict[int, _Adjusted]:
    if model is None:
        return {}
    columns = (
        model.agent_adjusted,
        model.agent_low,
        model.agent_high,
        model.agent_shrinkage,
        model.agent_component,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        int(agent): (*(_number(each) for each in row[:4]), int(row[4]))  # type: ignore[misc]
        for agent, row in zip(model.agent_ids.tolist(), rows, strict=True)
    }


def _ranks(rows: list[AgentScore]) -> dict[int, tuple[int, int]]:
    """Rank ranges among those that can be compared; none where some cannot."""
    known = [
        (row, row.adjusted, (row.high - row.low) / 2 / _HALF_WIDTHS)
        for row in rows
        if row.adjusted is not None and row.low is not None and row.high is not None
    ]
    if len(known) < 2 or len({row.component for row, _value, _error in known}) > 1:
        return {}
    ranges = rank_ranges([each[1] for each in known], [each[2] for each in known])
    return {
        row.agent_id: (int(best), int(worst))
        for (row, *_rest), (best, worst) in zip(known, ranges.tolist(), strict=True)
    }


def _reviewers(
    model: SeverityModel | None, people: Mapping[int, str]
) -> dict[int, ReviewerLevel]:
    if model is None:
        return {}
    columns = (
        model.reviewer_ids,
        model.reviewer_n,
        model.reviewer_bias,
        model.reviewer_low,
        model.reviewer_high,
        model.reviewer_component,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        int(pk): ReviewerLevel(
            int(pk), people.get(int(pk), str(pk)), int(n), bias, low, high, int(part)
        )
        for pk, n, bias, low, high, part in rows
    }
