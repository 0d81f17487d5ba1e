"""Erlang B: the share of calls that find every line busy, when none may wait."""

import math

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.erlang.inputs import (
    LOAD,
    SERVERS,
    Floats,
    Number,
    as_given,
    plain_numbers,
    together,
)

RECURSION_UP_TO = 1_000
"""Whole servers up to which one number is found step by step, without arrays."""

_HALF_LOG_TWO_PI = 0.9189385332046727
_STIRLING_FROM = 16.0
# How many standard deviations below the load the fraction takes over from the distribution
# function, which underflows soon after.
_FRACTION_BELOW = 6.0
_MOST_TERMS = 100_000
_LAST_DIGIT = 1e-15


def erlang_b(servers: ArrayLike, load: ArrayLike) -> Number:
    """Return the blocking probability of ``servers`` lines offered ``load`` Erlangs.

    Parameters
    ----------
    servers : float or array_like
        At least 0. Between whole numbers: the analytic continuation
        ``1/B = load ∫ exp(-load u) (1 + u)^servers du``.
    load : float or array_like
        Arrivals per unit of time times mean handle time, at least 0.

    Returns
    -------
    float or ndarray of float64
        Shape of the broadcast arguments. Without servers 1, without load (and with
        servers) 0.

    Raises
    ------
    ValueError
        For a negative, infinite or missing argument.

    References
    ----------
    .. [1] D. L. Jagerman, "Some properties of the Erlang loss function", Bell System
       Technical Journal 53 (1974) 525-551.

    Examples
    --------
    >>> round(erlang_b(14, 8), 8)
    0.01722089
    """
    if plain := plain_numbers(servers, load):
        inverse = inverse_of(SERVERS.number(plain[0]), LOAD.number(plain[1]))
        return 1.0 / inverse
    n, a = together(SERVERS.array(servers), LOAD.array(load))
    return as_given(1.0 / inverse_blocking(n, a), servers, load)


def inverse_of(servers: float, load: float) -> float:
    """Return 1/B of one cell; infinite where B underflows."""
    if load == 0:
        return 1.0 if servers == 0 else math.inf
    if servers > RECURSION_UP_TO or servers != int(servers):
        cell = np.array([servers]), np.array([load])
        return float(inverse_blocking(*cell)[0])
    inverse = 1.0
    for step in range(1, int(servers) + 1):
        inverse = 1.0 + inverse * step / load
    return inverse


def inverse_blocking(servers: Floats, load: Floats) -> Floats:
    """Return 1/B, cell by cell; infinite where B underflows.

    B is the Poisson probability of exactly ``servers`` over that of at most ``servers``.
    Far below the load both underflow, so there Legendre's continued fraction of their
    ratio is used, which converges fast exactly there.
    """
    low = load - servers > _FRACTION_BELOW * np.sqrt(load) + _STIRLING_FROM
    if not low.any():
        return _by_distribution(servers, load)
    result = np.empty_like(load)
    result[low] = _by_fraction(servers[low], load[low])
    result[~low] = _by_distribution(servers[~low], load[~low])
    return result


def _by_distribution(servers: Floats, load: Floats) -> Floats:
    from scipy.special import gammaincc

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        at_most: Floats = gammaincc(servers + 1.0, load)
        inverse = at_most * np.exp(-_log_poisson(servers, load))
    idle = load == 0
    if idle.any():
        inverse[idle] = np.where(servers[idle] == 0, 1.0, np.inf)
    return inverse


def _log_poisson(servers: Floats, load: Floats) -> Floats:
    """Log of ``load^n exp(-load) / n!``, without cancellation for many servers.

    References
    ----------
    .. [1] C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
    """
    from scipy.special import gammaln

    few = servers < _STIRLING_FROM
    if not few.any():
        return _saddle_point(servers, load)
    n, a = servers[few], load[few]
    result = np.empty_like(load)
    result[few] = n * np.log(a) - a - gammaln(n + 1.0)
    result[~few] = _saddle_point(servers[~few], load[~few])
    return result


def _saddle_point(servers: Floats, load: Floats) -> Floats:
    away = (load - servers) / servers
    exponent = np.where(
        np.abs(away) < 0.1,
        servers * (np.log1p(away) - away),
        servers * (np.log(load / servers) - away),
    )
    return (
        exponent - _stirling_error(servers) - _HALF_LOG_TWO_PI - 0.5 * np.log(servers)
    )


def _stirling_error(n: Floats) -> Floats:
    """``log n!`` less Stirling's formula; exact to the last digit from 16 on."""
    square = 1.0 / (n * n)
    series = 1 / 1680 - square / 1188
    for term in (1 / 1260, 1 / 360, 1 / 12):
        series = term - square * series
    return series / n


def _by_fraction(servers: Floats, load: Floats) -> Floats:
    """Legendre's continued fraction of the upper incomplete gamma function (Lentz)."""
    below = load - servers
    numerator = np.full_like(load, np.inf)
    inverted = 1.0 / below
    value = inverted.copy()
    for term in range(1, _MOST_TERMS):
        factor = term * (servers + 1.0 - term)
        below = below + 2.0
        inverted = 1.0 / (factor * inverted + below)
        numerator = below + factor / numerator
        change = inverted * numerator
        value *= change
        if np.abs(change - 1.0).max() < _LAST_DIGIT:
            break
    return load * value
