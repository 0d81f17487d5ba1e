"""From answers to a score: the arithmetic of one review."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from qa.core.scorecard import (
    AS_FULL,
    CHECKLIST,
    FAILS_ALL,
    FAILS_SECTION,
    LEVELS,
    ZERO_SCORE,
    Criterion,
    Scorecard,
    Section,
    scored_criteria,
)

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


NOTHING = Given()
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

    Raises
    ------
    KeyError
        If an answer names a level that its criterion does not have.

    Notes
    -----
    Nothing ticked on a checklist is an answer: none of its boxes. "Does not apply" is
    no answer where the criterion or the policy does not allow it. A criterion without
    weight adds nothing and still fails the review when it is critical.
    """
    shown = {each.key: each for each in shown_criteria(card, answers, facts)}
    given = {
        key: _accepted(card, each, answers.get(key, NOTHING))
        for key, each in shown.items()
    }
    points = _points(card, given)
    failed = tuple(key for key, each in shown.items() if _fails(each, given[key]))
    fails_all = any(shown[key].critical == FAILS_ALL for key in failed)
    zeroed = _sections_failed_by(card, failed)
    raw = _weighted(card, points, frozenset())
    final = _weighted(card, points, zeroed)
    if fails_all and card.fail_policy == ZERO_SCORE:
        final = Fraction(0)
    rounded = _rounded(final)
    return Score(
        raw=_rounded(raw),
        score=rounded,
        passed=_passes(card, rounded, fails_all=fails_all),
        failed=failed,
        missing=tuple(key for key, e in shown.items() if _is_missing(e, given[key])),
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
        key in shown and _level(answers.get(key, NOTHING)) in wanted
        for key, wanted in about_answers.items()
    )


def _level(given: Given) -> str:
    return "" if given.is_na else given.level


def _accepted(card: Scorecard, criterion: Criterion, given: Given) -> Given:
    """What of an answer the scorecard takes: no "N/A" that it does not allow."""
    if given.is_na:
        return Given(is_na=True) if card.allows_na(criterion) else NOTHING
    known = frozenset(check.key for check in criterion.checks)
    return Given(given.level, given.checked & known, text=given.text)


def _points(card: Scorecard, given: Answers) -> dict[str, Fraction]:
    shares = {
        each.key: _share(card, each, given[each.key])
        for section in card.sections
        for each in scored_criteria(section)
        if each.key in given
    }
    return {key: share for key, share in shares.items() if share is not None}


def _share(card: Scorecard, criterion: Criterion, given: Given) -> Fraction | None:
    """Return what the answer is worth, 0–1; None when it does not count."""
    if given.is_na:
        return Fraction(1) if card.na_policy == AS_FULL else None
    gained = _gained(criterion, given)
    if gained is None or not criterion.max_points:
        return None
    return gained / Fraction(str(criterion.max_points))


def _gained(criterion: Criterion, given: Given) -> Fraction | None:
    """Return the points of an answer; None when there is none."""
    if given.is_na:
        return None
    if criterion.kind == CHECKLIST:
        return Fraction(len(given.checked))
    if criterion.kind != LEVELS or not given.level:
        return None
    return Fraction(str(criterion.level(given.level).points))


def asks_for_comment(criterion: Criterion, given: Given) -> bool:
    """Whether an answer is so low that a comment and a root cause are asked for."""
    gained = _gained(criterion, given)
    return (
        gained is not None
        and criterion.comment_below is not None
        and gained < Fraction(str(criterion.comment_below))
    )


def _fails(criterion: Criterion, given: Given) -> bool:
    if criterion.critical not in (FAILS_SECTION, FAILS_ALL):
        return False
    gained = _gained(criterion, given)
    return (
        gained is not None
        and criterion.critical_below is not None
        and gained < Fraction(str(criterion.critical_below))
    )


def _sections_failed_by(card: Scorecard, failed: Collection[str]) -> frozenset[str]:
    return frozenset(
        section.key
        for section in card.sections
        for each in section.criteria
        if each.key in failed and each.critical == FAILS_SECTION
    )


def _weighted(
    card: Scorecard, points: Mapping[str, Fraction], failed: Collection[str]
) -> Fraction | None:
    total = weights = Fraction(0)
    for section in card.sections:
        mean = _section_mean(section, points)
        if mean is None:
            continue
        weight = Fraction(str(section.weight))
        weights += weight
        total += weight * (Fraction(0) if section.key in failed else mean)
    return 100 * total / weights if weights else None


def _section_mean(section: Section, points: Mapping[str, Fraction]) -> Fraction | None:
    counted = [each for each in scored_criteria(section) if each.key in points]
    weights = sum((Fraction(str(each.weight)) for each in counted), Fraction(0))
    if not weights:
        return None
    gained = sum(
        (Fraction(str(each.weight)) * points[each.key] for each in counted), Fraction(0)
    )
    return gained / weights


def _rounded(value: Fraction | None) -> Decimal | None:
    """Round half to even to hundredths, exactly: through no binary or decimal step."""
    return None if value is None else Decimal(round(value * 100)).scaleb(-2)


def _passes(card: Scorecard, final: Decimal | None, *, fails_all: bool) -> bool | None:
    if fails_all:
        return False
    return None if final is None else final >= Decimal(str(card.pass_mark))


def _is_missing(criterion: Criterion, given: Given) -> bool:
    """A text is never required, nor a checklist: nothing ticked is an answer."""
    return criterion.kind == LEVELS and not given
