"""In which languages an audience can read, and which of them a reader gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.conf.locale import LANG_INFO

from kb.selectors.help.kept import kept
from kb.selectors.readers import Audience, articles_readable_by


@dataclass(frozen=True, slots=True)
class Language:
    """A language that articles are written in, by its own name."""

    code: str
    name: str


def languages_of(audience: Audience, number: int | None) -> list[Language]:
    """Return the languages with articles, by code."""

    def read() -> list[str]:
        found = articles_readable_by(audience).order_by("language")
        return list(found.values_list("language", flat=True).distinct())

    codes = kept("languages", audience, number, read)
    return [Language(code, name_of(code)) for code in codes]


def name_of(code: str) -> str:
    """Return what a language calls itself, or its code."""
    found = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.partition("-")[0].lower())
    return str(found["name_local"]) if found and "name_local" in found else code


def other_languages() -> list[tuple[str, str]]:
    """Return the languages besides the house's, with their names: what is translated."""
    return [
        each for each in settings.ARTICLE_LANGUAGES if each[0] != settings.LANGUAGE_CODE
    ]


def language_for(wanted: Sequence[str], available: list[Language]) -> str:
    """Return the language of articles for a reader of ``wanted``, best first.

    One of those, else the main language of one, else the house's, else the first there
    is. Without any article it is one that the pages themselves speak.
    """
    codes = [each.code for each in available] or list(settings.HELP_LANGUAGES)
    return _first_of(wanted, codes) or (
        settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in codes else codes[0]
    )


def spoken_for(wanted: Sequence[str]) -> str:
    """Return the language of the pages' own words for a reader of ``wanted``."""
    return _first_of(wanted, settings.HELP_LANGUAGES) or settings.LANGUAGE_CODE


def _first_of(wanted: Sequence[str], codes: Sequence[str]) -> str:
    tried = [code for each in wanted for code in (each, each.partition("-")[0])]
    return next((code for code in tried if code in codes), "")
