"""Every figure of the catalogue against plain Python over the tables."""

import itertools
import statistics
from datetime import date, timedelta

import pytest

from supportops.metrics import catalogue
from supportops.metrics.registry import Visibility
from supportops.metrics.scopes import Scope
from tests.factories.facts import CUSTOM, NOW, random_world
from tickets.models import Organisation, TicketEvent

pytestmark = pytest.mark.django_db

PLANNING = {
    "forecast_wape",
    "forecast_bias",
    "forecast_coverage",
    "coverage_gaps",
    "cost_per_ticket",
}
START, END = date(2026, 4, 1), date(2026, 5, 10)
# Of the fields imports bring: answers from 1 to 5, of those happy, and seconds of work.
ANSWERED = [CUSTOM[1], CUSTOM[2], CUSTOM[3]]
HAPPY = [CUSTOM[1], CUSTOM[3]]
TIMED = {str(CUSTOM[1]): 750, str(CUSTOM[2]): 1800, str(CUSTOM[5]): 420}


def inside(moment, scope):
    return moment is not None and scope.start <= moment.date() < scope.end


def seen(ticket, scope):
    """Filters and visibility, one ticket at a time."""
    customer = ticket.organisation
    values = {
        "priority": ["", "P1", "P2", "P3", "P4", "P5"].index(ticket.priority),
        "team": ticket.team_id or 0,
        "agent": ticket.assignee_id or 0,
        "category": ticket.category_id or 0,
        "channel": ticket.channel_id or 0,
        "organisation": ticket.organisation_id or 0,
        "tier": (customer.tier_id if customer else 0) or 0,
    }
    wanted = {k: v for k, v in scope.filters.items() if k in values}
    if not all(values[name] in allowed for name, allowed in wanted.items()):
        return False
    if scope.visible is None:
        return True
    nobody = ticket.team_id is None and ticket.assignee_id is None
    mine = ticket.assignee_id == scope.visible.agent
    return nobody or mine or ticket.team_id in scope.visible.teams


def mean(values):
    return statistics.fmean(values) if values else None


def share(hits):
    return (sum(hits) / len(hits) if hits else None, len(hits))


def handoffs(ticket, kind):
    values = [
        event.to_value
        for event in TicketEvent.objects.filter(ticket=ticket).order_by("seq")
        if event.kind == kind and event.to_value
    ]
    return sum(a != b for a, b in itertools.pairwise(values))


def is_escalated(ticket):
    events = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq"))
    levels = [e.to_value for e in events if e.kind == "LEVEL" and e.to_value]
    rose = any(b > a for a, b in itertools.pairwise(levels))
    return rose or any(e.kind == "STATUS" and e.to_value == "escalated" for e in events)


def replies(ticket):
    return TicketEvent.objects.filter(
        ticket=ticket, kind="MESSAGE", direction="OUT"
    ).count()


def by_hand(world, scope):
    """Value and n of every metric that counts facts of days."""
    clocks = [
        clock
        for clock in world.clocks
        if inside(clock.judged_at, scope) and seen(clock.ticket, scope)
    ]
    judged = [clock for clock in clocks if not clock.is_excluded]
    missed = [clock for clock in judged if not clock.is_kept]
    severe = [c for c in missed if c.elapsed_seconds >= 2 * c.target_seconds]

    def kept(metric):
        return share([c.is_kept for c in judged if c.metric == metric])

    def elapsed(metric):
        done = [c for c in judged if c.metric == metric and c.stopped_at]
        return mean([c.elapsed_seconds for c in done]), len(done)

    created = [
        t for t in world.tickets if inside(t.created_at, scope) and seen(t, scope)
    ]
    resolved = [
        t for t in world.tickets if inside(t.resolved_at, scope) and seen(t, scope)
    ]
    single = [t for t in resolved if t.outcome != "DUPLICATE"]
    answered = [t for t in created if t.first_response_at and t.outcome != "DUPLICATE"]
    took = [(t.resolved_at - t.created_at).total_seconds() // 1 for t in single]
    waits = [
        (t.first_response_at - t.created_at).total_seconds() // 1 for t in answered
    ]
    told = [t for t in single if replies(t)]
    timed = [TIMED[str(t.custom)] for t in resolved if str(t.custom) in TIMED]
    prioritised = [t for t in created if t.priority]
    own = [t for t in resolved if t.assignee_id]
    agent_days = len({(t.assignee_id, t.resolved_at.date()) for t in own})
    worked = [TIMED[str(t.custom)] for t in own if str(t.custom) in TIMED]
    return {
        "response_sla": kept("first_response"),
        "resolution_sla": kept("resolution"),
        "next_reply_sla": kept("next_reply"),
        "update_sla": kept("periodic_update"),
        "promises_kept": share([c.is_kept for c in judged]),
        "sla_response_time": elapsed("first_response"),
        "sla_resolution_time": elapsed("resolution"),
        "breach_count": (len({c.ticket_id for c in missed}), len(judged)),
        "severe_breach_count": (len({c.ticket_id for c in severe}), len(judged)),
        "missed_promises": (len(missed), len(judged)),
        "excluded_promises": (len(clocks) - len(judged), len(clocks)),
        "first_response_time": (mean(waits), len(waits)),
        "resolution_time": (mean(took), len(took)),
        "resolution_time_median": (
            statistics.median(took) if took else None,
            len(took),
        ),
        "first_contact_resolution": share(
            [
                replies(t) == 1 and not t.reopen_count and not is_escalated(t)
                for t in told
            ]
        ),
        "reopen_rate": share([t.reopen_count > 0 for t in single]),
        "csat": share([t.custom in HAPPY for t in resolved if t.custom in ANSWERED]),
        "handle_time": (mean(timed), len(timed)),
        "tickets_per_agent_day": (
            len(own) / agent_days if agent_days else None,
            agent_days,
        ),
        "utilisation": (
            sum(worked) / (agent_days * 6 * 3600) if worked else None,
            agent_days if worked else 0,
        ),
        "escalation_rate": share([is_escalated(t) for t in created]),
        "ticket_volume": (len(created), len(created)),
        "p1_share": share([t.priority == "P1" for t in prioritised]),
        "p2_share": share([t.priority == "P2" for t in prioritised]),
        "team_handoffs": (mean([handoffs(t, "TEAM") for t in resolved]), len(resolved)),
        "agent_handoffs": (
            mean([handoffs(t, "ASSIGNEE") for t in resolved]),
            len(resolved),
        ),
    }


def queue_by_hand(world, scope):
    waiting = [t for t in world.tickets if t.is_open and seen(t, scope)]
    ages = [(NOW - t.created_at).total_seconds() for t in waiting]
    urgent = [t for t in waiting if t.priority in {"P1", "P2"} and not t.assignee_id]
    n = len(waiting)
    return {
        "backlog": (n, n),
        "backlog_over_24h": (sum(age > 86400 for age in ages), n),
        "backlog_age": (mean(ages), n),
        "unassigned_urgent": (len(urgent), n),
    }


def scopes(world):
    ticket = world.tickets[0]
    yield Scope(START, END, at=NOW)
    yield Scope(START, START + timedelta(days=1), at=NOW)
    yield Scope(START, END, {"priority": frozenset({0, 1})}, at=NOW)
    yield Scope(START, END, {"team": frozenset({world.teams[0].pk, 0})}, at=NOW)
    yield Scope(START, END, {"tier": frozenset({0})}, at=NOW)
    yield Scope(
        START,
        END,
        {
            "category": frozenset({ticket.category_id or 0}),
            "channel": frozenset({ticket.channel_id or 0}),
        },
        at=NOW,
    )
    yield Scope(START, END, {"agent": frozenset({world.agents[1].pk})}, at=NOW)
    visible = Visibility(world.agents[0].pk, frozenset({world.teams[0].pk}))
    yield Scope(START, END, visible=visible, at=NOW)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_metric_agrees_with_brute_force(seed):
    world = random_world(seed=seed, tickets=80)
    compared = set()

    for scope in scopes(world):
        expected = by_hand(world, scope) | queue_by_hand(world, scope)
        for code, (value, n) in expected.items():
            figure = catalogue.get(code).compute(scope)
            assert (code, figure.n) == (code, n)
            assert figure.value == pytest.approx(value, abs=1e-3), code
            compared.add(code)

    # Those of quality, planning and self-service have their own brute force beside them
    # (tests/qa/metrics, tests/capacity/test_planning_metrics.py,
    # tests/kb/test_kb_metrics_by_hand.py).
    others = {
        m.code
        for m in catalogue.all()
        if not m.code.startswith(("qa_", "kb_")) and m.code not in PLANNING
    }
    assert compared | {"tickets_per_100_customers"} == others


def test_tickets_per_100_customers_are_scaled_to_a_month():
    world = random_world(seed=3)
    scope = Scope(START, START + timedelta(days=15))
    created = [t for t in world.tickets if inside(t.created_at, scope)]

    figure = catalogue.get("tickets_per_100_customers").compute(scope)

    customers = Organisation.objects.count()
    assert figure.n == len(created)
    assert figure.value == pytest.approx(len(created) / customers * 100 * 2)


def test_groups_and_trend_partition_the_figure():
    random_world(seed=4)
    scope = Scope(START, END)
    for metric in (catalogue.get("promises_kept"), catalogue.get("ticket_volume")):
        whole = metric.compute(scope)
        for parts in (
            metric.by(scope, "priority", "tier").values(),
            metric.by(scope, "team").values(),
            [figure for _day, figure in metric.trend(scope, "week")],
        ):
            assert sum(part.n for part in parts) == whole.n
            assert sum(part.hits or 0 for part in parts) == (whole.hits or 0)


def test_each_cell_is_the_figure_of_its_filter():
    random_world(seed=5)
    scope = Scope(START, END)
    metric = catalogue.get("resolution_sla")

    cells = metric.by(scope, "priority", "team")

    assert len(cells) > 6
    for (priority, team), figure in cells.items():
        narrowed = scope.where(priority=frozenset({priority}), team=frozenset({team}))
        assert metric.compute(narrowed) == figure


def test_average_time_is_judged_by_what_was_promised():
    world = random_world(seed=6)
    scope = Scope(START, END)

    figure = catalogue.get("sla_response_time").compute(scope)

    done = [
        c
        for c in world.clocks
        if c.metric == "first_response"
        and inside(c.judged_at, scope)
        and c.stopped_at
        and not c.is_excluded
    ]
    assert figure.target.at_most == pytest.approx(
        0.5 * mean([c.target_seconds for c in done])
    )
