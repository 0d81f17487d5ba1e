"""What a visitor sees of his talk with the assistant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.core.answers import Passage
from kb.models import Article, Conversation, Turn
from kb.selectors.assistant.passages import fitting_passage
from kb.selectors.readers import Audience, articles_readable_by

LEFT_AFTER = timedelta(hours=24)
"""Whoever comes back later has a new question."""


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn as its visitor may see it now.

    ``passage`` is empty where none was shown, or where its article may no longer be read
    by this audience; ``article`` is ``None`` then. ``links`` are the articles offered
    without a claim. ``next_passage`` is of the first of these, once the visitor said no.
    """

    turn: Turn
    passage: str
    article: Article | None
    links: tuple[Article, ...]
    next_passage: Passage | None = None

    @property
    def is_withdrawn(self) -> bool:
        return self.turn.was_shown and not self.passage


def open_conversation(visitor: str, *, at: datetime) -> Conversation | None:
    """Return the talk that a visitor is in: his newest one, of the last day, not left."""
    if not visitor:
        return None
    rows = Conversation.objects.filter(visitor=visitor, started_at__gt=at - LEFT_AFTER)
    newest = rows.order_by("-started_at", "-pk").first()
    if newest is None or newest.state == Conversation.State.LEFT:
        return None
    return newest


def shown_turns(turns: Iterable[Turn], *, audience: Audience) -> list[ShownTurn]:
    """Return turns with the articles that this audience may read today. One query."""
    rows = list(turns)
    wanted = {pk for turn in rows for pk in [turn.article_id, *turn.suggested]}
    readable = articles_readable_by(audience).filter(pk__in=wanted - {None})
    articles = {article.pk: article for article in readable.select_related("published")}
    return [_shown(turn, articles) for turn in rows]


def _shown(turn: Turn, articles: dict[int, Article]) -> ShownTurn:
    article = articles.get(turn.article_id or 0) if turn.was_shown else None
    links = tuple(articles[pk] for pk in turn.suggested if pk in articles)
    is_refused = article is not None and turn.is_right is False
    return ShownTurn(
        turn=turn,
        passage=turn.passage if article else "",
        article=article,
        links=links,
        next_passage=_next_passage(turn, links) if is_refused else None,
    )


def _next_passage(turn: Turn, links: tuple[Article, ...]) -> Passage | None:
    """Return what the next best article says to the question, offered once."""
    if not links or links[0].published is None:
        return None
    return fitting_passage(
        turn.question, links[0].published, language=links[0].language
    )
