"""Conversations with the assistant for tests, written as rows."""

from datetime import UTC, datetime
from typing import Any

from kb.models import Article, Conversation, Turn
from tests.factories.kb import published_article

ASKED_AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
VISITOR = "a" * 32


def make_conversation(
    *turns: dict[str, Any], at: datetime = ASKED_AT, **fields: Any
) -> Conversation:
    """Return a conversation with a question for each of ``turns``."""
    columns = {"visitor": VISITOR, "language": "en", "started_at": at, **fields}
    talk = Conversation.objects.create(**columns)
    for values in turns:
        make_turn(talk, **values)
    return talk


def make_turn(
    talk: Conversation, article: Article | None = None, **fields: Any
) -> Turn:
    """Return a question that was answered with a passage, or would have been."""
    columns: dict[str, Any] = {
        "question": "How do I change my password?",
        "article": article,
        "version": article.published if article else None,
        "passage": "Open Settings.",
        "heading": "Steps",
        "confidence": 0.9,
        "search_confidence": 0.9,
        "was_shown": True,
        "at": talk.started_at,
        **fields,
    }
    return Turn.objects.create(conversation=talk, **columns)


def own_conversation(name: str) -> dict[str, Any]:
    """Return a row for each address of the assistant that names one."""
    talk = make_conversation()
    turn = make_turn(talk, published_article(f"Answer for {name}"))
    return {
        "kb:assistant-talk": talk,
        "kb:assistant-answer-judge": turn,
        "help:assistant-judge": turn,
    }
