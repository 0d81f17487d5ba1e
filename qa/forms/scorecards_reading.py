"""From what was typed in the builder to a scorecard, or to what cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from qa.core.scorecard import (
    CHECKLIST,
    CRITERION_KINDS,
    CRITICALITIES,
    EXCLUDE,
    FAIL_POLICIES,
    KEEP_SCORE,
    LEVELS,
    NA_POLICIES,
    NOT_CRITICAL,
    TEXT,
    Check,
    Criterion,
    Level,
    Scorecard,
    Section,
)
from qa.forms.scorecards_tree import ANSWER_SEPARATOR, MANY_VALUED, Tree

LARGEST = 10_000


@dataclass
class Reading:
    """A scorecard, or the field names that could not be read with why."""

    card: Scorecard = field(default_factory=Scorecard)
    errors: dict[str, str] = field(default_factory=dict)


def read_tree(tree: Tree) -> Reading:
    """Read every value; what is incomplete but readable is for the lint to say."""
    found = Reading()
    found.card = Scorecard(
        sections=tuple(
            _section(found, row, f"sections-{number}")
            for number, row in enumerate(tree["sections"])
        ),
        na_policy=_word(found, tree, "na_policy", NA_POLICIES, EXCLUDE),
        fail_policy=_word(found, tree, "fail_policy", FAIL_POLICIES, KEEP_SCORE),
        pass_mark=_number(found, tree, "", "pass_mark"),
        dispute_hours=int(_number(found, tree, "", "dispute_hours", whole=True)),
    )
    return found


def _section(found: Reading, row: Tree, place: str) -> Section:
    return Section(
        row.get("key", ""),
        row.get("title", "").strip(),
        _number(found, row, place, "weight"),
        tuple(
            _criterion(found, each, f"{place}-criteria-{number}")
            for number, each in enumerate(row["criteria"])
        ),
    )


def _criterion(found: Reading, row: Tree, place: str) -> Criterion:
    kind = _word(found, row, "kind", CRITERION_KINDS, LEVELS, place)
    return Criterion(
        key=row.get("key", ""),
        title=row.get("title", "").strip(),
        weight=0.0 if kind == TEXT else _number(found, row, place, "weight"),
        kind=kind,
        guidance=row.get("guidance", "").strip(),
        levels=_levels(found, row, place) if kind == LEVELS else (),
        checks=_checks(row) if kind == CHECKLIST else (),
        na_allowed=bool(row.get("na_allowed")),
        critical=_word(found, row, "critical", CRITICALITIES, NOT_CRITICAL, place),
        critical_below=_threshold(found, row, place, "critical_below"),
        comment_below=_threshold(found, row, place, "comment_below"),
        show_when=_conditions(row),
    )


def _levels(found: Reading, row: Tree, place: str) -> tuple[Level, ...]:
    return tuple(
        Level(
            each.get("key", ""),
            each.get("label", "").strip(),
            _number(found, each, f"{place}-levels-{number}", "points"),
            each.get("anchor", "").strip(),
        )
        for number, each in enumerate(row["levels"])
    )


def _checks(row: Tree) -> tuple[Check, ...]:
    return tuple(
        Check(
            each.get("key", ""), each.get("text", "").strip(), each.get("precheck", "")
        )
        for each in row["checks"]
    )


def _conditions(row: Tree) -> dict[str, dict[str, list[str]]] | None:
    about_ticket = {name: list(row[name]) for name in MANY_VALUED[:-1] if row.get(name)}
    tags = [tag.strip() for tag in row.get("tag", "").split(",") if tag.strip()]
    if tags:
        about_ticket["tag"] = tags
    about_answers: dict[str, list[str]] = {}
    for chosen in row.get("answers", ()):
        key, separator, level = chosen.partition(ANSWER_SEPARATOR)
        if separator:
            about_answers.setdefault(key, []).append(level)
    found = {"ticket": about_ticket, "answers": about_answers}
    return {name: values for name, values in found.items() if values} or None


def _word(
    found: Reading,
    row: Mapping[str, Any],
    name: str,
    allowed: tuple[str, ...],
    default: str,
    place: str = "",
) -> str:
    word = row.get(name) or default
    if word not in allowed:
        found.errors[_name(place, name)] = _("Choose one of the list.")
        return default
    return str(word)


def _threshold(found: Reading, row: Tree, place: str, name: str) -> float | None:
    return _number(found, row, place, name) if row.get(name, "").strip() else None


def _number(
    found: Reading, row: Tree, place: str, name: str, *, whole: bool = False
) -> float:
    text = str(row.get(name, "")).strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not isfinite(value) or not 0 <= value <= LARGEST or (whole and value % 1):
        given = text or _("nothing")
        found.errors[_name(place, name)] = (
            _("“%(text)s” is no number from 0 to %(largest)s.")
            if not whole
            else _("“%(text)s” is no whole number from 0 to %(largest)s.")
        ) % {"text": given, "largest": LARGEST}
        return 0.0
    return value


def _name(place: str, name: str) -> str:
    return f"{place}-{name}" if place else name
