"""What goals and milestones can be about, and how such a figure stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from qa.coaching.core.goals import Measured, Predicate
from qa.coaching.models import Goal, Milestone
from qa.core.student import mean_interval
from qa.models import Answer, Review
from qa.selectors.scorecards import card_of, default_scorecard, published_version
from qa.selectors.scores import window
from supportops.common.durations import HOUR
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Grain, Metric, Unit
from supportops.metrics.display import time_words, value_text
from supportops.metrics.registry import segment_kind
from supportops.metrics.scopes import FactStore, Scope

CRITERION = "criterion:"
"""What a form puts before the key of a criterion."""
PERCENT = 100.0


def usable_metrics() -> list[Metric]:
    """Metrics of the catalogue that have a figure for one agent and a period."""
    return [metric for metric in catalogue.all() if _is_of_an_agent(metric)]


def _is_of_an_agent(metric: Metric) -> bool:
    if metric.grain is Grain.NOW or not metric.segment:
        return False
    return "agent" in segment_kind(metric.segment).dimensions


def criterion_titles() -> dict[str, str]:
    """Criteria of the first published scorecard that are scored, by key."""
    scorecard = default_scorecard()
    version = published_version(scorecard.pk) if scorecard else None
    if version is None:
        return {}
    return {
        criterion.key: criterion.title
        for section in card_of(version).sections
        for criterion in section.criteria
        if section.weight and criterion.weight
    }


def measurable() -> list[tuple[str, str]]:
    """Return what a goal can be about as choices: code, and name with its unit."""
    criteria = [
        (f"{CRITERION}{key}", _("%(criterion)s, points of 100") % {"criterion": title})
        for key, title in criterion_titles().items()
    ]
    metrics = [(metric.code, named(metric)) for metric in usable_metrics()]
    return [*criteria, *metrics]


def named(metric: Metric) -> str:
    """Name a metric with the unit in which its target is typed."""
    if metric.unit is Unit.SHARE:
        return _("%(metric)s, %%") % {"metric": metric.name}
    if metric.unit is Unit.SECONDS:
        return _("%(metric)s, hours") % {"metric": metric.name}
    if metric.unit is Unit.POINTS:
        return _("%(metric)s, points of 100") % {"metric": metric.name}
    return str(metric.name)


def typed_scale(code: str) -> float:
    """Return what a typed target is multiplied by to be in the metric's own unit."""
    metric = metric_or_none(code)
    if metric is None:
        return 1.0
    scales = {Unit.SHARE: 1 / PERCENT, Unit.SECONDS: float(HOUR)}
    return scales.get(metric.unit, 1.0)


def in_own_unit(code: str, typed: float) -> float:
    """Turn a typed target into the metric's unit: 95 % is 0.95 and not a hair more."""
    return round(typed * typed_scale(code), 10)


def metric_or_none(code: str) -> Metric | None:
    """Return the metric; None for a criterion, for nothing, and for one that is gone."""
    try:
        return catalogue.get(code)
    except KeyError:
        return None


def subject_name(code: str) -> str:
    """Name a metric, or a criterion written as ``criterion:key``."""
    if code.startswith(CRITERION):
        key = code.removeprefix(CRITERION)
        return criterion_titles().get(key, key)
    metric = metric_or_none(code)
    return str(metric.name) if metric else code


def code_of(goal: Goal) -> str:
    """Write what a goal is about as forms do."""
    return f"{CRITERION}{goal.criterion_key}" if goal.criterion_key else goal.metric


def value_words(code: str, value: float | None) -> str:
    """Write a value of what ``code`` names, with its unit."""
    if value is None:
        return "–"
    metric = metric_or_none(code)
    if metric is None:
        return number_format(round(value, 1), 1)
    return value_text(value, metric.unit, time_words(metric))


def predicate_of(thing: Goal | Milestone) -> Predicate:
    """Return the bounds that a goal or a milestone sets."""
    if isinstance(thing, Milestone):
        return Predicate(thing.at_least, thing.at_most, thing.min_n)
    if thing.comparison == Goal.Comparison.AT_LEAST:
        return Predicate(at_least=thing.target, min_n=thing.min_n)
    return Predicate(at_most=thing.target, min_n=thing.min_n)


@dataclass(frozen=True)
class Question:
    """A figure of one agent over days ``[start, end)``."""

    agent_id: int
    code: str
    start: date
    end: date


def measure(question: Question, *, at: datetime, facts: FactStore) -> Measured:
    """Return the figure: from the catalogue, or the mean of a criterion.

    A criterion counts in reviews of tickets drawn at random, by the day of release, in
    points of 100. A metric that is not in the catalogue any more has no cases.
    """
    if question.end <= question.start:
        return Measured(None, 0)
    if question.code.startswith(CRITERION):
        return _criterion(question)
    metric = metric_or_none(question.code)
    if metric is None:
        return Measured(None, 0)
    scope = Scope(
        start=question.start,
        end=question.end,
        filters={"agent": frozenset({question.agent_id})},
        at=at,
        facts=facts,
    )
    figure = metric.compute(scope)
    return Measured(figure.value, figure.n, figure.low, figure.high)


def _criterion(question: Question) -> Measured:
    first, last = window(question.start, question.end)
    reviews = Review.objects.measured().filter(
        agent_id=question.agent_id, released_at__gte=first, released_at__lt=last
    )
    shares = Answer.objects.filter(
        review__in=reviews,
        criterion_key=question.code.removeprefix(CRITERION),
        share__isnull=False,
    ).values_list("share", flat=True)
    points = [PERCENT * share for share in shares if share is not None]
    if not points:
        return Measured(None, 0)
    found = mean_interval(points)
    if not found.is_known:
        return Measured(found.mean, found.n)
    # The t interval knows no bounds of the scale; the score has them.
    low, high = max(0.0, found.low), min(PERCENT, found.high)
    return Measured(found.mean, found.n, low, high)
