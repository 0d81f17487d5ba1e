"""How pages show duties: the words and colours of a standing, and the rows of a table."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from supportops.duties.selectors import DutyLine

CHIPS = {"OVERDUE": "late", "DUE": "watch", "LATER": "idle", "DONE": "ok"}


def standing_words(standing: str) -> str:
    return {
        "OVERDUE": _("Overdue"),
        "DUE": _("Due within a week"),
        "LATER": _("To come"),
        "DONE": _("Done"),
    }[standing]


def duty_rows(lines: Iterable[DutyLine[Any]]) -> list[dict[str, Any]]:
    """Return what ``duties/row.html`` wants of each line."""
    return [
        {
            "line": line,
            "duty": line.duty,
            "chip": CHIPS[line.standing],
            "words": standing_words(line.standing),
        }
        for line in lines
    ]
