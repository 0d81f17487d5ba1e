"""A service level and an occupancy cap, and how far a number of people keeps both."""

import math
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.erlang.abandonment import (
    Cells,
    occupancy_of,
    shares_within,
)
from workforce.capacity.core.erlang.inputs import (
    AHT,
    LEVEL,
    LOAD,
    OCCUPANCY,
    TARGET,
    Floats,
    patience_array,
    together,
)
from workforce.capacity.core.erlang.waiting import answered_in_time

ROUNDING = 1e-12
"""What a promise may be missed by in floating point: kept exactly, it counts as kept."""

_HAIR = 1e-9


class Kept(Protocol):
    """Something that more people keep better, cell by cell."""

    @property
    def cells(self) -> Cells: ...

    def take(self, which: NDArray[Any]) -> Self: ...

    def margin(self, servers: Floats) -> Floats: ...

    def score(self, servers: Floats) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Promise:
    """Checked arrays of one shape, one axis long; ``wanted`` by what ``definition``."""

    cells: Cells
    wanted: Floats
    target: Floats
    cap: Floats
    definition: str

    def take(self, which: NDArray[Any]) -> "Promise":
        return Promise(
            self.cells.take(which),
            self.wanted[which],
            self.target[which],
            self.cap[which],
            self.definition,
        )

    def margin(self, servers: Floats) -> Floats:
        """How far both promises are kept; below 0 where one is not. Grows with servers."""
        cells = self.cells.with_servers(servers)
        if np.isinf(cells.patience).all():
            answered = answered_in_time(servers, cells.load, self.target / cells.aht)
        else:
            answered = shares_within(cells, self.target, self.definition)
        margin = answered - self.wanted
        capped = (self.cap < 1.0) & ~np.isinf(cells.patience)
        if capped.any():
            spare = self.cap[capped] - occupancy_of(cells.take(capped))
            margin[capped] = np.minimum(margin[capped], spare)
        return margin

    def score(self, servers: Floats) -> Floats:
        """`margin` on the scale of the log of what is not answered in time.

        It has the same sign and is nearly straight in servers and in load, so that
        interpolation gets there in few steps.
        """
        share = self.margin(servers) / (1.0 - self.wanted)
        return -np.log1p(-np.minimum(share, 1.0 - 1e-12))

    def with_load(self, load: Floats) -> "Promise":
        cells = Cells(load, load, self.cells.aht, self.cells.patience)
        return Promise(cells, self.wanted, self.target, self.cap, self.definition)

    def without_cap(self) -> "Promise":
        """The service level alone."""
        cap = np.ones_like(self.cap)
        return Promise(self.cells, self.wanted, self.target, cap, self.definition)

    def is_one(self) -> bool:
        """Whether the cells differ in nothing but their load."""
        parts = self.cells.aht, self.cells.patience, self.wanted, self.target, self.cap
        return all((part == part[0]).all() for part in parts)

    def most_load(self, servers: Floats) -> Floats:
        """Loads that are surely too much, where nobody gives up; else infinite."""
        endless = np.isinf(self.cells.patience)
        limit = servers * np.where(self.cap < 1.0, self.cap * (1 + _HAIR), 1.0)
        return np.where(endless, limit, np.inf)

    def least(self) -> Floats:
        """What is needed anyhow: where nobody gives up, load and cap ask for it."""
        endless = np.isinf(self.cells.patience)
        return np.where(endless, self.cells.load / self.cap, 0.0)

    def least_whole(self) -> Floats:
        """The same in whole people, with more of them than Erlangs: it must not grow."""
        least = np.ceil(self.least() * (1 - ROUNDING))
        stable = np.floor(self.cells.load) + 1.0
        endless = np.isinf(self.cells.patience)
        return np.where(endless, np.maximum(least, stable), 0.0)


@dataclass(frozen=True, slots=True)
class Busy:
    """The occupancy cap alone, where people give up."""

    cells: Cells
    cap: Floats

    def take(self, which: NDArray[Any]) -> "Busy":
        return Busy(self.cells.take(which), self.cap[which])

    def margin(self, servers: Floats) -> Floats:
        return self.cap - occupancy_of(self.cells.with_servers(servers))

    def score(self, servers: Floats) -> Floats:
        return self.margin(servers)


def promise_of(
    load: ArrayLike,
    aht: ArrayLike,
    service_level: ArrayLike,
    target: ArrayLike,
    max_occupancy: ArrayLike | None,
    patience: ArrayLike | None,
    definition: str,
) -> tuple[Promise, tuple[int, ...]]:
    """Return the checked cells in one row, and the shape they were given in."""
    given = together(
        LOAD.array(load),
        AHT.array(aht),
        LEVEL.array(service_level),
        TARGET.array(target),
        OCCUPANCY.array(1.0 if max_occupancy is None else max_occupancy),
        patience_array(math.inf if patience is None else patience),
    )
    a, each, wanted, within, cap, waits = (part.ravel() for part in given)
    cells = Cells(a, a, each, waits)
    return Promise(cells, wanted, within, cap, definition), given[0].shape
