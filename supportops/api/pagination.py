"""Cursor pages: stable while rows are added, equally quick on the last page."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from supportops.common.row_ids import LARGEST_ID


class NewestFirst(CursorPagination):
    """Newest rows first; ``?page_size=`` up to 200."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def decode_cursor(self, request: Any) -> Any:
        """Read the cursor; DRF believes its position, which anybody can write."""
        cursor = super().decode_cursor(request)
        position = cursor.position if cursor else None
        if position is not None:
            digits = position.isascii() and position.isdigit()
            if not digits or int(position) > LARGEST_ID:
                raise NotFound(self.invalid_cursor_message)
        return cursor


class OldestFirst(NewestFirst):
    """Oldest rows first: for logs that are read from the beginning."""

    ordering = "pk"
