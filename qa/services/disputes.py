"""Disputes: an agent asks, a second reviewer decides, a changed score is a new review."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.core.disputes import CannotDecide, Decided, decide
from qa.models import Dispute, DisputeLine, Review, ReviewEvent
from qa.models.reviews import COUNTED_KINDS
from qa.selectors.disputes import Disputable, deciders_of, disputable
from qa.services.announcing import announce
from qa.services.life import locked_review, record, required_reason
from qa.services.review_refusals import (
    ArbiterConcerned,
    LineUnusable,
    NotYours,
    TooLate,
    WrongPerson,
    WrongState,
)
from qa.services.superseding import hand_over, supersede
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.people.models import User

__all__ = [
    "ArbiterConcerned",
    "LineUnusable",
    "NotYours",
    "TooLate",
    "WrongPerson",
    "WrongState",
    "decide_dispute",
    "open_dispute",
    "remind_of_disputes",
    "rulings",
    "withdraw_dispute",
]

DECIDED_WITHIN = timedelta(days=5)
REMINDED_BEFORE = timedelta(days=1)
State = Dispute.State
Outcome = DisputeLine.Outcome


class Objection(TypedDict, total=False):
    """What an agent says of one criterion. ``proposed_level`` may be missing."""

    criterion: str
    proposed_level: str
    reason: str


class Ruling(TypedDict, total=False):
    """What the arbiter decides on one criterion, as ``qa.core.disputes.decide`` reads it."""

    criterion: str
    outcome: str
    final_level: str
    checked: Sequence[str]


# Opening ------------------------------------------------------------------------------


@transaction.atomic
def open_dispute(
    *,
    review_id: int,
    agent: User,
    kind: str,
    reason: str,
    lines: Sequence[Objection] = (),
    at: datetime,
) -> Dispute:
    """Ask a second reviewer to look again.

    About the score: at least one criterion, each with a reason. "This was not my work":
    one reason. A decision is due five days later; who may decide is told.

    Raises ``NotYours``, ``WrongState``, ``TooLate``, ``LineUnusable`` or
    ``ReasonMissing``.
    """
    review = locked_review(review_id)
    _refuse_closed(review, agent, at)
    if kind == Dispute.Kind.WRONG_AGENT:
        objections, words = [], required_reason(reason)
    else:
        objections, words = _checked(review, lines), reason.strip()
    dispute = Dispute.objects.create(
        review=review,
        kind=kind,
        reason=words,
        opened_by=agent,
        opened_at=at,
        due_at=at + DECIDED_WITHIN,
    )
    for line in objections:
        line.dispute = dispute
    DisputeLine.objects.bulk_create(objections)
    _move(review, Review.State.DISPUTED, at)
    record(review, ReviewEvent.Kind.DISPUTED, actor=agent, at=at, dispute=dispute.pk)
    _tell_deciders(dispute, _("A review is disputed: ticket #%(ticket)d"), "open", at)
    announce([review.pk], at=at)
    return dispute


def _refuse_closed(review: Review, agent: User, at: datetime) -> None:
    if review.agent_id != agent.pk or review.kind not in COUNTED_KINDS:
        raise NotYours(_("Only the agent whose work was reviewed disputes it."))
    readable = (Review.State.RELEASED, Review.State.ACKNOWLEDGED)
    if review.state not in readable or not review.is_current:
        raise WrongState(
            _("The review is “%(state)s” now and cannot be disputed.")
            % {"state": review.get_state_display()}
        )
    if review.dispute_until is None or at >= review.dispute_until:
        raise TooLate(
            _("The time to dispute this review is over. Speak to your lead instead.")
        )


def _checked(review: Review, lines: Sequence[Objection]) -> list[DisputeLine]:
    criteria = disputable(review)
    found: dict[str, DisputeLine] = {}
    for line in lines:
        key, proposed = line.get("criterion", ""), line.get("proposed_level", "")
        if key not in criteria or key in found:
            raise LineUnusable(
                _("“%(key)s” was not answered in this review, or is named twice.")
                % {"key": key}
            )
        if proposed and proposed not in criteria[key].choices:
            raise LineUnusable(
                _("“%(level)s” is no level of “%(criterion)s”.")
                % {"level": proposed, "criterion": criteria[key].criterion.title}
            )
        if proposed and proposed == criteria[key].level:
            raise LineUnusable(
                _("“%(criterion)s” has that level already.")
                % {"criterion": criteria[key].criterion.title}
            )
        found[key] = DisputeLine(
            criterion_key=key,
            proposed_level=proposed,
            reason=required_reason(line.get("reason", "")),
        )
    if not found:
        raise LineUnusable(_("Choose at least one criterion and say why."))
    return list(found.values())


# Deciding -----------------------------------------------------------------------------


@transaction.atomic
def decide_dispute(
    *,
    dispute_id: int,
    arbiter: User,
    decision: str,
    lines: Sequence[Ruling] = (),
    at: datetime,
    right_agent: User | None = None,
    is_void: bool = False,
) -> Dispute:
    """Decide as somebody who is neither the reviewer nor the agent.

    About the score: one outcome for each disputed criterion. When a level changes, a new
    review by the arbiter supersedes the old one, which stays readable; it is final.
    About the agent: give the review to ``right_agent``, who can dispute it anew, or
    declare it void, or neither.

    Raises ``ArbiterConcerned``, ``WrongState``, ``LineUnusable``, ``WrongPerson`` or
    ``ReasonMissing``.
    """
    review = locked_review(Dispute.objects.get(pk=dispute_id).review_id)
    dispute = Dispute.objects.select_for_update().get(pk=dispute_id)
    dispute.review = review
    _refuse_concerned(review, arbiter)
    _require_open(dispute)
    dispute.decision = required_reason(decision)
    dispute.arbiter, dispute.decided_at = arbiter, at
    if dispute.kind == Dispute.Kind.WRONG_AGENT:
        successor = _settle_agent(dispute, arbiter, right_agent, is_void=is_void, at=at)
    else:
        successor = _settle_score(dispute, arbiter, lines, at)
    dispute.save(update_fields=["state", "decision", "arbiter", "decided_at"])
    record(
        review,
        ReviewEvent.Kind.DECIDED,
        actor=arbiter,
        at=at,
        dispute=dispute.pk,
        outcome=dispute.state,
    )
    _tell_parties(dispute, successor, at)
    announce([review.pk], at=at)
    if successor:
        announce([successor.pk], at=at, released=True)
    return dispute


def rulings(dispute: Dispute, lines: Sequence[Ruling]) -> dict[str, Decided]:
    """Return the decision on each disputed criterion; nothing is written.

    Raises ``LineUnusable`` unless each is decided on once, on what its criterion has.
    """
    named = {line.get("criterion", ""): line for line in lines}
    stored = {line.criterion_key: line for line in dispute.lines.order_by("pk")}
    if set(named) != set(stored) or len(named) != len(lines):
        raise LineUnusable(_("Decide on each disputed criterion, and on no other."))
    answered = disputable(dispute.review)
    return {
        key: _ruling(answered[key], line.proposed_level, named[key])
        for key, line in stored.items()
    }


def _ruling(answered: Disputable, proposed: str, line: Ruling) -> Decided:
    try:
        return decide(
            answered.criterion,
            answered.given,
            proposed=proposed,
            outcome=line.get("outcome", ""),
            level=line.get("final_level", ""),
            checked=line.get("checked", ()),
        )
    except CannotDecide as refused:
        raise LineUnusable(
            _("Choose what “%(criterion)s” comes to.")
            % {"criterion": answered.criterion.title}
        ) from refused


def _settle_score(
    dispute: Dispute, arbiter: User, lines: Sequence[Ruling], at: datetime
) -> Review | None:
    decided = rulings(dispute, lines)
    stored = list(dispute.lines.order_by("pk"))
    for line in stored:
        chosen = decided[line.criterion_key]
        line.outcome = chosen.outcome
        line.final_level = chosen.level
        line.final_checked = sorted(chosen.given.checked)
    DisputeLine.objects.bulk_update(stored, ["outcome", "final_level", "final_checked"])
    changed = [line for line in stored if line.outcome != Outcome.KEEP]
    if not changed:
        dispute.state = State.UPHELD
        _move(dispute.review, Review.State.CLOSED, at)
        return None
    whole = len(changed) == len(stored)
    dispute.state = State.CHANGED if whole else State.PARTLY
    return supersede(old=dispute.review, arbiter=arbiter, decided=decided, at=at)


def _settle_agent(
    dispute: Dispute,
    arbiter: User,
    right_agent: User | None,
    *,
    is_void: bool,
    at: datetime,
) -> Review | None:
    review = dispute.review
    if right_agent is not None and is_void:
        raise WrongPerson(_("Name the right agent or declare it void, not both."))
    if right_agent is not None:
        _refuse_wrong_person(dispute, right_agent)
        dispute.state = State.CHANGED
        return hand_over(old=review, arbiter=arbiter, agent=right_agent, at=at)
    dispute.state = State.CHANGED if is_void else State.UPHELD
    if is_void:
        review.reason = dispute.decision[:500]
        _move(review, Review.State.VOIDED, at)
        record(review, ReviewEvent.Kind.VOIDED, actor=dispute.arbiter, at=at)
    else:
        _move(review, Review.State.CLOSED, at)
    return None


def _refuse_concerned(review: Review, arbiter: User) -> None:
    if arbiter.pk in (review.reviewer_id, review.agent_id):
        raise ArbiterConcerned(
            _("Somebody else decides: you wrote this review, or it is of your work.")
        )


def _refuse_wrong_person(dispute: Dispute, person: User) -> None:
    review = dispute.review
    concerned = (review.agent_id, review.reviewer_id, dispute.arbiter_id)
    if person.pk in concerned or person.is_automation or not person.is_active:
        raise WrongPerson(
            _(
                "Name another active person than the agent, the reviewer and yourself, "
                "or declare the review void."
            )
        )


# Withdrawing, reminding ---------------------------------------------------------------


@transaction.atomic
def withdraw_dispute(*, dispute_id: int, agent: User, at: datetime) -> Dispute:
    """Take one's dispute back; until its deadline the review may be disputed again.

    Raises ``NotYours`` or ``WrongState``.
    """
    review = locked_review(Dispute.objects.get(pk=dispute_id).review_id)
    dispute = Dispute.objects.select_for_update().get(pk=dispute_id)
    if dispute.opened_by_id != agent.pk:
        raise NotYours(_("Only who has opened a dispute withdraws it."))
    _require_open(dispute)
    dispute.state = State.WITHDRAWN
    dispute.save(update_fields=["state"])
    read = review.acknowledged_at is not None
    _move(review, Review.State.ACKNOWLEDGED if read else Review.State.RELEASED, at)
    record(review, ReviewEvent.Kind.WITHDRAWN, actor=agent, at=at, dispute=dispute.pk)
    announce([review.pk], at=at)
    return dispute


def remind_of_disputes(*, at: datetime) -> int:
    """Tell who may decide of disputes due within a day, and once more when overdue.

    Returns how many were told. Safe to run often: nobody is told the same twice.
    """
    told = 0
    due = Dispute.objects.filter(state=State.OPEN, due_at__lte=at + REMINDED_BEFORE)
    for dispute in due.select_related("review").order_by("due_at", "pk"):
        if dispute.due_at <= at:
            words, occasion = _("A dispute is overdue: ticket #%(ticket)d"), "overdue"
        else:
            words, occasion = _("A dispute is due: ticket #%(ticket)d"), "due"
        told += _tell_deciders(dispute, words, occasion, at)
    return told


# What steps share ---------------------------------------------------------------------


def _require_open(dispute: Dispute) -> None:
    if dispute.state != State.OPEN:
        raise WrongState(
            _("The dispute is “%(state)s” already.")
            % {"state": dispute.get_state_display()}
        )


def _move(review: Review, state: str, at: datetime) -> None:
    review.state, review.changed_at = state, at
    review.save(update_fields=["state", "changed_at", "reason"])


def _tell_deciders(dispute: Dispute, title: str, occasion: str, at: datetime) -> int:
    return notifications.notify(
        recipients=deciders_of(dispute),
        kind=Told.DISPUTE,
        dedup_key=f"dispute-{occasion}:{dispute.pk}",
        title=title % {"ticket": dispute.review.ticket_id},
        body=_("Any second reviewer may decide; the first to do so does."),
        url=reverse("qa:dispute", kwargs={"pk": dispute.pk}),
        at=at,
    )


def _tell_parties(dispute: Dispute, successor: Review | None, at: datetime) -> None:
    """Tell agent and reviewer; each is led to what they may read."""
    review = dispute.review
    same_agent = successor is not None and successor.agent_id == review.agent_id
    shown = successor.pk if successor is not None and same_agent else review.pk
    void = review.state == Review.State.VOIDED
    notifications.notify_all(
        [
            notifications.Message(
                recipients=[person],
                kind=Told.DISPUTE,
                dedup_key=f"dispute-decided:{dispute.pk}",
                title=_("A dispute was decided: ticket #%(ticket)d")
                % {"ticket": review.ticket_id},
                body=dispute.get_state_display(),
                url=reverse("qa:reviews")
                if void and person == review.agent
                else reverse("qa:review", kwargs={"pk": target}),
            )
            for person, target in ((review.agent, shown), (review.reviewer, review.pk))
        ],
        at=at,
    )
