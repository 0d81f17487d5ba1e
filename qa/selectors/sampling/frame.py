"""What a draw is made from: the frame, its strata and flags, quotas and reviewers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import Count, Q

from qa.core import sampling
from qa.core.sampling import FrameRow
from qa.core.sampling.draw import DrawInputs
from qa.core.sampling.flags import TicketFacts, flags_of
from qa.models import (
    Certification,
    GoldTicket,
    Review,
    SampleItem,
    SamplingPlan,
    Scorecard,
    ScorecardVersion,
)
from qa.selectors.sampling_conflicts import conflicts, tickets_of_draw
from sla.models import SlaClock
from tickets.core.category_tree import SEPARATOR
from tickets.core.touches import Touches, touches
from tickets.models import Category, Message, Outcome, Ticket, TicketEvent
from tickets.models.tickets import TicketQuerySet
from workforce.people.models import User

DAYS = 7
PAIRS_REMEMBERED = timedelta(weeks=8)
SCORES_REMEMBERED = timedelta(days=180)
KNOWN_AGENT = timedelta(weeks=8)
FEWEST_SCORES = 5
"""Scores that a stratum needs before its spread says anything."""

_TOUCHING = ("MESSAGE", "TEAM", "ASSIGNEE", "LEVEL", "STATUS")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket of the frame with what strata and rules are made of."""

    ticket: int
    agent: int
    values: dict[str, str]
    facts: TicketFacts


def week_bounds(plan: SamplingPlan, starts_on: date) -> tuple[datetime, datetime]:
    """Return the week's first moment and the next week's, in the plan's time zone."""
    zone = ZoneInfo(plan.time_zone)
    return (
        datetime.combine(starts_on, time(), tzinfo=zone),
        datetime.combine(starts_on + timedelta(days=DAYS), time(), tzinfo=zone),
    )


def judged_tickets(start: datetime, end: datetime) -> TicketQuerySet:
    """Return tickets resolved in ``[start, end)`` whose handling one can judge.

    Their assignee is somebody who works here: no program, nobody who is only named by an
    import, nobody who has left.
    """
    return (
        Ticket.objects.filter(
            resolved_at__gte=start,
            resolved_at__lt=end,
            merged_into__isnull=True,
            assignee__is_active=True,
            assignee__is_automation=False,
            assignee__imported_from="",
        )
        .exclude(outcome__in=[Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE])
        .order_by()
    )


def _of_plan(plan: SamplingPlan, tickets: TicketQuerySet) -> TicketQuerySet:
    teams = [team.pk for team in plan.teams.all()]
    channels = [channel.pk for channel in plan.channels.all()]
    categories = list(plan.categories.all())
    if teams:
        tickets = tickets.filter(assignee__team__in=teams)
    if channels:
        tickets = tickets.filter(channel__in=channels)
    if categories:
        tickets = tickets.filter(_within(categories))
    return tickets


def _within(categories: Iterable[Category]) -> Q:
    """Return a condition for these categories and all beneath them."""
    found = Q()
    for category in categories:
        found |= Q(category=category)
        found |= Q(category__path__startswith=category.path + SEPARATOR)
    return found


def candidates(plan: SamplingPlan, starts_on: date) -> list[Candidate]:
    """Read the plan's frame of one week, in a fixed number of queries."""
    start, end = week_bounds(plan, starts_on)
    rows = _of_plan(plan, judged_tickets(start, end)).values_list(
        "pk",
        "assignee_id",
        "category__path",
        "channel__code",
        "priority",
        "reopen_count",
        "created_at",
        "resolved_at",
        "custom",
    )
    messages, touched, late = _handling(start, end)
    nothing = Touches()
    return [
        _candidate(row, messages[row[0]], touched.get(row[0], nothing), row[0] in late)
        for row in rows
    ]


def _candidate(
    row: tuple[Any, ...], messages: int, touch: Touches, is_breached: bool
) -> Candidate:
    ticket, agent, path, channel, priority, reopens, created, resolved, custom = row
    handoffs = touch.team_handoffs + touch.agent_handoffs
    return Candidate(
        ticket,
        agent,
        {
            sampling.CATEGORY: (path or "").split(SEPARATOR)[0],
            sampling.COMPLEXITY: sampling.complexity(
                messages=messages, handoffs=handoffs, reopens=reopens
            ),
            sampling.CHANNEL: channel or "",
            sampling.PRIORITY: priority,
        },
        TicketFacts(
            reopens=reopens,
            is_breached=is_breached,
            is_escalated=touch.is_escalated,
            satisfaction=_number((custom or {}).get(settings.SATISFACTION_FIELD)),
            messages=messages,
            hours=(resolved - created).total_seconds() / 3600,
        ),
    )


def _number(value: Any) -> float | None:
    """Read a customer's answer; imported histories write it as text too."""
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None


def _handling(
    start: datetime, end: datetime
) -> tuple[Counter[int], dict[int, Touches], set[int]]:
    """Return messages, touches and missed promises of tickets resolved in a period."""
    within = {"ticket__resolved_at__gte": start, "ticket__resolved_at__lt": end}
    said = Message.objects.filter(**within).exclude(
        direction=Message.Direction.INTERNAL
    )
    counted = said.order_by().values_list("ticket_id").annotate(Count("pk"))
    events = (
        TicketEvent.objects.filter(kind__in=_TOUCHING, **within)
        .order_by("ticket_id", "seq")
        .values_list(
            "ticket_id", "kind", "direction", "to_value", "actor__is_automation"
        )
    )
    touched = touches(
        (ticket, kind, direction, to_value, bool(automation))
        for ticket, kind, direction, to_value, automation in events.iterator()
    )
    late = SlaClock.objects.filter(is_kept=False, is_excluded=False, **within)
    return (
        Counter(dict(counted)),
        touched,
        set(late.values_list("ticket_id", flat=True)),
    )


def team_sizes() -> Counter[int | None]:
    """Return how many people work in each team; ``None`` counts those without one."""
    people = User.objects.filter(
        is_active=True, is_automation=False, imported_from=""
    ).order_by()
    return Counter(dict(people.values_list("team_id").annotate(Count("pk"))))


def quotas(plan: SamplingPlan, agents: Iterable[int]) -> dict[int, int]:
    """Return how many tickets each agent should have drawn.

    Who has no team counts as a team with the others of the frame who have none.
    """
    named = sorted(set(agents))
    if plan.quota_rule == SamplingPlan.Quota.FIXED:
        return dict.fromkeys(named, plan.quota or 0)
    sizes = team_sizes()
    team_of = dict(User.objects.filter(pk__in=named).values_list("pk", "team_id"))
    sizes[None] = sum(team is None for team in team_of.values())
    return {agent: sampling.quota_for(sizes[team_of[agent]]) for agent in named}


def spreads_by_stratum(plan: SamplingPlan, before: datetime) -> dict[str, float | None]:
    """Return how much scores have varied in each stratum of this plan so far, in points.

    Sample standard deviations of the random reviews of 180 days; ``None`` below
    ``FEWEST_SCORES``.
    """
    rows = Review.objects.measured().filter(
        sample_item__draw__plan=plan,
        submitted_at__gte=before - SCORES_REMEMBERED,
        submitted_at__lt=before,
    )
    scores: dict[str, list[float]] = {}
    for stratum, score in rows.values_list("sample_item__stratum", "score"):
        if score is not None:
            scores.setdefault(stratum, []).append(float(score))
    return {
        stratum: float(np.std(found, ddof=1)) if len(found) >= FEWEST_SCORES else None
        for stratum, found in scores.items()
    }


def reviewers_of(plan: SamplingPlan, at: datetime) -> tuple[list[int], list[int]]:
    """Return who may score for real, and who may only practise on gold tickets."""
    people = [
        person.pk
        for person in plan.reviewers.all()
        if person.is_active and not person.is_automation
    ]
    if not plan.scorecard.requires_certificate:
        return sorted(people), []
    certified = certified_for(plan.scorecard, at)
    return (
        sorted(person for person in people if person in certified),
        sorted(person for person in people if person not in certified),
    )


def certified_for(scorecard: Scorecard, at: datetime) -> set[int]:
    """Return who holds a valid certificate for a scorecard."""
    held = Certification.objects.filter(
        scorecard=scorecard, state=Certification.State.CERTIFIED, valid_until__gt=at
    )
    return set(held.values_list("reviewer_id", flat=True))


def is_certified(scorecard: Scorecard, reviewer: User, at: datetime) -> bool:
    """Tell whether somebody may score with it: always, unless it asks for certificates."""
    return not scorecard.requires_certificate or reviewer.pk in certified_for(
        scorecard, at
    )


def published_version_of(plan: SamplingPlan) -> ScorecardVersion | None:
    return ScorecardVersion.objects.filter(
        scorecard=plan.scorecard_id, state=ScorecardVersion.State.PUBLISHED
    ).first()


def recent_pairs(
    plan: SamplingPlan, reviewers: Sequence[int], starts_on: date
) -> list[tuple[int, int, int]]:
    """Return how often each reviewer has met each agent in the weeks before."""
    rows = (
        SampleItem.objects.filter(
            draw__plan=plan,
            draw__starts_on__lt=starts_on,
            draw__starts_on__gte=starts_on - PAIRS_REMEMBERED,
            reviewer__in=reviewers,
            state__in=[SampleItem.State.OPEN, SampleItem.State.DONE],
        )
        .order_by("agent_id", "reviewer_id")
        .values_list("agent_id", "reviewer_id")
        .annotate(Count("pk"))
    )
    return [(agent, who, times) for agent, who, times in rows]


def gold_of(
    version: ScorecardVersion | None, people: Sequence[int]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the gold tickets with their agents, and who knows which of them."""
    if version is None or not people:
        return [], []
    gold = sorted(
        GoldTicket.objects.filter(version=version, is_active=True).values_list(
            "ticket_id", "agent_id"
        )
    )
    tickets = [ticket for ticket, _agent in gold]
    about = {"ticket__in": tickets, "reviewer__in": people}
    seen = set(Review.objects.filter(**about).values_list("ticket_id", "reviewer_id"))
    seen |= set(
        SampleItem.objects.filter(**about)
        .exclude(state=SampleItem.State.REPLACED)
        .values_list("ticket_id", "reviewer_id")
    )
    return gold, sorted(seen)


def _conflicts(
    week: tuple[datetime, datetime],
    frame: Iterable[FrameRow],
    gold: Iterable[tuple[int, int]],
    people: Iterable[int],
) -> list[tuple[int, int]]:
    """Return who must not be given which ticket of the frame or of gold, in order."""
    known = {ticket for ticket, _agent in gold}
    drawable = known | {row.ticket for row in frame}
    found = conflicts(tickets_of_draw(*week, known), people)
    return sorted(pair for pair in found if pair[0] in drawable)


def draw_inputs(plan: SamplingPlan, starts_on: date, at: datetime) -> DrawInputs:
    """Read all that a draw of this plan and week depends on beside its seed."""
    found = candidates(plan, starts_on)
    frame = sampling.in_order(
        FrameRow(each.ticket, each.agent, sampling.stratum_of(each.values, plan.strata))
        for each in found
    )
    flagged = {
        each.ticket: rules
        for each in sorted(found, key=lambda each: each.ticket)
        if (rules := flags_of(each.facts, plan.rules))
    }
    reviewers, trainees = reviewers_of(plan, at)
    people = [*reviewers, *trainees]
    gold, seen = gold_of(published_version_of(plan), people)
    week = week_bounds(plan, starts_on)
    return DrawInputs(
        frame=frame,
        quotas=quotas(plan, (row.agent for row in frame)),
        allocation=plan.allocation,
        spreads=spreads_by_stratum(plan, week[0]),
        flags=flagged,
        rules=tuple(plan.rules),
        rule_limit=plan.rule_limit,
        overlap_share=float(plan.overlap_share),
        gold_share=float(plan.gold_share),
        gold=gold,
        gold_seen=seen,
        reviewers=reviewers,
        trainees=trainees,
        reviewer_limit=plan.reviewer_limit,
        pair_limit=plan.pair_limit,
        recent_pairs=recent_pairs(plan, reviewers, starts_on),
        conflicts=_conflicts(week, frame, gold, people),
    )


def uncovered_agents(
    plan: SamplingPlan, starts_on: date, covered: Iterable[int]
) -> list[int]:
    """Return agents of the plan without any ticket in the frame.

    An agent is somebody who has resolved a ticket in the weeks before.
    """
    start, end = week_bounds(plan, starts_on)
    known = judged_tickets(start - KNOWN_AGENT, end)
    teams = [team.pk for team in plan.teams.all()]
    if teams:
        known = known.filter(assignee__team__in=teams)
    agents = set(known.values_list("assignee_id", flat=True).distinct())
    return sorted(agents - set(covered))
