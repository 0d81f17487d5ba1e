"""The builder's state as the fields that its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.core.prechecks import RULES
from qa.core.scorecard import (
    CRITERION_KINDS,
    CRITICALITIES,
    FAIL_POLICIES,
    LEVELS,
    NA_POLICIES,
)
from qa.forms.scorecards_tree import ANSWER_SEPARATOR, MANY_VALUED, Tree
from qa.scorecard_phrases import FIELD_NAMES, PRECHECK_NAMES, WORDS, percent

LABELS: Mapping[str, Promise] = {
    "title": _("Title"),
    "weight": _("Weight"),
    "kind": _("Judged by"),
    "guidance": _("Guidance for reviewers"),
    "critical": _("Critical"),
    "critical_below": _("Below, points"),
    "comment_below": _("Comment and root cause below, points"),
    "na_policy": _("“Does not apply”"),
    "fail_policy": _("When a critical criterion fails the review"),
    "pass_mark": _("Pass mark, of 100"),
    "dispute_hours": _("Hours to dispute after release"),
    "label": _("Level"),
    "points": _("Points"),
    "anchor": _("What can be seen in the ticket"),
    "text": _("Box"),
    "precheck": _("Ticked first by"),
    "tag": _("Tags, separated by commas"),
    "answers": _("Earlier answers"),
}
NUMBERS = frozenset(
    {
        "weight",
        "points",
        "critical_below",
        "comment_below",
        "pass_mark",
        "dispute_hours",
    }
)


@dataclass(frozen=True)
class Box:
    """One field: its name, what stands in it, what is wrong with it."""

    name: str
    value: Any
    label: str | Promise
    error: str = ""
    options: list[tuple[str, str | Promise, bool]] = field(default_factory=list)
    is_number: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"


class Builder:
    """Turns a tree into rows for the template."""

    def __init__(
        self,
        tree: Tree,
        errors: Mapping[str, str],
        shares: Mapping[str, Fraction],
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.tree, self.errors = tree, errors
        self.shares, self.values = shares, values

    def settings(self) -> dict[str, Box]:
        return {
            "na_policy": self._choice(self.tree, "", "na_policy", NA_POLICIES),
            "fail_policy": self._choice(self.tree, "", "fail_policy", FAIL_POLICIES),
            "pass_mark": self._box(self.tree, "", "pass_mark"),
            "dispute_hours": self._box(self.tree, "", "dispute_hours"),
        }

    def sections(self) -> list[dict[str, Any]]:
        rows = self.tree["sections"]
        earlier: list[Tree] = []
        found = []
        for number, row in enumerate(rows):
            place = f"sections-{number}"
            found.append(
                {
                    "place": place,
                    "key": row.get("key", ""),
                    "name": row.get("title", ""),
                    "number": number + 1,
                    "is_first": number == 0,
                    "is_last": number == len(rows) - 1,
                    "title": self._box(row, place, "title"),
                    "weight": self._box(row, place, "weight"),
                    "share": self.share_of(row["criteria"]),
                    "criteria": self._criteria(row, place, earlier),
                }
            )
            earlier = [*earlier, *row["criteria"]]
        return found

    def _criteria(
        self, section: Tree, place: str, earlier: list[Tree]
    ) -> list[dict[str, Any]]:
        found = []
        for number, row in enumerate(section["criteria"]):
            here = f"{place}-criteria-{number}"
            before = [*earlier, *section["criteria"][:number]]
            found.append(self._criterion(row, here, number, before))
        if found:
            found[0]["is_first"] = place == "sections-0"
            last = len(self.tree["sections"]) - 1
            found[-1]["is_last"] = place == f"sections-{last}"
        return found

    def _criterion(
        self, row: Tree, place: str, number: int, before: list[Tree]
    ) -> dict[str, Any]:
        plain = (
            "title",
            "weight",
            "guidance",
            "critical_below",
            "comment_below",
            "tag",
        )
        kind = row.get("kind") or LEVELS
        return {
            "place": place,
            "number": number + 1,
            "key": row.get("key", ""),
            "name": row.get("title", ""),
            "is_first": False,
            "is_last": False,
            "share": self.share_of([row]),
            "kind_now": kind,
            "na_allowed": bool(row.get("na_allowed")),
            "kind": self._choice(row, place, "kind", CRITERION_KINDS),
            "critical": self._choice(row, place, "critical", CRITICALITIES),
            **{name: self._box(row, place, name) for name in plain},
            "levels": self._parts(row, place, "levels", ("label", "points", "anchor")),
            "checks": self._parts(row, place, "checks", ("text",)),
            "conditions": self._conditions(row, place, before),
            "is_conditional": any(row.get(name) for name in (*MANY_VALUED, "tag")),
            "has_errors": any(name.startswith(f"{place}-") for name in self.errors),
        }

    def _parts(
        self, row: Tree, place: str, name: str, fields: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        rows = row.get(name, [])
        found = []
        for number, each in enumerate(rows):
            here = f"{place}-{name}-{number}"
            part: dict[str, Any] = {
                "place": here,
                "key": each.get("key", ""),
                "number": number + 1,
                "is_first": number == 0,
                "is_last": number == len(rows) - 1,
                **{
                    each_field: self._box(each, here, each_field)
                    for each_field in fields
                },
            }
            if name == "checks":
                part["precheck"] = self._precheck(each, here)
            found.append(part)
        return found

    def _precheck(self, row: Tree, place: str) -> Box:
        chosen = row.get("precheck", "")
        codes = [*RULES, *([chosen] if chosen and chosen not in RULES else [])]
        options: list[tuple[str, str | Promise, bool]] = [("", _("nobody"), not chosen)]
        options += [
            (code, PRECHECK_NAMES.get(code, code), code == chosen) for code in codes
        ]
        return self._box(row, place, "precheck", options=options)

    def _conditions(self, row: Tree, place: str, before: list[Tree]) -> list[Box]:
        boxes = [
            self._box(
                row,
                place,
                name,
                label=str(FIELD_NAMES[name]).capitalize(),
                options=[
                    (code, title, code in row.get(name, ()))
                    for code, title in self.values[name].items()
                ],
            )
            for name in MANY_VALUED[:-1]
        ]
        boxes.append(self._box(row, place, "answers", options=_answers(row, before)))
        return [box for box in boxes if box.options]

    def _choice(self, row: Tree, place: str, name: str, words: tuple[str, ...]) -> Box:
        chosen = row.get(name) or words[0]
        options = [(word, WORDS[name, word], word == chosen) for word in words]
        return self._box(row, place, name, options=options)

    def _box(self, row: Tree, place: str, name: str, **more: Any) -> Box:
        full = f"{place}-{name}" if place else name
        more.setdefault("label", LABELS.get(name, name))
        return Box(
            full,
            row.get(name, ""),
            error=self.errors.get(full, ""),
            is_number=name in NUMBERS,
            **more,
        )

    def share_of(self, rows: list[Tree]) -> str:
        total = sum(
            (self.shares.get(row.get("key", ""), Fraction(0)) for row in rows),
            Fraction(0),
        )
        return percent(float(total))


def _answers(row: Tree, before: list[Tree]) -> list[tuple[str, str, bool]]:
    chosen = set(row.get("answers", ()))
    options = []
    for other in before:
        if not other.get("key") or (other.get("kind") or LEVELS) != LEVELS:
            continue
        for level in other.get("levels", ()):
            if level.get("key"):
                value = f"{other['key']}{ANSWER_SEPARATOR}{level['key']}"
                title = f"{other.get('title', '')}: {level.get('label', '')}"
                options.append((value, title, value in chosen))
    gone = chosen - {value for value, _title, _chosen in options}
    return options + [(value, value, True) for value in sorted(gone)]


def share_texts(tree: Tree, shares: Mapping[str, Fraction]) -> dict[str, str]:
    """Place of each section and criterion to its share of the whole, in words."""
    builder = Builder(tree, {}, shares, {})
    found = {}
    for number, section in enumerate(tree["sections"]):
        place = f"sections-{number}"
        found[place] = builder.share_of(section["criteria"])
        for at, row in enumerate(section["criteria"]):
            found[f"{place}-criteria-{at}"] = builder.share_of([row])
    return found
