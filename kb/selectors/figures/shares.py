"""A share with how sure it is."""

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


def share(hits: int, n: int) -> Share:
    """Return the share with its interval."""
    if not n:
        return Share(hits, 0, None, None, None)
    low, high = share_interval([hits], [n])[0].tolist()
    return Share(hits, n, hits / n, low, high)
