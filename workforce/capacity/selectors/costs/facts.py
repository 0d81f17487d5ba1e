"""What the product has measured that costs are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max, Min, Q, Sum
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
    """One known number, in words where it comes from, and its last day.

    ``currency`` is empty for what is not money.
    """

    value: float
    words: str
    as_of: date
    currency: str = ""


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


@dataclass(frozen=True)
class Scope:
    """The queues that costs are computed from: one scope for every live input.

    ``is_ours`` where they are filled from tickets, for that work is done by our own
    people. Who answers an imported queue is not known here; such queues count only where
    there are no others, for a team whose tickets live elsewhere.
    """

    queues: list[Queue]
    left_out: list[Queue]
    is_ours: bool

    @property
    def words(self) -> str:
        """Say which queues live inputs count, and which they leave out."""
        if not self.queues:
            return _("Nothing is counted yet: there is no queue.")
        if not self.is_ours:
            return _(
                "Live inputs count all queues: none is filled from tickets, so what one "
                "agent gets done is not known here."
            )
        words = _("Live inputs count the queues filled from tickets: %(names)s.") % {
            "names": ", ".join(map(str, self.queues))
        }
        if not self.left_out:
            return words
        left_out = _("Left out: %(names)s; who answers imported work is not known.") % {
            "names": ", ".join(map(str, self.left_out))
        }
        return f"{words} {left_out}"


def counted() -> Scope:
    """Return the scope of live inputs as queues are today."""
    queues = list(
        Queue.objects.filter(is_active=True)
        .prefetch_related("teams")
        .order_by("name", "channel")
    )
    filled = set(
        Queue.objects.filter(channels__isnull=False).values_list("pk", flat=True)
    )
    ours = [queue for queue in queues if queue.pk in filled]
    return Scope(
        queues=ours or queues,
        left_out=[queue for queue in queues if ours and queue.pk not in filled],
        is_ours=bool(ours),
    )


def measured(at: datetime) -> dict[str, Fact]:
    """Return what is known of the eight weeks that end with yesterday, by name.

    A fact that the data does not carry is left out, never guessed.
    """
    until = at.astimezone(UTC).date()
    scope = counted()
    volumes = _volumes(until, scope.queues)
    found = _of_volumes(volumes) if volumes else {}
    people = sum(people_of(scope.queues).values()) if scope.is_ours else 0
    if people and volumes and volumes.handled:
        found["agent_tickets_a_year"] = _agent_tickets(volumes, people)
    reopened = _reopened(until)
    if reopened:
        found["reopened_share"] = reopened
    return found


def _volumes(until: date, queues: Sequence[Queue]) -> _Volumes | None:
    row = DayVolume.objects.filter(
        queue__in=queues,
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
    words = _(
        "%(reopened)s of %(n)s tickets of all queues, resolved in eight weeks"
    ) % {
        "reopened": number_format(row["reopened"], 0, force_grouping=True),
        "n": number_format(row["resolved"], 0, force_grouping=True),
    }
    return Fact(row["reopened"] / row["resolved"], words, until - timedelta(days=1))
