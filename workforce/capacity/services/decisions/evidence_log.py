"""The evidence log, and the row lock under which everything about a decision is written."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.models import Decision, Evidence
from workforce.capacity.selectors.decisions.sight import CHANGE, EDITABLE
from workforce.capacity.services.decisions.refusals import (
    DecisionNotYours,
    DecisionWrongState,
)
from workforce.people.models import User

LONGEST_ENTRY = 4000


def locked(decision_id: int) -> Decision:
    """Return the decision with its row locked: every write to any of its parts waits."""
    return Decision.objects.select_for_update().get(pk=decision_id)


def log(
    decision: Decision,
    kind: str,
    text: str,
    *,
    actor: User | None,
    at: datetime,
    **details: Any,
) -> Evidence:
    """Add an entry to the evidence log, with the revision it belongs to."""
    return Evidence.objects.create(
        decision=decision,
        kind=kind,
        actor=actor,
        at=at,
        text=text[:LONGEST_ENTRY],
        details={"revision": decision.revision, **details},
    )


def touch(decision: Decision, at: datetime, *fields: str) -> None:
    """Save these fields as the next revision."""
    decision.revision += 1
    decision.changed_at = at
    decision.save(update_fields=["revision", "changed_at", *fields])


def require(actor: User, permission: str, words: str) -> None:
    if not actor.has_perm(permission):
        raise DecisionNotYours(words)


def require_writer(actor: User) -> None:
    require(actor, CHANGE, _("You may read decisions, not change them."))


def require_editable(decision: Decision) -> None:
    if decision.state not in EDITABLE:
        raise DecisionWrongState(
            _("This decision is %(state)s: reopen it to change it.")
            % {"state": decision.get_state_display().lower()}
        )
