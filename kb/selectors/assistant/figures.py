"""How the assistant fares: what was asked, shown, right, and handed to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from kb.core.thresholds import Bin, calibration_error, curve, reliability
from kb.core.thresholds import Point as CurvePoint
from kb.models import AssistantRules, Conversation, Turn
from kb.selectors.assistant.trust import MOST_JUDGED, Trust, judged_turns
from kb.selectors.figures.shares import Share, share

SPAN = timedelta(days=28)
MOST_PREVIEWED = 20_000
"""Questions that a preview counts, the newest first."""
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the questions since ``since``."""

    since: datetime
    questions: int
    shown: Share
    right: Share
    conversations: int
    handed_over: Share


def summary(*, at: datetime) -> Summary:
    """Count the last 28 days. Two queries.

    Right are the shown answers that were judged right, of those that were judged.
    """
    since = at - SPAN
    shown = Q(was_shown=True)
    turns = Turn.objects.filter(at__gt=since, at__lte=at).aggregate(
        questions=Count("pk"),
        shown=Count("pk", filter=shown),
        judged=Count("pk", filter=shown & Q(is_right__isnull=False)),
        right=Count("pk", filter=shown & Q(is_right=True)),
    )
    handed = Q(state=Conversation.State.HANDED_OVER)
    talks = Conversation.objects.filter(
        started_at__gt=since, started_at__lte=at
    ).aggregate(n=Count("pk"), handed=Count("pk", filter=handed))
    return Summary(
        since=since,
        questions=turns["questions"],
        shown=share(turns["shown"], turns["questions"]),
        right=share(turns["right"], turns["judged"]),
        conversations=talks["n"],
        handed_over=share(talks["handed"], talks["n"]),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far what was said came true, and what each threshold would do.

    ``bins`` compare the confidence that was said at the time, before anybody judged;
    ``points`` are over the same answers in terms of today's corrected confidence.
    ``by_staff`` of the judged answers were judged by staff.
    """

    judged: int
    by_staff: int
    bins: tuple[Bin, ...]
    error: float | None
    points: tuple[CurvePoint, ...]


def standing(trust: Trust) -> Standing:
    """Return the standing of the newest judged answers. One query."""
    rows = list(
        judged_turns()
        .order_by("-pk")
        .values_list("confidence", "raw", "is_right", "judged_by_id")[:MOST_JUDGED]
    )
    right = [is_right for _said, _raw, is_right, _by in rows]
    bins = reliability([_share(said) for said, _raw, _right, _by in rows], right)
    corrected = [trust.correction.of(_share(raw)) for _said, raw, _right, _by in rows]
    return Standing(
        judged=len(rows),
        by_staff=sum(by is not None for _said, _raw, _right, by in rows),
        bins=bins,
        error=calibration_error(bins),
        points=curve(corrected, right),
    )


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a threshold would have done with the questions of the last 28 days.

    ``right`` is counted among the judged ones of those that would have been shown.
    ``linked`` would have got links only, ``unanswered`` had no good match.
    """

    threshold: float | None
    shown: Share
    right: Share
    linked: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the past, with the confidence that it would have today."""

    confidence: float
    has_passage: bool
    has_links: bool
    is_right: bool | None


def past_questions(trust: Trust, *, at: datetime) -> list[Question]:
    """Return the questions of the last 28 days. One query."""
    rows = Turn.objects.filter(at__gt=at - SPAN, at__lte=at).order_by("-pk")
    found = rows.values_list(
        "search_confidence", "confidence", "passage", "suggested", "is_right"
    )
    return [
        Question(
            confidence=trust.correction.of(_share(said if raw is None else raw)),
            has_passage=bool(passage),
            has_links=bool(suggested) or bool(passage),
            is_right=is_right,
        )
        for raw, said, passage, suggested, is_right in found[:MOST_PREVIEWED]
    ]


def preview(questions: Sequence[Question], threshold: float | None) -> Preview:
    """Count what a threshold shows; ``None`` shows nothing."""
    shown = [
        each
        for each in questions
        if threshold is not None
        and each.has_passage
        and each.confidence >= threshold - _HAIR
    ]
    judged = [each for each in shown if each.is_right is not None]
    linked = sum(each.has_links for each in questions) - len(shown)
    return Preview(
        threshold=threshold,
        shown=share(len(shown), len(questions)),
        right=share(sum(bool(each.is_right) for each in judged), len(judged)),
        linked=linked,
        unanswered=len(questions) - len(shown) - linked,
    )


def rules_history(rules: AssistantRules, *, most: int = 10) -> list[AssistantRules]:
    """Return former and present rules, newest first."""
    if rules.pk is None:
        return []
    return list(rules.history.select_related("history_user", "calendar")[:most])
