"""The sweep: find clocks that crossed a threshold, record it once, tell who should know.

A clock carries ``next_alert_at``. The sweep reads only rows whose moment has come, locks
their tickets, computes those clocks anew, writes one alert per threshold, moves
``next_alert_at`` on and writes the notifications, all in one transaction per batch. A
worker killed anywhere leaves either all of a batch or nothing of it, and two sweeps at
once share the work.

Who is told: 80 % the assignee, 90 % the team's lead, 100 % the support leads (and the
ticket's log says that it was escalated), 200 % the executives. 50 % shows in the queue
only. Where there is no assignee the lead is told, where there is no lead the support
leads: a promise is never missed in silence. A sweep that finds several thresholds of one
clock at once (after a standstill) records each and tells everyone concerned once, about
the highest.

Old news is recorded and told to nobody: a threshold that was crossed before its clock
was first computed under its policy version (an imported history, a policy published for
the past), unless that is less than a day ago.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sla.core.alerts import BREACH, THRESHOLDS, Crossing, is_crossed
from sla.models import SlaAlert, SlaClock
from sla.selectors.computed import (
    ComputedClock,
    ComputedTicket,
    Vocabulary,
    compute_clocks,
    vocabulary,
)
from sla.services import clocks
from sla.services.clock_rows import ClockKey
from supportops.common import roles
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from tickets.models import Ticket
from tickets.services import Escalation, record_escalations
from workforce.people.models import User

OLD_NEWS = timedelta(hours=24)
ASSIGNEE, TEAM_LEAD, SEVERE = 80, 90, 200
BATCH = 500


@dataclass(frozen=True, slots=True)
class Fired:
    """The thresholds that one sweep found crossed on one clock, lowest first."""

    clock_id: int
    ticket_id: int
    metric: str
    cycle: int
    due_at: int | None
    crossings: tuple[Crossing, ...]
    is_news: bool

    @property
    def highest(self) -> int:
        return self.crossings[-1].threshold

    def passed(self, threshold: int) -> bool:
        return any(found.threshold == threshold for found in self.crossings)


def sweep(*, at: datetime, batch: int = BATCH) -> dict[str, int]:
    """Fire every alert whose moment has come; return counts.

    Costs what is due, not what is open. Tickets that somebody is changing at this moment
    are left to the next sweep (on PostgreSQL; SQLite has one writer at a time).

    Returns
    -------
    dict
        ``tickets`` looked at, ``alerts`` recorded, ``told`` notifications written,
        ``escalated`` tickets.
    """
    counts = {"tickets": 0, "alerts": 0, "told": 0, "escalated": 0}
    words = vocabulary()
    for ticket_ids in _due_tickets(at, batch):
        # What the sweep writes on a ticket changes no clock: no need to compute again.
        with clocks.kept_current():
            _sweep_batch(ticket_ids, at, words, counts)
    return counts


def _due_tickets(at: datetime, batch: int) -> Iterator[list[int]]:
    """Walk once through what is due, in order; what others hold is passed over."""
    last: tuple[datetime, int] | None = None
    while True:
        due = SlaClock.objects.alert_due(at).order_by("next_alert_at", "pk")
        if last:
            moment, pk = last
            due = due.filter(
                Q(next_alert_at__gt=moment) | Q(next_alert_at=moment, pk__gt=pk)
            )
        rows: list[tuple[Any, int, int]] = list(
            due.values_list("next_alert_at", "pk", "ticket_id")[:batch]
        )
        if not rows:
            return
        last = rows[-1][0], rows[-1][1]
        yield sorted({row[2] for row in rows})


@transaction.atomic
def _sweep_batch(
    ticket_ids: Sequence[int], at: datetime, words: Vocabulary, counts: dict[str, int]
) -> None:
    locked = clocks.lock_tickets(ticket_ids, skip_locked=True)
    stored = clocks.stored_clocks(locked)
    thresholds = clocks.fired_thresholds(locked)
    computed = list(compute_clocks(locked, at, words))
    found = [
        fired
        for ticket in computed
        for fired in _fired_on(ticket, stored, thresholds, at)
    ]
    counts["tickets"] += len(locked)
    counts["alerts"] += _record(found, at)
    thresholds.update({fired.clock_id: fired.highest for fired in found})
    clocks.write_computed(computed, stored, thresholds, at, counts=clocks.Counts())
    news = [fired for fired in found if fired.is_news]
    counts["escalated"] += _escalate(news, at)
    counts["told"] += _tell(news, at)


def _fired_on(
    ticket: ComputedTicket,
    stored: dict[ClockKey, clocks.StoredClock],
    thresholds: dict[int, int],
    at: datetime,
) -> Iterator[Fired]:
    for clock in ticket.clocks:
        result = clock.result
        before = stored.get((ticket.ticket.ticket_id, result.metric, result.cycle))
        if before is None or before.values.next_alert_at is None:
            continue
        crossings = _crossed(ticket, clock, thresholds.get(before.pk, 0))
        if not crossings:
            continue
        yield Fired(
            before.pk,
            ticket.ticket.ticket_id,
            result.metric,
            result.cycle,
            result.due_at,
            crossings,
            _is_news(crossings[-1].at, before.watched_since, at),
        )


def _crossed(
    ticket: ComputedTicket, clock: ComputedClock, done: int
) -> tuple[Crossing, ...]:
    result = clock.result
    stopped_in_time = result.stopped_at is not None and not result.breach_seconds
    if stopped_in_time or ticket.timeline.excluded:
        return ()
    found = []
    for threshold in THRESHOLDS:
        if threshold > done:
            crossing = ticket.crossing(clock, threshold)
            if crossing is None or not is_crossed(crossing, result, ticket.now):
                break
            found.append(crossing)
    return tuple(found)


def _is_news(crossed_at: int, watched_since: datetime, at: datetime) -> bool:
    earliest = min(watched_since, at - OLD_NEWS)
    return crossed_at >= int(earliest.timestamp())


def _record(found: Iterable[Fired], at: datetime) -> int:
    alerts = [
        SlaAlert(
            clock_id=fired.clock_id,
            threshold=crossing.threshold,
            crossed_at=datetime.fromtimestamp(crossing.at, UTC),
            fired_at=at,
            due_at=clocks.moment(fired.due_at),
        )
        for fired in found
        for crossing in fired.crossings
    ]
    SlaAlert.objects.bulk_create(alerts, ignore_conflicts=True)
    return len(alerts)


def _escalate(news: Iterable[Fired], at: datetime) -> int:
    """Write each breach on its ticket."""
    breaches = [fired for fired in news if fired.passed(BREACH)]
    if not breaches:
        return 0
    return record_escalations(
        (
            Escalation(
                fired.ticket_id,
                _("%(metric)s missed: support leads were told.")
                % {"metric": _metric_name(fired.metric)},
                {
                    "clock": fired.clock_id,
                    "metric": fired.metric,
                    "cycle": fired.cycle,
                    "threshold": BREACH,
                },
            )
            for fired in breaches
        ),
        at=at,
    )


def _tell(news: Sequence[Fired], at: datetime) -> int:
    loud = [fired for fired in news if fired.highest >= ASSIGNEE]
    if not loud:
        return 0
    tickets = {
        ticket.pk: ticket
        for ticket in Ticket.objects.filter(
            pk__in={fired.ticket_id for fired in loud}
        ).select_related("assignee", "team__lead")
    }
    groups = {
        role: list(User.objects.filter(groups__name=role, is_active=True))
        for role in (roles.SUPPORT_LEAD, roles.EXECUTIVE)
    }
    return notifications.notify_all(
        (_message(fired, tickets[fired.ticket_id], groups) for fired in loud), at=at
    )


def _message(
    fired: Fired, ticket: Ticket, groups: dict[str, list[User]]
) -> notifications.Message:
    return notifications.Message(
        recipients=_recipients(fired, ticket, groups),
        kind=Kind.SLA_BREACH if fired.highest >= BREACH else Kind.SLA_WARNING,
        # Not the clock's id: a cycle that vanishes and comes back is told once.
        dedup_key=f"sla:{fired.ticket_id}:{fired.metric}:{fired.cycle}:{fired.highest}",
        title=_title(fired),
        body=_body(fired, ticket),
        url=reverse("admin:tickets_ticket_change", args=[ticket.pk]),
    )


def _recipients(
    fired: Fired, ticket: Ticket, groups: dict[str, list[User]]
) -> list[User]:
    """Everyone concerned by any of the thresholds crossed."""
    people: list[User] = []
    leads = groups[roles.SUPPORT_LEAD]
    team_lead = ticket.team.lead if ticket.team else None
    heads = [team_lead] if team_lead and team_lead.is_active else leads
    if fired.passed(ASSIGNEE):
        assignee = ticket.assignee
        people += [assignee] if assignee and assignee.is_active else heads
    if fired.passed(TEAM_LEAD):
        people += heads
    if fired.passed(BREACH):
        people += leads
    if fired.passed(SEVERE):
        people += groups[roles.EXECUTIVE]
    return people


def _title(fired: Fired) -> str:
    if fired.highest >= SEVERE:
        words = _("Twice the promised time: %(metric)s of ticket #%(number)d")
    elif fired.highest >= BREACH:
        words = _("Missed: %(metric)s of ticket #%(number)d")
    else:
        words = _("%(percent)d %% used: %(metric)s of ticket #%(number)d")
    return words % {
        "metric": _metric_name(fired.metric).lower(),
        "number": fired.ticket_id,
        "percent": fired.highest,
    }


def _body(fired: Fired, ticket: Ticket) -> str:
    due_at = clocks.moment(fired.due_at)
    if due_at is None:
        return ticket.subject
    words = _("Was due %(due)s.") if fired.highest >= BREACH else _("Due %(due)s.")
    return f"{ticket.subject}\n" + words % {"due": f"{due_at:%Y-%m-%d %H:%M} UTC"}


def _metric_name(metric: str) -> str:
    return str(SlaClock.Metric(metric).label)
