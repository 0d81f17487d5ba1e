"""Rows of a scoreboard, made from the arrays of its window."""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

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
from qa.selectors.score_table import Bools, Ints, Table
from supportops.metrics.core.intervals import share_interval
from tickets.metrics.segments import batches
from workforce.people.models import Team, User

MATERIAL = 1.0
"""Points from which on weighting by the chance of being drawn is worth a line."""
_HALF_WIDTHS = 1.959963985


def shown(
    table: Table,
    *,
    start: date,
    end: date,
    team_ids: Collection[int] | None,
    agent_ids: Collection[int] | None,
) -> Scoreboard:
    """Cut a window's scoreboard to some teams and agents."""
    team_of = dict(zip(table.agent.tolist(), table.team.tolist(), strict=True))
    wanted = sorted(
        agent
        for agent, team in team_of.items()
        if (team_ids is None or team in team_ids)
        and (agent_ids is None or agent in agent_ids)
    )
    kept = np.isin(table.agent, wanted)
    if team_ids is not None and agent_ids is None:
        kept = np.isin(table.team, sorted(team_ids))
    people = _names(User, {*wanted, *table.reviewer.tolist()})
    teams = _names(Team, set(table.team[kept].tolist()) | set(team_of.values()))
    model = table.model
    random = kept & table.is_random
    return Scoreboard(
        start=start,
        end=end,
        agents=_agents(table, wanted, team_of, people, teams),
        teams=_teams(table, kept, teams),
        reviewers=_reviewers(model, people),
        random=_mean_of(table, random),
        targeted=_mean_of(table, kept & ~table.is_random & ~table.is_second),
        fails=_share(int(table.is_fail[random].sum()), int(random.sum())),
        criteria=_criteria(table, wanted),
        components=len({each.component for each in _reviewers(model, {}).values()}),
        level=_number(model.mean) if model else None,
        agent_sd=_number(model.agent_sd) if model else None,
        reviewer_sd=_number(model.reviewer_sd) if model else None,
        residual_sd=_number(model.residual_sd) if model else None,
        model=model,
    )


def _names(model: type[User] | type[Team], ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(sorted(ids - {0})):
        found |= {row.pk: str(row) for row in model.objects.filter(pk__in=some)}
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


def _share(hits: int, n: int) -> Share:
    if not n:
        return Share(None, None, None, 0, 0)
    low, high = share_interval([hits], [n])[0].tolist()
    return Share(hits / n, low, high, hits, n)


def _by(
    table: Table, keys: Ints, wanted: list[int], mask: Bools
) -> tuple[NDArray[np.intp], NDArray[np.float64], GroupMeans]:
    """Means of the masked rows by place of their key among ``wanted`` (ascending)."""
    mask = mask & np.isin(keys, wanted)
    places = np.searchsorted(np.asarray(wanted, dtype=np.int64), keys[mask])
    scores = table.score[mask]
    return places, scores, group_means(scores, places.astype(np.intp), len(wanted))


def _agents(
    table: Table,
    wanted: list[int],
    team_of: Mapping[int, int],
    people: Mapping[int, str],
    teams: Mapping[int, str],
) -> tuple[AgentScore, ...]:
    places, scores, random = _by(table, table.agent, wanted, table.is_random)
    chosen = ~table.is_random & ~table.is_second
    targeted = _by(table, table.agent, wanted, chosen)[2]
    mask = table.is_random & np.isin(table.agent, wanted)
    size = len(wanted)
    fails = np.bincount(places, weights=table.is_fail[mask], minlength=size)
    weighted = weighted_means(scores, table.weight[mask], places, size)
    criteria = _criteria_by_agent(table, wanted)
    adjusted = _adjusted(table.model)
    ranks = _ranks(wanted, adjusted)
    rows = []
    for place, agent in enumerate(wanted):
        mean = _mean(random, place)
        value, low, high, shrinkage, component = adjusted.get(agent, _NONE)
        rank_low, rank_high = ranks.get(agent, (None, None))
        rows.append(
            AgentScore(
                agent_id=agent,
                name=people.get(agent, str(agent)),
                team_id=team_of[agent] or None,
                team=teams.get(team_of[agent], ""),
                random=mean,
                targeted=_mean(targeted, place),
                weighted=_material(weighted[place], mean.value),
                adjusted=value,
                low=low,
                high=high,
                shrinkage=shrinkage,
                component=component,
                rank_low=rank_low,
                rank_high=rank_high,
                fails=_share(int(fails[place]), mean.n),
                criteria=criteria.get(agent, ()),
                model=table.model,
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
    wanted = sorted(set(table.team[kept & ~table.is_second].tolist()))
    random = _by(table, table.team, wanted, kept & table.is_random)[2]
    chosen = kept & ~table.is_random & ~table.is_second
    targeted = _by(table, table.team, wanted, chosen)[2]
    rows = []
    for place, team in enumerate(wanted):
        own = kept & (table.team == team)
        fails = int(table.is_fail[own & table.is_random].sum())
        rows.append(
            TeamScore(
                team_id=team or None,
                name=names.get(team, ""),
                agents=len(set(table.agent[own].tolist())),
                random=_mean(random, place),
                targeted=_mean(targeted, place),
                fails=_share(fails, int(random.n[place])),
            )
        )
    return tuple(
        sorted(rows, key=lambda r: (r.random.value is None, -(r.random.value or 0.0)))
    )


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


def _ranks(
    wanted: list[int], adjusted: Mapping[int, _Adjusted]
) -> dict[int, tuple[int, int]]:
    """Rank ranges among those that can be compared; none where some cannot."""
    known = [
        (agent, value, (high - low) / 2 / _HALF_WIDTHS)
        for agent in wanted
        for value, low, high, *_rest in [adjusted.get(agent, _NONE)]
        if value is not None and low is not None and high is not None
    ]
    components = {adjusted[agent][4] for agent, _value, _error in known}
    if len(known) < 2 or len(components) > 1:
        return {}
    ranges = rank_ranges([row[1] for row in known], [row[2] for row in known])
    return {
        agent: (int(best), int(worst))
        for (agent, *_rest), (best, worst) in zip(known, ranges.tolist(), strict=True)
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
