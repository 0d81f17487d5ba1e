"""What came of the readers of an experiment, day by day: two queries for any number.

What is estimated. A visitor's first reading in the experiment decides the version; every
later one counts with it.

- *Helpful*: of visitors who had not read the article before and then voted on their
  version, the share that voted helpful. Who does not vote counts neither way. Somebody
  who knew the article is left out: an earlier vote on A would be missing in one arm only.
- *No ticket*: of visitors whose first reading is a day old, the share that sent no ticket
  within that day. Younger readings do not count yet, for their tickets may still come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from kb.core.sequential import Counts
from kb.models import Experiment, Reading, Vote

DAY = timedelta(days=1)
Outcome = Experiment.Outcome
Ints = NDArray[np.int64]


@dataclass
class Arm:
    """One version: readers, and of each outcome those known and those good, by day."""

    readers: int = 0
    known: dict[tuple[str, date], int] = field(default_factory=dict)
    good: dict[tuple[str, date], int] = field(default_factory=dict)

    def add(self, outcome: str, day: date, known: int, good: int) -> None:
        self.known[outcome, day] = self.known.get((outcome, day), 0) + known
        self.good[outcome, day] = self.good.get((outcome, day), 0) + good

    def counts(self, outcome: str) -> Counts:
        """Return the totals of an outcome."""
        return Counts(
            good=_total(self.good, outcome), readers=_total(self.known, outcome)
        )

    def by_day(self, outcome: str, days: Sequence[date]) -> tuple[Ints, Ints]:
        """Return totals since the start at the end of each day: good, known."""
        return (
            _running(self.good, outcome, days),
            _running(self.known, outcome, days),
        )


@dataclass
class Tally:
    """Both versions of one experiment."""

    a: Arm = field(default_factory=Arm)
    b: Arm = field(default_factory=Arm)

    @property
    def readers(self) -> int:
        return self.a.readers + self.b.readers

    def days(self, outcome: str) -> list[date]:
        """Return the days on which something became known, in order."""
        seen = {day for arm in (self.a, self.b) for one, day in arm.known if one == outcome}  # fmt: skip
        return sorted(seen)


def _total(counts: dict[tuple[str, date], int], outcome: str) -> int:
    return sum(number for (one, _), number in counts.items() if one == outcome)


def _running(
    counts: dict[tuple[str, date], int], outcome: str, days: Sequence[date]
) -> Ints:
    return np.cumsum([counts.get((outcome, day), 0) for day in days], dtype=np.int64)


def tallies(experiments: Iterable[Experiment], *, at: datetime) -> dict[int, Tally]:
    """Count experiments by id, as known at ``at`` or when they were stopped."""
    rows = [each for each in experiments if each.started_at is not None]
    found = {each.pk: Tally() for each in rows}
    if not rows:
        return found
    version_a = {each.pk: each.version_a_id for each in rows}

    def arm_of(row: Mapping[str, Any]) -> Arm:
        tally = found[row["experiment_id"]]
        is_a = row["version_id"] == version_a[row["experiment_id"]]
        return tally.a if is_a else tally.b

    first = _first_readings(rows, at)
    for row in _readers(first):
        arm = arm_of(row)
        arm.readers += row["readers"]
        if row["known"]:
            # A reading tells its outcome a day later.
            good = row["known"] - row["tickets"]
            arm.add(Outcome.NO_TICKET, row["day"] + DAY, row["known"], good)
    for row in _votes(first):
        arm_of(row).add(Outcome.HELPFUL, row["day"], row["voters"], row["helpful"])
    return found


def _first_readings(rows: list[Experiment], at: datetime) -> QuerySet[Reading]:
    """Each visitor's first reading in each experiment, until it was stopped."""
    earlier = _of_the_visitor().filter(
        Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")),
        in_experiment=OuterRef("experiment_id"),
    )
    ends = {each.pk: each.stopped_at or at for each in rows}
    # Moments written down, not computed: SQLite computes them row by row in Python.
    day_before = {pk: end - DAY for pk, end in ends.items()}
    return (
        Reading.objects.filter(experiment_id__in=ends)
        .alias(end=_moments(ends), known_until=_moments(day_before))
        .filter(~Exists(earlier), at__lte=F("end"))
    )


def _moments(by_experiment: dict[int, datetime]) -> Case:
    return Case(
        *(
            When(experiment_id=pk, then=Value(moment))
            for pk, moment in by_experiment.items()
        ),
        output_field=DateTimeField(),
    )


def _of_the_visitor() -> QuerySet[Any]:
    """Readings of the outer row's visitor, who has few, found by nothing else.

    The sums hide two columns from indexes: without statistics SQLite would rather go
    through all readings of the experiment, or of the article, for each reader.
    """
    return Reading.objects.filter(visitor=OuterRef("visitor")).alias(
        in_experiment=F("experiment_id") + 0, of_article=F("article_id") + 0
    )


def _later(moment: F | OuterRef, by: timedelta) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(moment + Value(by), output_field=DateTimeField())


def _readers(first: QuerySet[Reading]) -> Iterable[Mapping[str, Any]]:
    sent = _of_the_visitor().filter(
        in_experiment=OuterRef("experiment_id"),
        ticket__created_at__gte=OuterRef("at"),
        ticket__created_at__lt=OuterRef("day_over"),
    )
    is_known = Q(at__lte=F("known_until"))
    return (
        first.alias(day_over=_later(F("at"), DAY))
        .alias(has_ticket=Exists(sent))
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .values("experiment_id", "version_id", "day")
        .annotate(
            readers=Count("pk"),
            known=Count("pk", filter=is_known),
            tickets=Count("pk", filter=is_known & Q(has_ticket=True)),
        )
    )


def _votes(first: QuerySet[Reading]) -> Iterable[Mapping[str, Any]]:
    knew_it = _of_the_visitor().filter(
        of_article=OuterRef("article_id"), at__lt=OuterRef("at")
    )
    vote = Vote.objects.filter(
        version_id=OuterRef("version_id"), visitor=OuterRef("visitor")
    )
    return (
        first.filter(~Exists(knew_it))
        .alias(
            voted_at=Subquery(vote.values("at")[:1]),
            is_helpful=Subquery(vote.values("is_helpful")[:1]),
        )
        .filter(voted_at__gte=F("at"), voted_at__lte=F("end"))
        .annotate(day=TruncDate("voted_at", tzinfo=UTC))
        .values("experiment_id", "version_id", "day")
        .annotate(voters=Count("pk"), helpful=Count("pk", filter=Q(is_helpful=True)))
    )
