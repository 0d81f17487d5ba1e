"""The list of synonyms."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from kb.models import Synonym

PER_PAGE = 25


def synonyms() -> QuerySet[Synonym]:
    """Return all entries by language and word."""
    return Synonym.objects.order_by("language", "term", "pk")


def synonym_rows(text: str, page: str | None) -> Page[Synonym]:
    """Return one page of the entries that have a text in their words. One or two queries."""
    rows = synonyms()
    if not text:
        return Paginator(rows, PER_PAGE).get_page(page)
    # The words are a list in one column, which the two databases search differently.
    wanted = text.casefold()
    found = [
        row
        for row in rows
        if any(wanted in word.casefold() for word in (row.term, *row.same_as))
    ]
    return Paginator(found, PER_PAGE).get_page(page)
