"""What inputs can be read live from: volumes, planned staff, tickets, the catalogue."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite

from django.db.models import Q, QuerySet, Sum
from django.utils.text import slugify
from django.utils.translation import gettext as _

from supportops.metrics import catalogue
from supportops.metrics.catalogue import Unit
from supportops.metrics.core.intervals import share_interval
from supportops.metrics.scopes import FactStore, today
from tickets.models import Ticket
from workforce.capacity.models import (
    Calculation,
    DayVolume,
    Decision,
    DecisionInput,
    PlannedStaff,
    Queue,
)
from workforce.capacity.selectors.costs.worked import used_elsewhere, worked
from workforce.capacity.selectors.decisions.figures import (
    Window,
    day_text,
    figure_of,
)
from workforce.capacity.selectors.decisions.narrowing import filters_of

DAYS = 28
MIX = "mix_"


@dataclass(frozen=True)
class Live:
    """A value read now: its plausible range where there is one, source and day."""

    value: float
    unit: str
    source: str
    as_of: date
    low: float | None = None
    high: float | None = None


def read_live(row: DecisionInput, decision: Decision, at: datetime) -> Live | None:
    """Read an input from what the portal knows; ``None`` where it knows nothing.

    Four weeks up to yesterday, over the queues of the decision (all active ones when it
    names none).
    """
    if row.metric:
        return _from_catalogue(row, decision, at)
    if row.key.startswith(MIX):
        return _channel_share(row.key.removeprefix(MIX), decision, at)
    reader = READERS.get(row.key)
    return reader(decision, at) if reader else None


def is_typed(row: DecisionInput, decision: Decision, at: datetime) -> bool:
    """Tell whether a person gave the value, from somewhere else than it is read from.

    Sources that are read differ in their dates and counts only.
    """
    if row.value is None:
        return False
    live = read_live(row, decision, at)
    return live is None or _origin(row.source) != _origin(live.source)


def _origin(source: str) -> str:
    return re.split(r"\d", source, maxsplit=1)[0]


def can_read(row: DecisionInput) -> bool:
    """Tell whether there is a live source for this input at all."""
    return bool(row.metric) or row.key.startswith(MIX) or row.key in READERS


def _window(at: datetime) -> Window:
    day = today(at)
    return Window(day - timedelta(days=DAYS), day, False)


def _span(window: Window) -> dict[str, str]:
    return {
        "first": day_text(window.start),
        "last": day_text(window.end - timedelta(days=1)),
    }


def _queues(decision: Decision) -> QuerySet[Queue]:
    chosen = decision.queues.all()
    return chosen if chosen.exists() else Queue.objects.filter(is_active=True)


def _volumes(decision: Decision, window: Window) -> QuerySet[DayVolume]:
    return DayVolume.objects.filter(
        queue__in=_queues(decision), day__gte=window.start, day__lt=window.end
    )


def _channel_share(channel: str, decision: Decision, at: datetime) -> Live | None:
    window = _window(at)
    offered = {
        row["queue__channel"].lower(): row["offered"]
        for row in _volumes(decision, window)
        .values("queue__channel")
        .order_by("queue__channel")
        .annotate(offered=Sum("offered"))
    }
    total = sum(offered.values())
    if not total:
        return None
    by_key = {slugify(name).replace("-", "_"): n for name, n in offered.items()}
    hits = (by_key | offered).get(channel.lower(), 0)
    source = _("Volumes, %(first)s to %(last)s, n = %(n)d contacts") % {
        **_span(window),
        "n": total,
    }
    return _share(hits, total, source, at)


def _share(hits: int, total: int, source: str, at: datetime) -> Live:
    low, high = share_interval([hits], [total])[0]
    return Live(
        round(100 * hits / total, 1),
        "%",
        source,
        today(at),
        low=round(100 * float(low), 1),
        high=round(100 * float(high), 1),
    )


def _tickets_a_week(decision: Decision, at: datetime) -> Live | None:
    window = _window(at)
    weeks: list[int] = [
        total
        for start in range(0, DAYS, 7)
        if (total := _offered(decision, window.start + timedelta(days=start)))
    ]
    if not weeks:
        return None
    source = _("Volumes, %(first)s to %(last)s; range of %(n)d weeks") % {
        **_span(window),
        "n": len(weeks),
    }
    return Live(
        round(sum(weeks) / len(weeks), 1),
        _("a week"),
        source,
        today(at),
        low=min(weeks),
        high=max(weeks),
    )


def _offered(decision: Decision, start: date) -> int:
    week = Window(start, start + timedelta(days=7), False)
    return _volumes(decision, week).aggregate(n=Sum("offered"))["n"] or 0


def _handle_minutes(decision: Decision, at: datetime) -> Live | None:
    window = _window(at)
    found = _volumes(decision, window).aggregate(
        timed=Sum("timed"), seconds=Sum("handle_seconds")
    )
    if not found["timed"]:
        return None
    source = _("Volumes, %(first)s to %(last)s, n = %(n)d with a handle time") % {
        **_span(window),
        "n": found["timed"],
    }
    minutes = found["seconds"] / found["timed"] / 60
    return Live(round(minutes, 1), _("minutes"), source, today(at))


def _staffing(decision: Decision, at: datetime) -> Live | None:
    """Planned people as full-time equivalents: their hours in a week by those paid."""
    day = today(at)
    blocks = PlannedStaff.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        queue__in=_queues(decision),
    ).select_related("queue__assumptions")
    total, n = 0.0, 0
    for block in blocks:
        hours = (block.ends_minute - block.starts_minute) / 60 * float(block.people)
        assumed = getattr(block.queue, "assumptions", None)
        total += hours / (float(assumed.hours_per_week) if assumed else 40.0)
        n += 1
    if not n:
        return None
    source = _("Planned people on %(day)s, %(n)d blocks, before shrinkage") % {
        "day": day_text(day),
        "n": n,
    }
    return Live(round(total, 2), _("FTE"), source, day)


def _automation(decision: Decision, at: datetime) -> Live | None:
    """Share of resolved tickets that an automation solved: no person was assigned."""
    window = _window(at)
    tickets = Ticket.objects.filter(
        resolved_at__gte=datetime.combine(window.start, time.min, tzinfo=UTC),
        resolved_at__lt=datetime.combine(window.end, time.min, tzinfo=UTC),
    )
    filters = filters_of(decision)
    for name, numbers in filters.items():
        tickets = tickets.filter(**{f"{name}__in": numbers})
    total = tickets.count()
    if not total:
        return None
    hits = tickets.filter(assignee__is_automation=True).count()
    source = _("Tickets resolved %(first)s to %(last)s by automation, n = %(n)d") % {
        **_span(window),
        "n": total,
    }
    return _share(hits, total, source, at)


def _ticket_cost(decision: Decision, at: datetime) -> Live | None:
    """What the calculation of the cost per ticket that is used elsewhere comes to."""
    row = used_elsewhere(Calculation.Kind.COST_PER_TICKET)
    found = None if row is None else worked(row, at)
    if row is None or found is None or not isfinite(found.worked.value):
        return None
    source = _("Calculation “%(name)s”, used elsewhere") % {"name": row.name}
    return Live(
        round(found.worked.value, 2),
        found.currency,
        source[:200],
        min(today(row.changed_at), today(at)),
    )


def _from_catalogue(
    row: DecisionInput, decision: Decision, at: datetime
) -> Live | None:
    try:
        metric = catalogue.get(row.metric)
    except KeyError:
        return None
    window = _window(at)
    figure, _narrowed = figure_of(
        metric, filters_of(decision), window, at=at, facts=FactStore()
    )
    if figure.value is None:
        return None
    scale, unit = SCALES.get(metric.unit, (1.0, row.unit))
    source = _("Catalogue, %(metric)s, %(first)s to %(last)s, n = %(n)d") % {
        **_span(window),
        "metric": metric.name,
        "n": figure.n,
    }
    return Live(
        round(figure.value * scale, 2),
        str(unit),
        source[:200],
        today(at),
        low=None if figure.low is None else round(figure.low * scale, 2),
        high=None if figure.high is None else round(figure.high * scale, 2),
    )


SCALES: dict[Unit, tuple[float, str]] = {
    Unit.SHARE: (100.0, "%"),
    Unit.SECONDS: (1 / 3600, "h"),
    Unit.POINTS: (1.0, "/ 100"),
}
"""How a metric's value is written where people type it: factor, and what it is then in."""

READERS: dict[str, Callable[[Decision, datetime], Live | None]] = {
    "tickets_per_week": _tickets_a_week,
    "handle_minutes": _handle_minutes,
    "staffing_fte": _staffing,
    "automation_coverage": _automation,
    "cost_per_ticket": _ticket_cost,
}
