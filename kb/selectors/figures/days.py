"""Answers and places opened: settled days as they were counted, the rest counted now."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kb.models import Search, SearchDay
from kb.selectors.figures.answers import AnswerTime, seconds_to_answer, summary
from kb.selectors.figures.searches import opened_ranks, searches_in
from kb.selectors.figures.windows import Window

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """Seconds to answers, and places opened, of a window."""

    seconds: Counter[int] = field(default_factory=Counter)
    ranks: Counter[tuple[int, int | None]] = field(default_factory=Counter)

    def add(self, other: "Found") -> None:
        self.seconds.update(other.seconds)
        self.ranks.update(other.ranks)


def time_to_answer(window: Window) -> AnswerTime:
    """Return median, quartiles and mean of a window's answers."""
    return summary(found_in(window).seconds)


def found_in(window: Window, *, searches: int | None = None) -> Found:
    """Return the counts of a window; ``searches`` is how many it has, where known.

    Settled days hold if they and the rest make up all searches.
    """
    held = _settled(window)
    if held is None:
        return counted(window)
    found, first, end = held
    for start, stop in ((window.start, first), (end, window.end)):
        if start < stop:
            found.add(counted(replace(window, start=start, end=stop)))
    known = searches_in(window).count() if searches is None else searches
    return found if found.ranks.total() == known else counted(window)


def counted(window: Window) -> Found:
    """Count from the searches themselves."""
    return Found(Counter(seconds_to_answer(window)), Counter(opened_ranks(window)))


def _settled(window: Window) -> tuple[Found, date, date] | None:
    """Return stored counts with their days; ``None`` without one stretch of them."""
    rows = list(
        SearchDay.objects.filter(day__gte=window.start, day__lt=window.end)
        .order_by("day")
        .values_list("day", "counts")
    )
    if not rows:
        return None
    first, end = rows[0][0], rows[-1][0] + DAY
    if (end - first).days != len(rows):
        return None
    # Plain sums of the text that is stored: a year of days is some 100,000 numbers.
    answers: dict[str, int] = defaultdict(int)
    ranks: dict[tuple[int, int | None], int] = defaultdict(int)
    for _day, counts in rows:
        for key, stored in counts.items():
            if _is_asked(key, window):
                for seconds, n in stored["answers"].items():
                    answers[seconds] += n
                for results, rank, n in stored["ranks"]:
                    ranks[results, rank] += n
    seconds_of = Counter({int(seconds): n for seconds, n in answers.items()})
    return Found(seconds_of, Counter(ranks)), first, end


def _is_asked(key: str, window: Window) -> bool:
    place, _slash, language = key.partition("/")
    return place == window.place and window.language in ("", language)


def day_counts(window: Window) -> dict[str, Any]:
    """Return what ``SearchDay.counts`` keeps of a window of one day."""
    pairs = Search.objects.filter(at__gte=window.starts_at, at__lt=window.ends_at)
    out = {}
    for place, language in pairs.order_by().values_list("place", "language").distinct():
        found = counted(replace(window, place=place, language=language))
        out[f"{place}/{language}"] = {
            "answers": {str(seconds): n for seconds, n in found.seconds.items()},
            "ranks": [[results, rank, n] for (results, rank), n in found.ranks.items()],
        }
    return out
