"""Days as they stand in addresses."""

from datetime import date

FIRST, LAST = date(1970, 1, 1), date(2200, 12, 31)
"""Beyond them a week or a year more is no date that every database knows."""


def asked_day(text: str | None) -> date | None:
    """Return a day written as 2026-12-31, or ``None`` for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
