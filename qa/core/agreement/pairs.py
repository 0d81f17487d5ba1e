"""Two sets of scores of the same units: bias, spread and limits of agreement."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from qa.core.agreement.ratings import Floats, paired
from qa.core.student import t_quantile


@dataclass(frozen=True)
class BlandAltman:
    """How far ``first`` lies from ``second``, in the points of the scores.

    ``bias`` is the mean of first minus second: positive when the first is more lenient.
    Between ``lower`` and ``upper`` lie about 95 % of single differences. Each ``_ci`` is
    a confidence interval. ``slope`` is the rise of the difference per point of the mean
    of both, with its standard error: negative when the first uses less of the scale.

    What too few units cannot show is NaN: ``sd``, limits and intervals below two units,
    ``slope_se`` below three, ``slope`` when all means are equal.
    """

    n: int
    bias: float
    sd: float
    lower: float
    upper: float
    bias_ci: tuple[float, float]
    lower_ci: tuple[float, float]
    upper_ci: tuple[float, float]
    slope: float
    slope_se: float


def bland_altman(
    first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95
) -> BlandAltman:
    """Compare a reviewer's scores with another's, or with the reference.

    Parameters
    ----------
    first, second : array_like of float, shape (units,)
        Scores of the same units; units with a hole in either are left out.
    confidence : float, default 0.95
        Of the limits (how many differences they hold) and of the intervals.

    Returns
    -------
    BlandAltman

    Raises
    ------
    ValueError
        If the shapes differ, a score is infinite or ``confidence`` is out of range.

    References
    ----------
    .. [1] J. M. Bland, D. G. Altman, "Statistical methods for assessing agreement
       between two methods of clinical measurement", Lancet 327, 307-310, 1986.
    .. [2] J. M. Bland, D. G. Altman, "Measuring agreement in method comparison
       studies", Stat. Methods Med. Res. 8 (2), 135-160, 1999; the limits' variance.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly in (0, 1): {confidence}")
    one, two = paired(first, second)
    n, away = one.size, one - two
    bias = float(away.mean()) if n else math.nan
    sd = float(away.std(ddof=1)) if n > 1 else math.nan
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    t = t_quantile(0.5 + confidence / 2, n - 1) if n > 1 else math.nan
    reach = t * sd / math.sqrt(n) if n > 1 else math.nan
    blur = reach * math.sqrt(1 + n * z**2 / (2 * (n - 1))) if n > 1 else math.nan
    lower, upper = bias - z * sd, bias + z * sd
    slope, slope_se = _slope((one + two) / 2, away)
    return BlandAltman(
        n=n,
        bias=bias,
        sd=sd,
        lower=lower,
        upper=upper,
        bias_ci=(bias - reach, bias + reach),
        lower_ci=(lower - blur, lower + blur),
        upper_ci=(upper - blur, upper + blur),
        slope=slope,
        slope_se=slope_se,
    )


def _slope(mean: Floats, away: Floats) -> tuple[float, float]:
    if mean.size < 2 or mean.min() == mean.max():
        return math.nan, math.nan
    x, y = mean - mean.mean(), away - away.mean()
    slope = float(x @ y / (x @ x))
    if mean.size < 3:
        return slope, math.nan
    rest = float(np.square(y - slope * x).sum()) / (mean.size - 2)
    return slope, math.sqrt(rest / float(x @ x))
