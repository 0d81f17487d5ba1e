"""What a decision on one disputed criterion makes of its answer."""

from collections.abc import Collection
from dataclasses import dataclass

from qa.core.scorecard import CHECKLIST, TEXT, Criterion
from qa.core.scoring import Given

NOT_APPLICABLE = "_na"
"""Stands in for a level where a criterion is said not to apply."""

KEEP, PROPOSED, OTHER = "KEEP", "PROPOSED", "OTHER"


@dataclass(frozen=True)
class Decided:
    """The answer as decided, and by which way it was arrived at."""

    outcome: str
    given: Given

    @property
    def is_change(self) -> bool:
        return self.outcome != KEEP

    @property
    def level(self) -> str:
        """The level, or ``NOT_APPLICABLE``; empty for a checklist."""
        return level_of(self.given)


class CannotDecide(ValueError):  # noqa: N818 -- what it says, not that it is an error
    """A decision that names nothing, or what the criterion does not have."""


def level_of(given: Given) -> str:
    """Return the level of an answer, ``NOT_APPLICABLE`` where it does not apply."""
    return NOT_APPLICABLE if given.is_na else given.level


def choices_of(criterion: Criterion) -> tuple[str, ...]:
    """Return what may be proposed or decided in place of a level, best first."""
    levels = tuple(level.key for level in criterion.levels)
    if not criterion.na_allowed or criterion.kind == TEXT:
        return levels
    return (*levels, NOT_APPLICABLE)


def decide(
    criterion: Criterion,
    before: Given,
    *,
    proposed: str,
    outcome: str,
    level: str = "",
    checked: Collection[str] = (),
) -> Decided:
    """Return the answer that a decision makes.

    Parameters
    ----------
    criterion : Criterion
    before : Given
        What the reviewer had answered.
    proposed : str
        The level that the agent proposed; may be empty.
    outcome : {"KEEP", "PROPOSED", "OTHER"}
    level : str
        Of OTHER: the level decided, or ``NOT_APPLICABLE``.
    checked : collection of str
        Of OTHER on a checklist: the boxes that are ticked.

    Returns
    -------
    Decided
        OTHER that comes to what was answered is KEEP; one that comes to what was
        proposed is PROPOSED, so that counts of outcomes mean what they say.

    Raises
    ------
    CannotDecide
        For an unknown outcome, a level or box that the criterion does not have, or
        PROPOSED where nothing was proposed.
    """
    if outcome == KEEP:
        return Decided(KEEP, before)
    if outcome == PROPOSED:
        return Decided(PROPOSED, _answer(criterion, before, proposed, ()))
    if outcome != OTHER:
        raise CannotDecide(outcome)
    given = _answer(criterion, before, level, checked)
    if given == before:
        return Decided(KEEP, before)
    is_proposed = bool(proposed) and level_of(given) == proposed
    return Decided(PROPOSED if is_proposed else OTHER, given)


def _answer(
    criterion: Criterion, before: Given, level: str, checked: Collection[str]
) -> Given:
    if level == NOT_APPLICABLE and level in choices_of(criterion):
        return Given(is_na=True, text=before.text)
    if criterion.kind == CHECKLIST and not level:
        known = {check.key for check in criterion.checks}
        if not set(checked) <= known:
            raise CannotDecide(", ".join(sorted(set(checked) - known)))
        return Given(checked=frozenset(checked), text=before.text)
    if not level or level not in choices_of(criterion):
        raise CannotDecide(level)
    return Given(level=level, text=before.text)
