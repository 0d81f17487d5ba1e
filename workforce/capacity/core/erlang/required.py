"""The fewest people who keep a promise: whole, and before rounding."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.erlang.abandonment import DEFINITIONS, OFFERED
from workforce.capacity.core.erlang.curve import whole_and_exact
from workforce.capacity.core.erlang.inputs import (
    AHT,
    LEVEL,
    LOAD,
    OCCUPANCY,
    TARGET,
    Floats,
    as_given,
    plain_numbers,
)
from workforce.capacity.core.erlang.promise import promise_of
from workforce.capacity.core.erlang.search import exact_servers, whole_servers
from workforce.capacity.core.erlang.single import fewest_of


def required_servers(
    load: ArrayLike,
    aht: ArrayLike,
    *,
    service_level: ArrayLike,
    target: ArrayLike,
    max_occupancy: ArrayLike | None = None,
    patience: ArrayLike | None = None,
    definition: str = OFFERED,
) -> int | NDArray[np.int64]:
    """Return the fewest whole people who keep the service level and the occupancy cap.

    Parameters
    ----------
    load : float or array_like
        Offered load in Erlangs, at least 0; 0 needs nobody.
    aht : float or array_like
        Mean handle time, above 0.
    service_level : float or array_like
        Share to answer in time, at least 0 and below 1.
    target : float or array_like
        Time to answer in the unit of ``aht``, at least 0; may be infinite.
    max_occupancy : float or array_like, optional
        Most of their time people may be busy, above 0 and at most 1.
    patience : float or array_like, optional
        Mean patience: Erlang A where given and finite, Erlang C otherwise. Without
        abandonment there are always more people than Erlangs, whatever the promise.
    definition : {"offered", "without_short", "waited", "virtual"}
        What the service level counts, see `ErlangA.service_level`. Without abandonment
        all four are the same.

    Returns
    -------
    int or ndarray of int64
        Shape of the broadcast arguments.

    Raises
    ------
    ValueError
        For an argument out of range or an unknown definition.

    Examples
    --------
    >>> required_servers(10, 180, service_level=0.8, target=20)
    14
    """
    _check(definition)
    given = (load, aht, service_level, target)
    cap = 1.0 if max_occupancy is None else max_occupancy
    if patience is None and (plain := plain_numbers(*given, cap)):
        return _one_cell(*plain)
    promise, shape = promise_of(*given, max_occupancy, patience, definition)
    whole = whole_servers(promise).astype(np.int64).reshape(shape)
    return as_given(whole, *given, _or_zero(max_occupancy), _or_zero(patience))


def fractional_servers(
    load: ArrayLike,
    aht: ArrayLike,
    *,
    service_level: ArrayLike,
    target: ArrayLike,
    max_occupancy: ArrayLike | None = None,
    patience: ArrayLike | None = None,
    definition: str = OFFERED,
) -> float | Floats:
    """Return the people who just keep the promise, before rounding to whole people.

    Parameters are those of `required_servers`, and so is the answer once rounded up.
    Where queues or intervals are added up, these are to be added and rounded once.

    Returns
    -------
    float or ndarray of float64
        To 1e-9 people, relative to one person or to the answer, whichever is larger.
    """
    _check(definition)
    given = (load, aht, service_level, target)
    promise, shape = promise_of(*given, max_occupancy, patience, definition)
    found = exact_servers(promise, whole_servers(promise)).reshape(shape)
    return as_given(found, *given, _or_zero(max_occupancy), _or_zero(patience))


def whole_and_fractional(
    load: ArrayLike,
    aht: ArrayLike,
    *,
    service_level: ArrayLike,
    target: ArrayLike,
    max_occupancy: ArrayLike,
    patience: ArrayLike | None,
    definition: str,
) -> tuple[NDArray[np.int64], Floats]:
    """Return `required_servers` and `fractional_servers` of many cells in one search.

    Cells side by side that differ in nothing but their load are read off one curve, so
    that the fractions are right to 1e-7 people; whole people are the same.
    """
    _check(definition)
    promise, shape = promise_of(
        load, aht, service_level, target, max_occupancy, patience, definition
    )
    whole, exact = whole_and_exact(promise)
    return whole.astype(np.int64).reshape(shape), exact.reshape(shape)


def _one_cell(
    load: float,
    aht: float,
    service_level: float,
    target: float,
    max_occupancy: float,
) -> int:
    return fewest_of(
        LOAD.number(load),
        TARGET.number(target) / AHT.number(aht),
        LEVEL.number(service_level),
        OCCUPANCY.number(max_occupancy),
    )


def _check(definition: str) -> None:
    if definition not in DEFINITIONS:
        raise ValueError(f"definition must be one of {DEFINITIONS}: {definition!r}")


def _or_zero(value: ArrayLike | None) -> ArrayLike:
    return 0.0 if value is None else value
