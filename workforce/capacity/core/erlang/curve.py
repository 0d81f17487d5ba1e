"""The fewest people for many loads under few promises: some solved, the others read off.

Unrounded people are a smooth function of load wherever one promise decides: in the log of
the load, a polynomial through thirty-two solved loads is as good as solving every one. A
week of half hours under twenty promises costs what two weeks under one did.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.erlang.abandonment import Cells, occupancy_of
from workforce.capacity.core.erlang.inputs import Floats
from workforce.capacity.core.erlang.promise import Busy, Promise
from workforce.capacity.core.erlang.search import (
    enough,
    exact_between,
    exact_servers,
    whole_servers,
)

Places = NDArray[np.intp]

NODES = 32
# So many loads under one promise are solved one by one at less cost.
_FEW = 64
# A curve cut in two so often is none.
_ROUNDS = 3
# The last terms of a polynomial may be so many people, or more where they are thousands;
# what it is wrong by was less than ten times that in every case tried.
_TAIL = 1e-8
_LAST = 3
# So near to a whole number, whole people are searched for.
_UNSURE = 1e-6


def whole_and_exact(promise: Promise) -> tuple[Floats, Floats]:
    """Return whole people, and those before rounding to 1e-7 people, of every cell.

    Runs of cells that differ in nothing but their load are read off one curve. A curve
    that is no polynomial is cut in two until it is, or until few loads are left of it.
    """
    whole, exact = np.zeros_like(promise.wanted), np.zeros_like(promise.wanted)
    pieces, alone = _runs(promise), []
    for _ in range(_ROUNDS):
        alone += [piece for piece in pieces if not _is_worth(promise, piece)]
        pieces = [piece for piece in pieces if _is_worth(promise, piece)]
        if pieces:
            pieces = _read_off(promise, pieces, exact)
    _round_up(promise, exact, whole)
    if alone := [*alone, *pieces]:
        one_by_one = np.concatenate(alone)
        part = promise.take(one_by_one)
        whole[one_by_one] = whole_servers(part)
        exact[one_by_one] = exact_servers(part, whole[one_by_one])
    return whole, exact


def _runs(promise: Promise) -> list[Places]:
    """Neighbouring cells with load that differ in nothing else, as places."""
    cells = promise.cells
    parts = cells.aht, cells.patience, promise.wanted, promise.target, promise.cap
    # Endless patience less endless patience is no number, so they are compared.
    changes = np.any([part[1:] != part[:-1] for part in parts], axis=0)
    runs = np.split(np.arange(promise.wanted.size), np.flatnonzero(changes) + 1)
    busy = [run[cells.load[run] > 0] for run in runs]
    return [run for run in busy if run.size]


def _is_worth(promise: Promise, piece: Places) -> bool:
    """Whether a curve costs less; a level of 0 needs nobody and has none."""
    return piece.size > _FEW and bool(promise.wanted[piece[0]] > 0)


def _read_off(promise: Promise, pieces: list[Places], exact: Floats) -> list[Places]:
    """Write ``exact`` where a polynomial holds; return halves of the other pieces."""
    loads = [promise.cells.load[piece] for piece in pieces]
    first = promise.take(np.array([piece[0] for piece in pieces]))
    low = np.array([load.min() for load in loads])
    high = np.array([load.max() for load in loads])
    level, nodes, served = _level_curve(first, low, high)
    since = np.maximum(_crossings(first, level, nodes, served), low)
    capped = _cap_curve(first, level, since, high)
    rest: list[Places] = []
    for row, (piece, load) in enumerate(zip(pieces, loads, strict=True)):
        if not (level.is_close(row) and capped.is_close(row)):
            lower = load <= np.sqrt(low[row] * high[row])
            rest += [piece[lower], piece[~lower]]
            continue
        found = level.at(row, load)
        busy = load >= since[row]
        found[busy] = np.maximum(found[busy], capped.at(row, load[busy]))
        exact[piece] = np.maximum(found, promise.take(piece).least())
    return rest


@dataclass(frozen=True, slots=True)
class _Curve:
    """People by the log of the load, a polynomial for each piece."""

    middle: Floats
    half: Floats
    terms: Floats

    @classmethod
    def through(cls, low: Floats, high: Floats, people: Floats) -> "_Curve":
        """The one through the people at `nodes_of` these ends."""
        ends = np.log(low), np.log(high)
        half = (ends[1] - ends[0]) / 2
        return cls((ends[0] + ends[1]) / 2, half, people @ _chebyshev()[1])

    def is_close(self, row: int) -> bool:
        terms = self.terms[row]
        last = np.abs(terms[-_LAST:]).max()
        return bool(last <= _TAIL * max(1.0, abs(terms[0]) / 1000.0))

    def at(self, row: int, load: Floats) -> Floats:
        x = (np.log(load) - self.middle[row]) / (self.half[row] or 1.0)
        return np.asarray(np.polynomial.chebyshev.chebval(x, self.terms[row]))

    def each_at(self, rows: Places, load: Floats) -> Floats:
        """As `at`, one load for each of some pieces."""
        half = np.where(self.half[rows] > 0, self.half[rows], 1.0)
        x = (np.log(load) - self.middle[rows]) / half
        terms = self.terms[rows].T
        return np.asarray(np.polynomial.chebyshev.chebval(x, terms, tensor=False))


def _level_curve(
    first: Promise, low: Floats, high: Floats
) -> tuple[_Curve, Floats, Floats]:
    """People for the service level alone; the loads solved, and the people there."""
    nodes = nodes_of(low, high)
    each = np.repeat(np.arange(low.size), NODES)
    level = first.take(each).with_load(nodes.ravel()).without_cap()
    least = level.least()
    top = enough(level, level.least_whole())
    served = exact_between(level, least, top).reshape(nodes.shape)
    return _Curve.through(low, high, served), nodes, served


def _cap_curve(first: Promise, level: _Curve, since: Floats, high: Floats) -> _Curve:
    """People for the cap alone, from the load on at which it begins to matter.

    With so few people that nearly all give up, they are idle however few they are: below
    that load the cap asks for nobody, and its curve would have a kink.
    """
    people = np.zeros((high.size, NODES))
    rows = np.flatnonzero(np.isfinite(since))
    if rows.size:
        nodes = nodes_of(since[rows], high[rows])
        each = np.repeat(rows, NODES)
        load = nodes.ravel()
        busy = Busy(first.cells.take(each).with_load(load), first.cap[each])
        least = np.minimum(level.each_at(each, load), load / busy.cap)
        found = exact_between(busy, np.maximum(least, 0.0), load / busy.cap)
        people[rows] = found.reshape(nodes.shape)
    low = np.where(np.isfinite(since), since, high)
    return _Curve.through(low, high, people)


def _crossings(first: Promise, level: _Curve, nodes: Floats, served: Floats) -> Floats:
    """The load from which the level's people are too busy; infinite where they never are.

    Where nobody gives up, load and cap say by themselves how many people it takes.
    """
    since = np.full(len(nodes), np.inf)
    rows = np.flatnonzero((first.cap < 1.0) & np.isfinite(first.cells.patience))
    if not rows.size:
        return since
    each = np.repeat(rows, NODES)
    cells = first.cells.take(each).with_load(nodes[rows].ravel())
    margin = Busy(cells, first.cap[each]).margin(served[rows].ravel())
    short = (margin < 0).reshape(rows.size, NODES)
    # Nodes come in falling order: the last one that is short is the first load that is.
    last = NODES - 1 - np.argmax(short[:, ::-1], axis=1)
    below = np.minimum(last + 1, NODES - 1)
    crossing = Crossing(first.cells.take(rows), first.cap[rows], level, rows)
    found = exact_between(crossing, nodes[rows, below], nodes[rows, last])
    # Short at the least load solved: short at all loads, those below it too.
    found[last == NODES - 1] = 0.0
    since[rows] = np.where(short.any(axis=1), found, np.inf)
    return since


@dataclass(frozen=True, slots=True)
class Crossing:
    """Which load makes the level's people too busy: here the load is what grows."""

    cells: Cells
    cap: Floats
    level: _Curve
    rows: Places

    def take(self, which: NDArray[Any]) -> "Crossing":
        cells = self.cells.take(which)
        return Crossing(cells, self.cap[which], self.level, self.rows[which])

    def margin(self, load: Floats) -> Floats:
        people = np.maximum(self.level.each_at(self.rows, load), 0.0)
        cells = self.cells.with_load(load).with_servers(people)
        return occupancy_of(cells) - self.cap

    def score(self, load: Floats) -> Floats:
        return self.margin(load)


def nodes_of(low: Floats, high: Floats) -> Floats:
    """The loads to solve between two ends: f8[pieces, nodes], falling."""
    ends = np.log(low)[:, None], np.log(high)[:, None]
    middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
    return np.asarray(np.exp(middle + half * _chebyshev()[0]))


def _round_up(promise: Promise, exact: Floats, whole: Floats) -> None:
    """Write whole people, and bring ``exact`` within the person below them."""
    np.ceil(exact, out=whole)
    near = np.abs(exact - np.rint(exact)) <= _UNSURE
    unsure = np.flatnonzero(near & (exact > 0))
    if unsure.size:
        whole[unsure] = whole_servers(promise.take(unsure))
    np.clip(exact, np.maximum(whole - 1.0, 0.0), whole, out=exact)


@cache
def _chebyshev() -> tuple[Floats, Floats]:
    """Where a polynomial is solved in [-1, 1], and what turns its values into terms."""
    angles = np.pi * (np.arange(NODES) + 0.5) / NODES
    terms = np.cos(np.outer(angles, np.arange(NODES))) * (2.0 / NODES)
    terms[:, 0] /= 2.0
    return np.cos(angles), terms
