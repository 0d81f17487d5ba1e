"""All queues of a person side by side: this week and the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.assumptions import Standing, standing_of
from workforce.capacity.selectors.staffing.picture import (
    WEEK,
    Span,
    needs_of,
    sources_of,
    week_of,
)
from workforce.capacity.selectors.staffing.staffed import Staffed


@dataclass(frozen=True)
class QueueLine:
    """One queue in this week and the next, against what is planned."""

    queue: Queue
    standing: Standing
    now: Staffed
    coming: Staffed

    @property
    def has_forecast(self) -> bool:
        return self.now.need.forecast is not None

    @property
    def is_covered(self) -> bool:
        """Whether the published forecast knows any day of both weeks."""
        return bool(self.now.need.covered_days or self.coming.need.covered_days)

    @property
    def main(self) -> Staffed:
        """The week the page speaks of: the next one where it is forecast, else this."""
        return self.coming if self.coming.need.covered_days else self.now


@dataclass(frozen=True)
class Totals:
    """Sums over queues before anything is rounded."""

    now: float
    coming: float
    careful: float
    planned: float
    volume: float


def overview(queues: Sequence[Queue], today: date) -> list[QueueLine]:
    """Return a line a queue; how many queues there are does not change the queries."""
    this = week_of(today)
    coming = Span(this.end, this.end + WEEK)
    both = Span(this.start, coming.end)
    sources = sources_of(queues, both, counted_before=coming.start)
    standing = standing_of(queues, today)
    given = {pk: each.given for pk, each in standing.items()}
    at_once = {pk: each for pk, each in sources.items() if not each.is_deferred}
    found = needs_of(at_once, given)

    def staffed_in(queue: Queue, week: Span) -> Staffed:
        source = sources[queue.pk]
        if source.is_deferred:
            # A week begins with what waits then, on the queue's own page as here.
            return source.staffed(source.of(week).need(given[queue.pk]))
        return source.staffed(found[queue.pk].between(week.start, week.end))

    return [
        QueueLine(
            queue,
            standing[queue.pk],
            staffed_in(queue, this),
            staffed_in(queue, coming),
        )
        for queue in queues
    ]


def totals(lines: Sequence[QueueLine]) -> Totals:
    """Add queues up in fractions: rounding each would pay for people nobody needs."""
    return Totals(
        now=sum(line.now.need.fte or 0.0 for line in lines),
        coming=sum(line.coming.need.fte or 0.0 for line in lines),
        careful=sum(line.coming.need.careful_fte or 0.0 for line in lines),
        planned=sum(line.main.fte or 0.0 for line in lines),
        volume=sum(float(line.main.need.volumes.sum()) for line in lines),
    )
