"""Where a recommendation and what was computed do not agree, or cannot decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """A part of an input's range over which one option is best, by its letter."""

    low: float
    high: float
    letter: str


def best_at(stretches: Sequence[Held], value: float) -> str:
    """Name the option that is best at a value of the input.

    Parameters
    ----------
    stretches : sequence of Held
        In order, without gaps.
    value : float
        In the unit of the stretches.

    Returns
    -------
    str
        A letter; "" without stretches. Where two stretches meet, the later one.

    Examples
    --------
    >>> best_at([Held(0, 5, "A"), Held(5, 9, "C")], 6)
    'C'
    """
    letter = stretches[0].letter if stretches else ""
    for each in stretches[1:]:
        if each.low <= value:
            letter = each.letter
    return letter


def lost_beyond(
    stretches: Sequence[Held], value: float, letter: str
) -> tuple[float | None, float | None] | None:
    """Say within which bounds around a value an option stays the best.

    Parameters
    ----------
    stretches : sequence of Held
    value : float
        Where the input stands.
    letter : str
        An option that is best there.

    Returns
    -------
    (float or None, float or None) or None
        Lower and upper bound; None for one that the range does not reach. None
        altogether when it is not the best at the value, or is everywhere.

    Examples
    --------
    >>> lost_beyond([Held(0, 5, "A"), Held(5, 9, "C")], 6, "C")
    (5, None)
    """
    if best_at(stretches, value) != letter:
        return None
    place = max(
        (index for index, each in enumerate(stretches) if each.low <= value), default=0
    )
    first = last = place
    while first > 0 and stretches[first - 1].letter == letter:
        first -= 1
    while last + 1 < len(stretches) and stretches[last + 1].letter == letter:
        last += 1
    low = stretches[first].low if first > 0 else None
    high = stretches[last].high if last + 1 < len(stretches) else None
    return None if low is None and high is None else (low, high)


def alike(leads: Mapping[str, Sequence[str]], letter: str) -> dict[str, list[str]]:
    """List the measures on which an option cannot be told apart from others.

    Parameters
    ----------
    leads : mapping of str to sequence of str
        By measure the options that may be the best of it: one when it is in most draws
        of the plausible ranges, else several.
    letter : str

    Returns
    -------
    dict of str to list of str
        By measure all letters that share the lead with ``letter``, itself included.

    Examples
    --------
    >>> alike({"COST": ["C"], "CSAT": ["A", "C"]}, "C")
    {'CSAT': ['A', 'C']}
    """
    return {
        measure: list(letters)
        for measure, letters in leads.items()
        if letter in letters and len(letters) > 1
    }
