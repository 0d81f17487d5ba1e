"""Triggers that are crossed now: what an approval would be reopened for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from supportops.metrics import display
from supportops.metrics.catalogue import Figure
from supportops.metrics.scopes import FactStore, today
from workforce.capacity.core.triggers import Standing, standing
from workforce.capacity.models import Decision, Trigger
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.narrowing import filters_of
from workforce.capacity.selectors.decisions.watching import (
    CannotWatch,
    Watched,
    figure_now,
    reading_of,
    rule_of,
    rule_words,
    threshold_text,
    watched_by,
)


@dataclass(frozen=True)
class Crossing:
    """A trigger whose figure lies beyond its limit, in words."""

    trigger_id: int
    rule: str
    value: str
    n: int
    interval: str
    limit: str
    day: str
    scope: str = ""

    def words(self) -> str:
        """Write it out: rule, value with interval and n, its day, limit and scope."""
        words = _(
            "%(rule)s: %(value)s%(interval)s, n = %(n)d, up to %(day)s; limit %(limit)s"
        ) % {
            "rule": self.rule,
            "value": self.value,
            "interval": f", {self.interval}" if self.interval else "",
            "n": self.n,
            "day": self.day,
            "limit": self.limit,
        }
        return f"{words}; {self.scope}." if self.scope else f"{words}."


def crossing_of(
    trigger: Trigger, what: Watched, figure: Figure, at: datetime
) -> Crossing:
    """Put a figure that crosses its trigger into words."""
    metric = what.metric
    time = display.time_words(metric)
    return Crossing(
        trigger.pk,
        rule_words(trigger),
        display.value_text(figure.value, metric.unit, time),
        figure.n,
        display.interval_text(figure, metric.unit, time),
        threshold_text(trigger.threshold, metric),
        day_text(today(at)),
        what.words,
    )


def crossings_now(decision: Decision, at: datetime) -> list[Crossing]:
    """Read every trigger that is not off; one that cannot be read crosses nothing."""
    facts, found = FactStore(), []
    queues = filters_of(decision)
    for trigger in decision.triggers.exclude(state=Trigger.State.OFF):
        try:
            what = watched_by(trigger, queues)
            figure = figure_now(what, at, facts)
        except CannotWatch:
            continue
        rule = rule_of(trigger, figure, what.metric)
        if standing(rule, reading_of(figure)) is Standing.CROSSED:
            found.append(crossing_of(trigger, what, figure, at))
    return found


def crossings_in(sections: Iterable[Mapping[str, Any]], at: datetime) -> list[Crossing]:
    """The same from sections that were read at ``at``, without reading figures again."""
    return [
        Crossing(
            row["id"],
            row["rule"],
            row["value"],
            row["n"],
            row["interval"],
            row["threshold"],
            day_text(today(at)),
            row.get("scope", ""),
        )
        for section in sections
        if section["key"] == "triggers"
        for row in section["data"]["rows"]
        if row.get("is_crossed") and row["state"] != Trigger.State.OFF
    ]
