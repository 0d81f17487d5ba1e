"""The fewest people for many cells at once: by bisection, by a table, and unrounded."""

import numpy as np

from workforce.capacity.core.erlang.inputs import Floats
from workforce.capacity.core.erlang.promise import ROUNDING, Kept, Promise
from workforce.capacity.core.erlang.single import fewest_of

_STEPS = 100
_CLOSE = 1e-10
_NARROW = 1e-5
# Brackets that may stay wide: the few loads in them are bisected, which costs less.
_STRAGGLERS = 0.05
# From so many cells with the same promise on, and so many for each number of people in
# question, the table costs less than bisecting each cell.
_WORTH_A_TABLE = 200
_FEW = 50
_CELLS_A_STEP = 2


def whole_servers(promise: Promise) -> Floats:
    """Bisect for the fewest whole people, in the cells that have any load."""
    result = np.zeros_like(promise.wanted)
    busy = promise.cells.load > 0
    if busy.any():
        result[busy] = _fewest(promise if busy.all() else promise.take(busy))
    return result


def _fewest(promise: Promise) -> Floats:
    if promise.wanted.size >= _WORTH_A_TABLE and promise.is_one():
        ends = promise.cells.load.argmin(), promise.cells.load.argmax()
        first, last = _each(promise.take(np.array(ends)))
        if first == last:
            return np.full_like(promise.wanted, first)
        if (last - first) * _CELLS_A_STEP < promise.wanted.size:
            return _by_table(promise, np.arange(first, last))
    return _bisect(promise)


def _each(promise: Promise) -> Floats:
    """Few cells: one after the other where that needs no arrays."""
    if promise.wanted.size > _FEW or np.isfinite(promise.cells.patience).any():
        return _bisect(promise)
    cells = zip(
        promise.cells.load.tolist(),
        (promise.target / promise.cells.aht).tolist(),
        promise.wanted.tolist(),
        promise.cap.tolist(),
        strict=True,
    )
    return np.array([fewest_of(*cell) for cell in cells], dtype=np.float64)


def _by_table(promise: Promise, servers: Floats) -> Floats:
    """Look every load up among the greatest loads that each number of people can take.

    Each of these is known to lie in a narrow bracket; a load inside one is bisected.
    """
    taken, too_much = _greatest_loads(promise, servers)
    load = promise.cells.load
    steps = np.searchsorted(too_much, load, side="right")
    result: Floats = servers[0] + steps
    unsure = np.flatnonzero(load > np.append(taken, np.inf)[steps])
    if unsure.size:
        result[unsure] = _each(promise.take(unsure))
    return result


def _greatest_loads(promise: Promise, servers: Floats) -> tuple[Floats, Floats]:
    """For each number of people a load they can take, and one a hair above they cannot.

    All of them can take the least load of all, and none the greatest.
    """
    load = promise.cells.load
    same = promise.take(np.zeros(servers.size, dtype=np.intp))
    limit = np.minimum(same.most_load(servers), load.max())
    low, high = np.full_like(servers, load.min()), limit.copy()
    below, above = np.full_like(low, 5.0), np.log1p(-same.wanted)
    guess, before = servers - np.sqrt(servers), np.full(servers.shape, -1)
    for _ in range(_STEPS):
        guess = np.where((guess > low) & (guess < high), guess, (low + high) / 2)
        found = same.with_load(guess).score(servers)
        kept = found >= 0
        # Illinois: an end that stays a second time counts half, or it would stay for ever.
        half, before = np.where(kept == before, 0.5, 1.0), kept
        above, below = (
            np.where(kept, above * half, found),
            np.where(kept, found, below * half),
        )
        low, high = np.where(kept, guess, low), np.where(kept, high, guess)
        wide = np.count_nonzero(high - low > _NARROW * high)
        if wide <= _STRAGGLERS * servers.size:
            break
        guess = low + (high - low) * (below / (below - above))
        # A little beyond, so that the next one closes the bracket from the other side.
        beyond = np.where(guess - low < high - guess, _NARROW, -_NARROW)
        guess *= 1.0 + 0.4 * beyond
    capped = np.minimum(low, limit / (1 + _NARROW))
    return capped, high


def _bisect(promise: Promise) -> Floats:
    low = promise.least_whole()
    high = enough(promise, low)
    open_cells = np.flatnonzero(low < high)
    while open_cells.size:
        part = promise.take(open_cells)
        middle = np.floor((low[open_cells] + high[open_cells]) / 2)
        kept = part.margin(middle) >= -ROUNDING
        high[open_cells[kept]] = middle[kept]
        low[open_cells[~kept]] = middle[~kept] + 1
        open_cells = open_cells[low[open_cells] < high[open_cells]]
    return high


def enough(promise: Promise, low: Floats) -> Floats:
    """A number of whole people that keeps the promise: the first try mostly does."""
    a = promise.cells.load
    span = np.ceil(4.0 * np.sqrt(a) + 6.0)
    high = np.maximum(np.ceil(a / promise.cap * (1 - ROUNDING)), low)
    high = np.maximum(high, np.floor(a) + 1.0 + span)
    short = np.flatnonzero(promise.margin(high) < -ROUNDING)
    while short.size:
        high[short] = low[short] + 2.0 * (high[short] - low[short])
        part = promise.take(short)
        short = short[part.margin(high[short]) < -ROUNDING]
    return high


def exact_servers(promise: Promise, whole: Floats) -> Floats:
    """Where the margin is 0, in the person below ``whole``."""
    return exact_between(promise, np.maximum(whole - 1.0, promise.least()), whole)


def exact_between(promise: Kept, low: Floats, high: Floats) -> Floats:
    """Where the margin is 0; ``low`` where it is kept there, and ``high`` surely is."""
    cells = np.flatnonzero((promise.cells.load > 0) & (low < high))
    if not cells.size:
        return np.minimum(low, high)
    short = promise.take(cells).margin(low[cells]) < 0
    result = np.minimum(low, high)
    cells = cells[short]
    result[cells] = _illinois(promise.take(cells), low[cells], high[cells])
    return result


def _illinois(promise: Kept, low: Floats, high: Floats) -> Floats:
    """Regula falsi with halved ends; cells leave when they are close enough."""
    result, rest = high.copy(), np.arange(high.size)
    if not rest.size:
        return result
    below, above = promise.score(low), np.maximum(promise.score(high), 0.0)
    before = np.full(rest.shape, -1)
    for _ in range(_STEPS):
        guess = high - above * (high - low) / (above - below)
        found = promise.score(guess)
        kept = found >= 0
        half = np.where(kept == before, 0.5, 1.0)
        moved = np.where(kept, high - guess, guess - low)
        above, below = (
            np.where(kept, found, above * half),
            np.where(kept, below * half, found),
        )
        high, low = np.where(kept, guess, high), np.where(kept, low, guess)
        result[rest] = guess
        going = (np.abs(found) > ROUNDING) & (moved > _CLOSE * guess)
        if not going.any():
            break
        promise, rest, before = promise.take(going), rest[going], kept[going]
        low, high, below, above = low[going], high[going], below[going], above[going]
    return result
