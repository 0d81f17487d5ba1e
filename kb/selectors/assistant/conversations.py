"""Conversations as staff read them."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kb.models import Conversation, Turn


def conversations(
    *, at: datetime, days: int, state: str = "", judged: str = ""
) -> QuerySet[Conversation]:
    """Return conversations of a span, newest first, with counts and the first question.

    Parameters
    ----------
    state : str
        One of `Conversation.State`; empty for all.
    judged : str
        ``no``: with an answer that nobody has judged; ``right``, ``wrong``: with one
        that was judged so.
    """
    rows = Conversation.objects.filter(
        started_at__gt=at - timedelta(days=days), started_at__lte=at
    )
    if state:
        rows = rows.filter(state=state)
    if judged:
        wanted = {"no": None, "right": True, "wrong": False}[judged]
        turns = Turn.objects.filter(conversation=OuterRef("pk")).exclude(passage="")
        judgement = Q(is_right__isnull=True) if wanted is None else Q(is_right=wanted)
        rows = rows.filter(Exists(turns.filter(judgement)))
    first = Turn.objects.filter(conversation=OuterRef("pk")).order_by("pk")
    return (
        rows.annotate(
            questions=Count("turns"),
            answers=Count("turns", filter=Q(turns__was_shown=True)),
            rights=Count("turns", filter=Q(turns__is_right=True)),
            wrongs=Count("turns", filter=Q(turns__is_right=False)),
            first_question=Subquery(first.values("question")[:1]),
        )
        .select_related("ticket")
        .order_by("-started_at", "-pk")
    )


def conversation_with_turns() -> QuerySet[Conversation]:
    """Return conversations with all that was asked and shown. Two queries."""
    turns = Turn.objects.order_by("pk").select_related(
        "article", "version", "judged_by"
    )
    return Conversation.objects.select_related("ticket").prefetch_related(
        Prefetch("turns", queryset=turns)
    )


def turns_of(talks: QuerySet[Conversation]) -> QuerySet[Turn]:
    """Return every turn of conversations, in the order of time, for a table."""
    return (
        Turn.objects.filter(conversation__in=talks.order_by().values("pk"))
        .select_related("conversation", "version", "judged_by")
        .order_by("at", "pk")
    )
