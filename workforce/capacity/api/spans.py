"""Days that a call asks for: the local days of a queue, in order and not too many."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

FROM = OpenApiParameter(
    "from", str, description=gettext_lazy("First local day, such as 2026-05-01.")
)
TO = OpenApiParameter(
    "to", str, description=gettext_lazy("Last local day inside, such as 2026-05-31.")
)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Days on which anything can be known; outside them zones and calendars give out."""


def span_of(
    request: Request, *, default: tuple[date, date], most: int
) -> tuple[date, date]:
    """Return the days ``[start, end)`` that ``from`` and ``to`` name.

    ``default`` is the span in the same form for a call that names neither; one that names
    one of them gets as many days from or until there.

    Raises ``ValidationError`` for what is no day, is out of order or longer than ``most``.
    """
    length = default[1] - default[0]
    first, last = day_of(request, "from"), day_of(request, "to")
    if first is None and last is None:
        return default
    end = first + length if last is None and first else _after(last)
    start = first or end - length
    if end <= start:
        raise ValidationError({"to": [_("The last day is before the first.")]})
    if (end - start).days > most:
        raise ValidationError(
            {
                "to": [
                    _(
                        "%(asked)d days are too many for one call: ask for at most "
                        "%(most)d, several times."
                    )
                    % {"asked": (end - start).days, "most": most}
                ]
            }
        )
    return start, end


def day_of(request: Request, name: str) -> date | None:
    """Return the day a parameter names, or none. Raises ``ValidationError``."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        # ``fromisoformat`` also reads weeks, which nobody means here.
        day = date.fromisoformat(text) if re.fullmatch(r"[\d-]{10}", text) else None
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        raise ValidationError({name: [_("Write a day such as 2026-05-31.")]})
    return day


def _after(day: date | None) -> date:
    return (day or LAST) + timedelta(days=1)
