"""What other apps declare here: kinds of segments, dimensions, who sees what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.utils.functional import Promise

Build = Callable[[date], Mapping[str, NDArray[np.generic]]]
Days = Callable[[date | None, date | None], Iterable[date]]


@dataclass(frozen=True)
class SegmentKind:
    """How one kind of facts is read.

    ``build(day)`` returns the day's columns, in an order that follows from the facts
    alone; ``days(start, end)`` names the days in ``[start, end)`` that have any;
    ``dimensions`` are the columns that figures may be filtered and grouped by. ``sight``
    says who sees these facts where that differs from tickets.
    """

    code: str
    build: Build
    days: Days
    dimensions: frozenset[str] = frozenset()
    sight: "Sight | None" = None


@dataclass(frozen=True)
class Dimension:
    """Something figures may be cut by: a column of whole numbers, 0 for "none".

    ``parse`` turns one value of an address into the numbers it stands for (a category
    stands for its whole subtree) and raises ``ValueError`` for what it does not know;
    ``write`` is its inverse for one number; ``names`` labels numbers. ``exact`` writes
    one number alone where ``write`` stands for more.
    """

    code: str
    label: "str | Promise"
    parse: Callable[[str], frozenset[int]]
    names: Callable[[Iterable[int]], dict[int, str]]
    write: Callable[[int], str] = str
    exact: Callable[[int], str] | None = None

    def write_exactly(self, number: int) -> str:
        return (self.exact or self.write)(number)


@dataclass(frozen=True)
class Visibility:
    """The facts a person may see: own, of some teams, and those of nobody yet.

    With ``by_agent`` false nothing may be cut by agent: figures of teams, none of a
    person.
    """

    agent: int
    teams: frozenset[int]
    by_agent: bool = True


Sight = Callable[["AbstractBaseUser | AnonymousUser"], Visibility | None]

_kinds: dict[str, SegmentKind] = {}
_dimensions: dict[str, Dimension] = {}
_sight: list[Sight] = []


def register_segment(
    kind: str,
    *,
    build: Build,
    days: Days,
    dimensions: Iterable[str] = (),
    sight: Sight | None = None,
) -> None:
    """Declare a kind of segment; done once, when its app is ready."""
    _kinds[kind] = SegmentKind(kind, build, days, frozenset(dimensions), sight)


def segment_kind(kind: str) -> SegmentKind:
    return _kinds[kind]


def segment_kinds() -> list[SegmentKind]:
    return [_kinds[code] for code in sorted(_kinds)]


def register_dimension(dimension: Dimension) -> None:
    _dimensions[dimension.code] = dimension


def dimension(code: str) -> Dimension:
    return _dimensions[code]


def dimensions() -> dict[str, Dimension]:
    return dict(_dimensions)


def register_visibility(sight: Sight) -> None:
    """Declare who sees which facts; ``None`` from ``sight(user)`` means all of them."""
    _sight[:] = [sight]


def visibility_of(user: "AbstractBaseUser | AnonymousUser") -> Visibility | None:
    """Return what ``user`` may see. Nothing is shown before a rule is declared."""
    if not _sight:
        return Visibility(agent=-1, teams=frozenset())
    return _sight[0](user)
