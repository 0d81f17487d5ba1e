"""Conversations that end without an answer and without a person."""

from datetime import datetime

from django.db.models import Max

from kb.models import Conversation
from kb.selectors.assistant.talks import LEFT_AFTER


def leave(*, conversation_id: int, visitor: str, at: datetime) -> None:
    """Let a visitor begin anew; what was answered or handed over stays that."""
    rows = Conversation.objects.filter(pk=conversation_id, visitor=visitor)
    rows.filter(state=Conversation.State.OPEN).update(
        state=Conversation.State.LEFT, ended_at=at
    )


def close_left(*, at: datetime) -> int:
    """Mark conversations as left whose last question is a day old; return how many.

    Safe to run twice.
    """
    old = (
        Conversation.objects.filter(state=Conversation.State.OPEN)
        .annotate(last=Max("turns__at"))
        .filter(started_at__lte=at - LEFT_AFTER)
        .exclude(last__gt=at - LEFT_AFTER)
        .values_list("pk", flat=True)
    )
    rows = Conversation.objects.filter(pk__in=list(old), state=Conversation.State.OPEN)
    return rows.update(state=Conversation.State.LEFT, ended_at=at)
