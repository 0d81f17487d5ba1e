"""Intraclass correlation: what one review, or the mean of several, is worth."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.core.agreement.ratings import RatingsLike, dense_table
from qa.core.incomplete_beta import f_quantile

Floats = NDArray[np.float64]

FORMS = ("1,1", "A,1", "C,1", "1,k", "A,k", "C,k")


class MeanSquares(NamedTuple):
    """Analysis of variance of ``units`` units all rated by ``reviewers`` reviewers.

    NaN where there are too few of either.
    """

    units: int
    reviewers: int
    between: float
    within: float
    reviewer: float
    rest: float


def icc(ratings: RatingsLike, form: str) -> float:
    """Return an intraclass correlation.

    Only units that every reviewer rated are used: a hole drops the whole unit, so give
    only the reviewers who rated all, or use `krippendorff_alpha`.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings
    form : str
        Who rated, and what is compared, after McGraw and Wong:

        - ``1,1``: each unit by other reviewers; Shrout and Fleiss' ICC(1,1).
        - ``A,1``: the same reviewers, absolute agreement; their ICC(2,1).
        - ``C,1``: the same reviewers, consistency; their ICC(3,1). It does not see that
          one reviewer is harsh.
        - ``1,k``, ``A,k``, ``C,k``: the same for the mean of all the reviewers.

    Returns
    -------
    float
        Up to 1, below 0 when units differ less than chance would have it. NaN where
        undefined: fewer than two complete units, fewer than two reviewers, or a
        denominator of 0, as when all ratings are equal.

    Raises
    ------
    ValueError
        If ``form`` is unknown or the ratings are not a table of numbers.

    References
    ----------
    .. [1] P. E. Shrout, J. L. Fleiss, "Intraclass correlations", Psychol. Bull. 86 (2),
       420-428, 1979.
    .. [2] K. O. McGraw, S. P. Wong, "Forming inferences about some intraclass
       correlation coefficients", Psychol. Methods 1 (1), 30-46, 1996.

    Examples
    --------
    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> round(icc(judges, "A,1"), 3)
    0.29
    """
    _check_form(form)
    squares = mean_squares(ratings)
    n, k = squares.units, squares.reviewers
    kind, of = form.split(",")
    error = squares.within if kind == "1" else squares.rest
    extra = (squares.reviewer - squares.rest) / n if kind == "A" and n else 0.0
    above = squares.between - error
    below = above + extra + error
    if of == "1":
        below += (k - 1) * (error + extra)
    scale = max(squares.between, squares.within, 0.0)
    # The two sums cancel where nothing varies; what is left is rounding.
    if math.isnan(above) or abs(below) <= 1e-12 * scale or scale == 0.0:
        return math.nan
    return above / below


def icc_interval(
    ratings: RatingsLike, form: str, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the confidence interval of `icc`, assuming normal effects.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings
    form : str
    confidence : float, default 0.95

    Returns
    -------
    tuple of two float
        NaN twice where `icc` is undefined, or the reviewers differ in nothing but their
        level (no residual).

    Raises
    ------
    ValueError
        If ``form`` is unknown, ``confidence`` out of range or the ratings no table.

    References
    ----------
    .. [1] K. O. McGraw, S. P. Wong, 1996, table 7.
    """
    _check_form(form)
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    squares = mean_squares(ratings)
    error = squares.within if form[0] == "1" else squares.rest
    if math.isnan(icc(ratings, form)) or not error > 0:
        return math.nan, math.nan
    single = (
        _agreement_limits(squares, confidence)
        if form[0] == "A"
        else _ratio_limits(squares, form[0] == "1", confidence)
    )
    if form.endswith("1"):
        return single
    k = squares.reviewers
    low, high = (k * at / (1 + (k - 1) * at) for at in single)
    return low, high


def mean_squares(ratings: RatingsLike) -> MeanSquares:
    """Return the analysis of variance that every form of `icc` is made from.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings

    Returns
    -------
    MeanSquares

    Raises
    ------
    ValueError
        If the ratings are not a table of numbers.
    """
    table = dense_table(ratings)
    table = table[:, ~np.isnan(table).any(axis=0)]
    k, n = table.shape
    if n < 2 or k < 2:
        return MeanSquares(n, k, math.nan, math.nan, math.nan, math.nan)
    # From one of the ratings, so that equal ones leave an exact 0.
    away = table - table[0, 0]
    units, reviewers = away.mean(axis=0), away.mean(axis=1)
    centre = away.mean()
    between = k * _squares(units - centre)
    level = n * _squares(reviewers - centre)
    rest = _squares(away - units - reviewers[:, np.newaxis] + centre)
    within = _squares(away - units)
    return MeanSquares(
        n,
        k,
        between / (n - 1),
        within / (n * (k - 1)),
        level / (k - 1),
        rest / ((n - 1) * (k - 1)),
    )


def _check_form(form: str) -> None:
    if form not in FORMS:
        raise ValueError(f"form must be one of {' '.join(FORMS)}: {form!r}")


def _squares(values: Floats) -> float:
    return float(np.square(values).sum())


def _ratio_limits(
    squares: MeanSquares, one_way: bool, confidence: float
) -> tuple[float, float]:
    n, k = squares.units, squares.reviewers
    error, df = (
        (squares.within, n * (k - 1)) if one_way else (squares.rest, (n - 1) * (k - 1))
    )
    tail = 0.5 + confidence / 2
    ratio = squares.between / error
    low = ratio / f_quantile(tail, n - 1, df)
    high = ratio * f_quantile(tail, df, n - 1)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _agreement_limits(squares: MeanSquares, confidence: float) -> tuple[float, float]:
    """Satterthwaite's degrees of freedom for the mix of reviewer and rest."""
    n, k, between, _, level, rest = squares
    rho = (between - rest) / (between + (k - 1) * rest + k * (level - rest) / n)
    share = k * rho / (n * (1 - rho))
    whole = 1 + k * rho * (n - 1) / (n * (1 - rho))
    mixed = (share * level + whole * rest) ** 2
    df = mixed / (
        (share * level) ** 2 / (k - 1) + (whole * rest) ** 2 / ((n - 1) * (k - 1))
    )
    tail = 0.5 + confidence / 2
    up, down = f_quantile(tail, n - 1, df), f_quantile(tail, df, n - 1)
    other = k * level + (k * n - k - n) * rest
    low = n * (between - up * rest) / (up * other + n * between)
    high = n * (down * between - rest) / (other + n * down * between)
    return low, high
