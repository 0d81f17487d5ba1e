"""Checking triggers against live figures, and reminding of what is due."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from supportops.metrics import display
from supportops.metrics.catalogue import Figure
from supportops.metrics.scopes import FactStore, today
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.capacity.core.triggers import Standing, standing
from workforce.capacity.models import Decision, Evidence, Trigger
from workforce.capacity.selectors.decisions.crossings import crossing_of
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.lists import reviews_due, stale_inputs
from workforce.capacity.selectors.decisions.narrowing import Filters, filters_of
from workforce.capacity.selectors.decisions.records import last_number
from workforce.capacity.selectors.decisions.watching import (
    CannotWatch,
    Watched,
    figure_now,
    reading_of,
    rule_of,
    rule_words,
    watched_by,
)
from workforce.capacity.services.decisions.crossings import tell_crossed
from workforce.capacity.services.decisions.evidence_log import locked, log
from workforce.capacity.services.decisions.life import reopen
from workforce.people.models import User

State = Decision.State
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """A figure that crosses its trigger, and what it counts."""

    what: Watched
    figure: Figure


def check_triggers(*, at: datetime) -> dict[str, int]:
    """Read every trigger's figure; reopen approved decisions whose trigger fires.

    Who answers for a decision that is proposed is told of what is crossed, once a version.
    Safe to run twice at once: a decision is reopened under its lock, by the first.
    Returns how many triggers were checked, could not be, and fired.
    """
    counts = {"checked": 0, "unreadable": 0, "fired": 0}
    facts = FactStore()
    crossed: dict[int, dict[int, Seen]] = defaultdict(dict)
    queues: dict[int, Filters] = {}
    triggers = Trigger.objects.exclude(state=Trigger.State.OFF).exclude(
        decision__state=State.RETIRED
    )
    for trigger in triggers.select_related("decision").order_by("decision", "pk"):
        if trigger.decision_id not in queues:
            queues[trigger.decision_id] = filters_of(trigger.decision)
        try:
            what = watched_by(trigger, queues[trigger.decision_id])
            figure, stands = _read(trigger, what, at, facts)
        except CannotWatch as problem:
            logger.warning("trigger %d cannot be read: %s", trigger.pk, problem)
            counts["unreadable"] += 1
            figure, stands = Figure(None, 0), Standing.UNKNOWN
        _note(trigger, figure, at)
        counts["checked"] += 1
        if stands is Standing.CROSSED:
            crossed[trigger.decision_id][trigger.pk] = Seen(what, figure)
    for decision_id, seen in crossed.items():
        counts["fired"] += _fire(decision_id, seen, at)
    return counts


def _read(
    trigger: Trigger, what: Watched, at: datetime, facts: FactStore
) -> tuple[Figure, Standing]:
    figure = figure_now(what, at, facts)
    rule = rule_of(trigger, figure, what.metric)
    return figure, standing(rule, reading_of(figure))


def _note(trigger: Trigger, figure: Figure, at: datetime) -> None:
    """Keep what was read, unless somebody has meanwhile made it watch something else."""
    Trigger.objects.filter(
        pk=trigger.pk, metric=trigger.metric, window_days=trigger.window_days
    ).update(
        last_value=figure.value,
        last_n=figure.n,
        last_low=figure.low,
        last_high=figure.high,
        checked_at=at,
    )


@transaction.atomic
def _fire(decision_id: int, seen: dict[int, Seen], at: datetime) -> int:
    """Mark the triggers fired and reopen the decision, unless somebody was faster."""
    decision = locked(decision_id)
    crossed = Trigger.objects.select_for_update().filter(pk__in=list(seen))
    if decision.state == State.PROPOSED:
        _warn(decision, crossed.exclude(state=Trigger.State.OFF), seen, at)
        return 0
    triggers = list(crossed.filter(state=Trigger.State.WATCHING).order_by("pk"))
    if decision.state != State.APPROVED or not triggers:
        return 0
    told = []
    for trigger in triggers:
        trigger.state, trigger.fired_at = Trigger.State.FIRED, at
        trigger.save(update_fields=["state", "fired_at"])
        what, figure = seen[trigger.pk].what, seen[trigger.pk].figure
        words = fired_words(trigger, what, figure)
        told.append(words)
        log(
            decision, Evidence.Kind.FIRED, words, actor=None, at=at,
            trigger=trigger.pk, value=figure.value, n=figure.n,
        )  # fmt: skip
    reopen(
        decision_id=decision.pk,
        reason=_short(" ".join(told)),
        actor=None,
        at=at,
        trigger=triggers[0],
    )
    return len(triggers)


def _warn(
    decision: Decision,
    triggers: Iterable[Trigger],
    seen: dict[int, Seen],
    at: datetime,
) -> None:
    """One that had fired counts too: an approval would arm it again."""
    crossings = [
        crossing_of(each, seen[each.pk].what, seen[each.pk].figure, at)
        for each in triggers
    ]
    tell_crossed(decision, last_number(decision), crossings, at)


def _short(words: str) -> str:
    return words if len(words) <= 300 else words[:299] + "…"


def fired_words(trigger: Trigger, what: Watched, figure: Figure) -> str:
    """Say what fired: figure, interval, n, what it counts, and what is done then."""
    metric = what.metric
    time = display.time_words(metric)
    interval = display.interval_text(figure, metric.unit, time)
    words = _("%(rule)s: %(value)s%(interval)s, n = %(n)d%(scope)s.") % {
        "rule": rule_words(trigger),
        "value": display.value_text(figure.value, metric.unit, time),
        "interval": f", {interval}" if interval else "",
        "n": figure.n,
        "scope": f"; {what.words}" if what.words else "",
    }
    if not trigger.contingency:
        return words
    then = _("What is done then: %(what)s") % {"what": trigger.contingency}
    return f"{words} {then}"


# Reminders --------------------------------------------------------------------------------


def remind(*, at: datetime) -> int:
    """Tell owners of reviews due and inputs gone stale, each once. Returns how many."""
    return notifications.notify_all([*_of_reviews(at), *_of_inputs(at)], at=at)


def _of_reviews(at: datetime) -> list[notifications.Message]:
    rows = reviews_due(today(at)).select_related("decision__owner")
    return [
        _message(
            row.decision,
            f"decision-review:{row.pk}",
            _("Review due: %(title)s") % {"title": row.decision.title},
            _("Due on %(day)s. %(note)s")
            % {"day": day_text(row.due_on), "note": row.note},
        )
        for row in rows
    ]


def _of_inputs(at: datetime) -> list[notifications.Message]:
    in_force = Decision.objects.filter(state__in=(State.APPROVED, State.REOPENED))
    return [
        _message(
            row.decision,
            f"decision-input:{row.pk}:{row.as_of}",
            _("To be read again: %(input)s – %(title)s")
            % {"input": row.name, "title": row.decision.title},
            _("Last read on %(day)s, due on %(due)s. Data owner: %(owner)s")
            % {
                "day": day_text(row.as_of),
                "due": day_text(row.refresh_due_on),
                "owner": row.data_owner or _("nobody"),
            },
        )
        for row in stale_inputs(in_force, today(at))
    ]


def _message(
    decision: Decision, key: str, title: str, body: str
) -> notifications.Message:
    people: list[User] = [decision.owner]
    return notifications.Message(
        people,
        Told.DECISION,
        key,
        title,
        body,
        reverse("capacity:decision", args=[decision.pk]),
    )
