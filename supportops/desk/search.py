"""Finding tickets by number or by the words of their subject."""

from django.db.models import QuerySet

from supportops.common.row_ids import row_id
from tickets.models import Ticket


def matching_tickets(queryset: QuerySet[Ticket], term: str) -> QuerySet[Ticket]:
    """Narrow to one number (``1204``, ``#1204``), or to subjects with every word."""
    term = term.strip()
    if number := row_id(term.removeprefix("#")):
        return queryset.filter(pk=number)
    for word in term.split():
        queryset = queryset.filter(subject__icontains=word)
    return queryset
