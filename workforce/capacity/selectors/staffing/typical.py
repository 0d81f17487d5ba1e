"""A typical week: the mean of coming weeks, weekday by weekday and time by time."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workforce.capacity.models import Queue
from workforce.capacity.selectors.staffing.demand import Demand
from workforce.capacity.selectors.staffing.local_times import (
    LocalTimes,
    midnight,
    number_of,
)

WEEKS = 4
"""How many coming weeks a typical one is the mean of."""


def typical_demand(queue: Queue, demand: Demand, monday: date) -> Demand:
    """Return one week from ``monday`` on whose intervals are means of the weeks given.

    A weekday counts as often as it was open, so that a holiday does not halve its mean.
    """
    times = demand.times
    if not times.starts.size:
        return demand
    keys = times.weekdays * 1440 + times.minutes
    found, place = np.unique(keys, return_inverse=True)
    count = np.bincount(place)
    weekdays, minutes = found // 1440, found % 1440
    zone = ZoneInfo(queue.time_zone)
    midnights = np.array([midnight(monday + timedelta(days=d), zone) for d in range(7)])
    week = LocalTimes(
        starts=midnights[weekdays] + minutes * 60,
        days=number_of(monday) + weekdays,
        minutes=minutes,
    )
    return replace(
        demand,
        times=week,
        mean=np.bincount(place, demand.mean) / count,
        high=np.bincount(place, demand.high) / count,
    )
