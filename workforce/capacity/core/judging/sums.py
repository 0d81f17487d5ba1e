"""Actual against expected, and what becomes of the band when days are added up.

Two things make a day differ from its forecast. Chance is independent from day to day:
its half-widths add up in squares. The rest, a level or season judged wrongly, tends to
be the same on neighbouring days: its half-widths add up as they are, the worst case.
Adding whole bands would call a week of a small queue normal that is anything but; adding
all in squares would call every level that is 5 % off an alarm. It is the rule of
:func:`workforce.capacity.core.bands.total`, for many sums at once.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.bands import Z80, Z95

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """What came, what was expected, and the bands; arrays of one length, in contacts."""

    actual: Array
    mean: Array
    low80: Array
    high80: Array
    low95: Array
    high95: Array

    def __len__(self) -> int:
        return len(self.actual)

    def where(self, chosen: ArrayLike) -> "Judged":
        """Return the entries that a mask or a list of places names."""
        return Judged(*(getattr(self, each.name)[chosen] for each in fields(self)))


def judged_of(columns: dict[str, list[float]]) -> Judged:
    """Return the entries of columns that have the names of :class:`Judged`."""
    return Judged(
        **{
            each.name: np.asarray(columns[each.name], dtype="f8")
            for each in fields(Judged)
        }
    )


def _half_width(
    mean: Array, bound: Array, groups: NDArray[np.int64], size: int, z: float
) -> Array:
    """Half-widths of sums from the half-widths of their parts, one side of the band."""
    width = np.abs(bound - mean)
    chance = np.minimum(z * np.sqrt(np.maximum(mean, 0.0)), width)
    common = np.sqrt(width**2 - chance**2)
    chance_of_sum = np.bincount(groups, weights=chance**2, minlength=size)
    common_of_sum = np.bincount(groups, weights=common, minlength=size)
    width_of_sum: Array = np.sqrt(chance_of_sum + common_of_sum**2)
    return width_of_sum


def sum_by(judged: Judged, groups: ArrayLike, size: int) -> Judged:
    """Add entries up by group; the bands become bands of the sums.

    Parameters
    ----------
    judged : Judged
        n entries.
    groups : array_like of int, shape (n,)
        The group of each entry, 0 to ``size`` − 1.
    size : int
        How many groups there are.

    Returns
    -------
    Judged
        ``size`` entries; groups without an entry hold zeros.
    """
    places = np.asarray(groups, dtype=np.int64)

    def total(values: Array) -> Array:
        found: Array = np.bincount(places, weights=values, minlength=size).astype("f8")
        return found

    mean = total(judged.mean)

    def bound(edge: Array, z: float, side: int) -> Array:
        return mean + side * _half_width(judged.mean, edge, places, size, z)

    return Judged(
        actual=total(judged.actual),
        mean=mean,
        low80=np.maximum(bound(judged.low80, Z80, -1), 0.0),
        high80=bound(judged.high80, Z80, 1),
        low95=np.maximum(bound(judged.low95, Z95, -1), 0.0),
        high95=bound(judged.high95, Z95, 1),
    )
