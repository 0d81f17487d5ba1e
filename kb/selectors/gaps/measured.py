"""The terms of the formula that all gaps share: measured where possible, else assumed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.core.gaps import Range, Term, avoided_share, mean_range, share_range
from kb.selectors.gaps import asked
from kb.selectors.gaps.tickets import TicketRow, came_by_help, tickets_of

WINDOW_DAYS = 90
"""Three months: enough of a rare question, and not what was asked a year ago."""

PRIOR_SEARCHES = 20
TIMED_LEAST = 30
SEARCHES_LEAST = 200

AVOIDED = Range(0.30, 0.40, 0.50)
"""A well-kept help centre spares 30 to 50 % of tickets, says the product's handbook."""
REACHED = Range(0.20, 0.35, 0.50)
"""How many look before they write: a guess, for who writes by mail leaves no trace."""
MINUTES = Range(6, 12, 20)
TICKETS_PER_SEARCH = 0.05
WRONG_WHEN_STALE = Range(0.10, 0.20, 0.30)
"""How many articles prove wrong when they are looked at late: a guess."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What holds for every gap of one computation.

    ``ticket_rate`` is tickets for each search that failed, of ``rate_n`` searches.
    """

    since: datetime
    until: datetime
    days: int
    ticket_rate: float
    rate_n: int
    avoided: Term
    reached: Term
    minutes: Term
    tickets: Mapping[int, TicketRow]
    by_help: frozenset[int]

    def minutes_of(self, tickets: Collection[int]) -> Term:
        """Return the mean of some tickets where enough were timed, else that of all."""
        timed = [
            self.tickets[pk].minutes
            for pk in tickets
            if pk in self.tickets and self.tickets[pk].minutes
        ]
        if len(timed) < TIMED_LEAST:
            return self.minutes
        return Term("minutes", mean_range(timed), len(timed))


def measure(*, at: datetime, days: int = WINDOW_DAYS) -> Measured:
    """Return the shared terms, of the ``days`` days before ``at``."""
    since = at - timedelta(days=days)
    tickets = tickets_of(since, at)
    by_help = came_by_help(since)
    outcomes = asked.outcomes(since, at)
    rate = outcomes.failed_tickets / outcomes.failed if outcomes.failed else 0.0
    return Measured(
        since=since,
        until=at,
        days=days,
        ticket_rate=rate if outcomes.failed >= SEARCHES_LEAST else TICKETS_PER_SEARCH,
        rate_n=outcomes.failed if outcomes.failed >= SEARCHES_LEAST else 0,
        avoided=_avoided(outcomes),
        reached=_reached(tickets, by_help),
        minutes=_minutes(tickets),
        tickets=tickets,
        by_help=frozenset(by_help),
    )


def _avoided(outcomes: asked.Outcomes) -> Term:
    n = outcomes.answered + outcomes.failed
    if min(outcomes.answered, outcomes.failed) >= SEARCHES_LEAST:
        share = avoided_share(
            answered=outcomes.answered,
            answered_tickets=outcomes.answered_tickets,
            failed=outcomes.failed,
            failed_tickets=outcomes.failed_tickets,
        )
        if share is not None:
            return Term("avoided", share, n)
    return Term("avoided", AVOIDED, 0)


def _reached(tickets: Mapping[int, TicketRow], by_help: set[int]) -> Term:
    """Those known to have looked are a lower limit; it counts once it is above the guess."""
    known = len(by_help & tickets.keys())
    if known:
        least = share_range(known, len(tickets))
        if least.low >= REACHED.likely:
            return Term("reached", least, len(tickets))
    return Term("reached", REACHED, 0)


def _minutes(tickets: Mapping[int, TicketRow]) -> Term:
    timed = [row.minutes for row in tickets.values() if row.minutes]
    if len(timed) < TIMED_LEAST:
        return Term("minutes", MINUTES, 0)
    return Term("minutes", mean_range(timed), len(timed))
