"""A review as it is read: the conversation with its remarks, each criterion, its origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from qa.core.disputes import level_of
from qa.core.passages import Piece, pieces
from qa.core.scorecard import CHECKLIST, TEXT, Check, Criterion, Level, Section
from qa.core.scoring import Given, score
from qa.models import Answer, CalibrationSession, Dispute, Pin, Review, SampleItem
from qa.selectors.answers import given, given_answers
from qa.selectors.reviews import reviews_shown_to
from qa.selectors.scorecards import card_of, facts_of
from tickets.models import Message
from tickets.selectors import Entry, conversation
from workforce.people.models import User

RELATED = (
    "ticket__channel",
    "ticket__category",
    "ticket__organisation__tier",
    "ticket__requester",
    "agent",
    "reviewer",
    "version__scorecard",
    "sample_item__draw__plan",
    "calibration_item__session",
    "supersedes__sample_item__draw__plan",
)


def review_for(user: User, pk: int) -> Review:
    """The review with what its page shows. Raises ``Review.DoesNotExist``."""
    answers = Answer.objects.prefetch_related("root_causes").order_by("pk")
    disputes = Dispute.objects.select_related("arbiter", "opened_by").order_by("pk")
    return (
        reviews_shown_to(user)
        .select_related(*RELATED)
        .prefetch_related(
            Prefetch("answers", queryset=answers),
            Prefetch("pins", queryset=Pin.objects.order_by("message_id", "start")),
            Prefetch("disputes", queryset=disputes.prefetch_related("lines")),
        )
        .get(pk=pk)
    )


# The conversation -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """A pinned comment with its number on the page."""

    number: int
    pin: Pin
    criterion: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message, cut where remarks begin and end, with those remarks."""

    message: Message
    pieces: Sequence[tuple[str, Sequence[Remark]]]
    remarks: Sequence[Remark]
    is_by_agent: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the reviewer had before them; ``later`` counts what was said since."""

    said: Sequence[Said]
    later: int


def conversation_of(review: Review) -> Conversation:
    """The messages of the ticket up to the review, each with the remarks pinned to it.

    A calibration shows what was frozen for it. Four queries whatever the length.
    """
    entries = [entry for entry in conversation(review.ticket) if entry.message]
    shown = [entry for entry in entries if _was_there(entry, review)]
    titles = {each.key: each.title for each in card_of(review.version).criteria()}
    remarks = [
        Remark(number, pin, titles.get(pin.criterion_key, ""))
        for number, pin in enumerate(review.pins.all(), start=1)
    ]
    pinned = {remark.pin.message_id for remark in remarks}
    rest = [entry for entry in entries if entry not in shown]
    # A remark is never shown without what it is about.
    shown += [e for e in rest if e.message and e.message.pk in pinned]
    return Conversation(
        said=[
            _said(entry.message, remarks, review) for entry in shown if entry.message
        ],
        later=len(entries) - len(shown),
    )


def _was_there(entry: Entry, review: Review) -> bool:
    item = review.calibration_item
    if item is not None and item.last_seq is not None:
        return entry.ticket_id == review.ticket_id and entry.event.seq <= item.last_seq
    first = review.supersedes or review
    return first.submitted_at is None or entry.at <= first.submitted_at


def _said(message: Message, remarks: Sequence[Remark], review: Review) -> Said:
    own = [remark for remark in remarks if remark.pin.message_id == message.pk]
    spans = [(remark.pin.start, remark.pin.end) for remark in own]
    return Said(
        message=message,
        pieces=[_marked(piece, own) for piece in pieces(message.body, spans)],
        remarks=own,
        is_by_agent=message.author_id == review.agent_id,
    )


def _marked(piece: Piece, remarks: Sequence[Remark]) -> tuple[str, Sequence[Remark]]:
    return piece.text, [remarks[number] for number in piece.marks]


# The scorecard ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a checklist: ticked or not, and what a rule had found."""

    check: Check
    is_ticked: bool
    found: bool | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion with what was answered."""

    criterion: Criterion
    answer: Answer
    given: Given
    level: Level | None
    boxes: Sequence[Box]
    is_failed: bool
    remarks: int

    @property
    def points(self) -> float | None:
        """Points gained; none where nothing is counted."""
        if self.criterion.kind == TEXT or self.given.is_na:
            return None
        if self.criterion.kind == CHECKLIST:
            return float(len(self.given.checked))
        return self.level.points if self.level else None

    @property
    def could_be_more(self) -> bool:
        """Whether another answer would score more: what is worth disputing."""
        share = self.answer.share
        return self.given.is_na or (share is not None and share < 1)

    @property
    def tone(self) -> str:
        """ok, watch or late, by the share of the maximum."""
        share = self.answer.share
        if self.is_failed:
            return "late"
        if share is None:
            return "idle"
        return "ok" if share >= 0.8 else "watch" if share >= 0.5 else "late"


@dataclass(frozen=True, slots=True)
class JudgedSection:
    section: Section
    criteria: Sequence[Judged]


def sections_of(review: Review) -> list[JudgedSection]:
    """The scorecard as it was answered, in its order; what was not asked is left out."""
    card = card_of(review.version)
    answers = {answer.criterion_key: answer for answer in review.answers.all()}
    failed = failed_criteria(review)
    pinned = [pin.criterion_key for pin in review.pins.all()]
    found = [
        JudgedSection(
            section,
            [
                _judged(each, answers[each.key], failed, pinned.count(each.key))
                for each in section.criteria
                if each.key in answers
            ],
        )
        for section in card.sections
    ]
    return [each for each in found if each.criteria]


def failed_criteria(review: Review) -> tuple[str, ...]:
    """Keys of the criteria whose answer was critical; none cost a query when none is."""
    if not review.is_critical_fail:
        return ()
    answers = given_answers(review.answers.all())
    return score(card_of(review.version), answers, facts_of(review.ticket)).failed


def _judged(
    criterion: Criterion, answer: Answer, failed: Sequence[str], remarks: int
) -> Judged:
    value = given(answer)
    levels = {level.key: level for level in criterion.levels}
    return Judged(
        criterion=criterion,
        answer=answer,
        given=value,
        level=levels.get(level_of(value)),
        boxes=[_box(check, value, answer.evidence) for check in criterion.checks],
        is_failed=criterion.key in failed,
        remarks=remarks,
    )


def _box(check: Check, value: Given, evidence: dict[str, Any]) -> Box:
    found = evidence.get(check.key) or {}
    verdict = found.get("found") if isinstance(found, dict) else None
    return Box(check, check.key in value.checked, verdict)


# Where it comes from ----------------------------------------------------------------------


def origin_of(review: Review) -> SampleItem | None:
    """The item of a draw that asked for the review, also for one that superseded it."""
    if review.sample_item is not None or review.supersedes is None:
        return review.sample_item
    return review.supersedes.sample_item


def hides_agent(review: Review) -> bool:
    """Whether the calibration that the review belongs to hides whose work it is."""
    item = review.calibration_item
    return bool(
        item
        and item.session.hide_agent
        and item.session.state != CalibrationSession.State.CLOSED
    )


def open_dispute_of(review: Review) -> Dispute | None:
    states = [each for each in review.disputes.all() if each.state == "OPEN"]
    return states[0] if states else None


def time_left(review: Review, at: datetime) -> float | None:
    """Seconds until the review can no longer be disputed; none when it cannot be."""
    if review.dispute_until is None or review.dispute_until <= at:
        return None
    return (review.dispute_until - at).total_seconds()
