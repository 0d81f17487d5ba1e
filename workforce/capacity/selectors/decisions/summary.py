"""The record on half a page: what is decided, by what figures, and what would undo it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.selectors.decisions.cautions import cautions_of

Data = Mapping[str, Any]
OFF = "OFF"


def summary_of(sections: Iterable[Data]) -> dict[str, Any]:
    """Read the summary from sections as their reader may see them.

    Of now or of a version: figures, risks and triggers are those of the sections.
    """
    listed = list(sections)
    data = {each["key"]: each["data"] for each in listed}
    choice = data.get("recommendation", {})
    scope = data.get("scope", {})
    return {
        "question": data.get("question", {}).get("question", ""),
        "chosen": choice.get("chosen_name", ""),
        "recommendation": choice.get("recommendation", ""),
        "horizon": scope.get("horizon", ""),
        "owner": scope.get("owner", ""),
        "queues": scope.get("queues", []),
        "measures": _measures(choice.get("chosen", ""), data.get("options", {})),
        "today": _today_words(data.get("options", {})),
        "risk": next(iter(data.get("risks", {}).get("rows", ())), None),
        "triggers": [
            row
            for row in data.get("triggers", {}).get("rows", ())
            if row["state"] != OFF
        ],
        "review": next(
            (
                row["due"]
                for row in data.get("reviews", {}).get("rows", ())
                if not row["is_done"]
            ),
            "",
        ),
        "unvalidated": len(data.get("inputs", {}).get("unvalidated", ())),
        "inputs": len(data.get("inputs", {}).get("rows", ())),
        "cautions": cautions_of(listed),
    }


def _measures(letter: str, options: Data) -> list[dict[str, Any]]:
    """The figures of the option chosen, each beside what it is today."""
    today = options.get("today", {})
    found = []
    for each in options.get("measures", ()):
        cells = {cell["letter"]: cell for cell in each["cells"]}
        if letter not in cells:
            continue
        held = each.get("today") or cells.get(today.get("letter", ""))
        found.append({"label": each["label"], "cell": cells[letter], "today": held})
    return found


def _today_words(options: Data) -> str:
    """Say where the figures of today come from."""
    today = options.get("today", {})
    if today.get("letter"):
        return _("Today is option %(letter)s.") % {"letter": today["letter"]}
    if today.get("is_computed"):
        return _("Today: computed from the inputs as they are, with no option taken.")
    return ""
