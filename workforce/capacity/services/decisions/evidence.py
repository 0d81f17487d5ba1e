"""Evidence added by hand, reviews held, and inputs read again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.metrics.scopes import today
from workforce.capacity.models import Decision, DecisionInput, Evidence, ReviewDate
from workforce.capacity.selectors.decisions.inputs import input_words, value_words
from workforce.capacity.selectors.decisions.reading import Live, read_live
from workforce.capacity.services.decisions.evidence_log import (
    locked,
    log,
    require_writer,
    touch,
)
from workforce.capacity.services.decisions.refusals import (
    DecisionPartInvalid,
    DecisionReasonMissing,
    DecisionWrongState,
)
from workforce.people.models import User

State = Decision.State
READABLE = (State.DRAFT, State.REOPENED, State.REJECTED, State.APPROVED)
"""Inputs are read again while a decision is in force; not while others read a proposal."""


@transaction.atomic
def add_evidence(*, decision_id: int, text: str, actor: User, at: datetime) -> Evidence:
    """Note something in the evidence log. It is never changed afterwards.

    Raises ``DecisionNotYours``, ``DecisionReasonMissing``.
    """
    require_writer(actor)
    decision = locked(decision_id)
    if not text.strip():
        raise DecisionReasonMissing(_("Write what the evidence is."))
    return log(decision, Evidence.Kind.NOTE, text.strip(), actor=actor, at=at)


@transaction.atomic
def complete_review(
    *, review_id: int, outcome: str, actor: User, at: datetime
) -> ReviewDate:
    """Note that a review was held, and what came of it.

    Raises ``DecisionNotYours``, ``DecisionWrongState``, ``DecisionReasonMissing``.
    """
    require_writer(actor)
    found = ReviewDate.objects.only("decision_id").get(pk=review_id)
    decision = locked(found.decision_id)
    review = ReviewDate.objects.select_for_update().get(pk=review_id)
    if review.done_at is not None:
        raise DecisionWrongState(_("This review was held already."))
    if decision.state == State.RETIRED:
        raise DecisionWrongState(_("This decision is retired."))
    words = " ".join(outcome.split())[:300]
    if not words:
        raise DecisionReasonMissing(_("Say what came of the review."))
    review.done_at, review.done_by, review.outcome = at, actor, words
    review.save(update_fields=["done_at", "done_by", "outcome"])
    log(decision, Evidence.Kind.REVIEWED, words, actor=actor, at=at, review=review.pk)
    return review


@transaction.atomic
def refresh_inputs(
    *, decision_id: int, input_ids: list[int], actor: User, at: datetime
) -> list[DecisionInput]:
    """Read inputs again from what the portal knows: value, range, source and day.

    Returns the inputs that were read; those without a live source stay as they are.
    Raises ``DecisionNotYours``, ``DecisionWrongState``, ``DecisionPartInvalid`` when
    none of them can be read.
    """
    decision = _open_for_reading(decision_id, actor)
    rows = list(decision.inputs.filter(pk__in=input_ids).select_for_update())
    read = [
        (row, live)
        for row in rows
        if (live := read_live(row, decision, at)) is not None
    ]
    if not read:
        raise DecisionPartInvalid(
            _("Nothing is known to read this from: write the value and its source.")
        )
    _write(decision, read, actor, at)
    return [row for row, _live in read]


@transaction.atomic
def write_reading(
    *,
    input_id: int,
    value: float,
    source: str,
    as_of: date,
    actor: User,
    at: datetime,
) -> DecisionInput:
    """Note a new reading of an input that is read by hand.

    Raises as ``refresh_inputs`` does, and ``DecisionPartInvalid`` for a day to come.
    """
    found = DecisionInput.objects.only("decision_id").get(pk=input_id)
    decision = _open_for_reading(found.decision_id, actor)
    row = DecisionInput.objects.select_for_update().get(pk=input_id)
    if as_of > today(at):
        raise DecisionPartInvalid(_("A reading is of today or before."))
    source = source.strip() or row.source
    if not source:
        raise DecisionPartInvalid(_("Say where the value comes from."))
    live = Live(value, row.unit, source[:200], as_of, low=row.low, high=row.high)
    _write(decision, [(row, live)], actor, at)
    return row


def _open_for_reading(decision_id: int, actor: User) -> Decision:
    require_writer(actor)
    decision = locked(decision_id)
    if decision.state not in READABLE:
        raise DecisionWrongState(
            _("Inputs stay as they are while a decision is %(state)s.")
            % {"state": decision.get_state_display().lower()}
        )
    return decision


def _write(
    decision: Decision,
    read: list[tuple[DecisionInput, Live]],
    actor: User,
    at: datetime,
) -> None:
    changes = []
    for row, live in read:
        before, old = input_words(row), value_words(row)
        row.value, row.low, row.high = live.value, live.low, live.high
        row.unit = live.unit or row.unit
        row.source, row.as_of = live.source[:200], live.as_of
        row.save()
        changes.append((row.name, before, input_words(row), old))
    touch(decision, at)
    words = "; ".join(
        _("%(name)s: %(before)s → %(after)s")
        % {"name": row.name, "before": old, "after": value_words(row)}
        for (row, _live), (_name, _before, _after, old) in zip(
            read, changes, strict=True
        )
    )
    log(
        decision,
        Evidence.Kind.REFRESHED,
        words,
        actor=actor,
        at=at,
        part="inputs",
        changes=[list(change[:3]) for change in changes],
    )
