"""What the fields of imported tickets say that this product has no column for."""

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings

MINUTE = 60
DAY_MINUTES = 24 * 60


def satisfaction(custom: Mapping[str, Any] | None) -> int:
    """Return the customer's answer, 1 to 5; 0 without one that can be read."""
    answer = _number(custom, settings.SATISFACTION_FIELD)
    stars = 0 if answer is None else round(answer)
    return stars if 1 <= stars <= 5 else 0


def handle_seconds(custom: Mapping[str, Any] | None) -> int:
    """Return the seconds of hands-on work; 0 where unknown or beyond belief."""
    minutes = _number(custom, settings.HANDLE_TIME_FIELD)
    if minutes is None or not 0 < minutes <= 30 * DAY_MINUTES:
        return 0
    return max(1, round(minutes * MINUTE))


def _number(custom: Mapping[str, Any] | None, field: str) -> float | None:
    value: Any = (custom or {}).get(field)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
