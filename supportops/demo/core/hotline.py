"""Fifteen months of a hotline that a partner runs: calls and chats by half hour.

Its tickets live at the partner; what reaches the portal is a file of interval volumes.
What there is to find: Mondays are busy, releases bring a spike of three days, one day had
an outage, one week a campaign that nobody entered, and evenings grow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from supportops.demo.core import story

LEAD = timedelta(days=90)
"""The partner's file begins this long before our own tickets."""
SLOTS_A_DAY = 48
RELEASES_AGO = (402, 290, 165, 76)
"""Days before the end; each is moved to the Tuesday of its week."""
NEXT_RELEASE_IN = 16
RELEASE_EFFECT = (1.55, 1.35, 1.15)
CAMPAIGN_AGO = 24
"""A day of the week before three weeks ago: sales ran a campaign, planning not told."""
CAMPAIGN_EFFECT = 1.27
OUTAGE_AGO = 46
OUTAGE_EFFECT = 4.0
PAYMENTS_DOWN_AGO = 10
PAYMENTS_EFFECT = 2.7
COUNTRY = "DE"


@dataclass(frozen=True, slots=True)
class Line:
    """One channel of the hotline."""

    channel: str
    a_weekday: float
    handle_seconds: float
    saturday: float


PHONE = Line("phone", a_weekday=430, handle_seconds=285, saturday=0.26)
CHAT = Line("chat", a_weekday=170, handle_seconds=520, saturday=0.20)
LINES = (PHONE, CHAT)


def weekday_near(day: date, weekday: int) -> date:
    """Return that weekday of the week ``day`` lies in."""
    return day + timedelta(days=weekday - day.weekday())


def releases(end: date) -> list[date]:
    """Return the Tuesdays on which versions were released, and the next one."""
    ago = [end - timedelta(days=days) for days in RELEASES_AGO]
    return [
        weekday_near(day, 1) for day in [*ago, end + timedelta(days=NEXT_RELEASE_IN)]
    ]


def outage(end: date) -> date:
    return weekday_near(end - timedelta(days=OUTAGE_AGO), 2)


def payments_down(end: date) -> date:
    return weekday_near(end - timedelta(days=PAYMENTS_DOWN_AGO), 3)


def campaign(end: date) -> date:
    """Return the Monday of the campaign's week."""
    return weekday_near(end - timedelta(days=CAMPAIGN_AGO), 0)


def day_factors(end: date) -> Mapping[date, float]:
    """Return what happened on single days, as a factor on their volume."""
    factors: dict[date, float] = {}
    for release in releases(end):
        for after, effect in enumerate(RELEASE_EFFECT):
            factors[release + timedelta(days=after)] = effect
    for after in range(5):
        factors[campaign(end) + timedelta(days=after)] = CAMPAIGN_EFFECT
    factors[outage(end)] = OUTAGE_EFFECT
    factors[payments_down(end)] = PAYMENTS_EFFECT
    return factors


def rows(
    line: Line, *, start: datetime, until: datetime, seed: int
) -> Iterator[tuple[str, ...]]:
    """Yield the partner's file: start, offered, handled, abandoned, mean handle time.

    ``start`` is when our own tickets begin; the file begins earlier. Starts are local wall-clock times without an offset, as such files have them.
    """
    random = np.random.default_rng([seed, LINES.index(line)])
    now = until.astimezone(ZoneInfo(story.ZONE))
    end = now.date()
    factors = day_factors(end)
    closed = holidays.country_holidays(COUNTRY, years=range(end.year - 2, end.year + 1))
    day = start.astimezone(ZoneInfo(story.ZONE)).date() - LEAD
    while day <= end:
        if day not in closed and day.weekday() < 6:
            mean = _day_mean(line, day, end, factors.get(day, 1.0), closed)
            mean *= float(random.lognormal(0, 0.045))
            yield from _day_rows(line, day, mean, now, random)
        day += timedelta(days=1)


def _day_mean(
    line: Line, day: date, end: date, factor: float, closed: Mapping[date, str]
) -> float:
    by_weekday = (1.34, 1.09, 1.0, 0.97, 0.9, line.saturday)
    growth = 1.0 - 0.14 * ((end - day) / timedelta(days=365))
    mean = line.a_weekday * by_weekday[day.weekday()] * growth * factor
    if day.day >= 29 or day.day <= 2:
        mean *= 1.16
    if day - timedelta(days=1) in closed:
        mean *= 1.22
    if day.month == 12 and day.day >= 22:
        mean *= 0.5
    return mean


def _day_rows(
    line: Line, day: date, mean: float, now: datetime, random: np.random.Generator
) -> Iterator[tuple[str, ...]]:
    weights = _profile(day)
    offered = random.poisson(mean * weights / weights.sum())
    for slot in np.flatnonzero(weights):
        hour, half = divmod(int(slot), 2)
        start = datetime.combine(day, time(hour, 30 * half))
        if start + timedelta(minutes=30) > now.replace(tzinfo=None):
            return
        came = int(offered[slot])
        gave_up = int(random.binomial(came, _gives_up(day, hour)))
        seconds = line.handle_seconds * (1.08 if hour >= 17 else 1.0)
        seconds *= float(random.lognormal(0, 0.09))
        yield (
            f"{start:%Y-%m-%d %H:%M}",
            str(came),
            str(came - gave_up),
            str(gave_up),
            f"{seconds:.0f}",
        )


def _profile(day: date) -> np.ndarray:
    """Return the share of each half hour; zero where the line is closed."""
    hours = np.arange(SLOTS_A_DAY) / 2
    morning = np.exp(-0.5 * ((hours - 9.75) / 1.7) ** 2)
    afternoon = 0.8 * np.exp(-0.5 * ((hours - 14.5) / 1.8) ** 2)
    evening = 0.55 * np.exp(-0.5 * ((hours - 18.2) / 1.1) ** 2)
    weights = 0.12 + morning + afternoon + evening
    opens, closes = (9, 14) if day.weekday() == 5 else (7, 20)
    weights[(hours < opens) | (hours >= closes)] = 0
    return weights


def _gives_up(day: date, hour: int) -> float:
    """Return the chance to give up: evenings are understaffed, Mondays tight."""
    if hour >= 17 and day.weekday() < 5:
        return 0.17
    return 0.07 if day.weekday() == 0 and hour < 12 else 0.025
