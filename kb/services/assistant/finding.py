"""From a question to an article's own words. Nothing here writes text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb import search
from kb.core.answers import Passage, cut, find
from kb.core.markdown import TextTooLong, render
from kb.models import Article, ArticleVersion
from kb.search import Results
from kb.selectors.readers import Audience, articles_readable_by
from kb.services.experiments import version_for

MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The passage that answers best, how sure the search is, and what else it found.

    ``article``, ``version`` and ``passage`` are ``None`` where no article fits. ``links``
    are articles with a good match, best first.
    """

    results: Results
    article: Article | None
    version: ArticleVersion | None
    passage: Passage | None
    confidence: float
    links: tuple[int, ...]


def find_answer(
    question: str, *, visitor: str, audience: Audience, language: str
) -> Answer:
    """Search as this audience and pick the passage of the first article.

    A text that is in no version this audience may read is never returned.
    """
    results = search.answer(
        question, audience=audience, limit=MOST_LINKS + 1, language=language
    )
    links = tuple(hit.article_id for hit in results.hits) if results.is_good else ()
    none = Answer(results, None, None, None, 0.0, links[:MOST_LINKS])
    if not results.hits:
        return none
    hit = results.hits[0]
    # Asked anew: the index may be a moment behind.
    readable = articles_readable_by(audience).select_related("published")
    article = readable.filter(pk=hit.article_id).first()
    if article is None:
        return none
    version, _experiment = version_for(article, visitor)
    passage = _passage(results.searched, hit.heading, version, article.language)
    if passage is None:
        return none
    return Answer(
        results, article, version, passage, hit.confidence, links[:MOST_LINKS]
    )


def _passage(
    question: str, heading: str, version: ArticleVersion, language: str
) -> Passage | None:
    """Return the passage that fits the question, else what the search pointed at."""
    passages = passages_of(version.body)
    found = find(question, passages, title=version.title, language=language)
    if found is None:
        # A synonym or a keyword led here: none of the question's words is in the text.
        under = (each for each in passages if each.heading == heading)
        found = next(under, passages[0] if passages else None)
    return found


@lru_cache(maxsize=256)
def passages_of(body: str) -> Sequence[Passage]:
    """Return the passages of an article's text; none of one that is too long to show."""
    try:
        return tuple(cut(render(body).sections))
    except TextTooLong:
        return ()
