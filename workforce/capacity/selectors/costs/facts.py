"""What the product has measured that costs are computed from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from tickets.models import Ticket
from workforce.capacity.models import DayVolume, Queue
from workforce.capacity.selectors.hiring.people import people_of

WINDOW_DAYS = 56
YEAR_DAYS = 365
MONTHS = 12
LEAST_TIMED = 10
"""Below so many timed tickets a mean handle time says little, and none is given."""


@dataclass(frozen=True)
class Fact:
    """One measured number, in words where it comes from, and its last day."""

    value: float
    words: str
    as_of: date


@dataclass(frozen=True)
class _Volumes:
    first: date
    last: date
    days: int
    offered: int
    handled: int
    timed: int
    handle_seconds: int

    @property
    def span(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def period(self) -> dict[str, str]:
        return {"first": date_format(self.first), "last": date_format(self.last)}


def measured(at: datetime) -> dict[str, Fact]:
    """Return what is known of the eight weeks that end with yesterday, by name.

    A fact that the data does not carry is left out, never guessed.
    """
    until = at.astimezone(UTC).date()
    volumes = _volumes(until)
    found = _of_volumes(volumes) if volumes else {}
    people = sum(people_of([]).values())
    ours = _volumes(until, Queue.objects.filter(channels__isnull=False))
    if people and ours and ours.handled:
        found["agent_tickets_a_year"] = _agent_tickets(ours, people)
    reopened = _reopened(until)
    if reopened:
        found["reopened_share"] = reopened
    return found


def _volumes(until: date, queues: QuerySet[Queue] | None = None) -> _Volumes | None:
    """Sum eight weeks of some queues, or of all.

    Who answers an imported queue is not known here: only queues that are filled from
    tickets say what our own people get done.
    """
    chosen = Queue.objects.all() if queues is None else queues
    row = DayVolume.objects.filter(
        queue__in=chosen.filter(is_active=True).values("pk"),
        day__gte=until - timedelta(days=WINDOW_DAYS),
        day__lt=until,
    ).aggregate(
        first=Min("day"),
        last=Max("day"),
        days=Count("day", distinct=True),
        offered=Sum("offered"),
        handled=Sum("handled"),
        timed=Sum("timed"),
        handle_seconds=Sum("handle_seconds"),
    )
    return _Volumes(**row) if row["days"] else None


def _of_volumes(volumes: _Volumes) -> dict[str, Fact]:
    counted = {"n": number_format(volumes.offered, 0, force_grouping=True)}
    words = _("%(n)s tickets, %(first)s to %(last)s") % {**counted, **volumes.period}
    found = {
        "tickets_a_day": Fact(
            volumes.offered / volumes.days,
            _("%(words)s, over %(days)s days with tickets")
            % {"words": words, "days": volumes.days},
            volumes.last,
        ),
        "tickets_a_month": Fact(
            volumes.offered / volumes.span * YEAR_DAYS / MONTHS, words, volumes.last
        ),
    }
    if volumes.timed >= LEAST_TIMED:
        found["measured_minutes"] = _handle_minutes(volumes)
    return found


def _handle_minutes(volumes: _Volumes) -> Fact:
    words = _("%(n)s tickets with a known handle time, %(first)s to %(last)s") % {
        "n": number_format(volumes.timed, 0, force_grouping=True),
        **volumes.period,
    }
    return Fact(volumes.handle_seconds / volumes.timed / 60, words, volumes.last)


def _agent_tickets(volumes: _Volumes, people: int) -> Fact:
    words = _(
        "%(n)s tickets handled, %(first)s to %(last)s, by %(people)s people, as a year"
    ) % {
        "n": number_format(volumes.handled, 0, force_grouping=True),
        "people": people,
        **volumes.period,
    }
    a_year = volumes.handled / volumes.span * YEAR_DAYS
    return Fact(a_year / people, words, volumes.last)


def _reopened(until: date) -> Fact | None:
    end = datetime.combine(until, time(), tzinfo=UTC)
    start = end - timedelta(days=WINDOW_DAYS)
    row = Ticket.objects.filter(resolved_at__gte=start, resolved_at__lt=end).aggregate(
        resolved=Count("pk"), reopened=Count("pk", filter=Q(reopen_count__gt=0))
    )
    if not row["resolved"]:
        return None
    words = _("%(reopened)s of %(n)s tickets resolved in eight weeks") % {
        "reopened": number_format(row["reopened"], 0, force_grouping=True),
        "n": number_format(row["resolved"], 0, force_grouping=True),
    }
    return Fact(row["reopened"] / row["resolved"], words, until - timedelta(days=1))
