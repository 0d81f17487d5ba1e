"""Rows that hang on tickets, narrowed to the tickets their reader may see."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from tickets.selectors import VIEW_ALL, tickets_visible_to
from workforce.people.models import User

Row = TypeVar("Row", bound=Model)


def on_visible_tickets(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Keep the rows whose ``ticket`` this person may see.

    Tested row by row in the order of the page, which stops when the page is full;
    ``ticket IN (…)`` would gather every visible ticket first.
    """
    if user.has_perm(VIEW_ALL):
        return rows
    return rows.filter(
        Exists(tickets_visible_to(user).filter(pk=OuterRef("ticket_id")))
    )
