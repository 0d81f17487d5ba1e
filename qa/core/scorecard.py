"""A scorecard as a value: what is judged, on which levels, how much each counts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

LEVELS, CHECKLIST, TEXT = "levels", "checklist", "text"
CRITERION_KINDS = (LEVELS, CHECKLIST, TEXT)
EXCLUDE, AS_FULL, NOT_ALLOWED = "exclude", "as_full", "not_allowed"
NA_POLICIES = (EXCLUDE, AS_FULL, NOT_ALLOWED)
ZERO_SCORE, KEEP_SCORE = "zero_score", "keep_score"
FAIL_POLICIES = (ZERO_SCORE, KEEP_SCORE)
NOT_CRITICAL, FAILS_SECTION, FAILS_ALL = "none", "section", "all"
CRITICALITIES = (NOT_CRITICAL, FAILS_SECTION, FAILS_ALL)


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
        Share inside its section; 0 is recorded and never scored.
    levels : tuple of Level
        Best first. Of ``kind`` "levels".
    checks : tuple of Check
        Of ``kind`` "checklist": points are the ticked share of them.
    critical : {"none", "section", "all"}
        What a value below ``critical_below`` (in points) fails.
    comment_below : float or None
        Points under which a comment and a root cause are asked for.
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

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote. Missing keys take their defaults."""
        plain = {key: value for key, value in data.items() if key != "sections"}
        sections = tuple(_section(row) for row in data.get("sections", ()))
        return cls(sections=sections, **plain)


def _section(row: Mapping[str, Any]) -> Section:
    criteria = tuple(_criterion(each) for each in row.get("criteria", ()))
    return Section(**{**row, "criteria": criteria})


def _criterion(row: Mapping[str, Any]) -> Criterion:
    levels = tuple(Level(**each) for each in row.get("levels", ()))
    checks = tuple(Check(**each) for each in row.get("checks", ()))
    return Criterion(**{**row, "levels": levels, "checks": checks})
