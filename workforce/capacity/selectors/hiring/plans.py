"""A hiring plan worked out: need against have, who to hire by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Sum

from workforce.capacity.core.hiring import (
    Cohort,
    LeadTime,
    Month,
    Suggested,
    Suggestion,
    Team,
    Timing,
    Urgency,
    add_months,
    doubled,
    project,
    ramp_days,
    split,
    suggest,
    timing,
)
from workforce.capacity.models import Hire, HiringPlan, Queue
from workforce.capacity.models import LeadTime as LeadTimeRow
from workforce.capacity.selectors.hiring.need import NeededMonth, needed_months
from workforce.capacity.selectors.hiring.people import people_of

COUNTED = (Hire.State.PLANNED, Hire.State.HIRING)
"""States of hires that are still to come."""

SHORT_FROM = 0.05
"""A gap that is shown as 0.0 is none."""

MONTHS_PAST_REACH = 3
MOST_MONTHS = 36


@dataclass(frozen=True)
class HireLine:
    """A hire with its dates; ``urgency`` only while hiring has not started."""

    hire: Hire
    timing: Timing
    urgency: Urgency | None


@dataclass(frozen=True)
class MonthLine:
    """A month with what the forecast asks; ``is_shown`` within the plan's months."""

    month: Month
    needed: NeededMonth
    is_shown: bool

    @property
    def is_short(self) -> bool:
        return self.month.gap is not None and self.month.gap >= SHORT_FROM

    @property
    def spare(self) -> float:
        return max(-(self.month.gap or 0.0), 0.0)


@dataclass(frozen=True)
class SuggestedLine:
    """People to hire for one month, at which levels, and how urgent it is."""

    hire: Suggested
    levels: dict[str, int]
    scenario: str
    urgency: Urgency


@dataclass(frozen=True)
class Reach:
    """How far a queue's forecast reaches; without ``until`` its need is not in the sums.

    A queue without a team has need, and nobody of its own among the people.
    """

    name: str
    until: date | None
    has_team: bool


@dataclass(frozen=True)
class PlanPicture:
    """Everything a plan's page shows. ``counted`` says where the people came from."""

    plan: HiringPlan
    today: date
    people_now: float
    is_counted: bool
    levels_now: dict[str, int]
    attrition: float
    months: list[MonthLine]
    hires: list[HireLine]
    suggestion: Suggestion
    suggested: list[SuggestedLine]
    lead: LeadTime
    reach: list[Reach]

    @property
    def reached(self) -> list[Reach]:
        """Queues whose need is in the sums, those that end first in front."""
        known = [each for each in self.reach if each.until is not None]
        return sorted(known, key=lambda each: (str(each.until), each.name))

    @property
    def not_forecast(self) -> list[str]:
        return [each.name for each in self.reach if each.until is None]

    @property
    def without_team(self) -> list[str]:
        """Queues that count as everybody's, where others have a team of their own."""
        names = [each.name for each in self.reach if not each.has_team]
        return names if len(names) < len(self.reach) else []

    @property
    def shown(self) -> list[MonthLine]:
        return [line for line in self.months if line.is_shown]

    @property
    def worst(self) -> MonthLine | None:
        """The shown month in which most people are missing; none where need is unknown."""
        known = [line for line in self.shown if line.month.gap is not None]
        return max(known, key=lambda line: line.month.gap or 0.0, default=None)

    @property
    def overdue(self) -> int:
        return sum(line.urgency == "OVERDUE" for line in self.hires)


def plans() -> QuerySet[HiringPlan]:
    """Return active plans first, with how many people are still to come."""
    coming = Q(hires__state__in=COUNTED)
    return (
        HiringPlan.objects.select_related("owner")
        .prefetch_related("queues")
        .annotate(
            coming=Sum("hires__people", filter=coming),
            groups=Count("hires", filter=coming),
            next_on=Min("hires__joins_on", filter=coming),
        )
        .order_by("-is_active", "name")
    )


def queues_of(plan: HiringPlan) -> list[Queue]:
    """Return the queues of a plan: those named, or every active one."""
    named = list(plan.queues.prefetch_related("teams"))
    return named or list(Queue.objects.filter(is_active=True).prefetch_related("teams"))


def lead_times() -> dict[str, LeadTime]:
    return {
        row.scenario: LeadTime(float(row.months_low), float(row.months_high))
        for row in LeadTimeRow.objects.all()
    }


def hires_of(plan: HiringPlan) -> list[Hire]:
    return list(plan.hires.order_by("joins_on", "pk"))


def picture(plan: HiringPlan, *, today: date, is_doubled: bool = False) -> PlanPicture:
    """Return a plan worked out; with ``is_doubled``, what if attrition doubled.

    Months beyond those of the plan are computed too, up to the first that somebody hired
    today could be at full load for, so that there is always something to act on.
    """
    queues = queues_of(plan)
    levels = people_of(queues)
    leads = lead_times()
    lead = leads.get(Hire.Scenario.GROWTH, LeadTime(3, 4))
    attrition = float(plan.attrition)
    hires = hires_of(plan)
    counted = float(sum(levels.values()))
    team = Team(
        people_now=counted if plan.people_now is None else float(plan.people_now),
        attrition=doubled(attrition) if is_doubled else min(attrition, 0.99),
        cohorts=_coming(hires, today),
        ramp=tuple(float(share) for share in plan.ramp),
        joined=_joined(hires, today),
    )
    wanted = _months_wanted(plan.months, today, lead, ramp_days(team.ramp))
    starts = [add_months(today.replace(day=1), index) for index in range(wanted)]
    needed = needed_months([queue.pk for queue in queues], starts, today=today)
    months = project(
        team,
        today=today,
        months=wanted,
        need=lambda _: [row.fte for row in needed.months],
    )
    suggestion = suggest(team, months, today=today, lead=lead)
    return PlanPicture(
        plan=plan,
        today=today,
        people_now=team.people_now,
        is_counted=plan.people_now is None,
        levels_now=levels,
        attrition=team.attrition,
        months=[
            MonthLine(month, row, index < plan.months)
            for index, (month, row) in enumerate(
                zip(months, needed.months, strict=True)
            )
        ],
        hires=[_line(hire, leads, team.ramp, today) for hire in hires],
        suggestion=suggestion,
        suggested=_suggested(suggestion, plan, levels, leads, team.ramp, today),
        lead=lead,
        reach=[
            Reach(str(queue), needed.last.get(queue.pk), bool(queue.teams.all()))
            for queue in queues
        ],
    )


def _months_wanted(shown: int, today: date, lead: LeadTime, ramp: int) -> int:
    first = add_months(today, lead.low + ramp / 30)
    reach = (first.year - today.year) * 12 + first.month - today.month
    return min(max(shown, reach + MONTHS_PAST_REACH), MOST_MONTHS)


def _coming(hires: Sequence[Hire], today: date) -> tuple[Cohort, ...]:
    """Return those still to come. Whoever is late joins today at the earliest."""
    return tuple(
        Cohort(float(hire.people), max(hire.joins_on, today), hire.leaves_on)
        for hire in hires
        if hire.state in COUNTED and (hire.leaves_on is None or hire.leaves_on > today)
    )


def _joined(hires: Sequence[Hire], today: date) -> tuple[Cohort, ...]:
    """Return those among today's people whose first days or last day are known."""
    return tuple(
        Cohort(float(hire.people), hire.joins_on, hire.leaves_on)
        for hire in hires
        if hire.state == Hire.State.JOINED
        and (hire.leaves_on is None or hire.leaves_on > today)
    )


def _line(
    hire: Hire, leads: dict[str, LeadTime], ramp: Sequence[float], today: date
) -> HireLine:
    dates = timing(hire.joins_on, leads.get(hire.scenario, LeadTime(3, 4)), ramp)
    waits = hire.state == Hire.State.PLANNED
    return HireLine(hire, dates, dates.urgency(today) if waits else None)


def _suggested(
    suggestion: Suggestion,
    plan: HiringPlan,
    levels: dict[str, int],
    leads: dict[str, LeadTime],
    ramp: Sequence[float],
    today: date,
) -> list[SuggestedLine]:
    """Give each suggested person a level; those needed for a while are seasonal."""
    ratios = plan.tier_ratios
    now: dict[str, float] = dict(levels)
    lines = []
    for hire in suggestion.hires:
        scenario = Hire.Scenario.SEASONAL if hire.needed_until else Hire.Scenario.GROWTH
        given = split(hire.people, ratios, now) if ratios else {}
        for level, people in given.items():
            now[level] = now.get(level, 0) + people
        dates = timing(hire.timing.joins_on, leads.get(scenario, LeadTime(3, 4)), ramp)
        lines.append(
            SuggestedLine(
                Suggested(hire.people, dates, hire.month, hire.needed_until),
                {level: people for level, people in given.items() if people},
                scenario,
                dates.urgency(today),
            )
        )
    return lines
