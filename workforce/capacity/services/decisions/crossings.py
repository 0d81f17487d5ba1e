"""Telling who answers for a proposal that a trigger of it is crossed."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from supportops.notifications import services as notifications
from supportops.notifications.models import Kind as Told
from workforce.capacity.models import Approval, Decision, Evidence
from workforce.capacity.selectors.decisions.crossings import Crossing
from workforce.capacity.services.decisions.evidence_log import log
from workforce.people.models import User


def tell_crossed(
    decision: Decision, number: int, crossings: Iterable[Crossing], at: datetime
) -> int:
    """Note what is crossed in the log, and tell the owner and the approvers.

    Each trigger once per version, whether it is found when the version is proposed, while
    its approval is asked, or when it is given. The caller holds the decision's lock.
    Returns how many crossings were new.
    """
    noted = set(
        decision.evidence.filter(
            kind=Evidence.Kind.NOTE, details__crossed__isnull=False,
            details__number=number,
        ).values_list("details__crossed", flat=True)
    )  # fmt: skip
    new = [each for each in crossings if each.trigger_id not in noted]
    people = _answering(decision, number) if new else []
    for each in new:
        words = _("A trigger of version %(number)d is crossed: %(what)s") % {
            "number": number,
            "what": each.words(),
        }
        log(
            decision, Evidence.Kind.NOTE, words, actor=None, at=at,
            number=number, crossed=each.trigger_id,
        )  # fmt: skip
        _tell(decision, number, each, people, at)
    return len(new)


def _answering(decision: Decision, number: int) -> list[User]:
    asked = Approval.objects.filter(decision=decision, number=number)
    return [decision.owner, *User.objects.filter(pk__in=asked.values("person"))]


def _tell(
    decision: Decision,
    number: int,
    crossing: Crossing,
    people: list[User],
    at: datetime,
) -> None:
    then = _("Approved, the decision is reopened at the next check, within the hour.")
    notifications.notify(
        recipients=people,
        kind=Told.DECISION,
        dedup_key=f"decision-crossed:{decision.pk}:{number}:{crossing.trigger_id}",
        title=_("A trigger is crossed already: %(title)s") % {"title": decision.title},
        body=f"{crossing.words()} {then}",
        url=reverse("capacity:decision", args=[decision.pk]),
        at=at,
    )
