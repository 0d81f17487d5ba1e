"""What is wrong or doubtful about a scorecard before it is published."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from qa.core.scorecard import (
    CHECKLIST,
    FAILS_SECTION,
    LEVELS,
    NOT_ALLOWED,
    NOT_CRITICAL,
    TEXT,
    TICKET_FIELDS,
    Criterion,
    Scorecard,
    Section,
    scored_criteria,
)

PROBLEM, WARNING = "problem", "warning"
MANY_CRITERIA = 20
"""More than a reviewer holds in mind at once; judgement, not measurement."""

WARNINGS = frozenset(
    {
        "empty_section",
        "section_scores_nothing",
        "weight_without_effect",
        "no_anchor",
        "floor",
        "critical_always",
        "section_cannot_fail",
        "comment_never",
        "comment_always",
        "na_without_policy",
        "unknown_value",
        "only_conditional",
        "many_criteria",
        "no_dispute",
    }
)
"""Codes of doubts; every other finding keeps the scorecard from being published."""


class Finding(NamedTuple):
    """One finding: a stable code, where it is, and its values.

    Attributes
    ----------
    code : str
    section, criterion : str
        Keys of where it is; empty when it is about the whole.
    params : dict
        Titles (``section``, ``criterion``) and values that a sentence needs.
    """

    code: str
    section: str
    criterion: str
    params: dict[str, Any]

    @property
    def severity(self) -> str:
        return WARNING if self.code in WARNINGS else PROBLEM


def lint_scorecard(
    card: Scorecard, known: Mapping[str, Collection[str]] | None = None
) -> list[Finding]:
    """List what is wrong, then what is doubtful.

    Parameters
    ----------
    card : Scorecard
    known : mapping of field to values, optional
        The channels, priorities, … that exist; what is not named is not checked.

    Returns
    -------
    list of Finding
        Problems first; each kind in the order in which a scorecard is read. Empty when
        there is nothing to say.
    """
    found = [
        *_whole(card),
        *_sections(card),
        *_criteria(card, known or {}),
    ]
    return sorted(found, key=lambda finding: finding.severity != PROBLEM)


def has_problems(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == PROBLEM for finding in findings)


def _whole(card: Scorecard) -> Iterator[Finding]:
    criteria = list(card.criteria())
    scored = [each for section in card.sections for each in scored_criteria(section)]
    if not criteria:
        yield Finding("no_criterion", "", "", {})
    elif not scored:
        yield Finding("nothing_scored", "", "", {})
    elif all(each.show_when for each in scored):
        yield Finding("only_conditional", "", "", {})
    if card.pass_mark > 100:
        yield Finding("pass_mark_above_100", "", "", {"value": card.pass_mark})
    if not card.dispute_hours:
        yield Finding("no_dispute", "", "", {})
    if len(criteria) > MANY_CRITERIA:
        yield Finding("many_criteria", "", "", {"count": len(criteria)})
    for key in _repeated(section.key for section in card.sections):
        yield Finding("duplicate_section", key, "", {"key": key})
    for key in _repeated(each.key for each in criteria):
        yield Finding("duplicate_criterion", "", key, {"key": key})


def _sections(card: Scorecard) -> Iterator[Finding]:
    for section in card.sections:
        values = {"section": section.title}
        if not section.title.strip():
            yield Finding("section_without_title", section.key, "", values)
        if not section.criteria:
            yield Finding("empty_section", section.key, "", values)
        elif section.weight and not scored_criteria(section):
            yield Finding("section_scores_nothing", section.key, "", values)
        elif not section.weight and any(
            each.weight and each.kind != TEXT for each in section.criteria
        ):
            yield Finding("weight_without_effect", section.key, "", values)


def _criteria(
    card: Scorecard, known: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    earlier: dict[str, Criterion] = {}
    for section in card.sections:
        for criterion in section.criteria:
            values = {"criterion": criterion.title or criterion.key}
            for code, params in (
                *_of_kind(criterion),
                *_of_failure(section, criterion),
                *_of_comment(criterion),
                *_of_condition(card, criterion, earlier, known),
                *_of_na(card, criterion),
            ):
                yield Finding(code, section.key, criterion.key, {**values, **params})
            earlier[criterion.key] = criterion


Said = Iterator[tuple[str, dict[str, Any]]]


def _of_kind(criterion: Criterion) -> Said:
    if not criterion.title.strip():
        yield "criterion_without_title", {}
    if criterion.kind == LEVELS:
        yield from _of_levels(criterion)
    elif criterion.kind == CHECKLIST:
        yield from _of_checks(criterion)


def _of_levels(criterion: Criterion) -> Said:
    levels = criterion.levels
    if len(levels) < 2:
        yield "too_few_levels", {"count": len(levels)}
        return
    for key in _repeated(level.key for level in levels):
        yield "duplicate_level", {"key": key}
    for number, level in enumerate(levels, start=1):
        if not level.label.strip():
            yield "level_without_label", {"number": number}
    for better, worse in pairwise(levels):
        if better.points == worse.points:
            yield "same_points", {"better": better.label, "worse": worse.label}
        elif better.points < worse.points:
            yield "not_descending", {"better": better.label, "worse": worse.label}
    if not criterion.max_points:
        yield "no_points", {}
    elif (lowest := min(level.points for level in levels)) > 0:
        yield "floor", {"share": lowest / criterion.max_points}
    bare = [level.label for level in levels if not level.anchor.strip()]
    if bare:
        yield "no_anchor", {"levels": bare}


def _of_checks(criterion: Criterion) -> Said:
    if not criterion.checks:
        yield "no_checks", {}
    for key in _repeated(check.key for check in criterion.checks):
        yield "duplicate_check", {"key": key}
    for number, check in enumerate(criterion.checks, start=1):
        if not check.text.strip():
            yield "check_without_text", {"number": number}


def _of_failure(section: Section, criterion: Criterion) -> Said:
    if criterion.critical == NOT_CRITICAL:
        return
    if criterion.kind == TEXT:
        yield "text_cannot_fail", {}
        return
    if criterion.critical_below is None:
        yield "critical_without_threshold", {}
        return
    if not _any_below(criterion, criterion.critical_below):
        yield "critical_never", {"value": criterion.critical_below}
    elif criterion.max_points < criterion.critical_below:
        yield "critical_always", {"value": criterion.critical_below}
    if criterion.critical == FAILS_SECTION and not scored_criteria(section):
        yield "section_cannot_fail", {"section": section.title}


def _of_comment(criterion: Criterion) -> Said:
    if criterion.comment_below is None or criterion.kind == TEXT:
        return
    if not _any_below(criterion, criterion.comment_below):
        yield "comment_never", {"value": criterion.comment_below}
    elif criterion.max_points < criterion.comment_below:
        yield "comment_always", {"value": criterion.comment_below}


def _any_below(criterion: Criterion, threshold: float) -> bool:
    if criterion.kind == CHECKLIST:
        return threshold > 0
    return any(level.points < threshold for level in criterion.levels)


def _of_condition(
    card: Scorecard,
    criterion: Criterion,
    earlier: Mapping[str, Criterion],
    known: Mapping[str, Collection[str]],
) -> Said:
    conditions = criterion.show_when or {}
    titles = {each.key: each.title for each in card.criteria()}
    for field, values in conditions.get("ticket", {}).items():
        if field not in TICKET_FIELDS:
            yield "unknown_field", {"field": field}
        elif field in known and (gone := sorted(set(values) - set(known[field]))):
            yield "unknown_value", {"field": field, "values": gone}
    for key, levels in conditions.get("answers", {}).items():
        other = earlier.get(key)
        if other is None:
            code = "condition_later" if key in titles else "condition_unknown"
            yield code, {"other": titles.get(key, key)}
        elif gone := sorted(set(levels) - {level.key for level in other.levels}):
            yield "condition_unknown_level", {"other": other.title, "levels": gone}


def _of_na(card: Scorecard, criterion: Criterion) -> Said:
    if criterion.na_allowed and card.na_policy == NOT_ALLOWED:
        yield "na_without_policy", {}


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if key and count > 1]
