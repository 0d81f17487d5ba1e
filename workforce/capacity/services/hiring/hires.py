"""Writing hires: adding, changing, moving through their states, undoing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused
from workforce.capacity.models import Hire, HiringPlan
from workforce.capacity.selectors.hiring import SuggestedLine, picture
from workforce.capacity.services.signing import sign
from workforce.people.models import User

State = Hire.State

MOVES: dict[str, tuple[str, ...]] = {
    State.PLANNED: (State.HIRING, State.CANCELLED),
    State.HIRING: (State.JOINED, State.CANCELLED),
    State.JOINED: (),
    State.CANCELLED: (State.PLANNED,),
}

_UNDONE = ("scenario", "level", "people", "joins_on", "leaves_on", "state", "note")


class HireStateRefused(OperationRefused):
    """A hire does not go from its state to that one."""

    code = "hire_state_refused"


class HireUnchanged(OperationRefused):
    """Nothing was changed that could be undone."""

    code = "hire_unchanged"


class SuggestionChanged(OperationRefused):
    """What is suggested now is not what the page showed."""

    code = "hiring_suggestion_changed"


@transaction.atomic
def add_hire(
    *, plan_id: int, fields: Mapping[str, Any], actor: User, at: datetime
) -> Hire:
    """Plan people who join together. ``fields`` are columns of ``Hire``."""
    plan = HiringPlan.objects.get(pk=plan_id)
    return _saved(Hire(plan=plan, **fields), actor, at)


@transaction.atomic
def change_hire(
    *, hire_id: int, fields: Mapping[str, Any], actor: User, at: datetime
) -> Hire:
    """Change a hire; what was before stays in its history and can be brought back."""
    hire = _locked(hire_id)
    for name, value in fields.items():
        setattr(hire, name, value)
    return _saved(hire, actor, at)


@transaction.atomic
def move_hire(*, hire_id: int, state: str, actor: User, at: datetime) -> Hire:
    """Move a hire to its next state. Raises ``HireStateRefused``.

    Of two at once the second is refused: the row is locked and read again.
    """
    hire = _locked(hire_id)
    if state not in MOVES[hire.state]:
        raise HireStateRefused(
            _("It is “%(now)s” and does not become “%(then)s”. Look at the plan again.")
            % {
                "now": hire.get_state_display(),
                "then": dict(State.choices).get(state, state),
            }
        )
    hire.state = state
    return _saved(hire, actor, at)


@transaction.atomic
def undo_hire(*, hire_id: int, actor: User, at: datetime) -> Hire:
    """Bring back what a hire was before its last change; again, and that comes back.

    Raises ``HireUnchanged`` for one that was never changed.
    """
    hire = _locked(hire_id)
    records = hire.history.order_by("-history_date", "-history_id")[:2]
    if len(records) == 1:
        raise HireUnchanged(_("Nothing has been changed yet."))
    before = records[1]
    for name in _UNDONE:
        setattr(hire, name, getattr(before, name))
    return _saved(hire, actor, at)


@transaction.atomic
def take_suggestion(
    *, plan_id: int, people: int, actor: User, at: datetime
) -> list[Hire]:
    """Plan all that is suggested, level by level.

    ``people`` is how many the page showed. The plan is locked and worked out again, so
    of two at once the second finds nothing missing any more.
    Raises ``SuggestionChanged`` when another number is suggested now.
    """
    plan = HiringPlan.objects.select_for_update().get(pk=plan_id)
    found = picture(plan, today=at.astimezone(UTC).date())
    if not people or found.suggestion.people != people:
        raise SuggestionChanged(
            _("The plan has changed and now suggests other hires. Look at it again.")
        )
    rows = [fields for line in found.suggested for fields in _suggested(line)]
    return [_saved(Hire(plan=plan, **fields), actor, at) for fields in rows]


def _suggested(line: SuggestedLine) -> list[dict[str, Any]]:
    levels = line.levels or {"": line.hire.people}
    return [
        {
            "scenario": line.scenario,
            "level": level,
            "people": Decimal(people),
            "joins_on": line.hire.timing.joins_on,
            "leaves_on": line.hire.needed_until,
            "note": _("Suggested by the plan"),
        }
        for level, people in levels.items()
    ]


def _locked(hire_id: int) -> Hire:
    return Hire.objects.select_for_update().get(pk=hire_id)


def _saved(hire: Hire, actor: User, at: datetime) -> Hire:
    sign(hire, actor=actor, at=at)
    hire.save()
    return hire
