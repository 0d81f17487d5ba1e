"""Tells every process that what is searched has changed."""

import secrets
from datetime import datetime

from django.db.models import F

from kb.models import IndexVersion

ONLY = 1
# A number of 63 bits lasts for four thousand million such steps.
LONGEST_STEP = 2**31


def touch_index(*, at: datetime) -> None:
    """Count the index version up, inside the transaction that changes the content.

    Processes compare the number before each search and rebuild when it moved on, so a
    change shows with the first search after its commit. The step is random: a process
    that searched inside a transaction that was then undone does not take the next change
    for the one it has seen.
    """
    step = 1 + secrets.randbelow(LONGEST_STEP)
    IndexVersion.objects.get_or_create(pk=ONLY, defaults={"changed_at": at})
    IndexVersion.objects.filter(pk=ONLY).update(
        number=F("number") + step, changed_at=at
    )
