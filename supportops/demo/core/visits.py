"""When people come to the help centre, and what they do with a list of results.

Nothing here knows the database. Times are seconds since 1970, UTC.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from supportops.demo.core import story
from supportops.demo.core.questions import QUESTIONS, Question

DAY = 86_400
GROWTH = 1.45
"""The last day is so much busier than the first."""
WEEKEND = 0.16
TROUBLE_DAYS_AGO = (122, 152)
TROUBLE = 3.4
"""How much more is asked about the API in the bad month."""
MORNING, AFTERNOON = (10.4, 1.5), (14.6, 1.8)

EXAMINED = (0.94, 0.7, 0.52, 0.42, 0.34, 0.28, 0.24, 0.2, 0.18, 0.16)
"""Share of people who look at each place of a list."""
FITS, LOOKS_LIKE_IT = 0.84, 0.05
"""Share of those who open what they see there: what they looked for, anything else."""
REFINES = (0.46, 0.34, 0.0)
"""Who opens nothing searches again, after the first, second and third time."""


def dice(random: np.random.Generator, chunk: int = 65_536) -> Iterator[float]:
    """Yield numbers in [0, 1): drawn many at a time, handed out one by one."""
    while True:
        yield from random.random(chunk).tolist()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the story and how busy they are, in the company's zone.

    ``midnights`` are the beginnings of the days; ``usual`` and ``trouble`` how the
    visits of a year spread over them, as shares that end at 1.
    """

    start: float
    end: float
    midnights: np.ndarray
    usual: np.ndarray
    trouble: np.ndarray

    def moments(
        self, count: int, random: np.random.Generator, *, is_api: bool = False
    ) -> np.ndarray:
        """Draw moments of visits; those outside the story are drawn again."""
        found = np.empty(0)
        shares = self.trouble if is_api else self.usual
        while len(found) < count:
            days = random.choice(self.midnights, size=count, p=shares)
            centre, width = np.where(
                random.random((count, 1)) < 0.52, MORNING, AFTERNOON
            ).T
            hours = np.clip(random.normal(centre, width), 0, 23.9)
            drawn = days + hours * 3600 + random.random(count) * 60
            inside = drawn[(drawn >= self.start) & (drawn < self.end)]
            found = np.concatenate([found, inside])
        return found[:count]


def calendar_of(start: datetime, until: datetime) -> Calendar:
    """Return the days from ``start`` to ``until``, both aware."""
    zone = ZoneInfo(story.ZONE)
    first = start.astimezone(zone).date()
    count = (until.astimezone(zone).date() - first).days + 1
    dates = [first + timedelta(days=place) for place in range(count)]
    midnights = [
        datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in dates
    ]
    busy = np.linspace(1, GROWTH, count)
    busy *= [WEEKEND if day.weekday() >= 5 else 1.0 for day in dates]
    ago = (until.timestamp() - np.array(midnights)) / DAY
    is_bad = (ago >= TROUBLE_DAYS_AGO[0]) & (ago < TROUBLE_DAYS_AGO[1])
    trouble = busy * np.where(is_bad, TROUBLE, 1.0)
    return Calendar(
        start=start.timestamp(),
        end=until.timestamp(),
        midnights=np.array(midnights),
        usual=busy / busy.sum(),
        trouble=trouble / trouble.sum(),
    )


def keys(count: int, random: np.random.Generator) -> list[str]:
    """Return random keys of visitors, as the cookie has them."""
    digits = random.bytes(16 * count).hex()
    return [digits[place : place + 32] for place in range(0, len(digits), 32)]


def question_places(count: int, random: np.random.Generator) -> np.ndarray:
    """Draw which question each visit is about."""
    shares = np.array([question.share for question in QUESTIONS])
    return random.choice(len(QUESTIONS), size=count, p=shares / shares.sum())


def by_subject() -> dict[str, Question]:
    """Return the question that a ticket of each subject asks."""
    return {
        subject: question for question in QUESTIONS for subject in question.subjects
    }


def opened(
    shown: Sequence[int],
    target: int | None,
    luck: Iterator[float],
    *,
    keen: float = 1.0,
) -> int:
    """Return the place, from 1, of what somebody opens in a list; 0 for nothing.

    ``keen`` lowers the chance that the right article is taken for the right one.
    """
    for place, article in enumerate(shown[: len(EXAMINED)]):
        likes = FITS * keen if article == target else LOOKS_LIKE_IT
        if next(luck) < EXAMINED[place] * likes:
            return place + 1
    return 0
