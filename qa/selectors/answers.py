"""Stored answers as the values that the core scores."""

from collections.abc import Iterable

from qa.core.scoring import Given
from qa.models import Answer, Review


def given(answer: Answer) -> Given:
    return Given(
        level=answer.level,
        checked=frozenset(answer.checked),
        is_na=answer.is_na,
        text=answer.text,
    )


def given_answers(answers: Iterable[Answer]) -> dict[str, Given]:
    """Return what was answered by criterion key."""
    return {answer.criterion_key: given(answer) for answer in answers}


def answers_of(review: Review) -> dict[str, Given]:
    """Return a review's answers by criterion key, in one query."""
    return given_answers(review.answers.all())
