"""Rules of a decision record that need no database: what changed, what is missing.

A section of a record is a mapping with ``key``, ``title`` and ``data``; ``data["facts"]``
holds what was decided in it as label to text. Live figures are no facts: they change by
themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a section that differs; empty text where it was or is not there."""

    section: str
    title: str
    label: str
    before: str
    after: str


def changed_facts(before: Facts, after: Facts) -> list[tuple[str, str, str]]:
    """List the facts that differ as (label, before, after), in the order of the record.

    Parameters
    ----------
    before, after : mapping of str to str
        Label to text. An empty text is the same as no fact.

    Returns
    -------
    list of (str, str, str)

    Examples
    --------
    >>> changed_facts({"Owner": "Ada", "Scope": ""}, {"Owner": "Ben"})
    [('Owner', 'Ada', 'Ben')]
    """
    labels = [*before, *(label for label in after if label not in before)]
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [(label, old, new) for label, old, new in pairs if old != new]


def distinct_facts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Gather facts by label; a label that is there already gets a number behind it.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Label and text.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> distinct_facts([("Risk", "a"), ("Risk", "b")])
    {'Risk': 'a', 'Risk (2)': 'b'}
    """
    found: dict[str, str] = {}
    for label, text in pairs:
        name, count = label, 1
        while name in found:
            count += 1
            name = f"{label} ({count})"
        found[name] = text
    return found


def changes(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Compare two records section by section.

    Parameters
    ----------
    before, after : sequence of mapping
        Sections of the records; those without facts are passed over.

    Returns
    -------
    list of Change
        In the order of ``after``; sections that are gone come last.
    """
    was, now = _by_key(before), _by_key(after)
    found: list[Change] = []
    for key in [*now, *(key for key in was if key not in now)]:
        title = str((now.get(key) or was[key])["title"])
        found += [
            Change(key, title, *difference)
            for difference in changed_facts(_facts(was.get(key)), _facts(now.get(key)))
        ]
    return found


def _by_key(
    sections: Iterable[Mapping[str, Any]],
) -> dict[str, Mapping[str, Any]]:
    return {str(section["key"]): section for section in sections}


def _facts(section: Mapping[str, Any] | None) -> Facts:
    found: Facts = (section or {}).get("data", {}).get("facts", {})
    return found


@dataclass(frozen=True, slots=True)
class InputState:
    """What validity of an input is judged by."""

    name: str
    has_value: bool
    has_source: bool
    as_of: date | None
    refresh_due_on: date | None
    has_owner: bool
    range_flaw: str = ""


class Flaw:
    """Why an input is not validated."""

    NO_VALUE = "NO_VALUE"
    NO_SOURCE = "NO_SOURCE"
    NO_DATE = "NO_DATE"
    STALE = "STALE"
    NO_OWNER = "NO_OWNER"
    NO_REFRESH = "NO_REFRESH"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    MIXED_UNITS = "MIXED_UNITS"


def flaws(state: InputState, today: date) -> list[str]:
    """Name everything that keeps an input from being validated.

    A figure is validated when it has a value within its own plausible range, a source,
    the day it was read, somebody who answers for it, and a day of its next reading that
    has not passed.

    Parameters
    ----------
    state : InputState
    today : date

    Returns
    -------
    list of str
        Members of `Flaw`; empty for a validated input.
    """
    checks = (
        (state.has_value, Flaw.NO_VALUE),
        (state.has_source, Flaw.NO_SOURCE),
        (state.as_of is not None, Flaw.NO_DATE),
        (not is_stale(state, today), Flaw.STALE),
        (state.has_owner, Flaw.NO_OWNER),
        (state.as_of is None or state.refresh_due_on is not None, Flaw.NO_REFRESH),
    )
    found = [flaw for holds, flaw in checks if not holds]
    return [*found, state.range_flaw] if state.range_flaw else found


def range_flaw(
    value: float | None, low: float | None, high: float | None, *, is_share: bool
) -> str:
    """Say whether a value lies outside its own plausible range, and likely why.

    Parameters
    ----------
    value, low, high : float or None
        All in the unit of the input; an open end bounds nothing.
    is_share : bool
        Whether the unit may be written as percent or as a share: then a value that
        fits the range after a factor of 100 was written in the other of the two.

    Returns
    -------
    str
        ``Flaw.MIXED_UNITS``, ``Flaw.OUT_OF_RANGE`` or "".

    Examples
    --------
    >>> range_flaw(0.25, 20, 30, is_share=True)
    'MIXED_UNITS'
    >>> range_flaw(25, 20, 30, is_share=True)
    ''
    """
    if value is None or _lies_within(value, low, high):
        return ""
    has_both = low is not None and high is not None
    fits = any(_lies_within(value * factor, low, high) for factor in (100, 0.01))
    if is_share and has_both and value and fits:
        return Flaw.MIXED_UNITS
    return Flaw.OUT_OF_RANGE


def _lies_within(value: float, low: float | None, high: float | None) -> bool:
    slack = 1e-9 * max(1.0, abs(value))
    is_above = low is None or low <= value + slack
    return is_above and (high is None or value <= high + slack)


def is_stale(state: InputState, today: date) -> bool:
    """Tell whether the day of the next reading has passed."""
    return state.refresh_due_on is not None and state.refresh_due_on < today


def automation_rises(current: float | None, chosen: float) -> bool:
    """Tell whether an option automates more than is automated now.

    Parameters
    ----------
    current : float or None
        Share automated now, 0 to 1; unknown counts as none.
    chosen : float
        Share that the option automates.

    Returns
    -------
    bool
    """
    return chosen > (current or 0.0) + 1e-9
