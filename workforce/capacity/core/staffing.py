"""How many people a week of volumes needs, and what a given number of people achieves.

People are kept as fractions until the end: whole people are rounded up once an interval,
and paid hours and full-time equivalents come from the fractions, so that adding up
intervals or queues does not add up roundings. Shrinkage is applied last.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.chat import ONE_AT_A_TIME, Concurrency, concurrency
from workforce.capacity.core.erlang import (
    average_speed_of_answer,
    erlang_a,
    service_level,
    whole_and_fractional,
)

LIVE, CHAT = "LIVE", "CHAT"
DEFINITIONS = ("OFFERED", "WITHOUT_SHORT", "WAITED", "VIRTUAL")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What staffing of one queue takes for granted.

    Attributes
    ----------
    service_level : float
        Share of work to answer in time, at least 0 and below 1.
    target_seconds : float
        Time to answer.
    definition : {"OFFERED", "WITHOUT_SHORT", "WAITED", "VIRTUAL"}
        What the service level counts; see `erlang.ErlangA.service_level`.
    handle_seconds : float
        Mean hands-on time of one contact, above 0.
    patience_seconds : float or None
        Mean time until somebody waiting gives up; None where nobody does.
    concurrency : int
        Chats at once; counts for chat only.
    slowdown : float
        Share of the handle time each further chat adds; counts for chat only.
    max_occupancy : float
        Most of their time people may be busy, above 0 and at most 1.
    shrinkage : float
        Share of paid time people are not available, at least 0 and below 1.
    hours_per_week : float
        Paid hours of one full-time person.

    Raises
    ------
    ValueError
        For a value out of range.
    """

    service_level: float = 0.8
    target_seconds: float = 20.0
    definition: str = "OFFERED"
    handle_seconds: float = 300.0
    patience_seconds: float | None = None
    concurrency: int = 1
    slowdown: float = 0.0
    max_occupancy: float = 1.0
    shrinkage: float = 0.0
    hours_per_week: float = 40.0

    def __post_init__(self) -> None:
        checks = (
            (0 <= self.service_level < 1, "service_level", "at least 0 and below 1"),
            (self.target_seconds >= 0, "target_seconds", "at least 0"),
            (self.definition in DEFINITIONS, "definition", f"one of {DEFINITIONS}"),
            (0 < self.handle_seconds < math.inf, "handle_seconds", "above 0"),
            (
                self.patience_seconds is None or self.patience_seconds > 0,
                "patience_seconds",
                "above 0 or None",
            ),
            (self.concurrency >= 1, "concurrency", "at least 1"),
            (self.slowdown >= 0, "slowdown", "at least 0"),
            (0 < self.max_occupancy <= 1, "max_occupancy", "above 0 and at most 1"),
            (0 <= self.shrinkage < 1, "shrinkage", "at least 0 and below 1"),
            (self.hours_per_week > 0, "hours_per_week", "above 0"),
        )
        for is_good, name, words in checks:
            if not is_good:
                raise ValueError(f"{name} must be {words}: {getattr(self, name)!r}")


@dataclass(frozen=True, slots=True)
class Requirement:
    """People an interval needs, all arrays of shape (n,).

    Attributes
    ----------
    volumes : ndarray of float64
        Contacts offered.
    load : ndarray of float64
        Erlangs of contacts; for chat with the slow-down, on slots.
    agents : ndarray of int64
        Whole people on the floor.
    exact : ndarray of float64
        People on the floor before rounding up.
    paid : ndarray of float64
        ``exact`` over 1 - shrinkage.
    occupancy, service_level, asa, abandoned : ndarray of float64
        What ``agents`` achieve: busy share, service level, mean wait in seconds, share
        that gives up. Where nothing is offered 0, 1, 0 and 0.
    minutes : float
        Length of an interval.
    """

    volumes: Floats
    load: Floats
    agents: NDArray[np.int64]
    exact: Floats
    paid: Floats
    occupancy: Floats
    service_level: Floats
    asa: Floats
    abandoned: Floats
    minutes: float

    @property
    def paid_hours(self) -> float:
        return float(self.paid.sum()) * self.minutes / 60.0

    def fte(self, hours_per_week: float, weeks: float = 1.0) -> float:
        """Return full-time people, for intervals that span ``weeks`` weeks."""
        if not (hours_per_week > 0 and weeks > 0):
            raise ValueError(
                f"hours and weeks must be above 0: {hours_per_week}, {weeks}"
            )
        return self.paid_hours / (hours_per_week * weeks)


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a number of people achieves, all arrays of shape (n,); see `Requirement`."""

    load: Floats
    occupancy: Floats
    service_level: Floats
    asa: Floats
    abandoned: Floats


def requirement(
    volumes: ArrayLike,
    *,
    minutes: float,
    handling: str,
    assumptions: Assumptions,
    handle_seconds: ArrayLike | None = None,
) -> Requirement:
    """Return the people each interval needs to keep the promise.

    Parameters
    ----------
    volumes : array_like of float, shape (n,)
        Contacts offered in each interval, at least 0; 0 needs nobody.
    minutes : float
        Length of an interval, above 0.
    handling : {"LIVE", "CHAT"}
        One contact at a time, or as many as ``assumptions.concurrency``.
    assumptions : Assumptions
    handle_seconds : array_like of float, shape (n,), optional
        Mean hands-on time by interval instead of that of the assumptions.

    Returns
    -------
    Requirement

    Raises
    ------
    ValueError
        For an unknown handling, or a value out of range.
    """
    floor = Floor.of(volumes, minutes, handling, assumptions, handle_seconds)
    slots, exact_slots = whole_and_fractional(
        floor.load,
        floor.handle,
        service_level=assumptions.service_level,
        target=assumptions.target_seconds,
        max_occupancy=assumptions.max_occupancy,
        patience=assumptions.patience_seconds,
        definition=assumptions.definition.lower(),
    )
    exact = exact_slots / floor.each.slots
    agents = -(-slots // floor.each.slots)
    reached = floor.achieved(agents.astype(np.float64))
    return Requirement(
        volumes=floor.volumes,
        load=floor.load,
        agents=agents,
        exact=exact,
        paid=exact / (1.0 - assumptions.shrinkage),
        occupancy=reached.occupancy,
        service_level=reached.service_level,
        asa=reached.asa,
        abandoned=reached.abandoned,
        minutes=float(minutes),
    )


def achieved(
    volumes: ArrayLike,
    agents: ArrayLike,
    *,
    minutes: float,
    handling: str,
    assumptions: Assumptions,
    handle_seconds: ArrayLike | None = None,
) -> Achieved:
    """Return what ``agents`` people on the floor achieve in each interval.

    Parameters
    ----------
    volumes, agents : array_like of float, shape (n,)
        Contacts and people, at least 0. Half a person counts as half: the Erlang formulas
        are continued between whole numbers, so the result lies between those of the whole
        numbers beside it.
    minutes, handling, assumptions, handle_seconds
        As in `requirement`. The service level wanted and the occupancy cap play no part.

    Returns
    -------
    Achieved
        Without patience in the assumptions, an interval with no more people than Erlangs
        has service level 0 and an infinite wait: its queue grows without end.

    Raises
    ------
    ValueError
        As `requirement`, and for a negative number of people.
    """
    floor = Floor.of(volumes, minutes, handling, assumptions, handle_seconds)
    people = np.broadcast_to(np.asarray(agents, dtype=np.float64), floor.load.shape)
    return floor.achieved(people)


@dataclass(frozen=True, slots=True)
class Floor:
    """Checked volumes as load on slots: people, or chats that a person can hold."""

    volumes: Floats
    load: Floats
    handle: Floats
    each: Concurrency
    assumptions: Assumptions

    @classmethod
    def of(
        cls,
        volumes: ArrayLike,
        minutes: float,
        handling: str,
        assumptions: Assumptions,
        handle_seconds: ArrayLike | None,
    ) -> "Floor":
        if not 0 < minutes < math.inf:
            raise ValueError(f"minutes must be above 0: {minutes!r}")
        offered = np.atleast_1d(np.asarray(volumes, dtype=np.float64))
        each = _concurrency(handling, assumptions)
        given = assumptions.handle_seconds if handle_seconds is None else handle_seconds
        handle = np.broadcast_to(np.asarray(given, dtype=np.float64), offered.shape)
        handle = handle * each.factor
        load = offered * handle / (minutes * 60.0)
        return cls(offered, load, handle, each, assumptions)

    def achieved(self, people: Floats) -> Achieved:
        slots = people * self.each.slots
        if self.assumptions.patience_seconds is None:
            return self._of_erlang_c(slots)
        return self._of_erlang_a(slots)

    def _of_erlang_c(self, slots: Floats) -> Achieved:
        target = self.assumptions.target_seconds
        busy = np.ones_like(self.load)
        np.divide(self.load, slots, out=busy, where=slots > self.load)
        return Achieved(
            load=self.load,
            occupancy=np.where(self.load > 0, busy, 0.0),
            service_level=np.asarray(
                service_level(slots, self.load, self.handle, target)
            ),
            asa=np.asarray(average_speed_of_answer(slots, self.load, self.handle)),
            abandoned=np.zeros_like(self.load),
        )

    def _of_erlang_a(self, slots: Floats) -> Achieved:
        given = self.assumptions
        queue = erlang_a(slots, self.load, self.handle, given.patience_seconds or 0.0)
        level = queue.service_level(given.target_seconds, given.definition.lower())
        return Achieved(
            load=self.load,
            occupancy=np.asarray(queue.occupancy),
            service_level=np.asarray(level),
            asa=np.asarray(queue.mean_wait),
            abandoned=np.asarray(queue.p_abandon),
        )


def _concurrency(handling: str, assumptions: Assumptions) -> Concurrency:
    if handling == CHAT:
        return concurrency(assumptions.concurrency, assumptions.slowdown)
    if handling == LIVE:
        return ONE_AT_A_TIME
    raise ValueError(f"handling must be {LIVE} or {CHAT}: {handling!r}")


@dataclass(frozen=True, slots=True)
class CapacityEquation:
    """The work of a day over what one person gets done in it."""

    work_minutes: float
    minutes_per_agent: float
    exact: float
    agents: int


def capacity_equation(
    volume: float, handle_minutes: float, hours: float, utilisation: float
) -> CapacityEquation:
    """Return ``(volume × handle time) / (hours × 60 × utilisation)``.

    It knows no waiting: fit for work that can wait, or a first look.

    Parameters
    ----------
    volume : float
        Contacts, at least 0.
    handle_minutes : float
        Hands-on minutes of each, at least 0.
    hours : float
        Hours a person is there for the same time, above 0.
    utilisation : float
        Share of those spent on contacts, above 0 and at most 1.

    Raises
    ------
    ValueError
        For a value out of range.

    Examples
    --------
    >>> capacity_equation(500, 20, 8, 0.75).agents
    28
    """
    if not (0 <= volume < math.inf and 0 <= handle_minutes < math.inf):
        raise ValueError("volume and handle time must be at least 0")
    if not (0 < hours < math.inf and 0 < utilisation <= 1):
        raise ValueError("hours must be above 0, utilisation above 0 and at most 1")
    work = float(volume * handle_minutes)
    each = hours * 60.0 * utilisation
    exact = work / each
    return CapacityEquation(work, each, exact, math.ceil(exact - 1e-9))
