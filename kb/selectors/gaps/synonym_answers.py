"""Searches in vain that another set of synonyms would answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from kb.core.search import Index, Result
from kb.core.search import Synonym as SearchSynonym
from kb.models import Article, Search
from kb.selectors.figures.windows import CUSTOMERS
from kb.selectors.readers import ANYBODY
from kb.selectors.searching import active_synonyms, current

DAYS = 90
MOST_TEXTS = 200
"""The most frequent texts are tried; each takes two searches."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A text that found nothing so often, and the article it would find."""

    text: str
    times: int
    article: Article


@dataclass(frozen=True, slots=True)
class Answers:
    """What would be answered, the most frequent first, of how many texts tried."""

    found: tuple[Answered, ...]
    tried: int

    @property
    def times(self) -> int:
        return sum(each.times for each in self.found)


def answered_by_synonym(
    *,
    saved: SearchSynonym | None,
    replaces_id: int | None = None,
    at: datetime,
) -> Answers:
    """Return which customers' searches of `DAYS` days without a result would be answered.

    As everybody sees the articles now. Nothing is saved.

    Parameters
    ----------
    saved : Synonym, optional
        An entry that would be in use.
    replaces_id : int, optional
        The entry that it replaces.
    at : datetime
        The end of the days.
    """
    texts = _unanswered(at)
    if saved is None or not texts:
        return Answers((), len(texts))
    before = current()
    synonyms = active_synonyms(without_id=replaces_id, added=[saved])
    after = before.with_changes(before.entries, synonyms=synonyms)
    old, new = before.view(ANYBODY), after.view(ANYBODY)
    first: dict[str, int] = {}
    for text, language, _times in texts:
        result = _first(new, text, language)
        if result.is_good and not _first(old, text, language).is_good:
            first[text] = int(str(result.hits[0].key))
    articles = Article.objects.in_bulk(set(first.values()))
    return Answers(
        tuple(
            Answered(text, times, articles[first[text]])
            for text, _language, times in texts
            if text in first and first[text] in articles
        ),
        len(texts),
    )


def _first(index: Index, text: str, language: str) -> Result:
    return index.search(text, limit=1, language=language, with_passages=False)


def _unanswered(at: datetime) -> list[tuple[str, str, int]]:
    """Text, language and times of the most frequent searches without a result."""
    rows = (
        Search.objects.filter(
            at__gte=at - timedelta(days=DAYS),
            at__lt=at,
            place__in=CUSTOMERS,
            results=0,
        )
        .order_by()
        .values_list("folded")
        .annotate(language=Max("language"), times=Count("pk"))
        .order_by("-times", "folded")
    )
    return list(rows[:MOST_TEXTS])
