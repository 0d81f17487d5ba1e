"""Agents' flags as a page shows them."""

from django.db.models import QuerySet

from kb.models import Flag
from workforce.people.models import User

ALL = "all"


def flags(
    *, state: str = Flag.State.OPEN, kind: str = "", by: User | None = None
) -> QuerySet[Flag]:
    """Return the flags of a state (``all`` of every one), the newest first."""
    rows = Flag.objects.select_related("article", "flagged_by", "closed_by")
    if state != ALL:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if by is not None:
        rows = rows.filter(flagged_by=by)
    return rows.order_by("-flagged_at", "-pk")
