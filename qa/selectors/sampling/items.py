"""Reads of sampling: what a reviewer has to do, coverage, replacements, precision."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np
from django.db.models import Count, Prefetch, Q, QuerySet

from qa.models import Review, SampleItem, SamplingDraw, SamplingPlan
from qa.models.sampling import SampleItemQuerySet
from qa.selectors.sampling.frame import judged_tickets
from workforce.people.models import User

SPREAD_DAYS = timedelta(days=180)
OWN_SCORES = 10
"""Scores from which an agent's own spread is taken."""
ALL_SCORES = 20
ASSUMED_SPREAD = 12.0
"""Points, until there are scores: a usual spread on a scale of 100."""

OWN, EVERYBODY, ASSUMED = "own", "everybody", "assumed"


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard deviation of scores, and of what it was made.

    ``source`` is "own" (this agent's reviews), "everybody" (all agents' reviews around
    each agent's own mean) or "assumed"; ``n`` counts those reviews.
    """

    points: float
    source: str
    n: int


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One agent over a period, as ``coverage`` has counted."""

    agent: User
    resolved: int
    drawn: int
    done: int
    random: int

    @property
    def is_covered(self) -> bool:
        return self.done > 0


@dataclass(frozen=True, slots=True)
class ReplacementRow:
    """What one reviewer has replaced, of how many items of theirs."""

    reviewer: User | None
    items: int
    replaced: int
    reasons: dict[str, int]


# Items ------------------------------------------------------------------------------------


def open_items_of(reviewer: User) -> SampleItemQuerySet:
    """Return what one person still has to review, the earliest due first."""
    return (
        SampleItem.objects.open()
        .filter(reviewer=reviewer)
        .select_related("ticket", "agent", "draw__plan__scorecard")
        .order_by("due_at", "position", "pk")
    )


def items_of(draw: SamplingDraw) -> SampleItemQuerySet:
    """Return a draw's items in their order, replacements after what they replace."""
    return draw.items.select_related(
        "ticket", "agent", "reviewer", "review", "replaced_by", "ended_by"
    ).order_by("position", "pk")


def plans_with_draws() -> QuerySet[SamplingPlan]:
    """Return the plans for a list: reviewers, teams and the newest draw with it."""
    newest = SamplingDraw.objects.order_by("-starts_on").defer("frame", "plan_then")
    return SamplingPlan.objects.select_related("scorecard").prefetch_related(
        "teams",
        Prefetch(
            "reviewers", queryset=User.objects.order_by("first_name", "last_name")
        ),
        Prefetch("draws", queryset=newest),
    )


def draws_of(plan: SamplingPlan) -> QuerySet[SamplingDraw]:
    """Return a plan's draws, the newest first, with counts of their items by state."""
    counted = {
        f"{state.lower()}_items": Count("items", filter=Q(items__state=state))
        for state in SampleItem.State.values
    }
    return (
        plan.draws.defer("frame", "plan_then")
        .select_related("taken_by")
        .annotate(agents=Count("items__agent", distinct=True), **counted)
        .order_by("-starts_on")
    )


@dataclass(frozen=True, slots=True)
class DrawAgentRow:
    """One agent in one draw: tickets to draw from, and what became of the items."""

    agent: User
    available: int
    drawn: int
    random: int
    flagged: int
    done: int
    replaced: int


def draw_agents(draw: SamplingDraw, *, is_blind: bool = False) -> list[DrawAgentRow]:
    """Return what each agent of a draw's frame has, who is at zero first.

    Second reviews and gold tickets are not counted: they say nothing of coverage. They
    are counted with ``is_blind``, for a reader who could tell from what is left out
    which of their own tickets they are.
    """
    available = Counter(agent for _ticket, agent, _stratum in draw.frame)
    rows = (
        draw.items.filter(why__in=_counted(is_blind))
        .order_by()
        .values_list("agent_id", "why", "state")
        .annotate(Count("pk"))
    )
    counted: Counter[tuple[int, str]] = Counter()
    for agent, why, state, number in rows:
        counted[agent, state] += number
        if state != SampleItem.State.REPLACED:
            counted[agent, why] += number
    people = User.objects.in_bulk(list(available))
    found = [
        DrawAgentRow(
            person,
            available[pk],
            drawn=sum(counted[pk, why] for why in _counted(is_blind)),
            random=counted[pk, SampleItem.Why.RANDOM],
            flagged=counted[pk, SampleItem.Why.RULE],
            done=counted[pk, SampleItem.State.DONE],
            replaced=counted[pk, SampleItem.State.REPLACED],
        )
        for pk, person in people.items()
    ]
    return sorted(found, key=lambda row: (row.done, str(row.agent), row.agent.pk))


# Coverage ---------------------------------------------------------------------------------


def coverage(
    start: date,
    end: date,
    teams: Collection[int] | None = None,
    zone: tzinfo | None = None,
    *,
    is_blind: bool = False,
) -> list[CoverageRow]:
    """Return, for each agent, what was resolved, drawn and reviewed in a period.

    Parameters
    ----------
    start, end : date
        Half-open. Tickets count on the day of their resolution, items in the period
        that their draw starts in.
    teams : collection of int, optional
        Only agents of these teams.
    zone : tzinfo, optional
        In which days are cut; UTC unless given.
    is_blind : bool, default False
        Count second reviews and gold tickets too: for readers who must not tell them
        from their other tickets by what is left out.

    Returns
    -------
    list of CoverageRow
        Who is at zero first, then by name. ``random`` counts finished reviews of
        random items.
    """
    resolved = _resolved(start, end, zone)
    drawn, done, random = _item_counts(start, end, _counted(is_blind))
    people = User.objects.filter(pk__in={*resolved, *drawn})
    if teams is not None:
        people = people.filter(team__in=teams)
    rows = [
        CoverageRow(
            person,
            resolved[person.pk],
            drawn[person.pk],
            done[person.pk],
            random[person.pk],
        )
        for person in people.select_related("team")
    ]
    return sorted(rows, key=lambda row: (row.done, str(row.agent), row.agent.pk))


def _resolved(start: date, end: date, zone: tzinfo | None) -> Counter[int]:
    from_, to = (
        datetime.combine(day, time(), tzinfo=zone or UTC) for day in (start, end)
    )
    counted = judged_tickets(from_, to).values_list("assignee_id").annotate(Count("pk"))
    return Counter(dict(counted))


def _counted(is_blind: bool) -> list[str]:
    """Return which items say who was reviewed, or all where they must not be told."""
    if is_blind:
        return list(SampleItem.Why.values)
    return [SampleItem.Why.RANDOM, SampleItem.Why.RULE]


def _item_counts(start: date, end: date, whys: list[str]) -> tuple[Counter[int], ...]:
    """Return items drawn, done, and done of the random ones, by agent."""
    rows = (
        SampleItem.objects.filter(
            draw__starts_on__gte=start,
            draw__starts_on__lt=end,
            why__in=whys,
        )
        .exclude(state=SampleItem.State.REPLACED)
        .order_by()
        .values_list("agent_id", "why", "state")
        .annotate(Count("pk"))
    )
    drawn, done, random = Counter[int](), Counter[int](), Counter[int]()
    for agent, why, state, number in rows:
        drawn[agent] += number
        if state == SampleItem.State.DONE:
            done[agent] += number
            random[agent] += number if why == SampleItem.Why.RANDOM else 0
    return drawn, done, random


# Replacements -----------------------------------------------------------------------------


def replacements(start: date, end: date) -> list[ReplacementRow]:
    """Return who replaced how many of their items in draws that start in a period.

    Gold tickets and second reviews count too. The most replacing first.
    """
    rows = (
        SampleItem.objects.filter(draw__starts_on__gte=start, draw__starts_on__lt=end)
        .order_by()
        .values_list("reviewer_id", "state", "reason_code")
        .annotate(Count("pk"))
    )
    items: Counter[int | None] = Counter()
    reasons: dict[int | None, Counter[str]] = defaultdict(Counter)
    for reviewer, state, code, number in rows:
        items[reviewer] += number
        if state == SampleItem.State.REPLACED:
            reasons[reviewer][code] += number
    people = User.objects.in_bulk([person for person in items if person])
    found = [
        ReplacementRow(
            people.get(person) if person else None,
            number,
            reasons[person].total(),
            dict(reasons[person]),
        )
        for person, number in items.items()
    ]
    return sorted(found, key=lambda row: (-row.replaced, -row.items, str(row.reviewer)))


def replaced_items(start: date, end: date) -> SampleItemQuerySet:
    """Return the items that were replaced, the newest first."""
    return (
        SampleItem.objects.filter(
            draw__starts_on__gte=start,
            draw__starts_on__lt=end,
            state=SampleItem.State.REPLACED,
        )
        .select_related("ticket", "agent", "reviewer", "ended_by", "replaced_by")
        .order_by("-ended_at", "-pk")
    )


# Precision --------------------------------------------------------------------------------


def score_spreads(*, agent_ids: Iterable[int], at: datetime) -> dict[int, Spread]:
    """Return how much each agent's scores vary: by their own, all agents', or assumed.

    Of random, counted reviews of the last 180 days, in one query.
    """
    scores = _scores(at)
    pooled = _pooled(scores)
    return {agent: _spread(scores.get(agent, []), pooled) for agent in agent_ids}


def _scores(at: datetime) -> dict[int, list[float]]:
    rows = Review.objects.measured().filter(
        submitted_at__gte=at - SPREAD_DAYS, submitted_at__lt=at
    )
    found: dict[int, list[float]] = defaultdict(list)
    for agent, score in rows.values_list("agent_id", "score"):
        if score is not None:
            found[agent].append(float(score))
    return found


def _pooled(scores: dict[int, list[float]]) -> Spread:
    """Return the spread around each agent's own mean, so that agents may differ."""
    several = [found for found in scores.values() if len(found) > 1]
    n = sum(len(found) for found in several)
    freedom = n - len(several)
    if n < ALL_SCORES or not freedom:
        return Spread(ASSUMED_SPREAD, ASSUMED, 0)
    squares = sum(float(np.var(found)) * len(found) for found in several)
    return Spread(float(np.sqrt(squares / freedom)), EVERYBODY, n)


def _spread(own: list[float], pooled: Spread) -> Spread:
    if len(own) >= OWN_SCORES:
        return Spread(float(np.std(own, ddof=1)), OWN, len(own))
    return pooled


@dataclass(frozen=True, slots=True)
class PlannedAgent:
    """What the precision planner starts from, for one agent."""

    agent: User
    have: int
    mean: float | None
    population: int
    spread: Spread


def planned_agents(
    *, start: datetime, at: datetime, end: datetime, agent_ids: Collection[int] | None
) -> list[PlannedAgent]:
    """Return what each agent has been reviewed and resolved in a month that still runs.

    ``population`` is the month's tickets: those resolved so far, and as many a day for
    the days to come. By default every agent who has resolved any.
    """
    resolved = Counter(
        dict(
            judged_tickets(start, min(at, end))
            .values_list("assignee_id")
            .annotate(Count("pk"))
        )
    )
    rows = Review.objects.measured().filter(
        ticket__resolved_at__gte=start, ticket__resolved_at__lt=end
    )
    scores: dict[int, list[float]] = defaultdict(list)
    for agent, score in rows.values_list("agent_id", "score"):
        if score is not None:
            scores[agent].append(float(score))
    wanted = {*resolved, *scores} if agent_ids is None else set(agent_ids)
    spreads = score_spreads(agent_ids=wanted, at=at)
    growth = (end - start) / (min(at, end) - start)
    people = User.objects.filter(pk__in=wanted).select_related("team")
    return [
        PlannedAgent(
            person,
            len(scores[person.pk]),
            float(np.mean(scores[person.pk])) if scores[person.pk] else None,
            max(round(resolved[person.pk] * growth), len(scores[person.pk])),
            spreads[person.pk],
        )
        for person in sorted(people, key=lambda each: (str(each), each.pk))
    ]


def agents_overseen_by(user: User, team: int | None = None) -> set[int] | None:
    """Return whose figures somebody may read here; ``None`` for everybody's.

    How many reviews an agent has and how much their scores vary is for those who read
    all reviews, and for the leads of the agent's team.
    """
    sees_all = user.has_perm("qa.view_all_reviews")
    if sees_all and team is None:
        return None
    people = User.objects.filter(imported_from="")
    if not sees_all:
        people = people.filter(team__lead=user)
    if team is not None:
        people = people.filter(team=team)
    return set(people.values_list("pk", flat=True))
