"""Scorecards as pages show them: summaries, differences, findings, who acts."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.http import HttpRequest

from qa.core.scorecard import NOT_CRITICAL, Criterion, Scorecard
from qa.core.scorecard_changes import diff
from qa.core.scorecard_lint import PROBLEM, Finding, lint_scorecard
from qa.scorecard_phrases import (
    PRECHECK_NAMES,
    SETTING_NAMES,
    Names,
    change_sentence,
    condition_sentence,
    finding_sentence,
    number,
    percent,
    setting_value,
)
from workforce.people.models import User

CHIPS = {"DRAFT": "watch", "PUBLISHED": "ok", "ARCHIVED": "idle"}


def actor_of(request: HttpRequest) -> User:
    """Who acts: a staff page has let nobody else through."""
    return cast("User", request.user)


def change_lines(old: Scorecard, new: Scorecard, names: Names) -> list[str]:
    return [change_sentence(change, names) for change in diff(old, new)]


def findings_of(card: Scorecard, names: Names) -> list[dict[str, Any]]:
    """Findings as a page lists them, each with the place it leads to."""
    places = places_of(card)
    return [
        _finding_row(finding, places, names) for finding in lint_scorecard(card, names)
    ]


def places_of(card: Scorecard) -> dict[tuple[str, str], str]:
    """Section and criterion keys to where the builder has them."""
    found = {}
    for number_, section in enumerate(card.sections):
        place = f"sections-{number_}"
        found[section.key, ""] = place
        for at, criterion in enumerate(section.criteria):
            found[section.key, criterion.key] = f"{place}-criteria-{at}"
            found.setdefault(("", criterion.key), f"{place}-criteria-{at}")
    return found


def _finding_row(
    finding: Finding, places: Mapping[tuple[str, str], str], names: Names
) -> dict[str, Any]:
    is_problem = finding.severity == PROBLEM
    return {
        "is_problem": is_problem,
        "chip": "late" if is_problem else "watch",
        "text": finding_sentence(finding, names),
        "place": places.get((finding.section, finding.criterion), ""),
    }


def has_problems(findings: Iterable[Mapping[str, Any]]) -> bool:
    return any(finding["is_problem"] for finding in findings)


def summary_of(card: Scorecard, names: Names) -> dict[str, Any]:
    """A definition for reading, with every level's words."""
    shares = card.shares()
    answers = {
        each.key: (each.title, {level.key: level.label for level in each.levels})
        for each in card.criteria()
    }
    return {
        "settings": [
            (SETTING_NAMES[field], setting_value(field, getattr(card, field)))
            for field in ("pass_mark", "na_policy", "fail_policy", "dispute_hours")
        ],
        "sections": [
            {
                "title": section.title,
                "share": percent(
                    sum(float(shares[each.key]) for each in section.criteria)
                ),
                "criteria": [
                    {
                        "criterion": each,
                        "share": percent(float(shares[each.key])),
                        "is_scored": bool(shares[each.key]),
                        "notes": _notes(card, each, names, answers),
                        "checks": [
                            (check.text, PRECHECK_NAMES.get(check.precheck, ""))
                            for check in each.checks
                        ],
                    }
                    for each in section.criteria
                ],
            }
            for section in card.sections
        ],
    }


def _notes(
    card: Scorecard,
    criterion: Criterion,
    names: Names,
    answers: Mapping[str, tuple[str, Mapping[str, str]]],
) -> list[tuple[str, str]]:
    """What else holds for a criterion: setting and value."""
    found = []
    if criterion.critical != NOT_CRITICAL and criterion.critical_below is not None:
        fails = setting_value("critical", criterion.critical)
        found.append(
            (_name("critical_below"), f"{number(criterion.critical_below)}: {fails}")
        )
    if criterion.comment_below is not None:
        found.append((_name("comment_below"), number(criterion.comment_below)))
    if card.allows_na(criterion):
        found.append((_name("na_allowed"), setting_value("na_allowed", True)))
    if criterion.show_when:
        sentence = condition_sentence(criterion.show_when, names, answers)
        found.append((_name("show_when"), sentence))
    return found


def _name(field: str) -> str:
    return str(SETTING_NAMES[field])
