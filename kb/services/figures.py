"""Writes of what self-service is counted with."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import KnowledgeValue, Search, SearchDay
from kb.selectors.figures.days import day_counts
from kb.selectors.figures.windows import Window
from supportops.common.errors import OperationRefused
from workforce.people.models import User

DAY = timedelta(days=1)
# Tickets are noted on searches of the day before them, and visits end after midnight.
SETTLED_AFTER = timedelta(hours=26)


class ValueInvalid(OperationRefused):
    """An input of the value is out of its limits."""

    code = "knowledge_value_invalid"


@transaction.atomic
def save_value(
    *,
    visits_per_month: int | None,
    deflection_rate: Decimal | None,
    cost_per_ticket: Decimal,
    source: str,
    actor: User,
    at: datetime,
) -> KnowledgeValue:
    """Keep what was typed; what was before stays in its history.

    Raises ``ValueInvalid``.
    """
    if cost_per_ticket < 0 or (visits_per_month or 0) < 0:
        raise ValueInvalid(_("Visits and the cost of a ticket are 0 or more."))
    if deflection_rate is not None and not 0 <= deflection_rate <= 1:
        raise ValueInvalid(_("The deflection rate lies between 0 and 100 %."))
    row = KnowledgeValue.objects.select_for_update().filter(pk=1).first()
    row = row or KnowledgeValue(pk=1)
    row.visits_per_month = visits_per_month
    row.deflection_rate = deflection_rate
    row.cost_per_ticket = cost_per_ticket
    row.source = source
    row.changed_by, row.changed_at = actor, at
    row.save()
    return row


def settle_search_days(*, at: datetime) -> int:
    """Count what came of each day that can change no more; return how many days.

    A ticket counts with a search for a day after it. Safe to run again, and side by side.
    """
    first = Search.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return 0
    last = SearchDay.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + DAY if last else first.astimezone(UTC).date()
    settled, end = 0, (at - SETTLED_AFTER).astimezone(UTC).date()
    while day < end:
        settled += _settle(Window(day, day + DAY), at)
        day += DAY
    return settled


def _settle(window: Window, at: datetime) -> bool:
    counts = day_counts(window)
    searches = sum(n for each in counts.values() for *_, n in each["ranks"])
    _row, is_new = SearchDay.objects.get_or_create(
        day=window.start,
        defaults={
            "searches": searches,
            "counts": counts,
            "settled_at": at,
        },
    )
    return is_new
