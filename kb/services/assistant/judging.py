"""Whether an answer was right: what the threshold and the confidence learn from."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Conversation, Turn
from kb.services.assistant.refusals import JudgementRefused
from workforce.people.models import User


@transaction.atomic
def judge(
    *,
    turn_id: int,
    is_right: bool,
    at: datetime,
    visitor: str = "",
    actor: User | None = None,
) -> Turn:
    """Keep whether a passage answers its question, said by its visitor or by staff.

    A visitor judges what he was shown; a yes ends the conversation, a no opens it again.
    Staff judge what was not shown too, and their word stays.

    Raises ``JudgementRefused``.
    """
    turn = _locked(turn_id, visitor, actor)
    if actor is None and turn.judged_by_id is not None:
        return turn
    turn.is_right, turn.judged_by, turn.judged_at = is_right, actor, at
    turn.save(update_fields=["is_right", "judged_by", "judged_at"])
    if actor is None:
        _move(turn.conversation, is_right=is_right, at=at)
    return turn


@transaction.atomic
def withdraw_judgement(*, turn_id: int, actor: User) -> Turn:
    """Take back what staff or a visitor said of a turn. Raises ``JudgementRefused``."""
    turn = _locked(turn_id, "", actor)
    if turn.is_right is None:
        raise JudgementRefused(_("Nobody has judged this answer."))
    turn.is_right = turn.judged_by = turn.judged_at = None
    turn.save(update_fields=["is_right", "judged_by", "judged_at"])
    return turn


def _locked(turn_id: int, visitor: str, actor: User | None) -> Turn:
    rows = Turn.objects.select_for_update(of=("self",)).select_related("conversation")
    if actor is None:
        rows = rows.filter(conversation__visitor=visitor, was_shown=True)
    turn = rows.filter(pk=turn_id).exclude(passage="").first()
    if turn is None:
        raise JudgementRefused(_("There is no answer here to judge."))
    return turn


def _move(talk: Conversation, *, is_right: bool, at: datetime) -> None:
    """A talk that a person has, or that was left, stays so."""
    former, state, ended_at = (
        (Conversation.State.OPEN, Conversation.State.ANSWERED, at)
        if is_right
        else (Conversation.State.ANSWERED, Conversation.State.OPEN, None)
    )
    Conversation.objects.filter(pk=talk.pk, state=former).update(
        state=state, ended_at=ended_at
    )
