"""Figures of staffing in the reader's language."""

from math import copysign, isfinite

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

MINUS = "−"
_TIE = 1e-9


def rounded(value: float, places: int = 1) -> float:
    """Round ties away from zero, as templates do: 2.25 people are 2.3 on every page."""
    return round(value + copysign(_TIE, value), places)


def people(value: float | None) -> str:
    """People with one decimal place; a dash where nothing is known."""
    return (
        "–"
        if value is None or not isfinite(value)
        else number_format(rounded(value), 1)
    )


def percent(share: float | None, places: int = 0) -> str:
    if share is None or not isfinite(share):
        return "–"
    return _("%(share)s %%") % {
        "share": number_format(rounded(100 * share, places), places)
    }


def signed(value: float, places: int = 1) -> str:
    """A difference with its sign; nothing has none."""
    text = number_format(rounded(abs(value), places), places)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def short_or_spare(left: float) -> str:
    """What is left of the planned people after need, in words; below 0 they are short."""
    text = number_format(rounded(abs(left)), 1)
    if not any(digit in text for digit in "123456789"):
        return _("as needed")
    words = _("%(people)s spare") if left > 0 else _("%(people)s short")
    return words % {"people": text}


def whole(value: float | None) -> str:
    if value is None or not isfinite(value):
        return "–"
    return number_format(rounded(value, 0), 0, force_grouping=True)


def hours(value: float) -> str:
    return _("%(hours)s h") % {
        "hours": number_format(rounded(value), 1, force_grouping=True)
    }


class Quick:
    """Numbers with one decimal place, for hundreds of cells at once."""

    def __init__(self) -> None:
        self.mark = str(get_format("DECIMAL_SEPARATOR"))

    def one(self, value: float) -> str:
        text = f"{value + copysign(_TIE, value):.1f}"
        return text if self.mark == "." else text.replace(".", self.mark)
