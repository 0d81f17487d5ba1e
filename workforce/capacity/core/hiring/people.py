"""How many people are effectively there: ramp of the new, attrition of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RAMP = (0.0, 0.0, 0.25, 0.5, 0.75, 0.75, 1.0, 1.0)
"""Share of a full load in each week after joining: New Hire Ramp Schedule."""

WEEK = 7
YEAR_DAYS = 365.0

Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Cohort:
    """People who join together. ``leaves_on`` is the first day they are gone."""

    people: float
    joins_on: date
    leaves_on: date | None = None


def checked_ramp(ramp: Sequence[float]) -> tuple[float, ...]:
    """Return the ramp if it can be one.

    Raises
    ------
    ValueError
        When a share is not within 0 to 1, or falls from one week to the next.
    """
    shares = tuple(float(share) for share in ramp)
    if any(not 0 <= share <= 1 for share in shares):
        raise ValueError("a share of a full load lies between 0 and 1")
    if any(later < earlier for earlier, later in pairwise(shares)):
        raise ValueError("a ramp does not fall")
    return shares


def ramp_days(ramp: Sequence[float]) -> int:
    """Return after how many days a new person carries a full load."""
    return WEEK * sum(bool(share < 1) for share in ramp)


def load(days: Days, joins_on: date, ramp: Sequence[float]) -> NDArray[np.float64]:
    """Return the share of a full load that somebody carries on each day.

    Parameters
    ----------
    days : datetime64[D][n]
    joins_on : date
        First day at work; before it the share is 0.
    ramp : sequence of float
        Share by week; 1 after its end.

    Returns
    -------
    f8[n]
    """
    weeks = (days - np.datetime64(joins_on, "D")).astype("i8") // WEEK
    shares = np.array([*ramp, 1.0])
    found = shares[np.clip(weeks, 0, len(ramp))]
    return np.where(weeks < 0, 0.0, found)


def staying(days: Days, since: date, attrition: float) -> NDArray[np.float64]:
    """Return the share of people who are still there on each day; 1 until ``since``.

    A constant rate: after a year the share is ``1 − attrition``.

    Raises
    ------
    ValueError
        Unless ``0 <= attrition < 1``.
    """
    if not 0 <= attrition < 1:
        raise ValueError("attrition lies between 0 and 1, without 1")
    passed = np.maximum((days - np.datetime64(since, "D")).astype("f8"), 0.0)
    return np.asarray((1 - attrition) ** (passed / YEAR_DAYS), "f8")


def present(days: Days, cohort: Cohort, attrition: float) -> NDArray[np.float64]:
    """Return how many of a cohort are employed on each day, whatever they can do."""
    there = days >= np.datetime64(cohort.joins_on, "D")
    if cohort.leaves_on is not None:
        there &= days < np.datetime64(cohort.leaves_on, "D")
    return cohort.people * there * staying(days, cohort.joins_on, attrition)


def effective(
    days: Days, cohort: Cohort, attrition: float, ramp: Sequence[float]
) -> NDArray[np.float64]:
    """Return how many full loads a cohort carries on each day."""
    return present(days, cohort, attrition) * load(days, cohort.joins_on, ramp)


def not_yet(
    days: Days, cohort: Cohort, attrition: float, ramp: Sequence[float], today: date
) -> NDArray[np.float64]:
    """Return what to take off today's people for a cohort that is counted among them.

    They joined already, and each was counted as one: what their ramp leaves to a full
    load is taken off, and all of them from the day on which they leave.
    """
    carried = load(days, cohort.joins_on, ramp)
    if cohort.leaves_on is not None:
        carried = np.where(days < np.datetime64(cohort.leaves_on, "D"), carried, 0.0)
    return cohort.people * staying(days, today, attrition) * (1 - carried)
