"""What was changed in a calculation, from one saved state to the next."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from workforce.capacity.core.cost import DEFINITIONS
from workforce.capacity.models import Calculation
from workforce.capacity.selectors.costs import phrases
from workforce.capacity.selectors.costs.amounts import amount

NEWEST = 50


@dataclass(frozen=True)
class Change:
    """One saved state: when, by whom, and what was different from the one before."""

    at: datetime
    by: str
    words: list[str]


def changes(calculation: Calculation) -> list[Change]:
    """Return the newest saved states, newest first."""
    records = list(
        calculation.history.select_related("history_user").order_by(
            "-history_date", "-history_id"
        )[: NEWEST + 1]
    )
    # A row written beside the model's saves, such as a shipped example, has none.
    pairs = list(zip_longest(records, records[1:]))[:NEWEST]
    return [
        Change(now.history_date, str(now.history_user or ""), _words(now, before))
        for now, before in pairs
    ]


def _words(now: Any, before: Any) -> list[str]:
    if before is None:
        return [_("Created")]
    found = []
    for name, label in (
        ("name", _("name")), ("currency", _("currency")), ("note", _("note")),
    ):  # fmt: skip
        if getattr(now, name) != getattr(before, name):
            found.append(_from_to(label, getattr(before, name), getattr(now, name)))
    if now.is_reference != before.is_reference:
        found.append(
            _("used elsewhere from here on")
            if now.is_reference
            else _("used elsewhere no more")
        )
    return found + _input_words(now, before)


def _input_words(now: Any, before: Any) -> list[str]:
    found = []
    for each in DEFINITIONS[now.kind].inputs:
        new, old = now.inputs.get(each.key, {}), before.inputs.get(each.key, {})
        name = str(phrases.INPUTS[now.kind][each.key])
        for part, label in (
            ("value", name),
            ("low", _("%(name)s, from") % {"name": name}),
            ("high", _("%(name)s, to") % {"name": name}),
        ):
            if new.get(part) != old.get(part):
                ends = (
                    "" if row.get(part) is None
                    else amount(row[part], each.unit, now.currency)
                    for row in (old, new)
                )  # fmt: skip
                found.append(_from_to(label, *ends))
        if (new.get("source"), new.get("as_of")) != (
            old.get("source"),
            old.get("as_of"),
        ):
            label = _("%(name)s, source") % {"name": name}
            found.append(_from_to(label, old.get("source"), new.get("source")))
    return found


def _from_to(label: str, old: Any, new: Any) -> str:
    return _("%(what)s: %(old)s → %(new)s") % {
        "what": label,
        "old": old or _("empty"),
        "new": new or _("empty"),
    }
