"""Krippendorff's alpha from sums per unit, without a table of values against values."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.core.agreement.ratings import Ratings, RatingsLike

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOMINAL, ORDINAL, INTERVAL = "nominal", "ordinal", "interval"
LEVELS = (NOMINAL, ORDINAL, INTERVAL)


def krippendorff_alpha(ratings: RatingsLike, level: str) -> float:
    """Return Krippendorff's alpha: 1 is full agreement, 0 what chance would give.

    Units with fewer than two ratings drop out of every count. With ``m`` ratings in a
    unit and ``n`` in all,

    - interval: the disagreement within a unit is ``(m Σx² - (Σx)²)/(m - 1)``, that
      expected ``(n Σx² - (Σx)²)/(n - 1)`` over all, so three sums a unit are enough;
    - ordinal: Krippendorff's distance between two values is the difference of their
      mid-ranks among all pairable ratings, so it is interval alpha of those;
    - nominal: ``(m² - Σ count²)/(m - 1)`` and ``(n² - Σ count²)/(n - 1)``.

    Time grows with the ratings, memory too; the different values do not matter.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings
        NaN, None or masked where a reviewer did not rate a unit. For sparse data give
        `Ratings.from_triples`.
    level : str
        ``nominal``, ``ordinal`` or ``interval``.

    Returns
    -------
    float
        NaN where undefined: no unit with two ratings, or all pairable ratings equal.

    Raises
    ------
    ValueError
        If ``level`` is unknown or the ratings are not a table of numbers.

    References
    ----------
    .. [1] K. Krippendorff, "Computing Krippendorff's alpha-reliability", Annenberg
       School for Communication, University of Pennsylvania, 2011.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 2, 3, 3, None], [1, 2, 3, 4, 5]], "nominal"), 3)
    0.696
    """
    check_level(level)
    given = Ratings.of(ratings).pairable()
    return alpha_of_pairable(given, level)


def alpha_of_triples(
    units: ArrayLike, reviewers: ArrayLike, values: ArrayLike, level: str
) -> float:
    """Return `krippendorff_alpha` of one (unit, reviewer, value) a rating.

    Parameters
    ----------
    units, reviewers : array_like of int or str, shape (n,)
    values : array_like of float, shape (n,)
    level : str

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As `krippendorff_alpha` and `Ratings.from_triples`.
    """
    check_level(level)
    return krippendorff_alpha(Ratings.from_triples(units, reviewers, values), level)


def check_level(level: str) -> None:
    """Refuse a level of measurement that is none.

    Raises
    ------
    ValueError
        If ``level`` is not one of `LEVELS`.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}: {level!r}")


def alpha_of_pairable(given: Ratings, level: str) -> float:
    """Return alpha of ratings that `Ratings.pairable` gave.

    Parameters
    ----------
    given : Ratings
    level : str

    Returns
    -------
    float
        NaN where undefined.
    """
    if not given.value.size or given.value.min() == given.value.max():
        return math.nan
    if level == INTERVAL:
        return _interval_alpha(given.value, given)
    _, code = given.codes()
    counts = np.bincount(code)
    if level == ORDINAL:
        return _interval_alpha(mid_ranks(counts)[code], given)
    within = nominal_disagreement(given, code, counts.size).sum()
    n = given.value.size
    return _alpha(
        float(within), n, float(n) ** 2 - float((counts.astype(float) ** 2).sum())
    )


def mid_ranks(counts: ArrayLike) -> Floats:
    """Return the mid-rank of each value from how often each occurs, ascending.

    Parameters
    ----------
    counts : array_like, shape (..., K)

    Returns
    -------
    ndarray of float64, shape (..., K)
        Up to a constant, which no difference of ranks shows.
    """
    times = np.asarray(counts, dtype=np.float64)
    ranks: Floats = np.cumsum(times, axis=-1) - times / 2
    return ranks


class UnitSums(NamedTuple):
    """What interval alpha needs of each unit, (units,) each.

    ``within`` is ``(m Σx² - (Σx)²)/(m - 1)``; ``sums`` and ``squares`` are of values
    less one common number.
    """

    sizes: Floats
    within: Floats
    sums: Floats
    squares: Floats


def unit_sums(values: Floats, given: Ratings) -> UnitSums:
    """Sum values by unit.

    Within a unit they are taken from one of its own ratings, so that units in full
    agreement give an exact 0 and large scores lose no digits.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        One per rating of ``given``, whose units have two or more.
    given : Ratings

    Returns
    -------
    UnitSums
    """
    unit, units = given.unit, given.units
    sizes = np.bincount(unit, minlength=units).astype(np.float64)
    first = np.empty(units)
    first[unit] = values
    away = values - first[unit]
    drift = np.bincount(unit, weights=away, minlength=units)
    spread = np.bincount(unit, weights=away * away, minlength=units)
    within = (sizes * spread - drift * drift) / (sizes - 1)
    # With Σ(x - f) and Σ(x - f)² of a unit known, moving to one common origin is cheap.
    origin = first - values[0]
    sums = drift + sizes * origin
    squares = spread + 2 * origin * drift + sizes * origin**2
    return UnitSums(sizes, within, sums, squares)


def nominal_disagreement(given: Ratings, code: Ints, values: int) -> Floats:
    """Return ``(m² - Σ count²)/(m - 1)`` of each unit, shape (units,).

    Parameters
    ----------
    given : Ratings
        Units with two or more ratings.
    code : ndarray of int64, shape (n,)
        Each rating's value, 0 to ``values - 1``.
    values : int

    Returns
    -------
    ndarray of float64, shape (units,)
    """
    sizes = np.bincount(given.unit, minlength=given.units).astype(np.float64)
    cell = given.unit * values + code
    if given.units * values <= 16 * cell.size:
        table = np.bincount(cell, minlength=given.units * values)
        table = table.reshape(given.units, values)
        same = np.einsum("uk,uk->u", table, table).astype(np.float64)
    else:
        cells, times = np.unique(cell, return_counts=True)
        same = np.bincount(
            cells // values, weights=times.astype(float) ** 2, minlength=given.units
        )
    apart: Floats = (sizes**2 - same) / (sizes - 1)
    return apart


def _interval_alpha(values: Floats, given: Ratings) -> float:
    sums = unit_sums(values, given)
    n = values.size
    expected = n * float(sums.squares.sum()) - float(sums.sums.sum()) ** 2
    return _alpha(float(sums.within.sum()), n, expected)


def _alpha(within: float, n: int, expected: float) -> float:
    return 1.0 - (n - 1) * within / expected if expected > 0 else math.nan
