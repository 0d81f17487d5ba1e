"""Staffing of deferred work between what has arrived and what is due.

Cumulated work done lies on or below the work that has arrived, and on or above the work
that is due. Any such curve is possible, as people can be as many as it takes, except in
closed time. In terms of open time the smoothest is the taut string between the two, and
doing the earliest deadline first meets every deadline that any order meets.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.backlog.deadlines import due_within
from workforce.capacity.core.backlog.string import taut_string

Floats = NDArray[np.float64]

# Seconds of work by which a plan may miss a deadline through rounding.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class BacklogPlan:
    """Work and people by interval, all arrays of shape (n,).

    Attributes
    ----------
    work : ndarray of float64
        Seconds of work done in each interval.
    people : ndarray of float64
        People at work while the interval is open; 0 where it is closed.
    backlog : ndarray of float64
        Seconds of work waiting at the end of each interval.
    lateness : ndarray of float64
        Seconds of work past its deadline at the end of each interval.
    open_seconds : ndarray of float64
        How long each interval is open.
    """

    work: Floats
    people: Floats
    backlog: Floats
    lateness: Floats
    open_seconds: Floats

    def hours_late(self, due: Floats) -> Floats:
        """Return by how many open hours work misses its deadline, earliest first.

        Parameters
        ----------
        due : ndarray of float64, shape (n,)
            Seconds of work due by the end of each interval, cumulated.

        Returns
        -------
        ndarray of float64, shape (n,)
            For the last work due in each interval; 0 where it is done in time. What the
            plan never gets done is late at least until its end.
        """
        passed = np.cumsum(self.open_seconds)
        # A hair less than what is due: where nobody works for a while, so much was done
        # when they stopped and not when they begin again.
        ended = np.interp(
            due - _ROUNDING,
            np.concatenate(([0.0], np.cumsum(self.work))),
            np.concatenate(([0.0], passed)),
        )
        late = np.where(self.lateness > _ROUNDING, ended - passed, 0.0)
        hours: Floats = np.maximum(late, 0.0) / 3600.0
        return hours

    @property
    def peak(self) -> float:
        return float(self.people.max(initial=0.0))

    @property
    def feasible(self) -> bool:
        """Whether every deadline is met."""
        return not (self.lateness > _ROUNDING).any()

    def paid_hours(self, *, max_occupancy: float, shrinkage: float) -> float:
        """Return the hours to pay for the work, with time in hand and shrinkage on top.

        Raises
        ------
        ValueError
            Unless ``0 < max_occupancy <= 1`` and ``0 <= shrinkage < 1``.
        """
        if not (0 < max_occupancy <= 1 and 0 <= shrinkage < 1):
            raise ValueError(f"shares out of range: {max_occupancy}, {shrinkage}")
        return float(self.work.sum()) / 3600.0 / max_occupancy / (1.0 - shrinkage)


def plan(
    arrivals: ArrayLike,
    capacity_open: ArrayLike,
    *,
    minutes: float,
    deadlines: ArrayLike | None = None,
    within: float | None = None,
    backlog: float = 0.0,
    backlog_due: ArrayLike | None = None,
    leave: float | None = None,
) -> BacklogPlan:
    """Return the smoothest staffing that meets every deadline that can be met.

    Parameters
    ----------
    arrivals : array_like of float, shape (n,)
        Seconds of work that arrive in each interval, at least 0.
    capacity_open : array_like of float, shape (n,)
        Share of each interval that is open, 0 to 1.
    minutes : float
        Length of an interval, above 0.
    deadlines : array_like of float, shape (n,), optional
        Work due by the end of each interval, cumulated, the initial backlog's included.
    within : float, optional
        Instead: open seconds from arrival to deadline. Exactly one of the two is given.
    backlog : float
        Seconds of work waiting at the start.
    backlog_due : array_like of float, shape (n,), optional
        With ``within``: how much of the initial backlog is due by the end of each
        interval, cumulated. Without it the backlog counts as arrived at the start.
    leave : float, optional
        Most work to be left at the end. Without it what is not due by then is left, so
        the last ``within`` of the plan asks for less than a plan that goes on.

    Returns
    -------
    BacklogPlan
        Of all plans with the least lateness: the smallest peak, and the smallest sum of
        squared people over open time. Work due while closed, with no open time between
        its arrival and its deadline, is late and done as soon as open.

    Raises
    ------
    ValueError
        For a value out of range, falling deadlines, arrays of different lengths, or both
        or neither of ``deadlines`` and ``within``.

    Examples
    --------
    >>> plan([3600, 0, 0, 0], [1, 1, 1, 1], minutes=60, within=3600).people.tolist()
    [0.5, 0.5, 0.0, 0.0]
    """
    stream = _Stream.of(arrivals, capacity_open, minutes, backlog)
    due = _due(stream, deadlines, within, backlog_due)
    if leave is not None:
        due[-1:] = np.maximum(due[-1:], stream.arrived[-1:] - _least(leave, "leave"))
    done = np.zeros_like(due)
    is_open = stream.open_seconds > 0
    if is_open.any():
        done = _smoothest(stream, due, is_open)
    return stream.outcome(np.diff(done, prepend=0.0), due)


def project(
    arrivals: ArrayLike,
    capacity_open: ArrayLike,
    people: ArrayLike,
    *,
    minutes: float,
    deadlines: ArrayLike | None = None,
    within: float | None = None,
    backlog: float = 0.0,
    backlog_due: ArrayLike | None = None,
) -> BacklogPlan:
    """Return what ``people`` get done, and the backlog they leave.

    Parameters
    ----------
    people : array_like of float, shape (n,)
        People at work while each interval is open, at least 0.
    arrivals, capacity_open, minutes, deadlines, within, backlog, backlog_due
        As in `plan`.

    Returns
    -------
    BacklogPlan
        Its ``people`` are those that had work.

    Raises
    ------
    ValueError
        As `plan`.
    """
    stream = _Stream.of(arrivals, capacity_open, minutes, backlog)
    capacity = _checked(people, "people", stream.arrivals.shape) * stream.open_seconds
    due = _due(stream, deadlines, within, backlog_due)
    # Idle capacity is lost: done falls behind capacity by the most it ever was ahead.
    could = np.cumsum(capacity)
    ahead = np.maximum.accumulate(np.maximum(could - stream.arrived, 0.0))
    return stream.outcome(np.diff(could - ahead, prepend=0.0), due)


@dataclass(frozen=True, slots=True)
class _Stream:
    """Checked arrivals and open time; ``arrived`` is cumulated, backlog included."""

    arrivals: Floats
    open_seconds: Floats
    arrived: Floats
    backlog: float

    @classmethod
    def of(
        cls,
        arrivals: ArrayLike,
        capacity_open: ArrayLike,
        minutes: float,
        backlog: float,
    ) -> "_Stream":
        if not 0 < minutes < math.inf:
            raise ValueError(f"minutes must be above 0: {minutes!r}")
        work = np.asarray(arrivals, dtype=np.float64)
        work = _checked(work, "arrivals", work.shape)
        share = _checked(capacity_open, "capacity_open", work.shape)
        if (share > 1).any():
            raise ValueError(f"capacity_open must be at most 1: {share.max()!r}")
        waiting = _least(backlog, "backlog")
        return cls(work, share * minutes * 60.0, waiting + np.cumsum(work), waiting)

    def outcome(self, work: Floats, due: Floats) -> BacklogPlan:
        work = np.maximum(work, 0.0)
        done = np.cumsum(work)
        people = np.zeros_like(work)
        np.divide(work, self.open_seconds, out=people, where=self.open_seconds > 0)
        return BacklogPlan(
            work=work,
            people=people,
            backlog=np.maximum(self.arrived - done, 0.0),
            lateness=np.maximum(due - done, 0.0),
            open_seconds=self.open_seconds,
        )


def _smoothest(stream: _Stream, due: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """Cumulated work done by the taut string over the open intervals."""
    opened = np.flatnonzero(is_open)
    # What falls due in closed time must be done by the last open interval before it.
    last_before_next = np.append(opened[1:] - 1, due.size - 1)
    upper = stream.arrived[opened]
    lower = np.minimum(due[last_before_next], upper)
    times = np.cumsum(stream.open_seconds[opened])
    done = taut_string(times, lower, upper)
    return np.concatenate(([0.0], done))[np.cumsum(is_open)]


def _due(
    stream: _Stream,
    deadlines: ArrayLike | None,
    within: float | None,
    backlog_due: ArrayLike | None,
) -> Floats:
    if (deadlines is None) == (within is None):
        raise ValueError("give either deadlines or within")
    shape = stream.arrivals.shape
    if within is None:
        return _rising(deadlines, "deadlines", shape)
    span = _least(within, "within")
    due = due_within(stream.arrivals, stream.open_seconds, span)
    if backlog_due is not None:
        first = np.minimum(_rising(backlog_due, "backlog_due", shape), stream.backlog)
        return due + first
    passed = np.cumsum(stream.open_seconds)
    return due + np.where((passed > 0) & (passed >= span), stream.backlog, 0.0)


def _rising(values: ArrayLike | None, name: str, shape: tuple[int, ...]) -> Floats:
    found = _checked(values, name, shape).copy()
    if (np.diff(found) < 0).any():
        raise ValueError(f"{name} are cumulated and must not fall")
    return found


def _checked(values: ArrayLike | None, name: str, shape: tuple[int, ...]) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.shape != shape or found.ndim != 1:
        raise ValueError(f"{name} must be one number an interval: {found.shape}")
    if not ((found >= 0) & (found < np.inf)).all():
        raise ValueError(f"{name} must be finite and at least 0")
    return found


def _least(value: float, name: str) -> float:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must be finite and at least 0: {value!r}")
    return float(value)
