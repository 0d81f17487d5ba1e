"""What the Erlang functions accept: numbers or arrays, each checked by name."""

import math
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Number = float | Floats

_ABOVE_ZERO = math.nextafter(0.0, 1.0)
_FINITE = math.nextafter(math.inf, 0.0)
_BELOW_ONE = math.nextafter(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Range:
    """The values one argument may take, both ends included."""

    name: str
    least: float
    most: float
    words: str

    def number(self, value: float) -> float:
        if not self.least <= value <= self.most:
            raise ValueError(f"{self.name} must be {self.words}: {value!r}")
        return float(value)

    def array(self, values: ArrayLike) -> Floats:
        found = np.asarray(values, dtype=np.float64)
        inside = (found >= self.least) & (found <= self.most)
        if not inside.all():
            wrong = found[~inside].flat[0]
            raise ValueError(f"{self.name} must be {self.words}: {float(wrong)!r}")
        return found


SERVERS = Range("servers", 0.0, _FINITE, "a finite number, at least 0")
LOAD = Range("load", 0.0, _FINITE, "a finite number, at least 0")
AHT = Range("aht", _ABOVE_ZERO, _FINITE, "a finite number above 0")
TARGET = Range("target", 0.0, math.inf, "at least 0")
PATIENCE = Range("patience", _ABOVE_ZERO, math.inf, "above 0")
_PATIENT = 1e100
LEVEL = Range("service_level", 0.0, _BELOW_ONE, "at least 0 and below 1")
OCCUPANCY = Range("max_occupancy", _ABOVE_ZERO, 1.0, "above 0 and at most 1")


def patience_array(value: ArrayLike) -> Floats:
    """Return checked patience that can be counted with; endless stays endless.

    Finite patience beyond a bound makes no difference, and products of it overflow.
    """
    given = PATIENCE.array(value)
    return np.where(np.isinf(given), given, np.minimum(given, _PATIENT))


def plain_numbers(*values: ArrayLike | None) -> tuple[float, ...] | None:
    """Return the values if all are Python's own numbers: those are worked without arrays."""
    found: list[float] = []
    for value in values:
        if type(value) is not float and type(value) is not int:
            return None
        found.append(value)
    return tuple(found)


def together(*arrays: Floats) -> tuple[Floats, ...]:
    """Broadcast against each other, at least one axis long."""
    return tuple(np.atleast_1d(found) for found in np.broadcast_arrays(*arrays))


@overload
def as_given(result: Floats, *given: ArrayLike) -> Number: ...
@overload
def as_given(
    result: NDArray[np.int64], *given: ArrayLike
) -> int | NDArray[np.int64]: ...
def as_given(result: NDArray[Any], *given: ArrayLike) -> float | NDArray[Any]:
    """Return an array, or a Python number where nothing given had an axis."""
    if all(np.ndim(value) == 0 for value in given):
        first: float = result.reshape(-1)[0].item()
        return first
    return result
