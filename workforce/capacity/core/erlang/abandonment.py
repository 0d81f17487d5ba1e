"""Erlang A: calls wait, and give up when their patience ends."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from workforce.capacity.core.erlang.blocking import inverse_blocking
from workforce.capacity.core.erlang.inputs import (
    AHT,
    LOAD,
    SERVERS,
    TARGET,
    Floats,
    Number,
    as_given,
    patience_array,
    together,
)
from workforce.capacity.core.erlang.virtual_wait import Parts, split_at
from workforce.capacity.core.erlang.waiting import (
    answered_in_time,
    mean_wait,
    waiting_longer,
    waiting_probability,
)

OFFERED, WITHOUT_SHORT = "offered", "without_short"
WAITED, VIRTUAL = "waited", "virtual"
DEFINITIONS = (OFFERED, WITHOUT_SHORT, WAITED, VIRTUAL)
"""The four ways to count a service level; see `ErlangA.service_level`."""
# Fewer people than this are nobody.
_NOBODY = 1e-9


@dataclass(frozen=True, slots=True)
class Cells:
    """Checked arrays of one shape; times in the unit of ``aht``."""

    servers: Floats
    load: Floats
    aht: Floats
    patience: Floats

    def take(self, which: np.ndarray) -> "Cells":
        return Cells(
            self.servers[which],
            self.load[which],
            self.aht[which],
            self.patience[which],
        )

    def with_servers(self, servers: Floats) -> "Cells":
        return Cells(servers, self.load, self.aht, self.patience)

    def with_load(self, load: Floats) -> "Cells":
        return Cells(self.servers, load, self.aht, self.patience)


@dataclass(frozen=True, slots=True)
class ErlangA:
    """What becomes of the calls; each figure a float or an array of one shape.

    Attributes
    ----------
    p_wait : float or ndarray
        Probability that a call has to wait.
    p_abandon : float or ndarray
        Share of all calls that give up.
    mean_wait : float or ndarray
        Mean wait of all calls, answered or not, in the unit of ``aht``.
    queue_length : float or ndarray
        Mean number of calls waiting.
    occupancy : float or ndarray
        Share of the servers' time that is busy.
    """

    p_wait: Number
    p_abandon: Number
    mean_wait: Number
    queue_length: Number
    occupancy: Number
    _cells: Cells = field(repr=False)
    _is_scalar: bool = field(repr=False)

    def service_level(self, target: ArrayLike, definition: str = OFFERED) -> Number:
        """Return the service level for a time to answer, by one of four definitions.

        Parameters
        ----------
        target : float or array_like
            At least 0, in the unit of ``aht``; broadcasts against the cells.
        definition : {"offered", "without_short", "waited", "virtual"}
            Answered within ``target`` over all calls; the same over the calls that did
            not give up within ``target``; share that waits no longer, whether answered
            or given up; share that would be answered within ``target`` if it had the
            patience.

        Returns
        -------
        float or ndarray of float64

        Raises
        ------
        ValueError
            For an unknown definition or a target out of range.
        """
        if definition not in DEFINITIONS:
            raise ValueError(f"definition must be one of {DEFINITIONS}: {definition!r}")
        return self._at(target, definition)

    def abandoned_within(self, target: ArrayLike) -> Number:
        """Return the share of all calls that give up within ``target``."""
        return self._at(target, "abandoned")

    def waits_longer(self, target: ArrayLike) -> Number:
        """Return the share of all calls that wait longer than ``target``: P(W > t)."""
        return self._at(target, "longer")

    def _at(self, target: ArrayLike, what: str) -> Number:
        within = TARGET.array(target)
        shape = np.broadcast_shapes(within.shape, self._cells.load.shape)
        cells = Cells(
            np.broadcast_to(self._cells.servers, shape),
            np.broadcast_to(self._cells.load, shape),
            np.broadcast_to(self._cells.aht, shape),
            np.broadcast_to(self._cells.patience, shape),
        )
        found = shares_within(cells, np.broadcast_to(within, shape), what)
        if self._is_scalar and np.ndim(target) == 0:
            return float(found.reshape(-1)[0])
        return found


def erlang_a(
    servers: ArrayLike, load: ArrayLike, aht: ArrayLike, patience: ArrayLike
) -> ErlangA:
    """Return waiting and abandonment of the queue M/M/n+M.

    Parameters
    ----------
    servers : float or array_like
        People, at least 0; between whole numbers by continuation.
    load : float or array_like
        Offered load in Erlangs, at least 0. It may exceed the servers.
    aht : float or array_like
        Mean handle time, above 0.
    patience : float or array_like
        Mean time until a waiting call gives up, above 0. Infinite is Erlang C.

    Returns
    -------
    ErlangA

    Raises
    ------
    ValueError
        For an argument out of range.

    References
    ----------
    .. [1] O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with impatient
       customers", Manufacturing & Service Operations Management 4 (2002) 208-227.
    .. [2] A. Mandelbaum, S. Zeltyn, "Service engineering in action: the Palm/Erlang-A
       queue", in *Advances in Services Innovations*, Springer 2007.
    """
    cells = Cells(
        *together(
            SERVERS.array(servers),
            LOAD.array(load),
            AHT.array(aht),
            patience_array(patience),
        )
    )
    given = (servers, load, aht, patience)
    waits, gives_up, wait, waiting, busy = (
        as_given(found, *given) for found in _figures(cells)
    )
    is_scalar = all(np.ndim(value) == 0 for value in given)
    return ErlangA(waits, gives_up, wait, waiting, busy, cells, is_scalar)


def _figures(cells: Cells) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """p_wait, p_abandon, mean wait, queue length, occupancy; the odd cases put in."""
    parts = _parts(cells, np.zeros_like(cells.load))
    n, a = cells.servers, cells.load
    odd = _odd_cases(cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        waits = parts.later
        gives_up = parts.later_given_up
        busy = a * (parts.at_once + parts.later_served) / n
        waiting = mean_wait(n, a, cells.aht)
        c_busy = np.minimum(a / n, 1.0)
    wait = np.select(
        [odd.no_load, odd.endless], [0.0, waiting], gives_up * cells.patience
    )
    wait = np.where(odd.nobody, cells.patience, wait)
    p_wait = np.select([odd.no_load, odd.nobody], [0.0, 1.0], waits)
    p_wait = np.where(odd.endless, waiting_probability(n, a), p_wait)
    p_abandon = np.select(
        [odd.no_load, odd.endless, odd.nobody], [0.0, 0.0, 1.0], gives_up
    )
    occupancy = np.select(
        [odd.no_load, odd.nobody, odd.endless], [0.0, 1.0, c_busy], busy
    )
    return (
        p_wait,
        p_abandon,
        wait,
        np.where(a == 0, 0.0, a / cells.aht * wait),
        occupancy,
    )


def occupancy_of(cells: Cells) -> Floats:
    """`ErlangA.occupancy` of checked arrays of one shape."""
    if not _odd_cases(cells).none:
        return _figures(cells)[4]
    parts = _parts(cells, np.zeros_like(cells.load))
    return cells.load * (parts.at_once + parts.later_served) / cells.servers


def shares_within(cells: Cells, target: Floats, what: str) -> Floats:
    """A service level, "abandoned" or "longer" of checked arrays of one shape."""
    odd = _odd_cases(cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.minimum(_share(_parts(cells, target / cells.patience), what), 1.0)
        given_up = -np.expm1(-target / cells.patience)
    if odd.none:
        return found
    without = {"abandoned": given_up, WAITED: given_up, "longer": 1.0 - given_up}
    found = np.where(odd.nobody, without.get(what, 0.0), found)
    found = np.where(odd.endless, _share_of_endless(cells, target, what), found)
    idle = 0.0 if what in ("abandoned", "longer") else 1.0
    return np.where(odd.no_load, idle, found)


def _share_of_endless(cells: Cells, target: Floats, what: str) -> Floats:
    """`shares_within` where nobody gives up."""
    if what == "abandoned":
        return np.zeros_like(target)
    wait = target / cells.aht
    if what == "longer":
        return waiting_longer(cells.servers, cells.load, wait)
    return answered_in_time(cells.servers, cells.load, wait)


def _share(parts: Parts, what: str) -> Floats:
    """Every share is a sum of positive parts, so that none loses digits."""
    if what == "longer":
        return parts.later * parts.patient
    gave_up = parts.soon_given_up + parts.later * parts.impatient
    if what == "abandoned":
        return gave_up
    served = parts.at_once + parts.soon_served
    if what == OFFERED:
        return served
    if what == WITHOUT_SHORT:
        return served / (served + parts.later * parts.patient)
    if what == VIRTUAL:
        return parts.at_once + parts.soon
    return served + gave_up


@dataclass(frozen=True, slots=True)
class _Odd:
    """Cells the integrals do not cover."""

    no_load: np.ndarray
    nobody: np.ndarray
    endless: np.ndarray

    @property
    def none(self) -> bool:
        return not (self.no_load | self.nobody | self.endless).any()


def _odd_cases(cells: Cells) -> _Odd:
    no_load = cells.load == 0
    return _Odd(no_load, (cells.servers < _NOBODY) & ~no_load, np.isinf(cells.patience))


def _parts(cells: Cells, until: Floats) -> Parts:
    """The virtual wait, with harmless numbers in the cells `_odd_cases` names."""
    odd = _odd_cases(cells)
    if not odd.none:
        skip = odd.no_load | odd.nobody | odd.endless
        cells = Cells(*(np.where(skip, 1.0, part) for part in _each(cells)))
        until = np.where(skip, 0.0, until)
    n, a = cells.servers, cells.load
    whole = n >= 1.0
    inverse = inverse_blocking(np.where(whole, n - 1.0, n), a)
    with np.errstate(over="ignore"):
        idle = np.where(whole, n / a * inverse, np.maximum(inverse - 1.0, 0.0))
    per_patience = cells.patience / cells.aht
    return split_at(until, n * per_patience, a * per_patience, idle)


def _each(cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
    return cells.servers, cells.load, cells.aht, cells.patience
