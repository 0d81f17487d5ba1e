"""Numbers with their unit, as people read them."""

from math import isinf, isnan

from django.utils.formats import number_format
from django.utils.translation import gettext as _

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$"}
WHOLE_FROM = 100
"""Money from here on is shown without cents, where it has any worth showing."""


def number(value: float, digits: int = 2) -> str:
    """Write a number with its thousands grouped and no needless zeros."""
    rounded = round(value, digits)
    whole = rounded == int(rounded)
    return number_format(
        rounded, 0 if whole else digits, use_l10n=True, force_grouping=True
    )


def money(value: float, currency: str) -> str:
    """Write money: cents below 100, whole units from there. ``−$1,250``, ``CHF 12.50``."""
    size = abs(value)
    digits = 0 if round(size, 2) >= WHOLE_FROM or currency == "JPY" else 2
    text = number_format(
        round(size, digits), digits, use_l10n=True, force_grouping=True
    )
    sign = SIGNS.get(currency)
    shown = f"{sign}{text}" if sign else f"{currency} {text}"
    return f"−{shown}" if value < 0 and float(round(size, digits)) else shown


def amount(value: float | None, unit: str, currency: str) -> str:
    """Write a value with its unit; in words where it is undefined or never."""
    if value is None or isnan(value):
        return _("not defined")
    if isinf(value):
        return _("never")
    if unit == "money":
        return money(value, currency)
    if unit == "share":
        return _("%(share)s %%") % {"share": number(100 * value, 1)}
    return f"{number(value, _digits(value))} {unit_name(unit, value)}"


def plain(value: float, unit: str, currency: str) -> str:
    """Write a value inside a sum: money and shares with their sign, all else bare."""
    if isnan(value) or isinf(value) or unit in {"money", "share"}:
        return amount(value, unit, currency)
    return number(value, _digits(value))


def _digits(value: float) -> int:
    return 2 if abs(value) < WHOLE_FROM else 0


def unit_name(unit: str, value: float = 2) -> str:
    """Return the word of a unit that is neither money nor a share."""
    is_one = value == 1
    names = {
        "tickets": _("ticket") if is_one else _("tickets"),
        "visits": _("visit") if is_one else _("visits"),
        "minutes": _("minute") if is_one else _("minutes"),
        "hours": _("hour") if is_one else _("hours"),
        "days": _("day") if is_one else _("days"),
        "months": _("month") if is_one else _("months"),
        "people": _("person") if is_one else _("people"),
    }
    return names[unit]


def unit_label(unit: str, currency: str) -> str:
    """Return the unit as it stands beside a field."""
    if unit == "money":
        return currency
    return "%" if unit == "share" else unit_name(unit)
