"""From answers to a score: the arithmetic of one review."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from qa.core.scorecard import (
    AS_FULL,
    CHECKLIST,
    FAILS_ALL,
    FAILS_SECTION,
    LEVELS,
    TEXT,
    ZERO_SCORE,
    Criterion,
    Scorecard,
    Section,
)

HUNDREDTH = Decimal("0.01")
Facts = Mapping[str, Collection[str]]
"""What conditions ask of a ticket: field to its values, such as channel to {"chat"}."""


@dataclass(frozen=True)
class Given:
    """One answer: a level, ticked checks, or "does not apply"."""

    level: str = ""
    checked: frozenset[str] = frozenset()
    is_na: bool = False
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.level or self.checked or self.is_na or self.text)


Answers = Mapping[str, Given]


@dataclass(frozen=True)
class Score:
    """What a review comes to, on 0–100.

    ``score`` is None when nothing counted. ``raw`` is before any failure; ``points``
    holds each counted criterion's share of its maximum (0–1); ``failed`` names the
    criteria that were critical; ``missing`` the shown ones not answered yet.
    """

    raw: Decimal | None
    score: Decimal | None
    passed: bool | None
    failed: tuple[str, ...]
    missing: tuple[str, ...]
    points: Mapping[str, Fraction]


def shown_criteria(
    card: Scorecard, answers: Answers, facts: Facts
) -> tuple[Criterion, ...]:
    """Return the criteria whose conditions hold, in order.

    Parameters
    ----------
    card : Scorecard
    answers : mapping of criterion key to Given
    facts : mapping of field to values

    Returns
    -------
    tuple of Criterion
        A condition on another criterion looks only at one that is itself shown before.
    """
    shown: dict[str, Criterion] = {}
    for criterion in card.criteria():
        if _holds(criterion, answers, facts, shown):
            shown[criterion.key] = criterion
    return tuple(shown.values())


def score(card: Scorecard, answers: Answers, facts: Facts) -> Score:
    """Score one review.

    Parameters
    ----------
    card : Scorecard
    answers : mapping of criterion key to Given
    facts : mapping of field to values
        For conditional criteria.

    Returns
    -------
    Score
        ``sum_s w_s · (sum_c w_c·p_c / sum_c w_c) / sum_s w_s`` × 100 over the criteria
        that count: shown, weighted, answered, and neither text nor excluded as not
        applicable. A section in which nothing counts drops out. Rounded half to even,
        once, at the end.
    """
    shown = {each.key: each for each in shown_criteria(card, answers, facts)}
    points = {
        key: share
        for key, criterion in shown.items()
        if (share := _share(card, criterion, answers.get(key, Given()))) is not None
    }
    failed = tuple(
        key for key in points if _is_critical(shown[key], answers.get(key, Given()))
    )
    raw = _weighted(card, points, frozenset())
    final = raw
    if failed:
        sections = frozenset(
            section.key
            for section in card.sections
            for each in section.criteria
            if each.key in failed and each.critical == FAILS_SECTION
        )
        final = _weighted(card, points, sections)
        fails_all = any(shown[key].critical == FAILS_ALL for key in failed)
        if fails_all and card.fail_policy == ZERO_SCORE:
            final = Fraction(0)
    rounded = _rounded(final)
    return Score(
        raw=_rounded(raw),
        score=rounded,
        passed=_passes(card, rounded, failed, shown),
        failed=failed,
        missing=tuple(key for key, each in shown.items() if _is_missing(each, answers)),
        points=points,
    )


def _holds(
    criterion: Criterion,
    answers: Answers,
    facts: Facts,
    shown: Mapping[str, Criterion],
) -> bool:
    conditions = criterion.show_when or {}
    about_ticket = conditions.get("ticket", {})
    about_answers = conditions.get("answers", {})
    return all(
        set(wanted) & set(facts.get(name, ())) for name, wanted in about_ticket.items()
    ) and all(
        key in shown and answers.get(key, Given()).level in wanted
        for key, wanted in about_answers.items()
    )


def _share(card: Scorecard, criterion: Criterion, given: Given) -> Fraction | None:
    """Return what the answer is worth, 0–1; None when it does not count."""
    if criterion.kind == TEXT or not criterion.weight:
        return None
    if given.is_na:
        return Fraction(1) if card.na_policy == AS_FULL else None
    if criterion.kind == CHECKLIST:
        return Fraction(len(given.checked), len(criterion.checks)) if given else None
    if not given.level or not criterion.max_points:
        return None
    gained = Fraction(str(criterion.level(given.level).points))
    return gained / Fraction(str(criterion.max_points))


def _is_critical(criterion: Criterion, given: Given) -> bool:
    if criterion.critical_below is None or given.is_na:
        return False
    if criterion.critical not in (FAILS_SECTION, FAILS_ALL):
        return False
    gained = (
        criterion.level(given.level).points
        if criterion.kind == LEVELS
        else len(given.checked)
    )
    return gained < criterion.critical_below


def _weighted(
    card: Scorecard, points: Mapping[str, Fraction], failed: frozenset[str]
) -> Fraction | None:
    total = weights = Fraction(0)
    for section in card.sections:
        mean = _section_mean(section, points)
        if mean is None or not section.weight:
            continue
        weight = Fraction(str(section.weight))
        weights += weight
        total += weight * (Fraction(0) if section.key in failed else mean)
    return 100 * total / weights if weights else None


def _section_mean(section: Section, points: Mapping[str, Fraction]) -> Fraction | None:
    counted = [each for each in section.criteria if each.key in points]
    weights = sum((Fraction(str(each.weight)) for each in counted), Fraction(0))
    if not weights:
        return None
    gained = sum(
        (Fraction(str(each.weight)) * points[each.key] for each in counted), Fraction(0)
    )
    return gained / weights


def _rounded(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(HUNDREDTH, rounding=ROUND_HALF_EVEN)


def _passes(
    card: Scorecard,
    final: Decimal | None,
    failed: tuple[str, ...],
    shown: Mapping[str, Criterion],
) -> bool | None:
    if final is None:
        return None
    fails_all = any(shown[key].critical == FAILS_ALL for key in failed)
    return not fails_all and final >= Decimal(str(card.pass_mark))


def _is_missing(criterion: Criterion, answers: Answers) -> bool:
    """A text is never required, nor a checklist: nothing ticked is an answer."""
    return criterion.kind == LEVELS and not answers.get(criterion.key, Given())
