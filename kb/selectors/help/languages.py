"""In which languages an audience can read, and which of them a reader gets."""

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


def language_for(wanted: str, available: list[Language]) -> str:
    """Return the language of articles for a reader of ``wanted``.

    The same, else its main language, else the house's, else the first there is. Without
    any article it is one that the pages themselves speak.
    """
    codes = [each.code for each in available] or list(dict(settings.LANGUAGES))
    for code in (wanted, wanted.partition("-")[0], settings.LANGUAGE_CODE):
        if code in codes:
            return code
    return codes[0]
