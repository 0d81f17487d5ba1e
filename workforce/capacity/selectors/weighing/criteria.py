"""Criteria of a decision: points of every option, and whether one weight decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.core.decisions import distinct_facts
from workforce.capacity.core.options import Judged, Measure, Measured, judge
from workforce.capacity.models import Criterion, Decision, DecisionOption
from workforce.capacity.selectors.decisions.inputs import amount
from workforce.capacity.selectors.weighing.options import options_of
from workforce.people.models import User

FIGURES = {
    Measure.VOLUME: "handled",
    Measure.RESOLUTION: "hours",
    Measure.CSAT: "csat",
    Measure.COST: "cost",
}
HAND = Criterion.Measure.HAND


def criteria_facts(decision: Decision) -> dict[str, str]:
    return distinct_facts((row.name, _words(row)) for row in decision.criteria.all())


def _words(row: Criterion) -> str:
    parts = [
        _("weight %(weight)s") % {"weight": amount(row.weight)},
        str(row.get_measure_display()),
        ", ".join(
            f"{letter} {amount(grade)}" for letter, grade in sorted(row.grades.items())
        ),
    ]
    return "; ".join(part for part in parts if part)


def measured(row: Criterion, options: Sequence[DecisionOption]) -> Measured:
    """Read what a criterion says of each option: its grade, or its computed figure."""
    if row.measure == HAND:
        letters = {option.letter for option in options}
        grades = {key: float(n) for key, n in row.grades.items() if key in letters}
        return Measured(row.name, row.weight, grades)
    measure = Measure(row.measure)
    found = {
        option.letter: value
        for option in options
        if (value := _figure(option, FIGURES[measure])) is not None
    }
    kind = "MORE" if measure.more_is_better else "LESS"
    return Measured(row.name, row.weight, found, kind)


def _figure(option: DecisionOption, name: str) -> float | None:
    held = option.results.get("figures", {}).get(name)
    return None if held is None else held[0]


def judged(decision: Decision) -> tuple[list[Criterion], list[str], Judged]:
    rows = list(decision.criteria.all())
    options = options_of(decision)
    letters = [option.letter for option in options]
    return rows, letters, judge([measured(row, options) for row in rows], letters)


def criteria(decision: Decision, reader: User | None, at: datetime) -> dict[str, Any]:
    rows, letters, found = judged(decision)
    total = sum(row.weight for row in rows)
    return {
        "letters": letters,
        "rows": [
            _row(row, letters, found.points[place], total)
            for place, row in enumerate(rows)
        ],
        "scores": [
            {
                "letter": letter,
                "text": f"{found.scores[letter]:.2f}" if found.scores else "–",
                "is_best": bool(found.scores) and found.tied == [letter],
            }
            for letter in letters
        ],
        "has_scores": bool(found.scores) and len(letters) > 1,
        "words": _hint(found) if len(letters) > 1 else [],
        "unjudged": found.unjudged,
    }


def _row(
    row: Criterion, letters: Sequence[str], points: dict[str, float], total: float
) -> dict[str, Any]:
    return {
        "name": row.name,
        "measure": row.measure,
        "measure_name": str(row.get_measure_display()),
        "weight": amount(row.weight),
        "share": amount(round(100 * row.weight / total), "%") if total else "–",
        "points": [
            f"{points[letter]:.1f}" if letter in points else "–" for letter in letters
        ],
    }


def _hint(found: Judged) -> list[str]:
    """Say who leads and what would change that. It is a hint: a person chooses."""
    if not found.scores:
        return []
    if len(found.tied) > 1:
        words = [
            _("%(letters)s score the same.") % {"letters": ", ".join(found.tied)},
        ]
    else:
        words = [
            _("%(letter)s scores highest.") % {"letter": found.winner},
        ]
    changes = [
        _("The winner changes to %(letter)s when “%(name)s” counts double.")
        % {"letter": each.doubled, "name": each.name}
        for each in found.sensitivity
        if each.doubled != found.winner
    ] + [
        _("The winner changes to %(letter)s when “%(name)s” counts half.")
        % {"letter": each.halved, "name": each.name}
        for each in found.sensitivity
        if each.halved != found.winner
    ]
    return words + (changes or [_("No weight, doubled or halved, changes the winner.")])


def without_costs(section: dict[str, Any]) -> dict[str, Any]:
    """Leave out the points of cost, and the scores that contain them."""
    costs = {
        row["name"] for row in section["rows"] if row["measure"] == Measure.COST.value
    }
    if not costs:
        return section
    return {
        **section,
        "rows": [row for row in section["rows"] if row["name"] not in costs],
        "scores": [],
        "has_scores": False,
        "words": [],
        "is_redacted": True,
    }
