"""From a question to an article's own words. Nothing here writes text."""

from dataclasses import dataclass

from kb import search
from kb.core.answers import Passage
from kb.models import Article, ArticleVersion
from kb.search import Results
from kb.selectors.assistant.passages import fitting_passage
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
    passage = fitting_passage(
        results.searched, version, language=article.language, heading=hit.heading
    )
    if passage is None:
        return none
    return Answer(
        results, article, version, passage, hit.confidence, links[:MOST_LINKS]
    )
