"""Shares, contacts and days of reviewed forecasts, in words."""

from datetime import date

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from workforce.capacity.core.occurrences import Span

register = template.Library()


def decimal(value: float, digits: int = 0) -> str:
    """Write a number in the reader's language, rounded: Django alone would cut it off."""
    return number_format(round(value, digits), digits, force_grouping=True)


@register.filter
def share(value: float | None, digits: int = 1) -> str:
    """0.123 as “12.3 %”; a dash where it is unknown."""
    if value is None or value != value:
        return "–"
    return _("%(number)s %%") % {"number": decimal(100 * value, digits)}


@register.filter
def signed(value: float | None, digits: int = 1) -> str:
    """0.123 as “+12.3 %”; a dash where it is unknown."""
    if value is None or value != value:
        return "–"
    number = round(100 * value, digits)
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    return _("%(number)s %%") % {"number": sign + decimal(abs(number), digits)}


@register.filter
def change(percent: float) -> str:
    """38.2 as “+38 %”."""
    return signed(percent / 100, 0)


@register.filter
def css(kind: str) -> str:
    """The kind of an event as part of a class name: END_OF_MONTH is end-of-month."""
    return kind.lower().replace("_", "-")


@register.filter
def whole(value: float) -> str:
    """0.123 as “12”: a cell has no room for more."""
    return decimal(abs(100 * value))


@register.filter
def weekday(number: int) -> str:
    """The name of a weekday, Monday is 0."""
    return str(WEEKDAYS[number])


@register.filter
def contacts(value: float | None) -> str:
    """A number of contacts: whole, or with one digit below ten."""
    if value is None or value != value:
        return "–"
    small = abs(value) < 10 and value != round(value)
    return decimal(value, 1 if small else 0)


@register.filter
def days(span: Span | None) -> str:
    """“29–31 Jan 2026”, “29 Jan – 2 Feb 2026” or one day."""
    return "–" if span is None else span_words(*span)


def span_words(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "j M Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j M Y')}"
    start = "j M" if first.year == last.year else "j M Y"
    return f"{date_format(first, start)} – {date_format(last, 'j M Y')}"
