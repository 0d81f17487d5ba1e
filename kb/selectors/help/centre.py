"""What the help centre is called, and whether it leads to the assistant."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from kb.selectors.assistant.rules import current_rules

KEY = "help:centre-words"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Centre:
    """``welcome`` is the question over the search; empty for the usual one."""

    name: str
    welcome: str
    welcome_language: str
    has_assistant: bool


def centre(language: str) -> Centre:
    """Return the help centre's own words for a language, kept for a minute.

    What is not translated is in the house's. The name is the organisation's
    (``ORGANISATION_NAME``) until somebody writes one.
    """
    found: dict[str, Any] | None = cache.get(KEY)
    if found is None:
        rules = current_rules()
        found = {
            "name": rules.name or settings.ORGANISATION_NAME,
            "welcome": rules.welcome,
            "translations": rules.translations,
            "has_assistant": bool(rules.pk and rules.is_on),
        }
        cache.set(KEY, found, SECONDS)
    own = found["translations"].get(language, {})
    return Centre(
        name=own.get("name") or found["name"],
        welcome=own.get("welcome") or found["welcome"],
        welcome_language=language if own.get("welcome") else settings.LANGUAGE_CODE,
        has_assistant=found["has_assistant"],
    )


def forget_centre() -> None:
    """Have the next page read the words anew."""
    cache.delete(KEY)
