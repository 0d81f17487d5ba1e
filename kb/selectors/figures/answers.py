"""How long people search before they open what they came for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from kb.core.changes import median_range
from kb.models import Reading, Search
from kb.selectors.figures.windows import Window

AGAIN_WITHIN = timedelta(minutes=10)
"""A search so soon after an article says that the article was not the answer."""

BEGAN_BEFORE = timedelta(hours=1)
"""Searches so long before a period may have begun what ends in it."""

Seconds = Mapping[int, int]
"""How many answers took so many whole seconds."""


@dataclass(frozen=True)
class AnswerTime:
    """Seconds from the first search to the answer, over all answers; ``None`` of none.

    ``median_low`` and ``median_high`` are the 95 % interval of the median.
    """

    n: int
    lower: float | None
    median: float | None
    upper: float | None
    mean: float | None
    median_low: float | None = None
    median_high: float | None = None


def summary(seconds: Seconds) -> AnswerTime:
    """Summarise counted seconds. Quartiles lie between two values where n is even."""
    n = sum(seconds.values())
    if not n:
        return AnswerTime(0, None, None, None, None)
    total = sum(value * count for value, count in seconds.items())
    lower, median, upper = (_quantile(seconds, n, q) for q in (0.25, 0.5, 0.75))
    low, high = median_range(seconds) or (None, None)
    return AnswerTime(n, lower, median, upper, total / n, low, high)


def _quantile(seconds: Seconds, n: int, share: float) -> float:
    """Interpolate between the two nearest ranks, as numpy does by default."""
    place = share * (n - 1)
    low, weight = int(place), place % 1
    first = _at_rank(seconds, low)
    return (
        first if not weight else first + weight * (_at_rank(seconds, low + 1) - first)
    )


def _at_rank(seconds: Seconds, rank: int) -> int:
    passed = 0
    for value in sorted(seconds):
        passed += seconds[value]
        if passed > rank:
            return value
    raise IndexError(rank)


def seconds_to_answer(window: Window) -> Seconds:
    """Count answers by how many whole seconds they took.

    An answer is the first article that somebody opened from a search, if within ten
    minutes no search followed, and no ticket. The time runs from the search that began
    it: one that was searched again without opening anything counts with the next.
    """
    adapt = connection.ops.adapt_datetimefield_value
    start, end = window.starts_at, window.ends_at
    moments = map(adapt, (start - BEGAN_BEFORE, end, start, end))
    first, last, own_first, own_last = moments
    values: list[Any] = [window.place, first, last, window.place, own_first, own_last]
    values += [window.language] if window.language else []
    with connection.cursor() as cursor:
        cursor.execute(_statement(bool(window.language)), values)
        return {int(seconds): n for seconds, n in cursor.fetchall()}


def _statement(has_language: bool) -> str:
    # Chains of searches have no ORM words. The plus keeps SQLite from reading every
    # search that was not refined by the index of those that were.
    search = Search._meta.db_table  # noqa: SLF001 -- its name has no other way
    reading = Reading._meta.db_table  # noqa: SLF001
    language = "AND s.language = %s" if has_language else ""
    return f"""
        WITH RECURSIVE chain(id, began_at) AS (
            SELECT first.refined_by_id, first.at FROM {search} first
            WHERE first.place = %s AND first.at >= %s AND first.at < %s
              AND first.refined_by_id IS NOT NULL
              AND NOT EXISTS (
                SELECT 1 FROM {search} former WHERE former.refined_by_id = first.id)
            UNION ALL
            SELECT s.refined_by_id, chain.began_at
            FROM chain JOIN {search} s ON s.id = chain.id
            WHERE s.refined_by_id IS NOT NULL
        ), began(id, at) AS (
            SELECT id, MIN(began_at) FROM chain GROUP BY id
        ), found(id, at, visitor) AS (
            SELECT r.search_id, MIN(r.at), MIN(r.visitor) FROM {reading} r
            JOIN {search} s ON s.id = r.search_id
            WHERE s.place = %s AND s.at >= %s AND s.at < %s
              AND +s.refined_by_id IS NULL AND +s.ticket_id IS NULL {language}
            GROUP BY r.search_id HAVING COUNT(r.ticket_id) = 0
        )
        SELECT {_seconds("found.at", "COALESCE(began.at, s.at)")} AS seconds, COUNT(*)
        FROM found JOIN {search} s ON s.id = found.id
        LEFT JOIN began ON began.id = found.id
        WHERE NOT EXISTS (
            SELECT 1 FROM {search} later WHERE later.visitor = found.visitor
              AND later.at > found.at AND later.at <= {_later("found.at")})
        GROUP BY seconds
    """  # noqa: S608 -- names of tables and columns only


def _seconds(later: str, earlier: str) -> str:
    """Whole seconds between two columns; clocks set back count as none."""
    if connection.vendor == "postgresql":
        took = f"FLOOR(EXTRACT(EPOCH FROM {later} - {earlier}))::bigint"
        return f"GREATEST(0, {took})"
    # A day is 86400 s; the half millisecond takes the rounding of julianday away.
    days = f"(julianday({later}) - julianday({earlier}))"
    return f"MAX(0, CAST({days} * 86400 + 0.0005 AS INTEGER))"


def _later(column: str) -> str:
    minutes = int(AGAIN_WITHIN.total_seconds() // 60)
    if connection.vendor == "postgresql":
        return f"{column} + INTERVAL '{minutes} minutes'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, '+{minutes} minutes')"
