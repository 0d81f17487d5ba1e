"""Events that a forecast holds, and overlays that would count them a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workforce.capacity.core.forecast.records import EXCLUDE
from workforce.capacity.core.overlays import Change
from workforce.capacity.models import Forecast

TOLD_PERCENT = 5.0
"""An event that changes a day by less is not worth a warning."""


@dataclass(frozen=True, slots=True)
class AppliedEvent:
    """An event in the days ahead, as it was when the forecast was computed."""

    name: str
    first: date
    last: date
    percent: float | None
    learnt: dict[str, Any] | None

    @property
    def change(self) -> float | None:
        """What the forecast holds for its days in percent, typed or learnt."""
        if self.percent is not None:
            return self.percent
        return self.learnt["percent"] if self.learnt else None


@dataclass(frozen=True, slots=True)
class Doubled:
    """An overlay over days that an event changes already; ``percent`` is both of them."""

    overlay: Change
    event: AppliedEvent
    first: date
    last: date
    percent: float


def applied_events(forecast: Forecast) -> list[AppliedEvent]:
    """Return the occurrences that a forecast knew of, in order."""
    rows = [
        AppliedEvent(
            name=row["name"],
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            percent=row["percent"],
            learnt=row["learnt"],
        )
        for row in forecast.applied.get("events", [])
        if row["treatment"] != EXCLUDE
    ]
    return sorted(rows, key=lambda row: (row.first, row.name))


def doubled(
    overlays: Sequence[Change], events: Sequence[AppliedEvent], *, since: date
) -> list[Doubled]:
    """Return where an overlay with days of its own meets an event, from a day on.

    An overlay over the whole horizon is meant to scale everything and is left alone.
    """
    found = []
    for overlay in overlays:
        if overlay.starts_on is None and overlay.ends_on is None:
            continue
        for event in events:
            first = max(event.first, overlay.starts_on or event.first, since)
            last = min(event.last, overlay.ends_on or event.last)
            if event.change is None or abs(event.change) < TOLD_PERCENT or first > last:
                continue
            both = (1 + event.change / 100) * (1 + overlay.percent / 100)
            found.append(Doubled(overlay, event, first, last, 100 * (both - 1)))
    return found
