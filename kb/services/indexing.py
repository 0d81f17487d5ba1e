"""Tells every process that what is searched has changed."""

from datetime import datetime

from django.db.models import F

from kb.models import IndexVersion

ONLY = 1


def touch_index(*, at: datetime) -> None:
    """Count the index version up, inside the transaction that changes the content.

    Processes compare the number before each search and rebuild when it moved on, so a
    change shows with the first search after its commit.
    """
    changed = IndexVersion.objects.filter(pk=ONLY).update(
        number=F("number") + 1, changed_at=at
    )
    if not changed:
        IndexVersion.objects.get_or_create(
            pk=ONLY, defaults={"number": 1, "changed_at": at}
        )
