"""The life of one investigation: its owner, what was found, closed, opened again."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import update_change_reason

from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from workforce.capacity.models import Investigation
from workforce.capacity.selectors.investigations import possible_owners
from workforce.capacity.services.reviewing.opening import title_of
from workforce.capacity.services.reviewing.refusals import (
    FindingMissing,
    OutcomeMissing,
    OwnerUnfit,
    ReasonMissing,
    WrongState,
)
from workforce.people.models import User

State = Investigation.State


def _locked(investigation_id: int, state: str) -> Investigation:
    """Return the row under a lock. Raises ``WrongState`` unless it is in that state."""
    rows = Investigation.objects.select_for_update(of=("self",)).select_related("queue")
    found = rows.get(pk=investigation_id)
    if found.state != state:
        raise WrongState(
            _("This investigation is %(state)s. Load the page again.")
            % {"state": found.get_state_display().lower()}
        )
    return found


@transaction.atomic
def assign_investigation(
    *, investigation_id: int, owner: User, actor: User, at: datetime
) -> Investigation:
    """Give an open investigation to somebody who may resolve it and sees its queue.

    Raises ``WrongState`` or ``OwnerUnfit``.
    """
    investigation = _locked(investigation_id, State.OPEN)
    if not possible_owners(investigation.queue).filter(pk=owner.pk).exists():
        raise OwnerUnfit(
            _("%(who)s may not resolve investigations of this queue. Choose another.")
            % {"who": owner}
        )
    if investigation.owner_id == owner.pk:
        return investigation
    investigation.owner = owner
    investigation.save()
    if owner.pk != actor.pk:
        notifications.notify(
            recipients=[owner],
            kind=Kind.CAPACITY,
            dedup_key=f"investigation:{investigation.pk}:given:{at:%Y%m%d%H%M%S}",
            title=title_of(investigation),
            body=_("%(who)s gave you this investigation.") % {"who": actor},
            url=reverse("capacity:investigation", args=[investigation.pk]),
            at=at,
        )
    return investigation


@transaction.atomic
def save_finding(
    *, investigation_id: int, outcome: str, finding: str, action: str
) -> Investigation:
    """Keep what is known so far, without closing. Raises ``WrongState``."""
    investigation = _locked(investigation_id, State.OPEN)
    return _written(investigation, outcome, finding, action)


@transaction.atomic
def close_investigation(
    *,
    investigation_id: int,
    outcome: str,
    finding: str,
    action: str,
    actor: User,
    at: datetime,
) -> Investigation:
    """Close with an outcome and what was found; what is done about it may be nothing.

    Raises ``WrongState``, ``OutcomeMissing`` or ``FindingMissing``.
    """
    investigation = _locked(investigation_id, State.OPEN)
    if outcome not in Investigation.Outcome.values:
        raise OutcomeMissing(_("Choose what came out of it, then close it."))
    if not finding.strip():
        raise FindingMissing(
            _("Write down what was found: the next forecaster reads it.")
        )
    investigation.state = State.CLOSED
    investigation.closed_at, investigation.closed_by = at, actor
    return _written(investigation, outcome, finding, action)


def _written(
    investigation: Investigation, outcome: str, finding: str, action: str
) -> Investigation:
    investigation.outcome = outcome
    investigation.finding = finding.strip()
    investigation.action = action.strip()
    investigation.save()
    return investigation


@transaction.atomic
def reopen_investigation(*, investigation_id: int, reason: str) -> Investigation:
    """Open a closed one again; outcome and finding stay as they were written.

    The reason is kept in its history. Raises ``WrongState`` or ``ReasonMissing``.
    """
    investigation = _locked(investigation_id, State.CLOSED)
    if not reason.strip():
        raise ReasonMissing(_("Say why it is opened again."))
    investigation.state = State.OPEN
    investigation.closed_at = investigation.closed_by = None
    investigation.save()
    update_change_reason(investigation, reason.strip()[:100])
    return investigation
