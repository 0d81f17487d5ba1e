"""How far the sheets of one calibration lie apart, cell by cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.core.scorecard import (
    CHECKLIST,
    LEVELS,
    NOT_CRITICAL,
    TEXT,
    Criterion,
    Scorecard,
)
from qa.core.scoring import Given

NOT_APPLICABLE = "not-applicable"
_OF = "-of-"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one reviewer gave on one criterion of one ticket.

    ``value`` is a level's key, ``"5-of-8"`` for a checklist, or ``"not-applicable"``;
    ``share`` is its part of the maximum, 0–1, and None when it does not count.
    """

    ticket: int
    criterion: str
    reviewer: int
    value: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion of one ticket: what was given, and the distance in points.

    ``gap`` is in points of the total score, 0–100: (largest - smallest share) times the
    weight of the criterion in the total. ``differs`` is also true for answers that are
    not of the same kind, such as a level against "does not apply". ``is_far`` is true
    for what no small gap excuses: levels more than one step apart, answers that are not
    of the same kind, or a critical failure that not everybody saw.
    """

    ticket: int
    criterion: str
    marks: tuple[Mark, ...]
    gap: float
    differs: bool
    is_far: bool = False

    def is_flagged(self, threshold: float) -> bool:
        """Whether it must be talked through: far apart, or a gap of ``threshold``.

        ``threshold`` is in points of the total score, as the gap is.
        """
        return self.differs and (self.is_far or self.gap >= threshold)


def value_of(criterion: Criterion, given: Given) -> str:
    """Return the answer as one comparable key; empty when nothing was answered."""
    if given.is_na:
        return NOT_APPLICABLE
    if criterion.kind == CHECKLIST:
        return f"{len(given.checked)}{_OF}{len(criterion.checks)}"
    return given.level


def given_of(criterion: Criterion, value: str) -> Given:
    """Return an answer that scores as ``value`` does.

    Raises
    ------
    ValueError
        When the criterion has no such value.
    """
    if value == NOT_APPLICABLE and criterion.na_allowed:
        return Given(is_na=True)
    if value not in {known for known, _ in values_of(criterion)}:
        raise ValueError(f"{criterion.key} has no value {value!r}")
    if criterion.kind == CHECKLIST:
        ticked = int(value.split(_OF)[0])
        return Given(checked=frozenset(each.key for each in criterion.checks[:ticked]))
    return Given(level=value)


def values_of(criterion: Criterion) -> list[tuple[str, str]]:
    """Return every value that can be agreed on, best first, with its label.

    The labels of a checklist and of "does not apply" are empty: they are for the page
    to word.
    """
    if criterion.kind == CHECKLIST:
        size = len(criterion.checks)
        values = [(f"{ticked}{_OF}{size}", "") for ticked in range(size, -1, -1)]
    else:
        values = [(level.key, level.label) for level in criterion.levels]
    return [*values, (NOT_APPLICABLE, "")] if criterion.na_allowed else values


def comparable(card: Scorecard) -> tuple[Criterion, ...]:
    """Return the criteria that sheets are compared on: levels, and scored checklists."""
    weights = weights_of(card)
    return tuple(
        each
        for each in card.criteria()
        if each.kind == LEVELS or (each.kind != TEXT and weights[each.key] > 0)
    )


def weights_of(card: Scorecard) -> dict[str, float]:
    """Return the points of the total that each criterion can move, summing to 100.

    As when every criterion counts. One without weight, or in a section without, moves 0.
    """
    scored = {
        section.key: sum(each.weight for each in section.criteria if each.kind != TEXT)
        for section in card.sections
    }
    total = sum(each.weight for each in card.sections if scored[each.key] > 0)
    weights: dict[str, float] = {}
    for section in card.sections:
        inside = scored[section.key]
        for each in section.criteria:
            counts = each.kind != TEXT and inside > 0 and total > 0
            part = section.weight * each.weight / inside / total if counts else 0.0
            weights[each.key] = 100 * part
    return weights


def cells(card: Scorecard, marks: Iterable[Mark]) -> list[Cell]:
    """Compare the marks of each ticket and criterion.

    Parameters
    ----------
    card : Scorecard
    marks : iterable of Mark
        At most one of a reviewer on a criterion of a ticket. Empty values are left out.

    Returns
    -------
    list of Cell
        The largest gap first; among equals, what differs first, then in the order of
        the scorecard and of the ticket.
    """
    weights = weights_of(card)
    criteria = {each.key: each for each in comparable(card)}
    order = {key: place for place, key in enumerate(criteria)}
    found: dict[tuple[int, str], list[Mark]] = {}
    for mark in marks:
        if mark.value and mark.criterion in order:
            found.setdefault((mark.ticket, mark.criterion), []).append(mark)
    compared = [
        Cell(
            ticket=ticket,
            criterion=key,
            marks=tuple(sorted(given, key=lambda mark: mark.reviewer)),
            # What ought to be 5 points is not to sort and shade as 4.999…
            gap=round(_gap(given) * weights[key], 9),
            differs=len({mark.value for mark in given}) > 1,
            is_far=_is_far(criteria[key], {mark.value for mark in given}),
        )
        for (ticket, key), given in found.items()
    ]
    return sorted(
        compared,
        key=lambda cell: (
            -cell.gap,
            not cell.differs,
            order[cell.criterion],
            cell.ticket,
        ),
    )


def agreed_values(
    compared: Iterable[Cell], decided: Mapping[tuple[int, str], str]
) -> dict[int, dict[str, str] | None]:
    """Return the agreed value of each criterion by ticket.

    Parameters
    ----------
    compared : iterable of Cell
    decided : mapping of (ticket, criterion) to value
        What was agreed on; an empty value says that the criterion was found unclear.

    Returns
    -------
    dict of ticket to (dict of criterion to value, or None)
        None for a ticket on which something differs and is not agreed.
    """
    agreed: dict[int, dict[str, str] | None] = {}
    for cell in compared:
        values = agreed.setdefault(cell.ticket, {})
        if values is None:
            continue
        value = decided.get((cell.ticket, cell.criterion))
        if value is None and not cell.differs:
            value = cell.marks[0].value
        if value:
            values[cell.criterion] = value
        else:
            agreed[cell.ticket] = None
    return agreed


def _is_far(criterion: Criterion, values: set[str]) -> bool:
    if len(values) < 2:
        return False
    answered = values - {NOT_APPLICABLE}
    failing = {value for value in answered if _fails(criterion, value)}
    is_mixed = answered != values or (failing and failing != answered)
    if is_mixed or criterion.kind == CHECKLIST:
        return bool(is_mixed)
    steps = [step for step, each in enumerate(criterion.levels) if each.key in answered]
    return max(steps) - min(steps) > 1


def _fails(criterion: Criterion, value: str) -> bool:
    if criterion.critical == NOT_CRITICAL or criterion.critical_below is None:
        return False
    if criterion.kind == CHECKLIST:
        return int(value.split(_OF)[0]) < criterion.critical_below
    return criterion.level(value).points < criterion.critical_below


def _gap(marks: Iterable[Mark]) -> float:
    shares = [mark.share for mark in marks if mark.share is not None]
    return max(shares) - min(shares) if shares else 0.0
