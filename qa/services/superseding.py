"""A review that takes another's place: copied, changed where decided, released."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from qa.core.disputes import Decided
from qa.core.scoring import Score
from qa.models import Answer, Pin, Review, ReviewEvent
from qa.selectors.disputes import score_after
from qa.services.life import dispute_end, record, tell_agents
from workforce.people.models import User

Part = TypeVar("Part", Answer, Pin)


@dataclass(frozen=True, slots=True)
class Successor:
    """Who judges whom in the new review, and until when it may be disputed."""

    reviewer: User
    agent: User
    dispute_until: datetime


def supersede(
    *, old: Review, arbiter: User, decided: Mapping[str, Decided], at: datetime
) -> Review:
    """Write the review that a decision on the score makes; the arbiter signs it.

    It cannot be disputed again: a third opinion is had in calibration.
    """
    new = _copy(old, Successor(arbiter, old.agent, at), at)
    result = score_after(old, decided)
    _write_score(new, result)
    _copy_answers(old, new, decided, result)
    _take_place(old, new, arbiter, at)
    return new


def hand_over(*, old: Review, arbiter: User, agent: User, at: datetime) -> Review:
    """Write the same review for the person whose work it was.

    Nothing was judged anew, so the reviewer stays who it was. It can be disputed for as
    long as any.
    """
    new = _copy(old, Successor(old.reviewer, agent, dispute_end(old, at)), at)
    _copy_answers(old, new, {}, None)
    _take_place(old, new, arbiter, at)
    tell_agents([new], at=at)
    return new


def _copy(old: Review, who: Successor, at: datetime) -> Review:
    same = who.agent.pk == old.agent_id
    # The old one is no longer current before the new one is there.
    old.is_current, old.state, old.changed_at = False, Review.State.CLOSED, at
    old.save(update_fields=["is_current", "state", "changed_at"])
    return Review.objects.create(
        ticket_id=old.ticket_id,
        agent=who.agent,
        team_id=old.team_id if same else who.agent.team_id,
        reviewer=who.reviewer,
        version_id=old.version_id,
        kind=old.kind,
        basis=old.basis,
        state=Review.State.RELEASED,
        raw_score=old.raw_score,
        score=old.score,
        passed=old.passed,
        is_critical_fail=old.is_critical_fail,
        strengths=old.strengths,
        focus=old.focus,
        is_exemplary=old.is_exemplary,
        started_at=at,
        changed_at=at,
        submitted_at=at,
        released_at=at,
        dispute_until=who.dispute_until,
        supersedes=old,
    )


def _write_score(review: Review, result: Score) -> None:
    review.raw_score, review.score = result.raw, result.score
    review.passed, review.is_critical_fail = result.passed, bool(result.failed)
    review.save(update_fields=["raw_score", "score", "passed", "is_critical_fail"])


def _copy_answers(
    old: Review, new: Review, decided: Mapping[str, Decided], result: Score | None
) -> None:
    answers = list(old.answers.prefetch_related("root_causes").order_by("pk"))
    for answer in answers:
        copy = _copied(answer, new)
        if (chosen := decided.get(answer.criterion_key)) and chosen.is_change:
            _apply(copy, chosen)
        if result is not None:
            share = result.points.get(answer.criterion_key)
            copy.share = None if share is None else float(share)
        copy.save()
        # What has no shortfall has no cause of one.
        if copy.share != 1:
            copy.root_causes.set(answer.root_causes.all())
    Pin.objects.bulk_create([_copied(pin, new) for pin in old.pins.order_by("pk")])


def _copied(row: Part, review: Review) -> Part:
    """Return the same row for another review, not saved."""
    fields = [each.attname for each in row._meta.concrete_fields]  # noqa: SLF001 -- Django's documented model API
    values = {name: getattr(row, name) for name in fields}
    return type(row)(**{**values, "id": None, "review_id": review.pk})


def _apply(answer: Answer, chosen: Decided) -> None:
    answer.level, answer.is_na = chosen.given.level, chosen.given.is_na
    answer.checked = sorted(chosen.given.checked)
    answer.source = Answer.Source.HUMAN


def _take_place(old: Review, new: Review, arbiter: User, at: datetime) -> None:
    record(old, ReviewEvent.Kind.SUPERSEDED, actor=arbiter, at=at, by=new.pk)
    record(new, ReviewEvent.Kind.RELEASED, actor=arbiter, at=at, supersedes=old.pk)
