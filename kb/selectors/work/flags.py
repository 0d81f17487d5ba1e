"""Agents' flags as a page shows them."""

from django.db.models import QuerySet

from kb.models import Flag
from kb.selectors.articles.sight import not_hidden_from
from workforce.people.models import User

ALL = "all"


def flags(
    user: User, *, state: str = Flag.State.OPEN, kind: str = "", by: User | None = None
) -> QuerySet[Flag]:
    """Return the flags of a state (``all`` of every one) that somebody sees, newest first."""
    rows = Flag.objects.filter(not_hidden_from(user, "article__"))
    rows = rows.select_related("article", "flagged_by", "closed_by")
    if state != ALL:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if by is not None:
        rows = rows.filter(flagged_by=by)
    return rows.order_by("-flagged_at", "-pk")
