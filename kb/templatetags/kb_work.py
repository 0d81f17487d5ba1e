"""Figures of content work and languages as text."""

from django import template
from django.utils.formats import number_format

from kb.selectors.help.languages import name_of

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """``0.4567`` as ``46 %``; below 10 % with one digit; a dash where unknown."""
    if share is None or share == "":
        return "–"
    value = 100 * float(share)
    digits = 0 if value >= 10 or value == 0 else 1
    return f"{number_format(value, digits)} %"


@register.filter
def language(code: str) -> str:
    """Name a language as it calls itself."""
    return name_of(code)
