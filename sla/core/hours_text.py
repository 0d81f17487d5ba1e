"""Opening hours as people write them: ``09:00-12:30, 13:30-18:00``."""

import itertools
import re
from collections.abc import Iterable

Minutes = tuple[int, int]

MINUTES_A_DAY = 1440
_INTERVAL = re.compile(
    r"(\d{1,2})(?::?(\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?::?(\d{2}))?"
)
_CLOSED = frozenset({"", "-", "–", "closed"})
_ALL_DAY = frozenset({"24h", "24 h", "24/7", "all day"})


def parse_hours(text: str) -> list[Minutes]:
    """Read the open intervals of one day.

    Parameters
    ----------
    text : str
        Intervals separated by commas, semicolons or spaces; ``9-18`` and ``0900-1800``
        are read too, ``24:00`` is the day's end, as is ``00:00`` as an end. Empty,
        ``-`` or ``closed`` is a closed day, ``24h`` an open one.

    Returns
    -------
    list of (int, int)
        Minutes after midnight, in order; 1440 is 24:00.

    Raises
    ------
    ValueError
        Naming what cannot be read, closes before it opens, or overlaps.

    Examples
    --------
    >>> parse_hours("09:00-12:30, 13:30-24:00")
    [(540, 750), (810, 1440)]
    """
    cleaned = text.strip().lower()
    if cleaned in _CLOSED:
        return []
    if cleaned in _ALL_DAY:
        return [(0, MINUTES_A_DAY)]
    rest = _INTERVAL.sub("", cleaned).strip(" ,;and")
    if rest:
        raise ValueError(f"not opening hours: {text!r}")
    found = sorted(_interval(match) for match in _INTERVAL.finditer(cleaned))
    for first, second in itertools.pairwise(found):
        if second[0] < first[1]:
            raise ValueError(
                f"{format_hours([first])} and {format_hours([second])} overlap"
            )
    return found


def _interval(match: re.Match[str]) -> Minutes:
    starts = _minute(match[1], match[2])
    ends = _minute(match[3], match[4]) or MINUTES_A_DAY
    if starts >= ends:
        raise ValueError(
            f"{match[0]} closes before it opens; hours past midnight belong to the next day"
        )
    return starts, ends


def _minute(hour: str, minute: str | None) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total > MINUTES_A_DAY:
        raise ValueError(f"not a time of day: {hour}:{minute or '00'}")
    return total


def format_hours(intervals: Iterable[Minutes]) -> str:
    """Write intervals so that :func:`parse_hours` reads them back; empty when closed."""
    return ", ".join(f"{_text(start)}-{_text(end)}" for start, end in intervals)


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
