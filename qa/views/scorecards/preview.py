"""The builder's preview: a scorecard filled in on trial, scored as a review would be."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from qa.core.scorecard import CHECKLIST, Criterion, Scorecard
from qa.core.scoring import Given, asks_for_comment, score, shown_criteria
from qa.scorecard_phrases import FIELD_NAMES, percent

PREFIX = "try-"
FACT = "try-fact-"
NOT_APPLICABLE = "n/a"


def preview_of(
    card: Scorecard, post: QueryDict, values: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """What the panel shows: the criteria asked, what was picked, the score it makes."""
    facts = _facts(card, post)
    answers = {each.key: _given(each, post) for each in card.criteria() if each.key}
    shares = card.shares()
    result = score(card, answers, facts)
    titles = {each.key: each.title for each in card.criteria()}
    return {
        "result": result,
        "pass_mark": card.pass_mark,
        "failed": [titles[key] for key in result.failed],
        "missing": [titles[key] for key in result.missing],
        "facts": _fact_fields(card, facts, values),
        "rows": [
            _row(card, each, answers.get(each.key, Given()), percent(shares[each.key]))
            for each in shown_criteria(card, answers, facts)
        ],
        "hidden": sum(1 for _each in card.criteria())
        - len(shown_criteria(card, answers, facts)),
    }


def _row(
    card: Scorecard, criterion: Criterion, given: Given, share: str
) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "name": f"{PREFIX}{criterion.key}",
        "given": given,
        "share": share,
        "na": NOT_APPLICABLE if card.allows_na(criterion) else "",
        "asks": asks_for_comment(criterion, given),
    }


def _given(criterion: Criterion, post: QueryDict) -> Given:
    """What was picked; a level that is gone meanwhile is no answer."""
    picked = post.getlist(f"{PREFIX}{criterion.key}")
    if NOT_APPLICABLE in picked:
        return Given(is_na=True)
    if criterion.kind == CHECKLIST:
        return Given(checked=frozenset(picked))
    known = {level.key for level in criterion.levels}
    return Given(level=next((key for key in picked if key in known), ""))


def _conditions(card: Scorecard) -> dict[str, list[str]]:
    """The fields that conditions ask of a ticket, with the values they wait for."""
    found: dict[str, list[str]] = {}
    for criterion in card.criteria():
        for name, wanted in (criterion.show_when or {}).get("ticket", {}).items():
            rows = found.setdefault(name, [])
            rows += [value for value in wanted if value not in rows]
    return found


def _facts(card: Scorecard, post: QueryDict) -> dict[str, set[str]]:
    return {
        name: {picked} if (picked := post.get(f"{FACT}{name}")) else set()
        for name in _conditions(card)
    }


def _fact_fields(
    card: Scorecard,
    facts: Mapping[str, set[str]],
    values: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{FACT}{name}",
            "label": str(FIELD_NAMES.get(name, name)).capitalize(),
            "options": [
                (value, values.get(name, {}).get(value, value), value in facts[name])
                for value in wanted
            ],
        }
        for name, wanted in _conditions(card).items()
    ]
