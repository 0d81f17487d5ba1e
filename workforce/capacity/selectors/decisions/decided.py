"""What a decision in force was decided on, beside what has been read since."""

from collections.abc import Iterable, Mapping
from typing import Any

from workforce.capacity.models import Decision

CLOSED = (Decision.State.APPROVED, Decision.State.RETIRED)
"""States in which inputs may have been read after the version that counts."""
COMPARED = ("value", "low", "high", "unit")
SHOWN = ("text", "range", "source", "as_of")


def beside_decided(decision: Decision, data: dict[str, Any]) -> dict[str, Any]:
    """Add to the inputs' section what its version says where the value has moved since.

    ``decided`` is the number of that version, 0 where nothing has moved; each row that has
    moved gets its own ``decided``: text, range, source and day of then. A row that was
    only read again and found the same has not moved.
    """
    version = decision.versions.order_by("-number").first()
    if version is None or decision.state not in CLOSED:
        return {**data, "decided": 0}
    then = _by_id(version.content["sections"])
    rows = [_beside(row, then.get(row["id"])) for row in data["rows"]]
    return counted({**data, "rows": rows, "decided": version.number})


def counted(data: dict[str, Any]) -> dict[str, Any]:
    """Keep the version's number only while a row that is shown has moved."""
    has_moved = any("decided" in row for row in data["rows"])
    return {**data, "decided": data.get("decided", 0) if has_moved else 0}


def _by_id(sections: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    return {
        row["id"]: row
        for section in sections
        if section["key"] == "inputs"
        for row in section["data"]["rows"]
    }


def _beside(row: dict[str, Any], then: Mapping[str, Any] | None) -> dict[str, Any]:
    if then is None or all(row[name] == then[name] for name in COMPARED):
        return row
    return {**row, "decided": {name: then[name] for name in SHOWN}}
