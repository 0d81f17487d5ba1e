"""Random tickets with logs and clocks, written in bulk: material for brute force."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sla.models import SlaClock
from supportops.metrics import services as metrics
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import CategoryFactory, OrganisationFactory, status
from tickets.models import Channel, CustomerTier, Ticket, TicketEvent
from workforce.people.models import Team, User

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TARGETS = {"first_response": 3600, "resolution": 28_800, "next_reply": 7200}


@dataclass
class World:
    teams: list[Team]
    agents: list[User]
    tickets: list[Ticket]
    clocks: list[SlaClock]


def random_world(*, seed: int, tickets: int = 60, days: int = 70) -> World:
    """Write tickets of the ``days`` before `NOW`, their clocks, and build segments."""
    rng = random.Random(seed)
    teams = [TeamFactory(), TeamFactory(), None]
    agents = [UserFactory(team=teams[0]), UserFactory(team=teams[1]), None]
    root = CategoryFactory(name=f"Root {seed}")
    categories = [root, CategoryFactory(parent=root), CategoryFactory(), None]
    tiers = [*CustomerTier.objects.order_by("pk")[:2], None]
    customers = [OrganisationFactory(tier=tier) for tier in tiers]
    channels = [*Channel.objects.order_by("pk")[:2], None]
    rows = [
        _ticket(rng, index, days, teams, agents, categories, customers, channels)
        for index in range(tickets)
    ]
    Ticket.objects.bulk_create(rows)
    TicketEvent.objects.bulk_create([e for row in rows for e in _events(rng, row)])
    clocks = [clock for row in rows for clock in _clocks(rng, row)]
    SlaClock.objects.bulk_create(clocks)
    metrics.mark_all()
    metrics.refresh(at=NOW)
    return World([t for t in teams if t], [a for a in agents if a], rows, clocks)


# What imports bring: nothing, text, numbers, and what nobody can mean.
CUSTOM = (
    {},
    {"csat": 5, "handle_minutes": 12.5},
    {"csat": "2", "handle_minutes": "30"},
    {"csat": 4},
    {"csat": 9, "handle_minutes": -3},
    {"handle_minutes": 7},
    {"csat": "good", "handle_minutes": None},
)


def _ticket(rng, index, days, teams, agents, categories, customers, channels):
    created = NOW - timedelta(seconds=rng.randrange(days * 86400))
    resolved = created + timedelta(seconds=rng.randrange(60, 6 * 86400))
    is_open = resolved >= NOW
    answered = created + timedelta(seconds=rng.randrange(10, 40_000))
    return Ticket(
        subject=f"Question {index}",
        organisation=rng.choice([*customers, None]),
        channel=rng.choice(channels),
        created_at=created,
        updated_at=created,
        status=status("in-progress" if is_open else "resolved"),
        state="OPEN" if is_open else "RESOLVED",
        is_open=is_open,
        priority=rng.choice(["P1", "P2", "P3", "P4", "P5", ""]),
        category=rng.choice(categories),
        team=rng.choice(teams),
        assignee=rng.choice(agents),
        first_response_at=rng.choice([None, answered, answered]),
        resolved_at=None if is_open else resolved,
        outcome="" if is_open else rng.choice(["", "SOLVED", "SOLVED", "DUPLICATE"]),
        reopen_count=rng.choice([0, 0, 0, 1, 2]),
        last_seq=50,
        custom=CUSTOM[index % len(CUSTOM)],
    )


def _events(rng, ticket):
    """A log with hand-offs, replies by people and programs, and raised levels."""
    at = ticket.created_at
    kinds = ("TEAM", "ASSIGNEE", "LEVEL", "MESSAGE", "STATUS")
    for seq in range(1, rng.randrange(2, 9)):
        kind = rng.choice(kinds)
        event = TicketEvent(ticket=ticket, seq=seq, at=at, kind=kind)
        if kind == "MESSAGE":
            event.direction = rng.choice(["IN", "OUT", "OUT", "INTERNAL"])
        elif kind == "STATUS":
            event.to_value = rng.choice(["in-progress", "waiting", "escalated"])
            event.state = "OPEN"
        elif kind == "LEVEL":
            event.to_value = rng.choice(["L1", "L2", ""])
        else:
            event.to_value = rng.choice(["A", "B", ""])
        yield event


def _clocks(rng, ticket):
    for metric, target in TARGETS.items():
        kind = rng.randrange(6)
        due = ticket.created_at + timedelta(seconds=target)
        elapsed = rng.randrange(1, 3 * target)
        kept = elapsed <= target
        stopped = ticket.created_at + timedelta(seconds=elapsed)
        state = "met" if kept else "missed"
        if kind == 0:  # running past due, judged at its due time
            kept, stopped, state, elapsed = False, None, "running", target + 5
        if kind == 1:  # measures only
            yield _clock(ticket, metric, None, "met", stopped, None, None, elapsed)
            continue
        judged = stopped if kept else due
        clock = _clock(ticket, metric, target, state, stopped, judged, kept, elapsed)
        clock.due_at = due
        clock.is_excluded = ticket.outcome == "DUPLICATE"
        yield clock


def _clock(ticket, metric, target, state, stopped, judged, kept, elapsed):
    return SlaClock(
        ticket=ticket,
        metric=metric,
        state=state,
        target_seconds=target,
        started_at=ticket.created_at,
        stopped_at=stopped,
        elapsed_seconds=elapsed,
        judged_at=judged,
        is_kept=kept,
        computed_at=NOW,
        watched_since=NOW,
    )
