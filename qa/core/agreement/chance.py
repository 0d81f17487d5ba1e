"""Agreement on categories, corrected for chance: Gwet's AC and Cohen's kappa."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qa.core.agreement.ratings import Floats, Ints, Ratings, RatingsLike, paired

WEIGHTS = ("unweighted", "linear", "quadratic", "ordinal")
_MOST_CATEGORIES = 1_000


class ChanceCorrected(NamedTuple):
    """A coefficient with what it is made from: ``(observed - expected)/(1 - expected)``.

    Parts are NaN where undefined.
    """

    value: float
    observed: float
    expected: float


def gwet_ac(
    ratings: RatingsLike,
    weights: str = "unweighted",
    *,
    categories: ArrayLike | None = None,
) -> float:
    """Return Gwet's AC1, or AC2 with weights.

    It keeps its size when nearly all ratings fall in one category, where alpha and kappa
    drop; so show it with alpha, never alone.

    Parameters
    ----------
    ratings : array_like of float, shape (reviewers, units), or Ratings
        Units with one rating count for how often categories occur, not for agreement,
        as Gwet has it.
    weights : str, default "unweighted"
        ``unweighted`` (AC1); ``linear`` and ``quadratic`` by the distance of the values;
        ``ordinal`` by how many categories lie between.
    categories : array_like of float, optional
        All values that could have been given. By default those that were, which makes
        the figure depend on what nobody chose.

    Returns
    -------
    float
        NaN where undefined: no unit with two ratings, or only one category.

    Raises
    ------
    ValueError
        If ``weights`` is unknown, a rating is not among ``categories``, or there are
        more than 1,000 different ratings.

    References
    ----------
    .. [1] K. L. Gwet, "Computing inter-rater reliability and its variance in the
       presence of high agreement", Br. J. Math. Stat. Psychol. 61 (1), 29-48, 2008.
    .. [2] K. L. Gwet, "irrCAC: Computing chance-corrected agreement coefficients",
       R package 1.4, 2023; the weights are its own.
    """
    return gwet_agreement(ratings, weights, categories=categories).value


def gwet_agreement(
    ratings: RatingsLike,
    weights: str = "unweighted",
    *,
    categories: ArrayLike | None = None,
) -> ChanceCorrected:
    """Return `gwet_ac` with the agreement observed and expected by chance.

    Parameters and errors as `gwet_ac`.

    Returns
    -------
    ChanceCorrected
        ``observed`` is the plain (weighted) share of agreeing pairs.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}: {weights!r}")
    given = Ratings.of(ratings)
    values, code = _categories(given.value, categories)
    if not values.size:
        return ChanceCorrected(math.nan, math.nan, math.nan)
    agree = agreement_weights(values, weights)
    counts = np.bincount(
        given.unit * values.size + code, minlength=given.units * values.size
    ).reshape(given.units, values.size)
    sizes = counts.sum(axis=1)
    often, rated = sizes >= 2, sizes >= 1
    if not often.any():
        return ChanceCorrected(math.nan, math.nan, math.nan)
    m = sizes[often]
    pairs = np.einsum("uk,uk->u", counts[often], counts[often] @ agree - 1)
    observed = float((pairs / (m * (m - 1))).mean())
    if values.size == 1:
        return ChanceCorrected(math.nan, observed, math.nan)
    share = (counts[rated] / sizes[rated, np.newaxis]).mean(axis=0)
    spread = float((share * (1 - share)).sum())
    expected = float(agree.sum()) * spread / (values.size * (values.size - 1))
    return _corrected(observed, expected)


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    weights: str | ArrayLike | None = None,
    *,
    categories: ArrayLike | None = None,
) -> float:
    """Return Cohen's kappa of two reviewers, or of a reviewer and the reference.

    Parameters
    ----------
    first, second : array_like of float, shape (units,)
        Ratings of the same units; units with a hole in either are left out.
    weights : None, "linear", "quadratic" or array_like, shape (K, K)
        None counts only equal ratings. By name: by the distance of the values. A matrix
        gives how much each disagreement weighs, in the order of the sorted categories,
        0 on the diagonal.
    categories : array_like of float, optional
        All values that could have been given; by default those that were.

    Returns
    -------
    float
        NaN where undefined: no unit with both, or no disagreement possible, as when
        both gave one and the same rating throughout.

    Raises
    ------
    ValueError
        If ``weights`` is none of these or does not fit the categories, or there are
        more than 1,000 different ratings.

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales", Educ. Psychol.
       Meas. 20 (1), 37-46, 1960.
    .. [2] J. Cohen, "Weighted kappa", Psychol. Bull. 70 (4), 213-220, 1968.
    """
    return kappa_agreement(first, second, weights, categories=categories).value


def kappa_agreement(
    first: ArrayLike,
    second: ArrayLike,
    weights: str | ArrayLike | None = None,
    *,
    categories: ArrayLike | None = None,
) -> ChanceCorrected:
    """Return `cohen_kappa` with the agreement observed and expected by chance.

    Parameters and errors as `cohen_kappa`.

    Returns
    -------
    ChanceCorrected
        With a matrix of weights, agreement is 1 less the weight over the largest.
    """
    shares, agree = _kappa_table(first, second, weights, categories)
    if not shares.size:
        return ChanceCorrected(math.nan, math.nan, math.nan)
    chance = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return _corrected(float((shares * agree).sum()), float((chance * agree).sum()))


def kappa_error(
    first: ArrayLike,
    second: ArrayLike,
    weights: str | ArrayLike | None = None,
    *,
    categories: ArrayLike | None = None,
) -> float:
    """Return the large-sample standard error of `cohen_kappa`.

    Parameters and errors as `cohen_kappa`.

    Returns
    -------
    float
        NaN where kappa is undefined.

    References
    ----------
    .. [1] J. L. Fleiss, J. Cohen, B. S. Everitt, "Large sample standard errors of kappa
       and weighted kappa", Psychol. Bull. 72 (5), 323-327, 1969.
    """
    shares, agree = _kappa_table(first, second, weights, categories)
    found = kappa_agreement(first, second, weights, categories=categories)
    if math.isnan(found.value):
        return math.nan
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    typical = (agree @ columns)[:, np.newaxis] + (rows @ agree)[np.newaxis, :]
    kept, missing = 1 - found.value, 1 - found.expected
    terms = float((shares * (agree - typical * kept) ** 2).sum())
    centre = found.value - found.expected * kept
    n = paired(first, second)[0].size
    return math.sqrt(max(terms - centre**2, 0.0)) / (missing * math.sqrt(n))


def agreement_weights(values: ArrayLike, weights: str) -> Floats:
    """Return how far each two categories agree, 1 on the diagonal, shape (K, K).

    Parameters
    ----------
    values : array_like of float, shape (K,)
        Ascending.
    weights : str
        One of `WEIGHTS`.

    Returns
    -------
    ndarray of float64, shape (K, K)
    """
    levels = np.asarray(values, dtype=np.float64)
    if weights == "unweighted" or levels.size < 2:
        return np.eye(levels.size)
    if weights == "ordinal":
        place = np.arange(levels.size)
        steps = np.abs(place[:, np.newaxis] - place) + 1
        between = steps * (steps - 1) / 2
        apart = between / between.max()
    else:
        apart = np.abs(levels[:, np.newaxis] - levels) / (levels[-1] - levels[0])
    agree: Floats = 1 - (apart**2 if weights == "quadratic" else apart)
    return agree


def _kappa_table(
    first: ArrayLike,
    second: ArrayLike,
    weights: str | ArrayLike | None,
    categories: ArrayLike | None,
) -> tuple[Floats, Floats]:
    """Shares of the units by first and second rating, and the weights; (K, K) each."""
    one, two = paired(first, second)
    values, code = _categories(np.concatenate([one, two]), categories)
    size = values.size
    agree = _kappa_weights(values, weights)
    if not one.size:
        return np.zeros((0, 0)), agree
    cells = code[: one.size] * size + code[one.size :]
    table = np.bincount(cells, minlength=size**2).reshape(size, size)
    return table / one.size, agree


def _kappa_weights(values: Floats, weights: str | ArrayLike | None) -> Floats:
    if weights is None:
        return agreement_weights(values, "unweighted")
    if isinstance(weights, str):
        if weights not in {"linear", "quadratic"}:
            raise ValueError(
                f"weights must be linear, quadratic or a table: {weights!r}"
            )
        return agreement_weights(values, weights)
    apart = np.asarray(weights, dtype=np.float64)
    if apart.shape != (values.size, values.size):
        raise ValueError(
            f"{values.size} categories need as many rows and columns of weights: "
            f"{apart.shape}"
        )
    if np.any(np.diag(apart) != 0) or np.any(apart < 0):
        raise ValueError("disagreement weights are 0 on the diagonal, else 0 or more")
    highest = apart.max(initial=0.0)
    return 1 - apart / highest if highest > 0 else np.ones_like(apart)


def _categories(given: Floats, categories: ArrayLike | None) -> tuple[Floats, Ints]:
    found, code = np.unique(given, return_inverse=True)
    if categories is not None:
        possible = np.unique(np.asarray(categories, dtype=np.float64))
        if not np.isin(found, possible).all():
            raise ValueError("a rating is not among the categories")
        code = np.searchsorted(possible, found)[code]
        found = possible
    if found.size > _MOST_CATEGORIES:
        raise ValueError(f"{found.size} different ratings are not categories")
    return found, code


def _corrected(observed: float, expected: float) -> ChanceCorrected:
    # Chance alone agreeing everywhere leaves rounding, not a denominator.
    if 1 - expected < 1e-12:
        return ChanceCorrected(math.nan, observed, expected)
    return ChanceCorrected((observed - expected) / (1 - expected), observed, expected)
