"""How rows of a long period are read on SQLite: in the order they are grouped in.

Over a long period SQLite looks rows up by time and sorts them by what they are grouped by,
the more so without statistics of its tables, which nobody makes for it. Hidden from it,
time and place leave it the index that is in that order: a third of the time.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import CharField, DateTimeField, Func

from kb.selectors.figures.windows import Window

LONG = 120
"""Days from which on reading all of an index beats sorting a part of it."""


class _Hidden(Func):
    """A column that SQLite looks up in no index."""

    template = "+%(expressions)s"
    arity = 1


def is_sorted(window: Window) -> bool:
    """Tell whether rows of a window are read by ``sorted_in``."""
    return connection.vendor == "sqlite" and window.period.days >= LONG


def sorted_in(rows: Any, window: Window, places: Sequence[str]) -> Any:
    """Return the searches or readings of a window made at these places."""
    hidden = rows.alias(
        moment=_Hidden("at", output_field=DateTimeField()),
        where=_Hidden("place", output_field=CharField()),
    )
    return hidden.filter(
        where__in=places, moment__gte=window.starts_at, moment__lt=window.ends_at
    )
