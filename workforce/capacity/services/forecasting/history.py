"""Who changed a row, and when, for the history that is written with it."""

from datetime import datetime
from typing import Any

from workforce.people.models import User


def sign(row: Any, actor: User | None, at: datetime | None = None) -> None:
    """Name who acts, by simple-history's documented hooks, before the row is saved."""
    row._history_user = actor  # noqa: SLF001
    if at is not None:
        row._history_date = at  # noqa: SLF001
