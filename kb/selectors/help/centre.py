"""What the help centre is called, and whether it leads to the assistant."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from kb.selectors.assistant.rules import current_rules

KEY = "help:centre"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Centre:
    """``welcome`` is the question over the search; empty for the usual one."""

    name: str
    welcome: str
    has_assistant: bool


def centre() -> Centre:
    """Return the help centre's own words, kept for a minute.

    Its name is the organisation's (``ORGANISATION_NAME``) until somebody writes one.
    """
    found: Centre | None = cache.get(KEY)
    if found is None:
        rules = current_rules()
        name = rules.name or settings.ORGANISATION_NAME
        found = Centre(name, rules.welcome, bool(rules.pk and rules.is_on))
        cache.set(KEY, found, SECONDS)
    return found


def forget_centre() -> None:
    """Have the next page read the words anew."""
    cache.delete(KEY)
