"""A share with how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from supportops.metrics.catalogue import Figure
from supportops.metrics.core.intervals import share_interval


@dataclass(frozen=True)
class Share:
    """``hits`` of ``n`` with the 95 % Wilson interval; of nothing there is no value."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def figure(self) -> Figure:
        return Figure(self.value, self.n, self.low, self.high, hits=self.hits)

    @property
    def census(self) -> Figure:
        """The figure where all were counted: no sample, so chance leaves nothing open."""
        return Figure(self.value, self.n, hits=self.hits)


def share(hits: int, n: int) -> Share:
    """Return the share with its interval."""
    return shares([(hits, n)])[0]


def shares(pairs: Sequence[tuple[int, int]]) -> list[Share]:
    """Return many shares of hits and n at once: much faster than one by one."""
    some = [(hits, n) for hits, n in pairs if n]
    if not some:
        return [Share(hits, 0, None, None, None) for hits, _none in pairs]
    bounds = iter(share_interval(*zip(*some, strict=True)).tolist())
    return [
        Share(hits, n, hits / n, *next(bounds))
        if n
        else Share(hits, 0, None, None, None)
        for hits, n in pairs
    ]
