"""Calibration range: how far two or more scores of one ticket lie apart."""

from collections import defaultdict

import numpy as np
from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from qa.core.student import mean_interval
from qa.models import CalibrationSession, Review
from qa.models.reviews import COUNTED_KINDS, FINISHED_STATES
from qa.selectors.scores.table import window
from supportops.metrics.catalogue import Figure
from supportops.metrics.scopes import Scope, ScopeInvalid


def calibration_range(scope: Scope) -> Figure:
    """Mean range of the tickets whose last score came, or calibration closed, in it.

    It is a figure of all reviewers together, so nothing cuts it.
    """
    if set(scope.filters) - {"scorecard"}:
        raise ScopeInvalid(
            _("The calibration range is of all reviewers: only a scorecard narrows it.")
        )
    ranges = ranges_of(scope)
    if not ranges:
        return Figure(value=None, n=0)
    found = mean_interval(ranges)
    known = found.is_known
    return Figure(
        value=float(found.mean),
        n=len(ranges),
        low=max(0.0, float(found.low)) if known else None,
        high=float(found.high) if known else None,
    )


def ranges_of(scope: Scope) -> list[float]:
    """Highest minus lowest score of each ticket that two or more have scored."""
    key = ("calibration ranges", scope.start, scope.end, _scorecards(scope))
    found: list[float] = scope.facts.once(key, lambda: _ranges(scope))
    return found


def _ranges(scope: Scope) -> list[float]:
    scores: dict[tuple[int, ...], list[float]] = defaultdict(list)
    calibrated = _calibrated(scope).annotate(points=Cast("score", FloatField()))
    for item, points in calibrated.values_list("calibration_item_id", "points"):
        scores[(item,)].append(points)
    twice = _twice(scope).annotate(points=Cast("score", FloatField()))
    for *what, points in twice.values_list(
        "ticket_id", "agent_id", "version__scorecard_id", "points"
    ):
        scores[tuple(what)].append(points)
    return [float(np.ptp(each)) for each in scores.values() if len(each) > 1]


def _scorecards(scope: Scope) -> frozenset[int] | None:
    return scope.filters.get("scorecard")


def _scored(scope: Scope) -> QuerySet[Review]:
    """Finished reviews with a score, of the scorecards asked for."""
    reviews = Review.objects.filter(state__in=FINISHED_STATES, score__isnull=False)
    chosen = _scorecards(scope)
    if chosen is None:
        return reviews
    return reviews.filter(version__scorecard__in=sorted(chosen))


def _calibrated(scope: Scope) -> QuerySet[Review]:
    first, last = window(scope.start, scope.end)
    return _scored(scope).filter(
        kind=Review.Kind.CALIBRATION,
        calibration_item__session__state=CalibrationSession.State.CLOSED,
        calibration_item__session__closed_at__gte=first,
        calibration_item__session__closed_at__lt=last,
    )


def _twice(scope: Scope) -> QuerySet[Review]:
    """Reviews of the tickets whose second, blind review came in the window."""
    first, last = window(scope.start, scope.end)
    second = _scored(scope).filter(
        kind=Review.Kind.OVERLAP,
        submitted_at__gte=first,
        submitted_at__lt=last,
    )
    return _scored(scope).filter(
        ticket__in=second.values("ticket"),
        kind__in=[*COUNTED_KINDS, Review.Kind.OVERLAP],
        supersedes__isnull=True,
    )
