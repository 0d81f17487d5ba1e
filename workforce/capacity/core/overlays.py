"""Overlays: so much more or less volume on some days, laid over a forecast.

An overlay is a scenario: it scales the expected volume and both ends of every range by
the same factor. Overlays that meet on one day multiply: half as much again of twice as
much is three times as much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Protocol

import numpy as np

from workforce.capacity.core.bands import NAMES, Band


class Overlay(Protocol):
    """What an overlay says; rows of the database and ``Change`` both do."""

    @property
    def percent(self) -> Decimal | float: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One overlay as it is applied: its percent, and its days or none for all.

    Attributes
    ----------
    name : str
    percent : float
        +50 means half as much again; not below -100.
    starts_on, ends_on : datetime.date or None
        First and last day. ``None`` leaves that side open.
    key : int or None
        The row it came from, where there is one.
    """

    name: str
    percent: float
    starts_on: date | None = None
    ends_on: date | None = None
    key: int | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.percent):
            raise ValueError("percent is not a number")
        if self.percent < -100:
            raise ValueError("volume cannot fall by more than 100 %")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("the last day is before the first")

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "name": self.name,
            "percent": self.percent,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Change":
        first, last = content.get("starts_on"), content.get("ends_on")
        return cls(
            name=content["name"],
            percent=float(content["percent"]),
            starts_on=date.fromisoformat(first) if first else None,
            ends_on=date.fromisoformat(last) if last else None,
            key=content.get("key"),
        )


@dataclass(frozen=True, slots=True)
class Expected(Band):
    """What a forecast expects of each interval; the fields of ``Band`` are f8[n].

    Attributes
    ----------
    starts : i8[n]
        Epoch seconds of each interval's start, rising.
    days : datetime64[D][n]
        The local day of the queue that each interval belongs to.
    """

    starts: np.ndarray
    days: np.ndarray


def factors(days: np.ndarray, overlays: Iterable[Overlay]) -> np.ndarray:
    """Return by how much to multiply each day.

    Parameters
    ----------
    days : datetime64[D][n]
        In any order, with repeats.
    overlays : iterable of Overlay

    Returns
    -------
    f8[n]
        1.0 on days that no overlay touches.

    Raises
    ------
    ValueError
        If an overlay takes more than everything away.

    Examples
    --------
    >>> days = np.array(["2026-03-02", "2026-03-03"], "datetime64[D]")
    >>> factors(days, [Change("Outage", 300, date(2026, 3, 3), date(2026, 3, 3))])
    array([1., 4.])
    """
    product = np.ones(len(days))
    for overlay in overlays:
        factor = 1.0 + float(overlay.percent) / 100.0
        if factor < 0:
            raise ValueError("volume cannot fall by more than 100 %")
        touched = np.ones(len(days), dtype=bool)
        if overlay.starts_on is not None:
            touched &= days >= np.datetime64(overlay.starts_on, "D")
        if overlay.ends_on is not None:
            touched &= days <= np.datetime64(overlay.ends_on, "D")
        product[touched] *= factor
    return product


def with_overlay(expected: Expected, *overlays: Overlay) -> Expected:
    """Return the same intervals with the overlays applied; the argument stays as it is."""
    by = factors(expected.days, overlays)
    return replace(expected, **{name: getattr(expected, name) * by for name in NAMES})
