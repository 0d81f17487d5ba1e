"""Cursor pages: stable while rows are added, equally quick on the last page."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest rows first; ``?page_size=`` up to 200."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class OldestFirst(NewestFirst):
    """Oldest rows first: for logs that are read from the beginning."""

    ordering = "pk"
