"""A small support floor played minute by minute: arrivals, shifts, queues, answers.

Nothing here knows the database. The result is a list of tickets with their events in
order, the same for the same seed and end.
"""

import heapq
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from supportops.demo.core import story
from supportops.demo.core.story import Person, Topic

FRONTLINE, TECHNICAL, ENGINEERING = story.TEAMS
AUTO_CLOSE_AFTER = timedelta(days=5)
# What cannot wait interrupts somebody; out of hours it reaches whoever is on call.
INTERRUPT_MINUTES = (1, 9)
ON_CALL_MINUTES = (3, 18)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ``kind`` is what the loader turns into an event."""

    at: datetime
    kind: str
    who: str = ""
    value: str = ""


@dataclass(slots=True)
class PlayedTicket:
    created_at: datetime
    topic: Topic
    subject: str
    customer: int
    channel: str
    priority: str
    team: str = FRONTLINE
    assignee: str = ""
    answered: bool = False
    worked_minutes: float = 0.0
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class _Desk:
    """What a team has before it, most urgent first, and who is free to take it."""

    waiting: list[tuple[int, datetime, int, PlayedTicket]] = field(default_factory=list)
    idle: list[Person] = field(default_factory=list)


def play(
    *, start: datetime, end: datetime, customers: int, monthly: int, seed: int
) -> list[PlayedTicket]:
    """Play the floor from ``start`` to ``end`` and return its tickets by creation.

    Parameters
    ----------
    start, end : aware datetime
        Half-open span, in UTC. What is unfinished at ``end`` stays open.
    customers : int
        Number of contacts; tickets name one by its index.
    monthly : int
        Mean number of tickets in 30 days.
    seed : int
        Same seed and span, same floor.
    """
    floor = _Floor(start, end, np.random.default_rng(seed))
    return floor.run(arrivals(start, end, customers, monthly, floor.random))


def arrivals(
    start: datetime,
    end: datetime,
    customers: int,
    monthly: int,
    random: np.random.Generator,
) -> list[PlayedTicket]:
    """Draw the tickets that arrive: Mondays, mornings, month ends and releases are busy."""
    zone = ZoneInfo(story.ZONE)
    hours = int((end - start) / timedelta(hours=1))
    moments = [start + timedelta(hours=hour) for hour in range(hours)]
    weights = np.array([_weight(moment.astimezone(zone), end) for moment in moments])
    counts = random.poisson(weights / weights.mean() * monthly / (30 * 24))
    tickets = []
    for moment, count in zip(moments, counts, strict=True):
        for second in sorted(random.integers(0, 3600, count)):
            at = moment + timedelta(seconds=int(second))
            tickets.append(_ticket(at, end, customers, random))
    return [ticket for ticket in tickets if ticket.created_at < end]


def is_bad_month(at: datetime, end: datetime) -> bool:
    """Say whether ``at`` lies in the month of the API release."""
    from_end = (end - at).days
    return 30 * story.BAD_MONTH_AGO <= from_end < 30 * (story.BAD_MONTH_AGO + 1)


def _weight(local: datetime, end: datetime) -> float:
    by_hour = (
        0.10, 0.08, 0.07, 0.07, 0.08, 0.15, 0.35, 0.9, 1.9, 2.6, 2.7, 2.3,
        1.7, 2.0, 2.3, 2.2, 1.8, 1.2, 0.7, 0.5, 0.4, 0.3, 0.2, 0.15,
    )  # fmt: skip
    by_weekday = (1.32, 1.12, 1.05, 1.02, 0.92, 0.16, 0.14)
    weight = by_hour[local.hour] * by_weekday[local.weekday()]
    if local.day >= 28 or local.day <= 2:
        weight *= 1.25
    if local.month == 12 and local.day >= 22:
        weight *= 0.45
    growth = 1 - 0.2 * (end - local) / timedelta(days=365)
    return weight * growth * (1.12 if is_bad_month(local, end) else 1.0)


def _ticket(
    at: datetime, end: datetime, customers: int, random: np.random.Generator
) -> PlayedTicket:
    shares = np.array([topic.share for topic in story.TOPICS])
    if is_bad_month(at, end):
        shares = shares * np.where(
            [topic.area == "API" for topic in story.TOPICS], 2.4, 1.0
        )
    topic = story.TOPICS[random.choice(len(shares), p=shares / shares.sum())]
    channel = random.choice(
        [code for code, _ in story.CHANNELS], p=[share for _, share in story.CHANNELS]
    )
    priority = random.choice(
        ["P1", "P2", "P3", "P4", "P5"], p=np.array(topic.priorities)
    )
    # A few customers write much more often than the rest.
    customer = int(customers * random.beta(0.7, 1.6))
    return PlayedTicket(
        created_at=at,
        topic=topic,
        subject=str(random.choice(topic.subjects)),
        customer=min(customer, customers - 1),
        channel=str(channel),
        priority=str(priority),
    )


class _Floor:
    """The event loop: a heap of moments, each with what happens then."""

    def __init__(
        self, start: datetime, end: datetime, random: np.random.Generator
    ) -> None:
        self.start = start
        self.end = end
        self.random = random
        self.zone = ZoneInfo(story.ZONE)
        self.desks = {team: _Desk() for team in story.TEAMS}
        self.agents = [person for person in story.PEOPLE if person.level]
        self._moments: list[tuple[datetime, int, object, tuple[object, ...]]] = []
        self._order = itertools.count()

    def run(self, tickets: list[PlayedTicket]) -> list[PlayedTicket]:
        for ticket in tickets:
            self._plan(ticket.created_at, self._arrive, ticket)
        for agent in self.agents:
            self._plan_shifts(agent)
        while self._moments:
            at, _, what, arguments = heapq.heappop(self._moments)
            if at >= self.end:
                break
            what(at, *arguments)  # type: ignore[operator]
        return tickets

    def _plan(self, at: datetime, what: object, *arguments: object) -> None:
        heapq.heappush(self._moments, (at, next(self._order), what, arguments))

    def _plan_shifts(self, agent: Person) -> None:
        day = self.start.astimezone(self.zone).date()
        while day <= self.end.astimezone(self.zone).date():
            opens = datetime(
                day.year, day.month, day.day, agent.shift[0], tzinfo=self.zone
            )
            if day.weekday() < 5 and not self._away(agent, opens):
                self._plan(opens, self._come_free, agent)
            day += timedelta(days=1)

    def _away(self, agent: Person, at: datetime) -> bool:
        if agent.username == story.AWAY_IN_BAD_MONTH and is_bad_month(at, self.end):
            return True
        holidays = (at.month, at.day) in {(12, 25), (12, 26), (1, 1), (5, 1), (10, 3)}
        return holidays or self.random.random() < 0.04

    def _on_shift(self, agent: Person, at: datetime) -> bool:
        return agent.shift[0] <= at.astimezone(self.zone).hour < agent.shift[1]

    # -- what happens -------------------------------------------------------------

    def _arrive(self, at: datetime, ticket: PlayedTicket) -> None:
        ticket.steps.append(Step(at, "created", value=self._say(ticket.topic.opening)))
        local = at.astimezone(self.zone)
        staffed = local.weekday() < 5 and 7 <= local.hour < 18
        if ticket.priority == "P1":
            span = INTERRUPT_MINUTES if staffed else ON_CALL_MINUTES
            delay = timedelta(minutes=int(self.random.integers(*span)))
            on_call = self.agents[local.isocalendar().week % len(self.agents)]
            self._plan(at + delay, self._work, on_call, ticket, True)
            return
        self._queue(at, ticket)

    def _queue(self, at: datetime, ticket: PlayedTicket) -> None:
        desk = self.desks[ticket.team]
        rank = int(ticket.priority[1])
        heapq.heappush(desk.waiting, (rank, at, next(self._order), ticket))
        self._match(at, ticket.team)

    def _come_free(self, at: datetime, agent: Person) -> None:
        desk = self.desks[agent.team]
        if self._on_shift(agent, at) and agent not in desk.idle:
            desk.idle.append(agent)
            self._match(at, agent.team)

    def _match(self, at: datetime, team: str) -> None:
        desk = self.desks[team]
        desk.idle = [agent for agent in desk.idle if self._on_shift(agent, at)]
        while desk.idle and desk.waiting:
            ticket = heapq.heappop(desk.waiting)[-1]
            agent = desk.idle.pop(int(self.random.integers(len(desk.idle))))
            self._work(at, agent, ticket, False)

    def _work(
        self, at: datetime, agent: Person, ticket: PlayedTicket, is_on_call: bool
    ) -> None:
        """One agent takes the ticket, works on it, and passes it on or ends it."""
        if ticket.assignee != agent.username:
            ticket.steps.append(Step(at, "assigned", agent.username, agent.username))
            ticket.assignee = agent.username
        ticket.steps.append(Step(at, "in-progress", agent.username))
        effort = 0.9 * ticket.topic.minutes * self.random.lognormal(0, 0.5)
        minutes = max(3.0, effort * (1.0 if ticket.answered else 1.15))
        ticket.worked_minutes += minutes
        done = at + timedelta(minutes=minutes)
        # Most of the simple ones are answered with the solution, in one go.
        in_one_go = (
            self.random.random() < 0.85
            and ticket.topic.technical < 0.2
            and ticket.priority != "P1"
        )
        if not ticket.answered and not in_one_go:
            ticket.answered = True
            soon = at + min(timedelta(minutes=6), (done - at) / 2)
            self._plan(soon, self._greet, agent, ticket)
        self._plan(done, self._conclude, agent, ticket)
        if not is_on_call:
            pause = timedelta(minutes=float(self.random.exponential(2)))
            self._plan(done + pause, self._come_free, agent)

    def _greet(self, at: datetime, agent: Person, ticket: PlayedTicket) -> None:
        text = self._say(story.FIRST_REPLIES)
        ticket.steps.append(Step(at, "reply", agent.username, text))

    def _conclude(self, at: datetime, agent: Person, ticket: PlayedTicket) -> None:
        chance = self.random.random()
        harder = ticket.topic.technical
        if ticket.team == FRONTLINE and chance < harder:
            self._hand_over(at, agent, ticket, TECHNICAL)
        elif ticket.team == TECHNICAL and chance < 0.12 * (harder > 0.1):
            self._hand_over(at, agent, ticket, ENGINEERING)
        elif self.random.random() < 0.24:
            self._ask(at, agent, ticket)
        else:
            self._resolve(at, agent, ticket)

    def _hand_over(
        self, at: datetime, agent: Person, ticket: PlayedTicket, team: str
    ) -> None:
        ticket.steps.append(Step(at, "note", agent.username, self._say(story.NOTES)))
        ticket.steps.append(Step(at, "escalated", agent.username))
        ticket.steps.append(Step(at, "team", agent.username, team))
        ticket.team = team
        self._queue(at, ticket)

    def _ask(self, at: datetime, agent: Person, ticket: PlayedTicket) -> None:
        ticket.answered = True
        text = self._say(story.QUESTIONS)
        ticket.steps.append(Step(at, "reply", agent.username, text))
        ticket.steps.append(Step(at, "waiting", agent.username))
        answer = at + timedelta(hours=float(self.random.lognormal(1.6, 1.1)))
        self._plan(answer, self._answer, ticket)

    def _answer(self, at: datetime, ticket: PlayedTicket) -> None:
        ticket.steps.append(Step(at, "customer", value=self._say(story.ANSWERS)))
        ticket.steps.append(Step(at, "in-progress"))
        self._queue(at, ticket)

    def _resolve(self, at: datetime, agent: Person, ticket: PlayedTicket) -> None:
        text = self._say(story.SOLUTIONS)
        ticket.steps.append(Step(at, "reply", agent.username, text))
        ticket.steps.append(Step(at, "resolved", agent.username))
        ticket.answered = True
        if self.random.random() < 0.045:
            again = at + timedelta(hours=float(self.random.uniform(3, 90)))
            self._plan(again, self._return, ticket)
        else:
            self._plan(at + AUTO_CLOSE_AFTER, self._close, ticket)

    def _return(self, at: datetime, ticket: PlayedTicket) -> None:
        ticket.steps.append(Step(at, "customer", value=self._say(story.RETURNS)))
        ticket.steps.append(Step(at, "reopened"))
        self._queue(at, ticket)

    def _close(self, at: datetime, ticket: PlayedTicket) -> None:
        ticket.steps.append(Step(at, "closed"))

    def _say(self, texts: tuple[str, ...]) -> str:
        return str(self.random.choice(texts))
