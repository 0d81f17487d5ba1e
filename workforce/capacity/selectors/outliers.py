"""Reads of outliers: what people decided about days far from what was expected."""

from datetime import date

from django.db.models import QuerySet

from workforce.capacity.models import OutlierDay, Queue
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.people.models import User


def decided(queue: Queue) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days that were dismissed (to keep) and those confirmed (to drop)."""
    rows = OutlierDay.objects.filter(queue=queue).exclude(state=OutlierDay.State.FOUND)
    days: dict[str, set[date]] = {state: set() for state in OutlierDay.State}
    for state, day in rows.values_list("state", "day"):
        days[state].add(day)
    return (
        frozenset(days[OutlierDay.State.DISMISSED]),
        frozenset(days[OutlierDay.State.CONFIRMED]),
    )


def outliers_visible_to(user: User) -> QuerySet[OutlierDay]:
    """Return the outliers of the queues that a person sees, newest day first."""
    rows = OutlierDay.objects.filter(queue__in=queues_visible_to(user).values("pk"))
    return rows.select_related("queue", "decided_by").order_by("-day", "queue", "pk")
