"""How long a call with endless patience would wait in Erlang A, by quadrature.

With time ``u`` in mean patiences, ``x = servers × patience / aht`` and ``y = load × patience
/ aht``, the virtual wait has the density ``x exp(H(u)) / (idle + ∫ x exp(H))`` with
``H(u) = y (1 - e^-u) - x u``, where ``idle`` is the weight of the states in which somebody is
free, in units of the state in which everybody just is busy. The usual way through incomplete
gamma functions takes differences and loses all digits when few give up or patience is long. Here
every share is an integral of a positive function over a log-concave one: Gauss-Legendre
over the window in which it is not negligible, on either side of its peak.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from workforce.capacity.core.erlang.inputs import Floats

_NODES = 40
# What lies further than this below the peak, as a power of e, is left out: 4e-18.
_DEPTH = 40.0
# Beyond this many patiences nobody is left waiting: e^-37 is below the last digit.
_GONE = 37.0
# From this bend on the peak is so narrow that its shape needs the series.
_SHARP = 1e6


@dataclass(frozen=True, slots=True)
class Parts:
    """Shares of all calls by what they would wait: at once, until ``t``, or later.

    ``served`` and ``given_up`` part the calls with that virtual wait; for ``later`` they
    are those of the end. ``patient`` is the share that has patience for longer than ``t``.
    """

    at_once: Floats
    soon: Floats
    soon_served: Floats
    soon_given_up: Floats
    later: Floats
    later_served: Floats
    later_given_up: Floats
    patient: Floats
    impatient: Floats


def split_at(until: Floats, x: Floats, y: Floats, idle: Floats) -> Parts:
    """Return the shares before and after ``until`` mean patiences; all of one shape."""
    soon = _none(until)
    if until.any():
        soon = _integrals(np.zeros_like(until), until, x, y)
    ends = np.isfinite(until)
    later = _integrals(np.where(ends, until, 0.0), np.full_like(until, np.inf), x, y)
    with np.errstate(divide="ignore"):
        of_idle = np.minimum(np.log(idle), 1e300)
    exponents = np.array(
        [of_idle, soon.exponent, np.where(ends, later.exponent, -np.inf)]
    )
    weights = np.exp(exponents - exponents.max(axis=0))
    weights[1:] *= x
    total = weights[0] + weights[1] * soon.all + weights[2] * later.all
    weights /= total
    return Parts(
        at_once=weights[0],
        soon=weights[1] * soon.all,
        soon_served=weights[1] * soon.served,
        soon_given_up=weights[1] * soon.given_up,
        later=weights[2] * later.all,
        later_served=weights[2] * later.served,
        later_given_up=weights[2] * later.given_up,
        patient=np.exp(-until),
        impatient=-np.expm1(-until),
    )


@dataclass(frozen=True, slots=True)
class _Integrals:
    """∫ exp(H), and with weights e^-u and 1 - e^-u, all over ``exp(exponent)``."""

    exponent: Floats
    all: Floats
    served: Floats
    given_up: Floats

    def add(self, shape: "_Shape", first: Floats, last: Floats) -> None:
        """Add another stretch, in the cells in which there is one."""
        some = last > first
        if not some.any():
            return
        more = shape.take(some).over(first[some], last[some])
        self.all[some] += more.all
        self.served[some] += more.served
        self.given_up[some] += more.given_up


def _none(until: Floats) -> _Integrals:
    exponent = np.full_like(until, -np.inf)
    return _Integrals(exponent, *(np.zeros_like(until) for _ in range(3)))


def _integrals(first: Floats, last: Floats, x: Floats, y: Floats) -> _Integrals:
    with np.errstate(divide="ignore"):
        peak = np.clip(np.log(y) - np.log(x), first, last)
    peak = np.where(np.isfinite(peak), peak, first)
    bend = y * np.exp(-peak)
    # Zero in exact arithmetic where the peak is inside; there rounding must not tilt it.
    slope = np.where((peak > first) & (peak < last), 0.0, bend - x)
    shape = _Shape(peak, bend, slope, -y * np.expm1(-peak) - x * peak)
    right = np.minimum(_window_right(bend, -np.minimum(slope, 0.0)), last - peak)
    left = np.minimum(_window_left(bend, np.maximum(slope, 0.0)), peak - first)
    near = np.minimum(right, np.maximum(_GONE - peak, 0.0))
    found = shape.over(np.zeros_like(near), near)
    found.add(shape, -left, np.zeros_like(left))
    found.add(shape, near, right)
    return found


@dataclass(frozen=True, slots=True)
class _Shape:
    """H about its peak: ``height - bend (e^-v - 1 + v) + slope v``."""

    peak: Floats
    bend: Floats
    slope: Floats
    height: Floats

    def take(self, which: NDArray[np.bool_]) -> "_Shape":
        parts = self.peak, self.bend, self.slope, self.height
        return _Shape(*(part[which] for part in parts))

    def over(self, first: Floats, last: Floats) -> _Integrals:
        nodes, weights = _gauss()
        width = (last - first)[..., None]
        v = first[..., None] + width * nodes
        gone = -np.expm1(-v)
        drop = self.bend[..., None] * self._bow(v, gone) - self.slope[..., None] * v
        density = np.exp(-drop) * (width * weights)
        everything = density.sum(-1)
        since = (density * gone).sum(-1)
        still, before = np.exp(-self.peak), -np.expm1(-self.peak)
        return _Integrals(
            self.height,
            everything,
            still * (everything - since),
            before * everything + still * since,
        )

    def _bow(self, v: Floats, gone: Floats) -> Floats:
        """``e^-v - 1 + v``, by its series where the difference would lose digits."""
        bow = v - gone
        if self.bend.max(initial=0.0) < _SHARP:
            return bow
        series = np.full_like(v, 1.0 / 720.0)
        for term in (-1 / 120, 1 / 24, -1 / 6, 1 / 2):
            series = term + v * series
        return np.where(np.abs(v) < 1e-3, v * v * series, bow)


@cache
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (nodes + 1.0) / 2.0, weights / 2.0


def _window_right(bend: Floats, fall: Floats) -> Floats:
    """How far right of the peak H has dropped by `_DEPTH`, or a little further.

    From ``e^-v - 1 + v >= v² / (2 + v)``; the root is written so that nothing cancels.
    """
    excess = 2.0 * fall - _DEPTH
    root = np.sqrt(excess * excess + 8.0 * _DEPTH * (bend + fall))
    with np.errstate(divide="ignore", invalid="ignore"):
        far = 4.0 * _DEPTH / (excess + root)
        other = (root - excess) / (2.0 * (bend + fall))
    return np.where(excess >= 0, far, other)


def _window_left(bend: Floats, rise: Floats) -> Floats:
    """How far left of the peak; by the parabola, then twice by the exponential."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        far = 2.0 * _DEPTH / (rise + np.sqrt(rise * rise + 2.0 * _DEPTH * bend))
        for _ in range(2):
            far = np.minimum(far, np.log1p(_DEPTH / bend + far))
    return far
