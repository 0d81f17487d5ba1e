"""Ratings of the same units by several reviewers, with holes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RatingsLike = Union[ArrayLike, "Ratings", Sequence[Sequence[float | None]]]
"""Reviewers × units with NaN or None for a hole, or cells already."""


@dataclass(frozen=True)
class Ratings:
    """The cells that hold a rating, each with its unit and its reviewer.

    Attributes
    ----------
    unit : ndarray of int64, shape (n,)
        Position of the unit, 0 to ``units - 1``.
    reviewer : ndarray of int64, shape (n,)
        Position of the reviewer, 0 to ``reviewers - 1``.
    value : ndarray of float64, shape (n,)
        Finite.
    units, reviewers : int
        How many there are, those without a rating included.
    """

    unit: Ints
    reviewer: Ints
    value: Floats
    units: int
    reviewers: int

    @classmethod
    def of(cls, ratings: RatingsLike) -> "Ratings":
        """Take ratings in any accepted form; a dense table is read once.

        Parameters
        ----------
        ratings : array_like of float, shape (reviewers, units), or Ratings
            NaN, None or masked where a reviewer did not rate a unit.

        Returns
        -------
        Ratings

        Raises
        ------
        ValueError
            If it is not a table of numbers, or a rating is infinite.
        """
        if isinstance(ratings, Ratings):
            return ratings
        table = _table(ratings)
        # Only a hole is unequal to itself: one pass and one mask.
        reviewer, unit = np.nonzero(table == table)
        value = table[reviewer, unit]
        _check_finite(value)
        return cls(unit, reviewer, value, table.shape[1], table.shape[0])

    @classmethod
    def from_triples(
        cls, units: ArrayLike, reviewers: ArrayLike, values: ArrayLike
    ) -> "Ratings":
        """Take one (unit, reviewer, value) a rating, as a database holds them.

        Parameters
        ----------
        units, reviewers : array_like of int or str, shape (n,)
            Ids, whatever they are.
        values : array_like of float, shape (n,)
            NaN is a hole.

        Returns
        -------
        Ratings
            Units and reviewers ascending by id; those with holes only left out.

        Raises
        ------
        ValueError
            If the shapes differ, a rating is infinite, or a reviewer rated a unit twice.
        """
        unit_ids, reviewer_ids = np.asarray(units), np.asarray(reviewers)
        value = np.asarray(values, dtype=np.float64)
        shapes = {unit_ids.shape, reviewer_ids.shape, value.shape}
        if len(shapes) > 1 or value.ndim != 1:
            raise ValueError(
                f"units, reviewers and values need one equal shape (n,): {shapes}"
            )
        _check_finite(value)
        given = ~np.isnan(value)
        if not given.all():
            unit_ids, reviewer_ids = unit_ids[given], reviewer_ids[given]
            value = value[given]
        unit, unit_count = positions(unit_ids)
        reviewer, reviewer_count = positions(reviewer_ids)
        _check_once(unit, reviewer, unit_count, reviewer_count)
        return cls(unit, reviewer, value, unit_count, reviewer_count)

    def per_unit(self) -> Ints:
        """Ratings of each unit, shape (units,)."""
        return np.bincount(self.unit, minlength=self.units)

    def pairable(self) -> "Ratings":
        """Leave out the units with fewer than two ratings; the others count from 0."""
        often = self.per_unit() >= 2
        if often.all():
            return self
        new = np.cumsum(often) - 1
        rows = often[self.unit]
        unit = new[self.unit[rows]]
        return Ratings(
            unit,
            self.reviewer[rows],
            self.value[rows],
            int(often.sum()),
            self.reviewers,
        )

    def codes(self) -> tuple[Floats, Ints]:
        """Different values ascending (K,), and each rating's place among them (n,)."""
        low, high = (self.value.min(), self.value.max()) if self.value.size else (0, 0)
        # Points and levels are mostly small whole numbers, which need no sorting.
        if high - low <= 4096:
            shifted = (self.value - low).astype(np.int64)
            if np.array_equal(shifted + low, self.value):
                held = np.bincount(shifted) > 0
                place = np.cumsum(held) - 1
                return np.flatnonzero(held) + low, place[shifted]
        found, code = np.unique(self.value, return_inverse=True)
        return found, code

    def dense(self) -> Floats:
        """Table of reviewers × units with NaN for holes."""
        table = np.full((self.reviewers, self.units), np.nan)
        table[self.reviewer, self.unit] = self.value
        return table


def dense_table(ratings: RatingsLike) -> Floats:
    """Return ratings as a table of floats with NaN for holes; no copy if it is one.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings

    Returns
    -------
    ndarray of float64, shape (reviewers, units)

    Raises
    ------
    ValueError
        If it is not a table of numbers, or a rating is infinite.
    """
    if isinstance(ratings, Ratings):
        return ratings.dense()
    table = _table(ratings)
    _check_finite(table)
    return table


def _table(ratings: RatingsLike) -> Floats:
    if isinstance(ratings, np.ma.MaskedArray):
        ratings = np.ma.filled(ratings.astype(np.float64), np.nan)
    try:
        table = np.asarray(ratings, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"ratings must be reviewers × units of numbers: {error}"
        ) from error
    if table.ndim != 2:
        raise ValueError(f"ratings must be reviewers × units, not shape {table.shape}")
    return table


def paired(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Return two reviewers' ratings of the units that both rated.

    Parameters
    ----------
    first, second : array_like of float, shape (units,)
        NaN or None where not rated.

    Returns
    -------
    tuple of two ndarray of float64, shape (rated by both,)

    Raises
    ------
    ValueError
        If the shapes differ, or a rating is infinite.
    """
    one = np.asarray(first, dtype=np.float64)
    two = np.asarray(second, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError(
            f"first and second need one equal shape (units,): {one.shape}, {two.shape}"
        )
    _check_finite(one)
    _check_finite(two)
    both = ~(np.isnan(one) | np.isnan(two))
    return one[both], two[both]


def positions(ids: NDArray[np.generic]) -> tuple[Ints, int]:
    """Number ids from 0 by their order: each one's number, and how many there are."""
    if ids.dtype.kind in "iu" and ids.size:
        low, high = int(ids.min()), int(ids.max())
        if high - low <= 8 * ids.size + 1024:
            shifted = ids.astype(np.int64) - low
            held = np.zeros(high - low + 1, dtype=bool)
            held[shifted] = True
            place = np.cumsum(held) - 1
            return place[shifted], int(place[-1]) + 1
    found, at = np.unique(ids, return_inverse=True)
    return at, found.size


def _check_finite(values: Floats) -> None:
    # Infinities survive min and max; NaN does not, and fmin/fmax need no copy.
    if values.size:
        low = np.fmin.reduce(values, axis=None)
        high = np.fmax.reduce(values, axis=None)
        if np.isinf(low) or np.isinf(high):
            raise ValueError("a rating must be a finite number or NaN for a hole")


def _check_once(unit: Ints, reviewer: Ints, units: int, reviewers: int) -> None:
    if not unit.size:
        return
    cell = unit * reviewers + reviewer
    if units * reviewers <= 64 * cell.size:
        twice = np.zeros(units * reviewers, dtype=bool)
        twice[cell] = True
        distinct = int(np.count_nonzero(twice))
    else:
        distinct = np.unique(cell).size
    if distinct < cell.size:
        raise ValueError("a reviewer rated a unit more than once")
