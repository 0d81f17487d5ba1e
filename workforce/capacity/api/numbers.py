"""Numbers and moments of arrays as JSON carries them."""

import math
from datetime import UTC, datetime


def number(value: float | None) -> float | None:
    """Return a plain number; what is none, or none that JSON knows, is null."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)


def moment(epoch: float) -> datetime:
    """Return epoch seconds as a moment in UTC."""
    return datetime.fromtimestamp(int(epoch), UTC)
