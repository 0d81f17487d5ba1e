"""How a day's volume spreads over its slots, by weekday."""

import numpy as np

from workforce.capacity.core.forecast.opening import Mask, spread_over
from workforce.capacity.core.forecast.records import Floats, Ints

HALF_LIFE = 6.0
"""Weeks after which a past day counts half."""

DAYS = 26
SHRINK = 2.0
"""Days of a weekday at which its own profile and that of similar weekdays count alike."""

SHRINK_COUNT = 300.0
"""Contacts a slot that such a day stands for: where there are fewer, more days do."""

ALIKE = 0.25
"""Sum of absolute differences of shares up to which two weekdays are similar."""


def weekday_profiles(values: Floats, of_day: Ints) -> Floats:
    """Return the share of each slot on each weekday, shape (7, s); 0 where unknown.

    A weekday's decayed mean shares are drawn towards those of similar weekdays, more so
    the fewer of its days are known.

    Parameters
    ----------
    values : float64, shape (n, s)
        Volume by day and slot, days ascending.
    of_day : int64, shape (n,)
    """
    own, volume, days = _own_profiles(values, of_day)
    profiles = np.zeros_like(own)
    for weekday in np.flatnonzero(days).tolist():
        pool = _similar(own, volume, weekday)
        known = min(days[weekday], HALF_LIFE / np.log(2))
        trust = known / (known + _shrink(own[weekday], volume[weekday], known))
        profiles[weekday] = trust * own[weekday] + (1 - trust) * pool
    return profiles


def _shrink(own: Floats, volume: float, known: float) -> float:
    """Days at which a weekday's own profile counts as much as that of similar ones."""
    slots = int((own > 0).sum())
    a_day = max(volume / max(known, 1.0), 1e-9)
    return min(SHRINK + SHRINK_COUNT * slots / a_day, 50.0)


def _own_profiles(values: Floats, of_day: Ints) -> tuple[Floats, Floats, Ints]:
    own = np.zeros((7, values.shape[1]))
    volume = np.zeros(7)
    days = np.bincount(of_day, minlength=7)
    for weekday in np.flatnonzero(days):
        last = values[np.flatnonzero(of_day == weekday)[-DAYS:]]
        weights = 0.5 ** (np.arange(len(last))[::-1] / HALF_LIFE)
        sums = weights @ last
        volume[weekday] = sums.sum()
        if volume[weekday] > 0:
            own[weekday] = sums / volume[weekday]
    return own, volume, days


def _similar(own: Floats, volume: Floats, weekday: int) -> Floats:
    """Mean profile of the weekdays that differ no more than chance and `ALIKE` allow."""
    busy = np.flatnonzero(volume > 0)
    if volume[weekday] <= 0:
        everything: Floats = own[busy].mean(axis=0) if busy.size else own[weekday]
        return everything
    apart = np.abs(own[busy] - own[weekday]).sum(axis=1)
    slots = (own[weekday] > 0).sum()
    chance = np.sqrt(slots * (1 / volume[busy] + 1 / volume[weekday]))
    near = busy[apart < ALIKE + chance]
    pooled: Floats = np.average(own[near], axis=0, weights=np.sqrt(volume[near]))
    return pooled


def shares(profiles: Floats, of_day: Ints, mask: Mask) -> Floats:
    """Return the share of each open slot of each day; every day sums to 1.

    Parameters
    ----------
    profiles : float64, shape (7, s)
    of_day : int64, shape (d,)
    mask : bool, shape (d, s)
        Open slots; a day whose profile has nothing in them is spread evenly.
    """
    found: Floats = spread_over(profiles[of_day], mask)
    return found
