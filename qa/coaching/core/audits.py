"""Auditing reported facts: a seeded sample, and how often it agrees with a person."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supportops.metrics.core.intervals import share_interval

AGREES, DIFFERS, UNCLEAR = "AGREES", "DIFFERS", "UNCLEAR"


@dataclass(frozen=True)
class Agreement:
    """Verdicts of one metric; ``share`` and its interval are fractions.

    Lines that cannot be told are in neither part of the share and counted beside;
    so are lines still to be looked at.
    """

    agrees: int
    differs: int
    unclear: int
    waiting: int

    @property
    def judged(self) -> int:
        return self.agrees + self.differs

    @property
    def share(self) -> float | None:
        return self.agrees / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share; None without a verdict."""
        if not self.judged:
            return None
        low, high = share_interval([self.agrees], [self.judged])[0]
        return float(low), float(high)


def agreement(verdicts: Iterable[str]) -> Agreement:
    """Count verdicts; an empty one is a line still to be looked at."""
    listed = list(verdicts)
    return Agreement(
        agrees=listed.count(AGREES),
        differs=listed.count(DIFFERS),
        unclear=listed.count(UNCLEAR),
        waiting=listed.count(""),
    )


def drawn(frame: Sequence[int], *, size: int, seed: int, stream: str) -> list[int]:
    """Draw ``size`` of ``frame`` without replacement; the same seed, the same draw.

    Parameters
    ----------
    frame : sequence of int
        Ids to draw from, in any order: they are sorted first.
    size : int
        All of the frame when it is smaller.
    seed : int
    stream : str
        Names the metric, so that each metric has a draw of its own.

    Returns
    -------
    list of int
        Ascending.
    """
    ordered = sorted(set(frame))
    chooser = random.Random(f"{seed}:{stream}")  # noqa: S311 -- a replayable sample
    return sorted(chooser.sample(ordered, min(size, len(ordered))))
