"""Ways to forecast day totals, each a function of what was known at an origin.

A member gives the totals of the next open days, or None where the history is too short
for what its name says.
"""

from collections.abc import Callable

import numpy as np

from workforce.capacity.core.forecast.calendar import Calendar
from workforce.capacity.core.forecast.records import Floats, Ints
from workforce.capacity.core.forecast.ridge import Ridge, special_effect
from workforce.capacity.core.forecast.ridge import predict as ridge_forecast

Member = Callable[[Calendar, Floats, int, int], Floats | None]

AVERAGE_WEEKS = 8
MOVING_WEEKS = 4
SHAPE_WEEKS = 3
INDEX_DAYS = 12
"""Last same weekdays whose median is a weekday's usual share of a week."""

TREND_WEEKS = 26
TREND_FADE = 0.98
"""Share of a week's growth that is still there a week later."""

LAST_YEAR = 364
"""Days back to the same weekday of last year."""

SEASON_SLACK = 10
YEARLY_DAYS = 400
SMOOTHING = np.array([0.02, 0.05, 0.1, 0.2])
SMOOTHING_DAYS = 182


def historical_average(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats:
    """Median of the last eight same weekdays; days around holidays count if few others."""
    of_day, special = calendar.weekday[:origin], calendar.special[:origin]
    usual = np.full(7, totals[:origin].mean())
    for weekday in np.unique(of_day):
        same = np.flatnonzero(of_day == weekday)
        plain = same[~special[same]]
        rows = (plain if plain.size >= 3 else same)[-AVERAGE_WEEKS:]
        usual[weekday] = np.median(totals[rows])
    return usual[calendar.weekday[origin : origin + ahead]]


def moving_average(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats:
    """Mean of the last four weeks, shared out by what each weekday usually takes."""
    shape = weekday_index(calendar, totals, origin)
    first = calendar.days[origin - 1] - 7 * MOVING_WEEKS
    rows = np.flatnonzero(calendar.days[:origin] > first)
    level = _ratio(totals[rows].sum(), shape[calendar.weekday[rows]].sum())
    return level * shape[calendar.weekday[origin : origin + ahead]]


def trend(calendar: Calendar, totals: Floats, origin: int, ahead: int) -> Floats | None:
    """Weekday shares times a level that grows at the last half year's weekly rate.

    The rate is the slope of a line through the logarithms of weekly levels, recent
    weeks counting more; it fades as it is carried on.
    """
    shape = weekday_index(calendar, totals, origin)
    days = calendar.days[:origin]
    ages = (days[-1] - days) // 7
    weeks = int(min(ages[0] + 1, TREND_WEEKS))
    if weeks < 4:
        return None
    rows = ages < weeks
    sums = np.bincount(ages[rows], weights=totals[:origin][rows], minlength=weeks)
    size = np.bincount(
        ages[rows], weights=shape[calendar.weekday[:origin][rows]], minlength=weeks
    )
    if not sums.any():
        return np.zeros(ahead)
    known = size > 0
    logs = np.log(np.maximum(sums[known], 0.5) / size[known])
    age = np.flatnonzero(known).astype(np.float64)
    rate, level = _line(-age, logs, 0.5 ** (age / 8))
    after = (calendar.days[origin : origin + ahead] - days[-1]) / 7
    grown = rate * (1 - TREND_FADE**after) / -np.log(TREND_FADE)
    means = np.exp(level + grown) * shape[calendar.weekday[origin : origin + ahead]]
    found: Floats = np.maximum(means, 0.0)
    return found


def _line(x: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    """Slope, held within ±10 % a week, and height at 0 of a weighted line."""
    middle_x = float(np.average(x, weights=weights))
    middle_y = float(np.average(y, weights=weights))
    spread = float(weights @ (x - middle_x) ** 2)
    common = float(weights @ ((x - middle_x) * (y - middle_y)))
    slope = min(max(common / max(spread, 1e-9), -0.1), 0.1)
    return slope, middle_y - slope * middle_x


def seasonal(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats | None:
    """Same weekday of last year, smoothed over its neighbours, times recent growth."""
    return _last_year(calendar, totals, origin, ahead, growth_days=28)


def regression(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats | None:
    """Poisson ridge on calendar and drivers; with the season once a year is known."""
    return ridge_forecast(
        calendar, totals, origin, ahead, _usual_ridge(calendar, origin)
    )


def slow_ridge(calendar: Calendar, totals: Floats, origin: int, ahead: int) -> Floats:
    """The regression without a season of the year."""
    return ridge_forecast(calendar, totals, origin, ahead, Ridge(120.0, 14))


def fast_ridge(calendar: Calendar, totals: Floats, origin: int, ahead: int) -> Floats:
    """The regression on the last months only."""
    return ridge_forecast(calendar, totals, origin, ahead, Ridge(30.0, 7))


def yearly_ridge(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats | None:
    """The regression with a season of the year, once more than a year is known."""
    if _span(calendar, origin) <= YEARLY_DAYS:
        return None
    return regression(calendar, totals, origin, ahead)


def fast_seasonal(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats | None:
    """Same weekday of last year times the growth of the last two weeks."""
    return _last_year(calendar, totals, origin, ahead, growth_days=14)


def smoothed_level(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats:
    """Weekday shares times an exponentially smoothed level.

    Of the smoothing rates the one with the least one-day-ahead error is taken.
    """
    shape = np.maximum(weekday_index(calendar, totals, origin), 1e-3)
    start = max(0, origin - SMOOTHING_DAYS)
    volumes, sizes = totals[start:origin], shape[calendar.weekday[start:origin]]
    warm = min(14, volumes.size)
    above = _smoothed(volumes, warm)
    below = _smoothed(sizes, warm)
    levels = above / np.maximum(below, 1e-12)
    errors = np.abs(volumes[warm:] - levels[:, :-1] * sizes[warm:]).sum(axis=1)
    level = levels[int(errors.argmin()), -1]
    found: Floats = level * shape[calendar.weekday[origin : origin + ahead]]
    return found


def _smoothed(values: Floats, warm: int) -> Floats:
    """Exponentially smoothed sums by rate, from the warm-up's on: (rates, n-warm+1)."""
    keep = 1 - SMOOTHING[:, None]
    powers = keep ** np.arange(values.size - warm + 1)
    fresh = SMOOTHING[:, None] * warm * values[None, warm:] / powers[:, 1:]
    sums = np.cumsum(
        np.concatenate([np.full((SMOOTHING.size, 1), values[:warm].sum()), fresh], 1), 1
    )
    return sums * powers


def recent_weekdays(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats:
    """Mean of the last three same weekdays, which knows a new weekly shape first."""
    of_day, plain = calendar.weekday[:origin], ~calendar.special[:origin]
    usual = np.full(7, totals[max(0, origin - 7 * MOVING_WEEKS) : origin].mean())
    for weekday in np.unique(of_day[plain]):
        rows = np.flatnonzero(plain & (of_day == weekday))[-SHAPE_WEEKS:]
        usual[weekday] = totals[rows].mean()
    return usual[calendar.weekday[origin : origin + ahead]]


def weekday_index(calendar: Calendar, totals: Floats, origin: int) -> Floats:
    """Return each weekday's usual volume over the usual mean, shape (7,).

    Medians, so that a one-off day does not count; a weekday never seen takes 1.
    """
    start = max(0, origin - SMOOTHING_DAYS)
    of_day, volumes = calendar.weekday[start:origin], totals[start:origin]
    usual = np.ones(7)
    counts = np.zeros(7)
    for weekday in np.unique(of_day):
        last = volumes[of_day == weekday][-INDEX_DAYS:]
        middle = float(np.median(last))
        usual[weekday] = middle if middle > 0 else last.mean()
        counts[weekday] = last.size
    mean = float(np.average(usual[counts > 0], weights=counts[counts > 0]))
    if mean <= 0:
        return np.ones(7)
    return np.where(counts > 0, usual / mean, 1.0)


def _last_year(
    calendar: Calendar, totals: Floats, origin: int, ahead: int, *, growth_days: int
) -> Floats | None:
    days = calendar.days
    if _span(calendar, origin) < LAST_YEAR + growth_days + SEASON_SLACK:
        return None
    recent = np.flatnonzero(days[:origin] > days[origin - 1] - growth_days)
    plain = recent[~calendar.special[recent]]
    recent = plain if plain.size else recent
    before = _usual_last_year(calendar, totals, origin, days[recent])
    known = ~np.isnan(before)
    growth = _ratio(totals[recent][known].sum() + 1, before[known].sum() + 1)
    coming = _usual_last_year(calendar, totals, origin, days[origin : origin + ahead])
    if not known.any() or np.isnan(coming).any():
        return None
    found: Floats = float(np.clip(growth, 0.2, 5.0)) * coming
    return found


def _usual_last_year(
    calendar: Calendar, totals: Floats, origin: int, days: Ints
) -> Floats:
    """Last year's volume without holidays, which fall on other weekdays this year."""
    first = calendar.days[0]
    every = np.full(int(_span(calendar, origin)) + 1, np.nan)
    every[calendar.days[:origin] - first] = totals[:origin]
    plain = every.copy()
    plain[calendar.days[:origin][calendar.special[:origin]] - first] = np.nan
    usual = _year_before(plain, days - first)
    return np.where(np.isnan(usual), _year_before(every, days - first), usual)


def _year_before(by_day: Floats, positions: Ints) -> Floats:
    """Last year's same weekday and its two neighbours, weighing 2, 1, 1; NaN if none."""
    total = np.zeros(positions.size)
    weight = np.zeros(positions.size)
    for shift, share in ((0, 2.0), (7, 1.0), (-7, 1.0)):
        at = positions - LAST_YEAR + shift
        inside = (at >= 0) & (at < by_day.size)
        values = np.where(inside, by_day[np.clip(at, 0, by_day.size - 1)], np.nan)
        known = ~np.isnan(values)
        total[known] += share * values[known]
        weight[known] += share
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)


def holiday_effect(
    calendar: Calendar, totals: Floats, origin: int, ahead: int
) -> Floats:
    """By how much the regression has holidays change each of the coming days."""
    return special_effect(
        calendar, totals, origin, ahead, _usual_ridge(calendar, origin)
    )


def _usual_ridge(calendar: Calendar, origin: int) -> Ridge:
    yearly = _span(calendar, origin) > YEARLY_DAYS
    return Ridge(500.0, 28, yearly=True) if yearly else Ridge(120.0, 14)


def _span(calendar: Calendar, origin: int) -> int:
    return int(calendar.days[origin - 1] - calendar.days[0])


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else 0.0


MEMBERS: dict[str, Member] = {
    "historical_average": historical_average,
    "trend": trend,
    "seasonal": seasonal,
    "moving_average": moving_average,
    "regression": regression,
    "slow_ridge": slow_ridge,
    "fast_ridge": fast_ridge,
    "yearly_ridge": yearly_ridge,
    "smoothed_level": smoothed_level,
    "fast_seasonal": fast_seasonal,
    "recent_weekdays": recent_weekdays,
}

RIDGES = frozenset(["regression", "slow_ridge", "fast_ridge", "yearly_ridge"])
"""Members that know holidays themselves; of the others the regression says it."""

ENSEMBLE = (
    "slow_ridge",
    "fast_ridge",
    "yearly_ridge",
    "smoothed_level",
    "seasonal",
    "fast_seasonal",
    "recent_weekdays",
)
"""Members that the recipe weighs."""

LOW_VOLUME_ENSEMBLE = ("smoothed_level", "slow_ridge")
"""Members of the recipe where counts are too small to learn more from."""

LOW_VOLUME = 10.0
"""Contacts a day below which the low-volume members are taken."""
