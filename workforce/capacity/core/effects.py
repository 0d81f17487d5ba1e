"""What the past occurrences of an event did to volume, with how sure that is.

Each occurrence is compared with what its days usually bring: the median of the same
weekday within five weeks on either side, without event days and public holidays. That is
a plain measure for people to read; a forecast learns its own from the same days.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, expm1, log, sqrt

from workforce.capacity.core.bands import Z95
from workforce.capacity.core.occurrences import Span

WEEKS_AROUND = 5
LEAST_DAYS = 3
DAY_SPREAD = 0.15
"""How far a day usually is from its weekday's median, in logarithms, beside chance."""


@dataclass(frozen=True)
class Effect:
    """Change in percent with its 95 % interval, from ``n`` occurrences, ``days`` days."""

    percent: float
    low: float
    high: float
    n: int
    days: int


def usual(
    day: date, volumes: Mapping[date, float], unusual: Collection[date]
) -> float | None:
    """Return what a day like this brings around that time; ``None`` if too little is known."""
    near = (
        day + timedelta(weeks=weeks)
        for weeks in range(-WEEKS_AROUND, WEEKS_AROUND + 1)
        if weeks
    )
    found = sorted(
        volumes[each] for each in near if each in volumes and each not in unusual
    )
    if len(found) < LEAST_DAYS:
        return None
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


def effect(
    spans: Iterable[Span], volumes: Mapping[date, float], unusual: Collection[date]
) -> Effect | None:
    """Return the change that occurrences brought, or ``None`` if nothing can be said.

    Parameters
    ----------
    spans : iterable of (date, date)
        Occurrences; those without a volume say nothing.
    volumes : mapping of date to float
        Contacts by day; days that are not there are unknown.
    unusual : collection of date
        Days that are no comparison: event days and public holidays.

    Notes
    -----
    An occurrence's logarithm of actual over usual volume has at least the variance
    ``DAY_SPREAD² ÷ days + 1 ÷ contacts``. From three occurrences on, the spread between
    them counts where it is larger, with Student's t.
    """
    ratios, variances, days = [], [], 0
    for span in spans:
        pairs = _pairs(span, volumes, unusual)
        expected = sum(pair[1] for pair in pairs)
        if not pairs or expected <= 0:
            continue
        actual = sum(pair[0] for pair in pairs)
        ratios.append(log((actual + 0.5) / (expected + 0.5)))
        variances.append(DAY_SPREAD**2 / len(pairs) + 1 / max(expected, 0.5))
        days += len(pairs)
    if not ratios:
        return None
    mean = sum(ratios) / len(ratios)
    half = _half_width(ratios, variances, mean)
    return Effect(
        percent=100 * expm1(mean),
        low=100 * (exp(mean - half) - 1),
        high=100 * (exp(mean + half) - 1),
        n=len(ratios),
        days=days,
    )


def _pairs(
    span: Span, volumes: Mapping[date, float], unusual: Collection[date]
) -> list[tuple[float, float]]:
    first, last = span
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        normal = usual(day, volumes, unusual) if day in volumes else None
        if normal is not None:
            found.append((volumes[day], normal))
    return found


def _half_width(
    ratios: Sequence[float], variances: Sequence[float], mean: float
) -> float:
    n = len(ratios)
    least = Z95 * sqrt(sum(variances)) / n
    if n < 3:
        return least
    from scipy.special import stdtrit  # a heavy import that start-up does not need

    spread = sqrt(sum((each - mean) ** 2 for each in ratios) / (n - 1))
    return max(least, float(stdtrit(n - 1, 0.975)) * spread / sqrt(n))
