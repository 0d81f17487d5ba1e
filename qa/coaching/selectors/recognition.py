"""Reads of recognition: the wall, this week's nominations, and who leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from qa.coaching.core import awards
from qa.coaching.models import Recognition, Vote
from qa.models import Review
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scores import scoreboard
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to
from workforce.people.models import User

Kind, State = Recognition.Kind, Recognition.State
FEED = 30
MONTHS_SHOWN = 6
MIN_N = {Kind.TOP_PERFORMER: 5, Kind.QUALITY_CHAMPION: 15}
"""Random reviews below which nobody is named for a month, or for a quarter."""
MONTHS = {Kind.TOP_PERFORMER: 1, Kind.QUALITY_CHAMPION: 3}


def wall(today: date) -> QuerySet[Recognition]:
    """Awards and shout-outs of the last months, the latest first."""
    since = awards.next_start(awards.month_start(today), -MONTHS_SHOWN)
    return (
        Recognition.objects.filter(state=State.AWARDED, period_start__gte=since)
        .select_related("agent", "agent__team", "nominated_by", "ticket")
        .order_by("-awarded_at", "-pk")
    )


def latest_award(kind: str) -> Recognition | None:
    return (
        Recognition.objects.filter(kind=kind, state=State.AWARDED)
        .select_related("agent", "agent__team", "ticket")
        .order_by("-period_start", "-pk")
        .first()
    )


def nominations(user: User, week: date) -> QuerySet[Recognition]:
    """Tickets nominated for a week by votes, with whether this person votes for them."""
    mine = Vote.objects.filter(recognition=OuterRef("pk"), user=user)
    return (
        Recognition.objects.filter(
            kind=Kind.TICKET_OF_WEEK, period_start=week, state=State.NOMINATED
        )
        .select_related("agent", "ticket", "nominated_by")
        .annotate(count=Count("votes"), is_mine=Exists(mine))
        .order_by("-count", "created_at", "pk")
    )


def open_weeks(today: date) -> list[date]:
    """Weeks that have nominations and no award yet, up to this one, oldest first."""
    weeks = (
        Recognition.objects.filter(
            kind=Kind.TICKET_OF_WEEK,
            state=State.NOMINATED,
            period_start__lte=awards.week_start(today),
        )
        .exclude(period_start__in=_awarded(Kind.TICKET_OF_WEEK))
        .values_list("period_start", flat=True)
        .distinct()
        .order_by("period_start")
    )
    return list(weeks)


def _awarded(kind: str) -> QuerySet[Recognition, date]:
    return Recognition.objects.filter(kind=kind, state=State.AWARDED).values_list(
        "period_start", flat=True
    )


def visible_tickets(user: User, found: Sequence[Recognition]) -> set[int]:
    """Which of the tickets on the wall this person may open."""
    ids = {row.ticket_id for row in found if row.ticket_id}
    return set(tickets_visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def ticket_to_nominate(user: User, number: int) -> Ticket | None:
    """A ticket the person may see and that somebody else has worked."""
    return (
        tickets_visible_to(user)
        .filter(pk=number, assignee__isnull=False)
        .select_related("assignee")
        .first()
    )


def exemplary_reviews(user: User, since: date) -> QuerySet[Review]:
    """Released reviews worth showing that this person may read, not nominated yet."""
    nominated = Recognition.objects.filter(
        kind=Kind.TICKET_OF_WEEK, ticket__isnull=False
    )
    return (
        reviews_visible_to(user)
        .counted()
        .filter(is_exemplary=True, released_at__date__gte=since)
        .exclude(agent=user)
        .exclude(ticket__in=nominated.values("ticket"))
        .select_related("agent", "ticket")
        .order_by("-released_at", "-pk")
    )


def colleagues_of(user: User) -> QuerySet[User]:
    """People who can be thanked: everybody on the staff but oneself."""
    return (
        User.objects.filter(
            is_active=True, is_staff=True, is_automation=False, imported_from=""
        )
        .exclude(pk=user.pk)
        .order_by("last_name", "first_name", "pk")
    )


@dataclass(frozen=True)
class Period:
    """One month or quarter that an award can be for: days ``[start, end)``."""

    kind: str
    start: date
    end: date

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


def period_of(kind: str, day: date) -> Period:
    """Return the month or quarter that ``day`` lies in."""
    starts = {
        Kind.TOP_PERFORMER: awards.month_start,
        Kind.QUALITY_CHAMPION: awards.quarter_start,
    }
    first = starts[Kind(kind)](day)
    return Period(kind, first, awards.next_start(first, MONTHS[Kind(kind)]))


def last_complete(kind: str, today: date) -> Period:
    """Return the last month or quarter that is over on ``today``."""
    return period_of(kind, period_of(kind, today).start - timedelta(days=1))


def is_awarded(period: Period) -> bool:
    return Recognition.objects.filter(
        kind=period.kind, period_start=period.start, state=State.AWARDED
    ).exists()


def ranked(period: Period) -> list[tuple[awards.Candidate, str]]:
    """Candidates by the lower end of their adjusted score's interval, with their names.

    Only for whoever awards: scores of others are nobody else's matter. People who have
    left are not among them.
    """
    board = scoreboard(start=period.start, end=period.end)
    here = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    found, names = [], {}
    for row in board.agents:
        if row.adjusted is None or row.low is None or row.high is None:
            continue
        if row.agent_id not in here:
            continue
        names[row.agent_id] = row.name
        found.append(
            awards.Candidate(
                row.agent_id, row.low, row.adjusted, row.high, row.random.n
            )
        )
    best = awards.best_by_lower_bound(found, min_n=MIN_N[Kind(period.kind)])
    return [(each, names[each.agent_id]) for each in best]
