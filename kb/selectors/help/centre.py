"""What the help centre is called, and whether it leads to the assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from kb.selectors.assistant.rules import current_rules

KEY = "help:centre-words"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Centre:
    """``welcome`` is the question over the search; empty for the usual one.

    ``kinds`` and ``parts`` are what the ticket form calls categories and product areas
    in this language, by their keys; what is missing has no name of its own.
    """

    name: str
    welcome: str
    welcome_language: str
    has_assistant: bool
    kinds: Mapping[int, str]
    parts: Mapping[int, str]


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
        kinds=_by_key(own.get("kinds", {})),
        parts=_by_key(own.get("parts", {})),
    )


def _by_key(names: Mapping[str, str]) -> dict[int, str]:
    return {int(key): name for key, name in names.items()}


def forget_centre() -> None:
    """Have the next page read the words anew."""
    cache.delete(KEY)
