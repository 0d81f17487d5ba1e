"""One agent's random tickets, each with the chance it had.

Randomness comes from the raw words of a bit generator, whose streams numpy keeps the
same from version to version; ``Generator.choice`` and ``permutation`` may change. So an
old draw can be repeated after an upgrade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.core.sampling import FrameRow, in_order
from qa.core.sampling.allocation import PROPORTIONAL, allocate, targets

SELECT, FLAG, OVERLAP, GOLD, ASSIGN, REPLACE = range(6)
"""What a stream of random numbers is for: no step disturbs another."""

_WORD = 2.0**64


@dataclass(frozen=True, slots=True)
class Picked:
    """A ticket drawn at random and its inclusion probability in (0, 1]."""

    row: FrameRow
    probability: float


def stream(seed: int, purpose: int, key: int = 0) -> np.random.Generator:
    """Return the generator of one step of one draw.

    Each agent has a stream of their own, so that one agent more or fewer in the frame
    changes nobody else's tickets.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(purpose, key))
    return np.random.Generator(np.random.PCG64(sequence))


def shuffled(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return 0 to ``count - 1`` in an order of which each is equally likely."""
    words = rng.bit_generator.random_raw(count)
    return np.argsort(np.asarray(words, dtype=np.uint64), kind="stable")


def uniform(rng: np.random.Generator) -> float:
    """Return a number in [0, 1)."""
    return int(rng.bit_generator.random_raw()) / _WORD


def select(
    rows: Sequence[FrameRow],
    quota: int,
    rng: np.random.Generator,
    method: str = PROPORTIONAL,
    spreads: Mapping[str, float | None] | None = None,
) -> list[Picked]:
    """Draw one agent's tickets.

    Parameters
    ----------
    rows : sequence of FrameRow
        The agent's tickets, in any order.
    quota : int
        Tickets wanted; an agent with fewer has all of them drawn.
    method, spreads
        As in `qa.core.sampling.allocation.targets`; spreads by stratum, in points.

    Returns
    -------
    list of Picked
        ``min(quota, len(rows))`` tickets by stratum and ticket. Over all samples that
        the seed could have given, a ticket is drawn with exactly its ``probability``.

    Notes
    -----
    Where the quota reaches every stratum, a simple random sample of ``n_h`` of ``N_h``
    is taken in each: the chance is ``n_h / N_h``. Where there are more strata than
    tickets to draw, whole numbers would leave some strata without any chance, and no
    weighting could mend that. Then the strata are put in random order, their tickets
    too, and a systematic sample is taken along the sum of the chances ``t_h / N_h``,
    ``t_h`` being the targets before rounding: each ticket keeps exactly that chance,
    and a stratum gets ``t_h`` rounded up or down.
    """
    strata: dict[str, list[FrameRow]] = {}
    for row in in_order(rows):
        strata.setdefault(row.stratum, []).append(row)
    sizes = [len(found) for found in strata.values()]
    n = min(quota, len(rows))
    known = [(spreads or {}).get(name) for name in strata]
    groups = list(strata.values())
    if n >= len(groups):
        return _stratified(groups, allocate(sizes, n, method, known), rng)
    return _systematic(groups, targets(sizes, n, method, known), n, rng)


def _stratified(
    groups: list[list[FrameRow]], numbers: list[int], rng: np.random.Generator
) -> list[Picked]:
    picked: list[Picked] = []
    for rows, number in zip(groups, numbers, strict=True):
        chosen = sorted(shuffled(len(rows), rng)[:number])
        picked += [Picked(rows[place], number / len(rows)) for place in chosen]
    return picked


def _systematic(
    groups: list[list[FrameRow]],
    wanted: NDArray[np.float64],
    n: int,
    rng: np.random.Generator,
) -> list[Picked]:
    line: list[Picked] = []
    for group in shuffled(len(groups), rng):
        rows, chance = groups[group], float(wanted[group]) / len(groups[group])
        line += [Picked(rows[place], chance) for place in shuffled(len(rows), rng)]
    ends = np.cumsum([each.probability for each in line])
    # The sum is n but for rounding; the last ticket's end must not fall short of it.
    ends[-1] = n
    places = np.searchsorted(ends, uniform(rng) + np.arange(n), side="right")
    chosen = (line[min(int(place), len(line) - 1)] for place in places)
    return sorted(chosen, key=lambda each: each.row.key())
