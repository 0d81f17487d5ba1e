"""KPIs of quality: how good, how sure, how evenly looked at, and whether it matters."""

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from qa.core.correlation import spearman
from qa.core.group_means import GroupMeans, group_means
from qa.core.trends import monthly_slopes
from qa.metrics.coverage import coverage
from qa.metrics.ranges import calibration_range
from qa.metrics.segments import HUNDREDTHS, REVIEWS
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Area, Better, Grain, Level, Metric, Unit
from supportops.metrics.core import measures
from supportops.metrics.core.measures import Totals
from supportops.metrics.core.rows import Selected

Rows = Selected
Groups = NDArray[np.intp]

TARGET = 85.0
"""The seed's target of the average score."""

RANDOM_ONLY = _(
    "Only of tickets drawn at random: those picked for a reason stand beside."
)


def drawn(rows: Rows) -> NDArray[np.intp]:
    """Places of the reviews that a mean may claim to stand for all tickets."""
    return np.flatnonzero(rows["random"])


def _scores(rows: Rows) -> NDArray[np.float64]:
    return rows["score"].astype(np.float64) / HUNDREDTHS


def _totals(found: GroupMeans) -> Totals:
    return Totals(value=found.value, n=found.n, low=found.low, high=found.high)


def _mean_score(rows: Rows, groups: Groups, size: int) -> Totals:
    chosen = drawn(rows)
    return _totals(group_means(_scores(rows)[chosen], groups[chosen], size))


def _on_target(rows: Rows, groups: Groups, size: int) -> Totals:
    chosen = drawn(rows)
    return measures.share(_scores(rows)[chosen] >= TARGET, groups[chosen], size)


def _failed(rows: Rows, groups: Groups, size: int) -> Totals:
    chosen = drawn(rows)
    return measures.share(rows["failed"][chosen] != 0, groups[chosen], size)


def _improvement(rows: Rows, groups: Groups, size: int) -> Totals:
    chosen = drawn(rows)
    found = monthly_slopes(
        _scores(rows)[chosen],
        rows["released_at"][chosen],
        rows["agent"][chosen].astype(np.int64),
        groups[chosen],
        size,
    )
    return _totals(found)


def _satisfaction(rows: Rows, groups: Groups, size: int) -> Totals:
    answered = np.flatnonzero(rows["satisfaction"])
    scores, stars = _scores(rows)[answered], rows["satisfaction"][answered]
    places = groups[answered]
    table = np.full((4, size), np.nan)
    table[0] = np.bincount(places, minlength=size)
    for group in np.unique(places).tolist():
        own = places == group
        found = spearman(scores[own], stars[own].astype(np.float64))
        table[1:, group] = found.value, found.low, found.high
    # Bounds from -1 to 1 rule nothing out: there are too few pairs for an interval.
    bounds = np.where(np.ptp(table[2:], axis=0) < 2.0, table[2:], np.nan)
    return Totals(
        value=table[1], n=table[0].astype(np.int64), low=bounds[0], high=bounds[1]
    )


for _metric in (
    Metric(
        code="qa_score",
        name=_("Average QA score"),
        description=RANDOM_ONLY,
        formula=_("Mean score of counted reviews of tickets drawn at random"),
        unit=Unit.POINTS,
        better=Better.HIGHER,
        grain=Grain.REVIEW,
        area=Area.QUALITY,
        target=Level(at_least=TARGET),
        # The seed asks for improvement plans around 80: below it is our warning.
        warning=Level(at_least=80.0),
        segment=REVIEWS,
        measure=_mean_score,
    ),
    Metric(
        code="qa_score_share_on_target",
        name=_("Reviews at 85 points or more"),
        description=_(
            "How many tickets reach what the average should be. Scores end at 100 and "
            "lean to one side, so bands are shown and no bell curve is asked for."
        ),
        formula=_("Random reviews of 85 points or more ÷ random reviews"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        grain=Grain.REVIEW,
        area=Area.QUALITY,
        target_note=_("read it with the bands: nearly all or none is a warning"),
        segment=REVIEWS,
        measure=_on_target,
    ),
    Metric(
        code="qa_calibration_range",
        name=_("Calibration range"),
        description=_(
            "How far scores of one ticket lie apart: in calibrations that are closed, and "
            "between a review and its second, blind one."
        ),
        formula=_("Mean over tickets of (highest − lowest score of one ticket)"),
        unit=Unit.POINTS,
        better=Better.LOWER,
        grain=Grain.RATED_TWICE,
        area=Area.QUALITY,
        target=Level(at_most=5.0),
        warning=Level(at_most=10.0),
        of_scope=calibration_range,
    ),
    Metric(
        code="qa_coverage",
        name=_("Review coverage"),
        description=_(
            "In each whole week from Monday: who had a review released, of those who "
            "resolved a ticket. A period without a whole week counts as one."
        ),
        formula=_(
            "Agent-weeks with a counted review ÷ agent-weeks with a resolved ticket"
        ),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        grain=Grain.AGENT_WEEK,
        area=Area.QUALITY,
        target=Level(at_least=1.0),
        warning=Level(at_least=0.8),
        of_scope=coverage,
    ),
    Metric(
        code="qa_critical_fails",
        name=_("Critical fails"),
        description=RANDOM_ONLY,
        formula=_("Random reviews with a critical fail ÷ random reviews"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        grain=Grain.REVIEW,
        area=Area.QUALITY,
        target=Level(at_most=0.02),
        warning=Level(at_most=0.05),
        segment=REVIEWS,
        measure=_failed,
    ),
    Metric(
        code="qa_improvement",
        name=_("Improvement rate"),
        description=_(
            "Slope of scores over time within agents, so that a change of staff is no "
            "trend. Its interval says whether anything has moved at all."
        ),
        formula=_(
            "Points a month, by least squares over random reviews, a level an agent"
        ),
        unit=Unit.POINTS,
        better=Better.HIGHER,
        grain=Grain.REVIEW,
        area=Area.QUALITY,
        target=Level(at_least=0.0),
        target_note=_("positive trend"),
        segment=REVIEWS,
        measure=_improvement,
    ),
    Metric(
        code="qa_csat_correlation",
        name=_("QA–CSAT correlation"),
        description=_(
            "Whether tickets with high scores have satisfied customers. Needs surveys of "
            "reviewed tickets; says something from a hundred on."
        ),
        formula=_(
            "Spearman's rank correlation of score and stars, over matched tickets"
        ),
        unit=Unit.RATIO,
        better=Better.HIGHER,
        grain=Grain.REVIEW,
        area=Area.QUALITY,
        # "Strong positive" is the seed's; 0.5 is the usual line for strong.
        target=Level(at_least=0.5),
        warning=Level(at_least=0.0),
        segment=REVIEWS,
        measure=_satisfaction,
    ),
):
    catalogue.register(_metric)
