"""What is to be done with a thing: texts that ask for different acts are not one question."""

from collections.abc import Iterable
from functools import cache

from kb.core.search.lexicon import term_of

# Each line is one act; its words are not told apart.
_ACTS = {
    "en": (
        "change edit update modify switch correct adjust rename move",
        "cancel end stop terminate unsubscribe quit leave close",
        "delete remove erase disconnect uninstall",
        "add create invite connect install start open",
        "export download",
        "import upload",
        "upgrade",
        "downgrade",
        "enable activate",
        "disable deactivate",
        "refund",
        "pay",
        "restore undo recover",
        "send",
        "print",
    ),
    "de": (
        "ändern bearbeiten aktualisieren wechseln anpassen umbenennen",
        "kündigen beenden stornieren schließen",
        "löschen entfernen trennen",
        "anlegen hinzufügen erstellen einladen verbinden",
        "exportieren herunterladen",
        "importieren hochladen",
        "aktivieren einschalten",
        "deaktivieren abschalten",
        "erstatten",
        "bezahlen",
        "wiederherstellen",
        "senden",
        "drucken",
    ),
}


@cache
def _acts(language: str) -> dict[str, int]:
    return {
        term_of(word, language): act
        for act, words in enumerate(_ACTS.get(language, ()))
        for word in words.split()
    }


def acts_of(terms: Iterable[str], language: str) -> frozenset[int]:
    """Return which acts the stems of a text name; none in languages without a list."""
    known = _acts(language)
    return frozenset(known[term] for term in terms if term in known)


def may_be_one(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two texts of these acts may ask the same.

    "Change plan" and "cancel plan" may not; "plan" alone leaves open what is wanted.
    """
    return not one or not other or not one.isdisjoint(other)
