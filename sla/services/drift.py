"""The drift check: do stored clocks still say what the event log says?"""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.models import SlaClock
from sla.selectors.computed import (
    ComputedTicket,
    Vocabulary,
    compute_clocks,
    vocabulary,
)
from sla.services import clocks
from sla.services.clock_rows import ClockValues
from supportops.common import roles
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from tickets.models import Ticket
from workforce.people.models import User

SHOWN = 50
"""Differences spelled out in the result; all are counted."""

Difference = dict[str, Any]

_SWEPT = ("judged_at", "is_kept", "next_alert_at")


def check_drift(
    *,
    at: datetime,
    sample: int | None = None,
    repair: bool = False,
    after_batch: Callable[[int], None] | None = None,
    set_total: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Recompute open clocks and compare them with what is stored.

    A difference is confirmed under the ticket's lock before it is reported, so a change
    that was under way is none. What waits for the next sweep is none either.

    Parameters
    ----------
    at : datetime
        The moment to compute for.
    sample : int, optional
        So many tickets drawn at random (by ``at``, so the same call draws the same);
        None checks every ticket that is open or has an open clock.
    repair : bool, optional
        Also bring differing tickets in line.
    after_batch, set_total : callable, optional
        Told about progress, in tickets.

    Returns
    -------
    dict
        ``tickets`` checked, ``clocks`` compared, ``different`` clocks, ``repaired``
        tickets, and the first ``differences`` with field, stored and recomputed value.
    """
    ids = _tickets_to_check(sample, at)
    if set_total:
        set_total(len(ids))
    words = vocabulary()
    result: dict[str, Any] = {
        "tickets": 0, "clocks": 0, "different": 0, "repaired": 0, "differences": []
    }  # fmt: skip
    for batch in clocks.batches(ids):
        suspects = _suspects(batch, at, words, result)
        for ticket_id in suspects:
            _confirm(ticket_id, at, words, result, repair=repair)
        if after_batch:
            after_batch(len(batch))
    return result


def tell_support_leads(*, result: dict[str, Any], at: datetime) -> int:
    """Notify support leads of a check that found differences, once a day."""
    if not result["different"]:
        return 0
    title = ngettext(
        "%(count)d stored deadline differs from its recomputation",
        "%(count)d stored deadlines differ from their recomputation",
        result["different"],
    )
    return notifications.notify(
        recipients=User.objects.filter(groups__name=roles.SUPPORT_LEAD),
        kind=Kind.DRIFT,
        dedup_key=f"drift:{at:%Y-%m-%d}",
        title=title % {"count": result["different"]},
        body=_("%(tickets)d tickets were checked, %(repaired)d put right.")
        % {"tickets": result["tickets"], "repaired": result["repaired"]},
        url=reverse("admin:jobs_job_changelist"),
        at=at,
    )


def _tickets_to_check(sample: int | None, at: datetime) -> list[int]:
    open_tickets = Ticket.objects.unresolved().values_list("pk", flat=True)
    with_clocks = SlaClock.objects.unfinished().values_list("ticket_id", flat=True)
    ids = sorted({*open_tickets.iterator(), *with_clocks.iterator()})
    if sample is None or sample >= len(ids):
        return ids
    return sorted(random.Random(at.isoformat()).sample(ids, sample))  # noqa: S311


def _suspects(
    batch: list[int], at: datetime, words: Vocabulary, result: dict[str, Any]
) -> list[int]:
    """Compare without locks; most tickets agree and need none."""
    stored = clocks.stored_clocks(batch)
    fired = clocks.fired_thresholds(batch)
    by_ticket: dict[int, dict[Any, clocks.StoredClock]] = {pk: {} for pk in batch}
    for key, row in stored.items():
        by_ticket[key[0]][key] = row
    suspects = []
    for ticket in compute_clocks(batch, at, words):
        result["tickets"] += 1
        result["clocks"] += len(ticket.clocks)
        if _differences(ticket, by_ticket[ticket.ticket.ticket_id], fired):
            suspects.append(ticket.ticket.ticket_id)
    return suspects


@transaction.atomic
def _confirm(
    ticket_id: int,
    at: datetime,
    words: Vocabulary,
    result: dict[str, Any],
    *,
    repair: bool,
) -> None:
    locked = clocks.lock_tickets([ticket_id])
    stored = clocks.stored_clocks(locked)
    fired = clocks.fired_thresholds(locked)
    for ticket in compute_clocks(locked, at, words):
        found = _differences(ticket, stored, fired)
        result["different"] += len({(d["metric"], d["cycle"]) for d in found})
        room = SHOWN - len(result["differences"])
        result["differences"] += found[: max(0, room)]
        if found and repair:
            clocks.write_computed([ticket], stored, fired, at, counts=clocks.Counts())
            result["repaired"] += 1


def _differences(
    ticket: ComputedTicket,
    stored: dict[Any, clocks.StoredClock],
    fired: dict[int, int],
) -> list[Difference]:
    left = dict(stored)
    found: list[Difference] = []
    for clock in ticket.clocks:
        key = (ticket.ticket.ticket_id, clock.result.metric, clock.result.cycle)
        before = left.pop(key, None)
        if before is None:
            found.append(_difference(key, "clock", None, clock.result.state))
            continue
        values = clocks.clock_values(ticket, clock, before, fired)
        waits = before.values.next_alert_at
        if waits is not None and waits <= ticket.now:
            # The next sweep will judge it and move its alert on.
            values = values._replace(
                **{name: getattr(before.values, name) for name in _SWEPT}
            )
        if before.values.settled() != values.settled():
            found += _fields_that_differ(key, before.values, values)
    for key, row in left.items():
        found.append(_difference(key, "clock", row.values.state, None))
    return found


def _fields_that_differ(
    key: Any, stored: ClockValues, recomputed: ClockValues
) -> list[Difference]:
    growing = {"elapsed_seconds", "paused_seconds", "breach_seconds"}
    return [
        _difference(key, name, was, now)
        for name, was, now in zip(ClockValues._fields, stored, recomputed, strict=True)
        if was != now and not (recomputed.stopped_at is None and name in growing)
    ]


def _difference(key: Any, field: str, stored: Any, recomputed: Any) -> Difference:
    ticket_id, metric, cycle = key
    return {
        "ticket": ticket_id,
        "metric": metric,
        "cycle": cycle,
        "field": field,
        "stored": stored,
        "recomputed": recomputed,
    }
