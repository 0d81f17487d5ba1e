"""A scorecard as a value: what is judged, on which levels, how much each counts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import Any, Self

LEVELS, CHECKLIST, TEXT = "levels", "checklist", "text"
CRITERION_KINDS = (LEVELS, CHECKLIST, TEXT)
EXCLUDE, AS_FULL, NOT_ALLOWED = "exclude", "as_full", "not_allowed"
NA_POLICIES = (EXCLUDE, AS_FULL, NOT_ALLOWED)
ZERO_SCORE, KEEP_SCORE = "zero_score", "keep_score"
FAIL_POLICIES = (ZERO_SCORE, KEEP_SCORE)
NOT_CRITICAL, FAILS_SECTION, FAILS_ALL = "none", "section", "all"
CRITICALITIES = (NOT_CRITICAL, FAILS_SECTION, FAILS_ALL)
TICKET_FIELDS = ("channel", "priority", "category", "tier", "tag")
"""What a condition may ask of a ticket."""


@dataclass(frozen=True)
class Level:
    """One anchored step of a criterion; ``key`` is stable across versions."""

    key: str
    label: str
    points: float
    anchor: str = ""


@dataclass(frozen=True)
class Check:
    """One box of a checklist. ``precheck`` names the rule that may tick it first."""

    key: str
    text: str
    precheck: str = ""


@dataclass(frozen=True)
class Criterion:
    """One thing that is judged.

    Parameters
    ----------
    key : str
        Stable across versions, so that a trend survives a change of wording.
    weight : float
        Share inside its section; 0 is recorded and adds nothing to a score. It may be
        critical all the same: a gate without points.
    levels : tuple of Level
        Best first. Of ``kind`` "levels".
    checks : tuple of Check
        Of ``kind`` "checklist": points are the ticked share of them.
    na_allowed : bool
        Whether "does not apply" is an answer, unless the scorecard's policy allows none.
    critical : {"none", "section", "all"}
        What a value below ``critical_below`` (in points; of a checklist, ticked boxes)
        fails.
    comment_below : float or None
        Points (ticked boxes) under which a comment and a root cause are asked for.
    show_when : mapping or None
        ``{"ticket": {"channel": ["chat"]}}``, ``{"answers": {"other-key": ["level"]}}``
        or both: the criterion is asked only when all of it holds.
    """

    key: str
    title: str
    weight: float = 1.0
    kind: str = LEVELS
    guidance: str = ""
    levels: tuple[Level, ...] = ()
    checks: tuple[Check, ...] = ()
    na_allowed: bool = False
    critical: str = NOT_CRITICAL
    critical_below: float | None = None
    comment_below: float | None = None
    show_when: Mapping[str, Mapping[str, list[str]]] | None = None

    @cached_property
    def max_points(self) -> float:
        if self.kind == CHECKLIST:
            return float(len(self.checks))
        return max((level.points for level in self.levels), default=0.0)

    def level(self, key: str) -> Level:
        """Return the level, or raise ``KeyError``."""
        for level in self.levels:
            if level.key == key:
                return level
        raise KeyError(key)


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    weight: float
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """A version's whole definition; ``from_dict`` and ``to_dict`` are its JSON."""

    sections: tuple[Section, ...] = ()
    na_policy: str = EXCLUDE
    fail_policy: str = KEEP_SCORE
    pass_mark: float = 80.0
    dispute_hours: int = 72

    def criteria(self) -> Iterator[Criterion]:
        for section in self.sections:
            yield from section.criteria

    def criterion(self, key: str) -> Criterion:
        """Return the criterion, or raise ``KeyError``."""
        for criterion in self.criteria():
            if criterion.key == key:
                return criterion
        raise KeyError(key)

    def allows_na(self, criterion: Criterion) -> bool:
        """Whether "does not apply" is an answer to this criterion."""
        return criterion.na_allowed and self.na_policy != NOT_ALLOWED

    def shares(self) -> dict[str, Fraction]:
        """Return what each criterion is of the whole when all of them count.

        Returns
        -------
        dict of str to Fraction
            Criterion key to 0–1; the shares of the scored ones sum to 1.
        """
        scored = {
            section.key: sum(
                (Fraction(str(each.weight)) for each in scored_criteria(section)),
                Fraction(0),
            )
            for section in self.sections
        }
        total = sum(
            (Fraction(str(s.weight)) for s in self.sections if scored[s.key]),
            Fraction(0),
        )
        return {
            each.key: Fraction(str(section.weight))
            / total
            * Fraction(str(each.weight))
            / scored[section.key]
            if each in scored_criteria(section) and total
            else Fraction(0)
            for section in self.sections
            for each in section.criteria
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of it: lists, dicts, texts, numbers, truths and None."""
        found: dict[str, Any] = _plain(asdict(self))
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote. Missing keys take their defaults.

        Raises
        ------
        ValueError
            If a word is none of those allowed, or a number is negative or not finite.
        TypeError
            If a key is unknown or missing, or a value is of the wrong kind.
        """
        plain = {key: value for key, value in data.items() if key != "sections"}
        sections = tuple(_section(row) for row in data.get("sections", ()))
        card = cls(sections=sections, **plain)
        _require(card.na_policy, NA_POLICIES)
        _require(card.fail_policy, FAIL_POLICIES)
        _require_number("pass_mark", card.pass_mark)
        _require_number("dispute_hours", card.dispute_hours)
        return card


def scored_criteria(section: Section) -> tuple[Criterion, ...]:
    """The criteria of a section that can add to a score."""
    if not section.weight:
        return ()
    return tuple(each for each in section.criteria if each.weight and each.kind != TEXT)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _section(row: Mapping[str, Any]) -> Section:
    criteria = tuple(_criterion(each) for each in row.get("criteria", ()))
    section = Section(**{**row, "criteria": criteria})
    _require_number(f"weight of {section.key}", section.weight)
    return section


def _criterion(row: Mapping[str, Any]) -> Criterion:
    levels = tuple(Level(**each) for each in row.get("levels", ()))
    checks = tuple(Check(**each) for each in row.get("checks", ()))
    criterion = Criterion(**{**row, "levels": levels, "checks": checks})
    _require(criterion.kind, CRITERION_KINDS)
    _require(criterion.critical, CRITICALITIES)
    _require_number(f"weight of {criterion.key}", criterion.weight)
    for level in levels:
        _require_number(f"points of {criterion.key} {level.key}", level.points)
    for value in (criterion.critical_below, criterion.comment_below):
        if value is not None:
            _require_number(f"threshold of {criterion.key}", value)
    return criterion


def _require(word: str, allowed: Collection[str]) -> None:
    if word not in allowed:
        raise ValueError(f"{word!r} is none of {', '.join(allowed)}")


def _require_number(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} is no number: {value!r}")
    if not isfinite(value) or value < 0:
        raise ValueError(f"{name} must be at least 0: {value!r}")
