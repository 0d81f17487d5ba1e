"""Which review comes next, opened."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from qa.models import Review
from qa.selectors import inbox
from qa.selectors.inbox import Work
from qa.services import drafting
from supportops.common.errors import OperationRefused
from workforce.people.models import User


def start(work: Work, reviewer: User, at: datetime) -> Review:
    """Open the draft of one piece of work. Raises what ``drafting`` refuses with."""
    if work.origin == inbox.DRAWN:
        return drafting.start_item(item_id=work.pk, reviewer=reviewer, at=at)
    if work.origin == inbox.CALIBRATED:
        return drafting.start_calibration(item_id=work.pk, reviewer=reviewer, at=at)
    return Review.objects.get(pk=work.pk)


def start_next(
    reviewer: User, at: datetime, *, after: Review | None = None
) -> tuple[Review | None, OperationRefused | None]:
    """Open what is due next; also say why the first of those refused could not be opened.

    After a calibrated ticket come the others of the same round.
    """
    refusal = None
    for work in _in_order(inbox.work_of(reviewer), after):
        try:
            return start(work, reviewer, at), None
        except OperationRefused as refused:
            refusal = refusal or refused
    return None, refusal


def _in_order(work: Iterable[Work], after: Review | None) -> list[Work]:
    item = after.calibration_item if after else None
    round_id = item.session_id if item else None
    return sorted(work, key=lambda each: each.session_id != round_id)


def address_of(review: Review) -> str:
    return reverse("qa:score", args=[review.pk])
