"""Made-up volumes for tests of forecasts: timestamps and counts."""

import numpy as np

MONDAY = np.datetime64("2024-01-01")
WEEK = np.array([1.3, 1.1, 1.0, 0.95, 0.9, 0.4, 0.3])


def days_from(first, count):
    return np.datetime64(first) + np.arange(count)


def weekly(count, *, mean=100.0, seed=None, first=MONDAY):
    """Days with a weekly shape; exact means without a seed, else Poisson counts."""
    days = days_from(first, count)
    means = mean * WEEK[(days.astype(np.int64) + 3) % 7]
    if seed is None:
        return days, means
    return days, np.random.default_rng(seed).poisson(means).astype(float)


def working_half_hours(weeks, *, mean=600.0, seed=1, first=MONDAY):
    """Monday to Friday 09:00-17:00 in half hours, Poisson, with a morning peak."""
    rng = np.random.default_rng(seed)
    days = days_from(first, 7 * weeks)
    days = days[(days.astype(np.int64) + 3) % 7 < 5]
    shape = np.array([3, 5, 6, 6, 5, 4, 3, 3, 4, 4, 4, 3, 3, 2, 2, 1], dtype=float)
    starts = np.datetime64(0, "s") + np.arange(18, 34) * np.timedelta64(1800, "s")
    offsets = starts - np.datetime64(0, "s")
    moments = days.astype("datetime64[s]")[:, None] + offsets
    means = mean * WEEK[(days.astype(np.int64) + 3) % 7][:, None] * shape / shape.sum()
    return moments.ravel(), rng.poisson(means).astype(float).ravel()
