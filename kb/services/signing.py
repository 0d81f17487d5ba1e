"""Who wrote a row and when, for the next record of its history."""

from datetime import datetime
from typing import Any

from workforce.people.models import User


def sign(row: Any, *, actor: User | None, at: datetime) -> None:
    """Let the history record that the next save or deletion writes carry these."""
    row._history_user = actor  # noqa: SLF001 -- simple-history's documented hook
    row._history_date = at  # noqa: SLF001
