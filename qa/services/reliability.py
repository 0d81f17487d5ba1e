"""Stored figures on agreement and severity, over a rolling window."""

from collections.abc import Callable
from datetime import date, datetime

import numpy as np
from django.db import transaction

from qa.core.calibration.statistics import DRAWS, Figure, figures, pooled_figure
from qa.core.severity import fit
from qa.models import ReliabilityFigure, ReviewerSeverity, Scorecard
from qa.selectors import reliability as selectors
from qa.selectors.reliability import WINDOW_DAYS

RELIABILITY_JOB = "qa.reliability"


@transaction.atomic
def compute(
    *,
    scorecard_id: int,
    ends_on: date,
    at: datetime,
    days: int = WINDOW_DAYS,
    draws: int = DRAWS,
) -> int:
    """Write the figures of the ``days`` before ``ends_on``; return how many.

    Agreement is of tickets with two judgements or more: everyday, second and gold
    reviews, and the sheets of closed calibrations. Severity is of everyday, second and
    gold reviews of tickets not chosen for a reason; calibrations do not count there, as
    people score differently when watched.

    A window is computed once: nothing is written, and 0 returned, when it is there.
    """
    starts_on = selectors.first_day(ends_on, days)
    # Two workers at once: the second finds the first's figures.
    Scorecard.objects.select_for_update().get(pk=scorecard_id)
    window = {
        "scorecard_id": scorecard_id,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if ReliabilityFigure.objects.filter(**window).exists():
        return 0
    ratings = selectors.paired_ratings(scorecard_id, starts_on, ends_on)
    seed = ends_on.toordinal()
    found = [
        pooled_figure(ratings, seed=seed, draws=draws),
        *figures(ratings, seed=seed, draws=draws),
    ]
    written = ReliabilityFigure.objects.bulk_create(
        _figure(figure, window, draws, seed, at) for figure in found
    )
    _write_severities(scorecard_id, starts_on, ends_on, at)
    return len(written)


def compute_all(
    *, ends_on: date, at: datetime, after_each: Callable[[], None] = lambda: None
) -> dict[str, int]:
    """Compute the window of every scorecard that has ever been published."""
    counts = {"scorecards": 0, "figures": 0}
    for pk in scorecards_in_use():
        counts["figures"] += compute(scorecard_id=pk, ends_on=ends_on, at=at)
        counts["scorecards"] += 1
        after_each()
    return counts


def scorecards_in_use() -> list[int]:
    used = Scorecard.objects.filter(versions__published_at__isnull=False)
    return list(used.order_by("pk").values_list("pk", flat=True).distinct())


def _figure(
    figure: Figure,
    window: dict[str, object],
    draws: int,
    seed: int,
    at: datetime,
) -> ReliabilityFigure:
    return ReliabilityFigure(
        **window,
        criterion_key=figure.criterion,
        method=figure.method,
        tickets=figure.tickets,
        reviewers=figure.reviewers,
        ratings=figure.ratings,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        draws=draws if figure.value is not None else 0,
        seed=seed if figure.value is not None else None,
        note=figure.note,
        computed_at=at,
    )


def _write_severities(
    scorecard_id: int, starts_on: date, ends_on: date, at: datetime
) -> None:
    """Store the bias of each reviewer of whom something can be said."""
    reviews = selectors.everyday(scorecard_id, starts_on, ends_on)
    if not reviews.scores.size:
        return
    model = fit(reviews.scores, reviews.agents, reviews.reviewers)
    ReviewerSeverity.objects.filter(scorecard_id=scorecard_id, ends_on=ends_on).delete()
    ReviewerSeverity.objects.bulk_create(
        ReviewerSeverity(
            scorecard_id=scorecard_id,
            reviewer_id=int(reviewer),
            starts_on=starts_on,
            ends_on=ends_on,
            bias=float(model.reviewer_bias[row]),
            se=float(model.reviewer_se[row]),
            low=float(model.reviewer_low[row]),
            high=float(model.reviewer_high[row]),
            n=int(model.reviewer_n[row]),
            component=int(model.reviewer_component[row]),
            computed_at=at,
        )
        for row, reviewer in enumerate(model.reviewer_ids)
        if np.isfinite(model.reviewer_se[row])
    )
