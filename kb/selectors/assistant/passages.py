"""Passages of an article's text, and the one that fits a question."""

from collections.abc import Sequence
from functools import lru_cache

from kb.core.answers import Passage, cut, describes, find
from kb.core.markdown import TextTooLong, render
from kb.models import ArticleVersion


@lru_cache(maxsize=256)
def passages_of(body: str) -> Sequence[Passage]:
    """Return the passages of an article's text; none of one that is too long to show."""
    try:
        return tuple(cut(render(body).sections))
    except TextTooLong:
        return ()


def fitting_passage(
    question: str, version: ArticleVersion, *, language: str, heading: str = ""
) -> Passage | None:
    """Return the passage of an article that fits a question.

    Where a synonym or a keyword led to the article and none of the question's words is in
    its text, it is what stands under ``heading``, unless that describes the problem only,
    else the beginning of what answers.
    """
    passages = passages_of(version.body)
    found = find(question, passages, title=version.title, language=language)
    if found is not None:
        return found
    answering = [each for each in passages if not describes(each.heading)] or passages
    under = (each for each in answering if each.heading == heading)
    return next(under, answering[0] if answering else None)
