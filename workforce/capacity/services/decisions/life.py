"""The life of a decision: proposed, answered, reopened, retired."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.capacity.models import (
    Approval,
    Decision,
    DecisionVersion,
    Evidence,
    Trigger,
)
from workforce.capacity.selectors.decisions.crossings import Crossing, crossings_in
from workforce.capacity.selectors.decisions.records import document, last_number
from workforce.capacity.selectors.decisions.sections import sections_of
from workforce.capacity.selectors.decisions.sight import APPROVE, EDITABLE, VIEW
from workforce.capacity.services.decisions.accepting import (
    note_crossings,
    note_inputs,
    require_crossings_accepted,
    require_inputs_accepted,
)
from workforce.capacity.services.decisions.crossings import tell_crossed
from workforce.capacity.services.decisions.evidence_log import (
    locked,
    log,
    require_writer,
    touch,
)
from workforce.capacity.services.decisions.refusals import (
    ApprovalAnswered,
    ApproversRefused,
    DecisionIncomplete,
    DecisionNotYours,
    DecisionPartInvalid,
    DecisionReasonMissing,
    DecisionWrongState,
)
from workforce.people.models import User

State = Decision.State
Answer = Approval.Answer
Kinds = Evidence.Kind
LONGEST_WORDS = 300


def missing_parts(decision: Decision, at: datetime) -> list[str]:
    """Say in words what the record lacks before it can be proposed."""
    return [
        words
        for section in sections_of(decision)
        for words in section.missing(decision, at)
    ]


@transaction.atomic
def propose(
    *,
    decision_id: int,
    approver_ids: Sequence[int],
    reason: str,
    actor: User,
    at: datetime,
    accepted_inputs: Collection[int] = (),
) -> DecisionVersion:
    """Freeze the record as its next version and ask the approvers.

    ``accepted_inputs`` are the unvalidated inputs that ``actor`` proposes on knowingly;
    the evidence log keeps them.

    Raises ``DecisionNotYours``, ``DecisionWrongState``, ``DecisionIncomplete`` (which
    names everything that is missing), ``InputsNotAccepted``, ``ApproversRefused``,
    ``DecisionReasonMissing``.
    """
    require_writer(actor)
    decision = locked(decision_id)
    if decision.state not in EDITABLE:
        raise DecisionWrongState(
            _("This decision is %(state)s and cannot be proposed.")
            % {"state": decision.get_state_display().lower()}
        )
    missing = missing_parts(decision, at)
    if missing:
        raise DecisionIncomplete(missing)
    knowingly = require_inputs_accepted(decision, accepted_inputs, at)
    approvers = _approvers(decision, approver_ids)
    number = last_number(decision) + 1
    words = _words(reason)
    if number > 1 and not words:
        raise DecisionReasonMissing(_("Say what has changed since the last version."))
    decision.state = State.PROPOSED
    touch(decision, at, "state")
    version = DecisionVersion.objects.create(
        decision=decision,
        number=number,
        content=document(decision, at),
        reason=words,
        created_by=actor,
        created_at=at,
    )
    Approval.objects.bulk_create(
        Approval(decision=decision, number=number, person=person, asked_at=at)
        for person in approvers
    )
    names = ", ".join(str(person) for person in approvers)
    text = _("Version %(number)d proposed to %(names)s.") % {
        "number": number,
        "names": names,
    }
    log(
        decision, Kinds.PROPOSED, f"{text} {words}".strip(), actor=actor, at=at,
        number=number,
    )  # fmt: skip
    note_inputs(decision, number, knowingly, actor, at)
    _tell(
        approvers,
        f"decision-proposed:{decision.pk}:{number}",
        _("Your approval is asked: %(title)s") % {"title": decision.title},
        _("%(actor)s proposes version %(number)d. %(reason)s")
        % {"actor": actor, "number": number, "reason": words},
        decision,
        at,
    )
    tell_crossed(decision, number, crossings_in(version.content["sections"], at), at)
    return version


def _approvers(decision: Decision, ids: Iterable[int]) -> list[User]:
    people = list(User.objects.filter(pk__in=list(ids), is_active=True).order_by("pk"))
    if not people:
        raise ApproversRefused(_("Name at least one person who approves."))
    if any(person.pk == decision.owner_id for person in people):
        raise ApproversRefused(
            _("%(person)s owns this decision and cannot approve it.")
            % {"person": decision.owner}
        )
    unable = [person for person in people if not _may_approve(person)]
    if unable:
        raise ApproversRefused(
            _("May not approve decisions: %(people)s.")
            % {"people": ", ".join(str(person) for person in unable)}
        )
    return people


def _may_approve(person: User) -> bool:
    return person.has_perm(APPROVE) and person.has_perm(VIEW)


@transaction.atomic
def answer_approval(
    *,
    approval_id: int,
    person: User,
    answer: str,
    words: str,
    at: datetime,
    accepted_triggers: Collection[int] = (),
) -> Decision:
    """Approve or reject, once, with words. The last approval puts it into force.

    One rejection rejects the version; the others are not asked any more. Who approves
    names in ``accepted_triggers`` each trigger that is crossed now: the evidence log
    keeps that it was known.

    Raises ``DecisionNotYours``, ``ApprovalAnswered``, ``DecisionReasonMissing``,
    ``DecisionPartInvalid``, ``CrossingsNotAccepted``.
    """
    asked = Approval.objects.only("decision_id").get(pk=approval_id)
    decision = locked(asked.decision_id)
    approval = Approval.objects.select_for_update().get(pk=approval_id)
    _require_asked(decision, approval, person)
    if answer not in (Answer.APPROVED, Answer.REJECTED):
        raise DecisionPartInvalid(_("Answer with approved or rejected."))
    said = _words(words)
    if not said:
        raise DecisionReasonMissing(
            _("Say why, in a sentence: it is kept with the decision.")
        )
    is_approved = answer == Answer.APPROVED
    crossed: list[Crossing] = []
    if is_approved:
        crossed = require_crossings_accepted(decision, accepted_triggers, at)
    approval.answer, approval.words, approval.answered_at = answer, said, at
    approval.save(update_fields=["answer", "words", "answered_at"])
    log(
        decision,
        Kinds.APPROVED if is_approved else Kinds.REJECTED,
        _("Version %(number)d: %(words)s") % {"number": approval.number, "words": said},
        actor=person,
        at=at,
        number=approval.number,
    )
    note_crossings(decision, approval.number, crossed, person, at)
    if not is_approved:
        decision.state = State.REJECTED
        touch(decision, at, "state")
    elif not _still_asked(decision, approval.number):
        _put_into_force(decision, at)
        tell_crossed(decision, approval.number, crossed, at)
    _tell_answer(decision, approval, at)
    return decision


def _require_asked(decision: Decision, approval: Approval, person: User) -> None:
    if approval.person_id != person.pk or not _may_approve(person):
        raise DecisionNotYours(_("This approval is not asked of you."))
    if decision.owner_id == person.pk:
        raise DecisionNotYours(
            _("You own this decision and cannot approve it yourself.")
        )
    if approval.answer != Answer.ASKED:
        raise ApprovalAnswered(
            _("You have answered already: %(answer)s.")
            % {"answer": approval.get_answer_display().lower()}
        )
    is_current = approval.number == last_number(decision)
    if decision.state != State.PROPOSED or not is_current:
        raise ApprovalAnswered(
            _("Version %(number)d is not asked about any more: it is %(state)s.")
            % {
                "number": approval.number,
                "state": decision.get_state_display().lower(),
            }
        )


def _still_asked(decision: Decision, number: int) -> bool:
    return decision.approvals.filter(number=number, answer=Answer.ASKED).exists()


def _put_into_force(decision: Decision, at: datetime) -> None:
    """Approve it, and arm again the triggers that had fired."""
    decision.state = State.APPROVED
    touch(decision, at, "state")
    decision.triggers.filter(state=Trigger.State.FIRED).update(
        state=Trigger.State.WATCHING, fired_at=None
    )


def _tell_answer(decision: Decision, approval: Approval, at: datetime) -> None:
    version = decision.versions.get(number=approval.number)
    told = {decision.owner, version.created_by} - {None, approval.person}
    _tell(
        told,
        f"decision-answered:{approval.pk}",
        _("%(person)s: %(answer)s – %(title)s")
        % {
            "person": approval.person,
            "answer": approval.get_answer_display(),
            "title": decision.title,
        },
        approval.words,
        decision,
        at,
    )


# Reopening and retiring -------------------------------------------------------------------


@transaction.atomic
def reopen(
    *,
    decision_id: int,
    reason: str,
    actor: User | None,
    at: datetime,
    trigger: Trigger | None = None,
) -> Decision:
    """Open a proposed or approved decision for work again; its versions stay.

    ``actor`` is ``None`` when a trigger did it. Raises ``DecisionNotYours``,
    ``DecisionWrongState``, ``DecisionReasonMissing``.
    """
    if actor is not None:
        require_writer(actor)
    decision = locked(decision_id)
    if decision.state not in (State.PROPOSED, State.APPROVED):
        raise DecisionWrongState(
            _("Only what is proposed or approved is reopened; this is %(state)s.")
            % {"state": decision.get_state_display().lower()}
        )
    words = _words(reason)
    if not words:
        raise DecisionReasonMissing(_("Say why it is opened again."))
    decision.state = State.REOPENED
    touch(decision, at, "state")
    number = last_number(decision)
    details = {"number": number} | ({"trigger": trigger.pk} if trigger else {})
    log(decision, Kinds.REOPENED, words, actor=actor, at=at, **details)
    _tell(
        _concerned(decision, number) - {actor},
        f"decision-reopened:{decision.pk}:{number}",
        _("Reopened: %(title)s") % {"title": decision.title},
        words,
        decision,
        at,
    )
    return decision


def _concerned(decision: Decision, number: int) -> set[User | None]:
    """The owner and everybody who was asked about a version."""
    asked = Approval.objects.filter(decision=decision, number=number)
    people = User.objects.filter(pk__in=asked.values("person"))
    return {decision.owner, *people}


@transaction.atomic
def retire(*, decision_id: int, reason: str, actor: User, at: datetime) -> Decision:
    """Take a decision out of force; it stays to be read and is watched no more.

    Raises ``DecisionNotYours``, ``DecisionWrongState``, ``DecisionReasonMissing``.
    """
    require_writer(actor)
    decision = locked(decision_id)
    if decision.state == State.RETIRED:
        raise DecisionWrongState(_("This decision is retired already."))
    words = _words(reason)
    if not words:
        raise DecisionReasonMissing(_("Say why it is retired."))
    decision.state = State.RETIRED
    touch(decision, at, "state")
    log(decision, Kinds.RETIRED, words, actor=actor, at=at)
    return decision


def _words(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDS]


def _tell(
    people: Iterable[User | None],
    key: str,
    title: str,
    body: str,
    decision: Decision,
    at: datetime,
) -> None:
    notifications.notify(
        recipients=[person for person in people if person is not None],
        kind=Told.DECISION,
        dedup_key=key,
        title=title,
        body=body,
        url=reverse("capacity:decision", args=[decision.pk]),
        at=at,
    )
