"""One day as far as it has gone, beside its forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.bands import NAMES, Band, Total, total

Floats = NDArray[np.float64]

ALERT_SECONDS = 3600
ALERT_CONTACTS = 5.0
"""No alert before an hour of the day has passed and so many contacts were expected."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A day's forecast intervals and what came in the first ``known`` of them.

    ``outside`` are contacts that came at times for which nothing was forecast.
    """

    starts: NDArray[np.int64]
    band: Band
    actual: Floats
    outside: float
    seconds: int

    @property
    def known(self) -> int:
        return len(self.actual)

    @property
    def came(self) -> float:
        return float(self.actual.sum()) + self.outside

    @property
    def so_far(self) -> Total:
        """What was expected of the known intervals, with the band of the sum."""
        return total(part(self.band, slice(None, self.known)))

    @property
    def is_alert(self) -> bool:
        """Whether more or fewer came than the 95 % band of the hours so far allows."""
        expected = self.so_far
        enough = (
            self.known * self.seconds >= ALERT_SECONDS
            and expected.mean >= ALERT_CONTACTS
        )
        return enough and not expected.low95 <= self.came <= expected.high95


def part(band: Band, chosen: slice) -> Band:
    return Band(*(getattr(band, name)[chosen] for name in NAMES))


def scaled(band: Band, factor: Floats) -> Band:
    """Return a band whose every column is multiplied, interval by interval."""
    return Band(*(getattr(band, name) * factor for name in NAMES))


def curve_of(
    intervals: Mapping[str, Sequence[float]],
    came: Mapping[int, float],
    *,
    until: int,
    minutes: int,
) -> Curve:
    """Put what came beside a stored day.

    Parameters
    ----------
    intervals : mapping
        ``starts`` (epoch seconds) and the five columns of a band, of one length.
    came : mapping of int to float
        Contacts by interval start; an interval without an entry had none.
    until : int
        Epoch second up to which the volumes are complete.
    minutes : int
        Width of an interval.
    """
    starts = np.asarray(intervals.get("starts", []), dtype=np.int64)
    columns = (np.asarray(intervals.get(name, []), dtype="f8") for name in NAMES)
    seconds = 60 * minutes
    known = int(np.searchsorted(starts + seconds, until, side="right"))
    actual = [came.get(int(start), 0.0) for start in starts[:known]]
    forecast = {int(start) for start in starts}
    outside = sum(
        number
        for start, number in came.items()
        if start not in forecast and start + seconds <= until
    )
    return Curve(
        starts, Band(*columns), np.asarray(actual, dtype="f8"), float(outside), seconds
    )
