"""The scorecard builder's state: what was typed, as a tree of texts.

Nothing here judges a value, so whatever was typed is shown again. A field is called by
its place, such as ``sections-0-criteria-2-levels-1-points``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify

from qa.core.scorecard import Criterion, Scorecard

Tree = dict[str, Any]
LISTS = ("sections", "criteria", "levels", "checks")
MANY_VALUED = ("channel", "priority", "tier", "category", "answers")
KEY_LENGTH = 50
INDEX_DIGITS = 4
ANSWER_SEPARATOR = ":"

NEW_LEVELS = [
    {"label": "Very good", "points": "4"},
    {"label": "Good", "points": "3"},
    {"label": "Adequate", "points": "2"},
    {"label": "Poor", "points": "1"},
    {"label": "Fail", "points": "0"},
]


def text_of(value: float | None) -> str:
    """``30`` for 30.0, ``7.5`` for 7.5, nothing for None."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


# To and from a tree -----------------------------------------------------------------------


def tree_of(card: Scorecard) -> Tree:
    return {
        "na_policy": card.na_policy,
        "fail_policy": card.fail_policy,
        "pass_mark": text_of(card.pass_mark),
        "dispute_hours": text_of(card.dispute_hours),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "weight": text_of(section.weight),
                "criteria": [_criterion(each) for each in section.criteria],
            }
            for section in card.sections
        ],
    }


def _criterion(criterion: Criterion) -> Tree:
    conditions = criterion.show_when or {}
    about_ticket = conditions.get("ticket", {})
    return {
        "key": criterion.key,
        "title": criterion.title,
        "weight": text_of(criterion.weight),
        "kind": criterion.kind,
        "guidance": criterion.guidance,
        "na_allowed": "on" if criterion.na_allowed else "",
        "critical": criterion.critical,
        "critical_below": text_of(criterion.critical_below),
        "comment_below": text_of(criterion.comment_below),
        "levels": [
            {
                "key": level.key,
                "label": level.label,
                "points": text_of(level.points),
                "anchor": level.anchor,
            }
            for level in criterion.levels
        ],
        "checks": [
            {"key": check.key, "text": check.text, "precheck": check.precheck}
            for check in criterion.checks
        ],
        **{field: list(about_ticket.get(field, ())) for field in MANY_VALUED[:-1]},
        "tag": ", ".join(about_ticket.get("tag", ())),
        "answers": [
            f"{key}{ANSWER_SEPARATOR}{level}"
            for key, levels in conditions.get("answers", {}).items()
            for level in levels
        ],
    }


def tree_from(post: QueryDict) -> Tree:
    """Read the tree that a form was shown as; gaps in the numbering close."""
    tree: Tree = {}
    for name in post:
        *path, field = name.split("-")
        if path and path[0] != "sections":
            continue
        node = _node(tree, path)
        if node is not None:
            many = field in MANY_VALUED
            node[field] = post.getlist(name) if many else post[name]
    _close_gaps(tree)
    return tree


def _node(tree: Tree, path: list[str]) -> Tree | None:
    if len(path) % 2:
        return None
    for name, number in zip(path[::2], path[1::2], strict=True):
        if name not in LISTS or not _is_index(number):
            return None
        tree = tree.setdefault(name, {}).setdefault(int(number), {})
    return tree


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= INDEX_DIGITS


def _close_gaps(node: Tree) -> None:
    for name in LISTS:
        rows = node.get(name, {})
        node[name] = [rows[number] for number in sorted(rows)]
        for row in node[name]:
            _close_gaps(row)


# Keys -------------------------------------------------------------------------------------


def give_keys(tree: Tree) -> None:
    """Give every titled part without a key one that is free; keys then stay."""
    sections = tree["sections"]
    criteria = [each for section in sections for each in section["criteria"]]
    _give(sections, "title")
    _give(criteria, "title")
    for each in criteria:
        _give(each["levels"], "label")
        _give(each["checks"], "text")


def _give(rows: Iterable[Tree], source: str) -> None:
    rows = list(rows)
    taken = {row.get("key", "") for row in rows}
    for row in rows:
        title = row.get(source, "").strip()
        if row.get("key") or not title:
            continue
        wanted = slugify(title).replace("-", "_")[:KEY_LENGTH] or "item"
        key, number = wanted, 1
        while key in taken:
            number += 1
            key = f"{wanted}_{number}"
        row["key"] = key
        taken.add(key)


# Steps ------------------------------------------------------------------------------------


def apply_step(tree: Tree, step: str) -> str:
    """Add, remove or move a part; return the id of what gets the focus.

    ``add-section``, ``add-criterion:sections-0``, ``add-level:…``, ``add-check:…``,
    ``remove:…``, ``up:…`` and ``down:…`` of a place. A place that is not there, or no
    step at all, changes nothing.
    """
    verb, _colon, place = step.partition(":")
    if verb == "add-section":
        tree["sections"].append(_new_section())
        return f"id_sections-{len(tree['sections']) - 1}-title"
    if verb in _ADDED:
        return _add(tree, verb, place)
    if verb in {"remove", "up", "down"}:
        return _move_or_remove(tree, verb, place)
    return ""


_ADDED: Mapping[str, tuple[str, str]] = {
    "add-criterion": ("criteria", "title"),
    "add-level": ("levels", "label"),
    "add-check": ("checks", "text"),
}


def _new_section() -> Tree:
    return {"title": "", "weight": "100", "criteria": [_new_criterion()]}


def _new_criterion() -> Tree:
    return {
        "title": "",
        "weight": "10",
        "kind": "levels",
        "levels": [dict(level) for level in NEW_LEVELS],
        "checks": [],
    }


def _add(tree: Tree, verb: str, place: str) -> str:
    name, field = _ADDED[verb]
    node = _at(tree, place)
    if node is None:
        return ""
    rows = node.setdefault(name, [])
    rows.append(_new_criterion() if name == "criteria" else {})
    return f"id_{place}-{name}-{len(rows) - 1}-{field}"


def _move_or_remove(tree: Tree, verb: str, place: str) -> str:
    start, _dash, number = place.rpartition("-")
    *parent, name = start.split("-")
    node = _at(tree, "-".join(parent))
    if node is None or name not in LISTS or not _is_index(number):
        return ""
    rows, at = node.get(name, []), int(number)
    if at >= len(rows):
        return ""
    if verb == "remove":
        rows.pop(at)
        return f"move_{start}-{min(at, len(rows) - 1)}" if rows else ""
    other = at - 1 if verb == "up" else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
        return f"{verb}_{start}-{other}"
    if name == "criteria":
        return _to_next_section(tree, verb, int(parent[-1]), at)
    return ""


def _to_next_section(tree: Tree, verb: str, section: int, at: int) -> str:
    """Move a criterion past the end of its section into the one beside it."""
    sections = tree["sections"]
    other = section - 1 if verb == "up" else section + 1
    if not 0 <= other < len(sections):
        return ""
    moved = sections[section]["criteria"].pop(at)
    rows = sections[other]["criteria"]
    rows.insert(len(rows) if verb == "up" else 0, moved)
    return f"{verb}_sections-{other}-criteria-{rows.index(moved)}"


def _at(tree: Tree, place: str) -> Tree | None:
    parts = place.split("-") if place else []
    if len(parts) % 2:
        return None
    node = tree
    for name, number in zip(parts[::2], parts[1::2], strict=True):
        rows = node.get(name) if name in LISTS else None
        if rows is None or not _is_index(number) or int(number) >= len(rows):
            return None
        node = rows[int(number)]
    return node
