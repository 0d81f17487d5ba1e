"""What differs between two scorecards, as data that a page turns into words."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from qa.core.scorecard import Criterion, Scorecard

SETTINGS = ("na_policy", "fail_policy", "pass_mark", "dispute_hours")
OF_CRITERION = (
    "kind",
    "guidance",
    "weight",
    "na_allowed",
    "critical",
    "critical_below",
    "comment_below",
    "show_when",
)


class Change(NamedTuple):
    """One difference.

    Attributes
    ----------
    code : str
        ``setting``; ``section_added``, ``section_removed``, ``section_title``,
        ``section_weight``; ``criterion_added``, ``criterion_removed``,
        ``criterion_title``, ``criterion_moved``, ``criterion`` (one of its settings),
        ``share``; ``level_added``, ``level_removed``, ``level`` (label, points or
        anchor); ``check_added``, ``check_removed``, ``check`` (text or precheck);
        ``order`` of ``criteria``, ``levels`` or ``checks``.
    params : dict
        ``before`` and ``after``, and ``section``, ``criterion``, ``level``, ``check``
        (titles, as they read after) and ``field`` as the code needs.
    """

    code: str
    params: dict[str, Any]


def diff(old: Scorecard, new: Scorecard) -> list[Change]:
    """List what changes from ``old`` to ``new``, in the order in which one is read.

    Things are matched by their keys, so a new wording is a change and no new thing.

    Returns
    -------
    list of Change
        Empty when both say the same.

    Examples
    --------
    >>> [change.code for change in diff(Scorecard(), Scorecard(pass_mark=75.0))]
    ['setting']
    """
    return [
        *_settings(old, new),
        *_sections(old, new),
        *_criteria(old, new),
        *_shares(old, new),
        *_order(old, new),
    ]


def _settings(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    for field in SETTINGS:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change("setting", {"field": field, "before": before, "after": after})


def _sections(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    was = {section.key: section for section in old.sections}
    will = {section.key: section for section in new.sections}
    for key, section in was.items():
        if key not in will:
            yield Change("section_removed", {"section": section.title})
    for key, section in will.items():
        if key not in was:
            yield Change("section_added", {"section": section.title})
            continue
        for field in ("title", "weight"):
            before, after = getattr(was[key], field), getattr(section, field)
            if before != after:
                yield Change(
                    f"section_{field}",
                    {"section": section.title, "before": before, "after": after},
                )


def _criteria(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    was = {each.key: each for each in old.criteria()}
    will = {each.key: each for each in new.criteria()}
    homes = _homes(old), _homes(new)
    for key, criterion in was.items():
        if key not in will:
            yield Change("criterion_removed", {"criterion": criterion.title})
    for key, criterion in will.items():
        if key not in was:
            yield Change(
                "criterion_added",
                {"criterion": criterion.title, "section": homes[1][key][1]},
            )
            continue
        if homes[0][key][0] != homes[1][key][0]:
            yield Change(
                "criterion_moved",
                {"criterion": criterion.title, "after": homes[1][key][1]},
            )
        yield from _criterion(was[key], criterion)


def _homes(card: Scorecard) -> dict[str, tuple[str, str]]:
    """Criterion key to key and title of its section."""
    return {
        each.key: (section.key, section.title)
        for section in card.sections
        for each in section.criteria
    }


def _criterion(old: Criterion, new: Criterion) -> Iterator[Change]:
    name = {"criterion": new.title}
    if old.title != new.title:
        yield Change(
            "criterion_title", {**name, "before": old.title, "after": new.title}
        )
    for field in OF_CRITERION:
        before, after = getattr(old, field), getattr(new, field)
        if (before or None) != (after or None) or _is_set(before) != _is_set(after):
            values = {"field": field, "before": before, "after": after}
            yield Change("criterion", {**name, **values})
    yield from _parts(
        "level", name, old.levels, new.levels, ("label", "points", "anchor")
    )
    yield from _parts("check", name, old.checks, new.checks, ("text", "precheck"))


def _is_set(value: Any) -> bool:
    """A threshold of 0 is one; no condition and an empty one are the same."""
    return isinstance(value, (int, float)) or bool(value)


def _parts(
    what: str,
    name: dict[str, str],
    old: Sequence[Any],
    new: Sequence[Any],
    fields: tuple[str, ...],
) -> Iterator[Change]:
    was, will = {each.key: each for each in old}, {each.key: each for each in new}
    first = fields[0]
    for key, each in was.items():
        if key not in will:
            yield Change(f"{what}_removed", {**name, what: getattr(each, first)})
    for key, each in will.items():
        label = {**name, what: getattr(each, first)}
        if key not in was:
            points = {"points": each.points} if what == "level" else {}
            yield Change(f"{what}_added", {**label, **points})
            continue
        for field in fields:
            before, after = getattr(was[key], field), getattr(each, field)
            if before != after:
                values = {"field": field, "before": before, "after": after}
                yield Change(what, {**label, **values})
    if _is_reordered(list(was), list(will)):
        yield Change("order", {**name, "field": f"{what}s"})


def _shares(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    """Criteria that count more or less though their own weight stayed."""
    was, will = old.shares(), new.shares()
    weights = {each.key: each.weight for each in old.criteria()}
    for criterion in new.criteria():
        key = criterion.key
        if key in was and was[key] != will[key] and weights[key] == criterion.weight:
            yield Change(
                "share",
                {
                    "criterion": criterion.title,
                    "before": float(was[key]),
                    "after": float(will[key]),
                },
            )


def _order(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    before = [each.key for each in old.criteria()]
    after = [each.key for each in new.criteria()]
    if _is_reordered(before, after):
        titles = {each.key: each.title for each in new.criteria()}
        order = [titles[key] for key in after]
        yield Change("order", {"field": "criteria", "after": order})


def _is_reordered(before: list[str], after: list[str]) -> bool:
    common = [key for key in after if key in before]
    return common != [key for key in before if key in after]
