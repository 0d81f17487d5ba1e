"""Erlang C: calls that find everybody busy wait, and nobody gives up."""

import math
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.erlang.blocking import inverse_blocking, inverse_of
from workforce.capacity.core.erlang.inputs import (
    AHT,
    LOAD,
    SERVERS,
    TARGET,
    Floats,
    Number,
    as_given,
    plain_numbers,
    together,
)

_NEAR = 1e-6
# From this 1/B on the share that waits is below any float, and products would overflow.
_NOBODY_WAITS = 1e200


def erlang_c(servers: ArrayLike, load: ArrayLike) -> Number:
    """Return the probability that a call has to wait.

    Parameters
    ----------
    servers : float or array_like
        People, at least 0; between whole numbers by continuation of Erlang B.
    load : float or array_like
        Offered load in Erlangs, at least 0.

    Returns
    -------
    float or ndarray of float64
        1 where the load reaches the servers (the queue grows without end), 0 where there
        is no load.

    Raises
    ------
    ValueError
        For a negative, infinite or missing argument.

    References
    ----------
    .. [1] L. Kleinrock, *Queueing Systems*, vol. 1, Wiley 1975, section 3.5.

    Examples
    --------
    >>> round(erlang_c(14, 10), 7)
    0.1741319
    """
    if plain := plain_numbers(servers, load):
        return _waits_of(SERVERS.number(plain[0]), LOAD.number(plain[1]))
    n, a = together(SERVERS.array(servers), LOAD.array(load))
    return as_given(waiting_probability(n, a), servers, load)


def average_speed_of_answer(
    servers: ArrayLike, load: ArrayLike, aht: ArrayLike
) -> Number:
    """Return the mean wait of all calls, in the unit of ``aht``.

    Parameters
    ----------
    servers, load : float or array_like
        As in `erlang_c`.
    aht : float or array_like
        Mean handle time, above 0.

    Returns
    -------
    float or ndarray of float64
        Infinite where the load reaches the servers; 0 without load.

    Raises
    ------
    ValueError
        For an argument out of range.
    """
    if plain := plain_numbers(servers, load, aht):
        people, erlangs = SERVERS.number(plain[0]), LOAD.number(plain[1])
        return _mean_wait_of(people, erlangs, AHT.number(plain[2]))
    n, a, each = together(SERVERS.array(servers), LOAD.array(load), AHT.array(aht))
    return as_given(mean_wait(n, a, each), servers, load, aht)


def service_level(
    servers: ArrayLike, load: ArrayLike, aht: ArrayLike, target: ArrayLike
) -> Number:
    """Return the share of calls answered within ``target``.

    Parameters
    ----------
    servers, load : float or array_like
        As in `erlang_c`.
    aht : float or array_like
        Mean handle time, above 0.
    target : float or array_like
        Time to answer in the unit of ``aht``, at least 0; may be infinite.

    Returns
    -------
    float or ndarray of float64
        0 where the load reaches the servers; 1 without load.

    Raises
    ------
    ValueError
        For an argument out of range.
    """
    if plain := plain_numbers(servers, load, aht, target):
        people, erlangs = SERVERS.number(plain[0]), LOAD.number(plain[1])
        return _answered_of(
            people, erlangs, TARGET.number(plain[3]) / AHT.number(plain[2])
        )
    n, a, each, within = together(
        SERVERS.array(servers), LOAD.array(load), AHT.array(aht), TARGET.array(target)
    )
    return as_given(answered_in_time(n, a, within / each), servers, load, aht, target)


def answered_from(inverse: float, servers: float, load: float, wait: float) -> float:
    """Service level of one cell from its 1/B, for ``servers`` above ``load``.

    The share that need not wait and the share that waits no longer than ``wait`` handle
    times are added up, so nothing cancels when the load comes near the servers.
    """
    if inverse > _NOBODY_WAITS:
        return 1.0
    spare = spare_of(servers, load)
    in_time = -math.expm1(-spare * wait)
    answered = spare * (inverse - 1.0) + servers * in_time
    return min(answered / (spare * inverse + load), 1.0)


def spare_of(servers: float, load: float) -> float:
    """Servers less load; within a millionth of each other, by their decimal digits.

    There the answer is 1/spare, and the last binary digit of 99.9999999 Erlangs already
    moves it by 6e-8. The shortest decimal that reads as the number is what was meant.
    """
    spare = servers - load
    if spare and abs(spare) < _NEAR * load:
        return float(Decimal(repr(servers)) - Decimal(repr(load)))
    return spare


def spare_servers(servers: Floats, load: Floats) -> Floats:
    """`spare_of` of arrays of one shape."""
    spare = np.asarray(servers - load)
    near = np.flatnonzero((spare != 0) & (np.abs(spare) < _NEAR * load))
    for cell in near:
        pair = float(servers.flat[cell]), float(load.flat[cell])
        spare.flat[cell] = spare_of(*pair)
    return spare


def waiting_probability(servers: Floats, load: Floats) -> Floats:
    """`erlang_c` of checked arrays of one shape."""
    spare = spare_servers(servers, load)
    blocked = 1.0 / inverse_blocking(servers, load)
    with np.errstate(invalid="ignore", divide="ignore"):
        waits = servers * blocked / (spare + load * blocked)
    return np.where(load == 0, 0.0, np.where(spare > 0, waits, 1.0))


def mean_wait(servers: Floats, load: Floats, aht: Floats) -> Floats:
    """`average_speed_of_answer` of checked arrays of one shape."""
    spare = spare_servers(servers, load)
    waits = waiting_probability(servers, load)
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = np.where(spare > 0, waits * aht / spare, np.inf)
    return np.where(load == 0, 0.0, wait)


def answered_in_time(servers: Floats, load: Floats, wait: Floats) -> Floats:
    """`service_level` of checked arrays of one shape; ``wait`` in handle times."""
    spare = spare_servers(servers, load)
    inverse = inverse_blocking(servers, load)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        in_time = -np.expm1(-spare * wait)
        answered = (spare * (inverse - 1.0) + servers * in_time) / (
            spare * inverse + load
        )
    answered = np.where(inverse > _NOBODY_WAITS, 1.0, np.minimum(answered, 1.0))
    return np.where(load == 0, 1.0, np.where(spare > 0, answered, 0.0))


def waiting_longer(servers: Floats, load: Floats, wait: Floats) -> Floats:
    """Share that waits longer than ``wait`` handle times, of arrays of one shape."""
    spare = np.maximum(spare_servers(servers, load), 0.0)
    with np.errstate(invalid="ignore"):
        left = np.where(spare > 0, np.exp(-spare * wait), 1.0)
    return waiting_probability(servers, load) * left


def _waits_of(servers: float, load: float) -> float:
    if load == 0:
        return 0.0
    if servers <= load:
        return 1.0
    blocked = 1.0 / inverse_of(servers, load)
    return servers * blocked / (spare_of(servers, load) + load * blocked)


def _mean_wait_of(servers: float, load: float, aht: float) -> float:
    if load == 0:
        return 0.0
    if servers <= load:
        return math.inf
    return _waits_of(servers, load) * aht / spare_of(servers, load)


def _answered_of(servers: float, load: float, wait: float) -> float:
    if load == 0:
        return 1.0
    if servers <= load:
        return 0.0
    return answered_from(inverse_of(servers, load), servers, load, wait)
