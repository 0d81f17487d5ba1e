"""Numbers of terms: every word of a language has that of its stem."""

from functools import lru_cache

from kb.core.search.languages import base_of, stem, stop_words
from kb.core.search.text import grams, is_particle, is_unspaced, plain, without_accents

NO_TERMS: tuple[int, ...] = ()
_STOP = "\0"
# Stemming costs more than all the rest of looking a word up.
MOST_REMEMBERED = 20_000


class _Surfaces(dict[str, tuple[int, ...]]):
    """Written form → the terms it stands for; a form is worked out when first met."""

    def __init__(self, lexicon: "Lexicon", language: str) -> None:
        super().__init__()
        self._lexicon, self._language = lexicon, language

    def __missing__(self, word: str) -> tuple[int, ...]:
        terms = self[word] = self._lexicon.add(word, self._language)
        return terms


class Lexicon:
    """All terms of an index, in every language of it.

    It only grows: an index made from an older one shares it, so a number keeps its meaning.
    A stem of two languages is two terms, each with a weight of its own.
    """

    def __init__(self) -> None:
        self.surfaces: dict[str, _Surfaces] = {}
        self.is_stop: list[bool] = []
        # Term → the forms it was met in, to mark these in a text.
        self.written: dict[int, list[str]] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self.is_stop)

    @property
    def languages(self) -> list[str]:
        return list(self.surfaces)

    def of(self, language: str) -> "_Surfaces":
        """The written forms of a language, added when first asked for."""
        language = base_of(language)
        if language not in self.surfaces:
            self.surfaces[language] = _Surfaces(self, language)
        return self.surfaces[language]

    def add(self, word: str, language: str) -> tuple[int, ...]:
        """Number the terms of a folded word; an unspaced run has one for each piece."""
        if not is_unspaced(word):
            number = self._number(term_of(word, language), language)
            self.written.setdefault(number, []).append(word)
            return (number,)
        return tuple(
            self._number(piece, language) for _at, piece in grams(word, short=True)
        )

    def terms(self, word: str, language: str) -> tuple[int, ...]:
        """Terms of a word of a search; none where the language has no such word.

        Nothing is added. An unspaced piece is to be cut already (see `text.grams`).
        """
        language = base_of(language)
        if is_unspaced(word):
            known = self._numbers.get((language, word))
        else:
            surfaces = self.surfaces.get(language)
            if surfaces is not None and word in surfaces:
                return surfaces[word]
            known = self._numbers.get((language, term_of(word, language)))
        return NO_TERMS if known is None else (known,)

    def _number(self, text: str, language: str) -> int:
        key = (language, text)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.is_stop)
            self.is_stop.append(text.startswith(_STOP) or is_particle(text))
        return number


@lru_cache(maxsize=MOST_REMEMBERED)
def term_of(word: str, language: str) -> str:
    """What is indexed of a word: its stem, or a stop word as it is and apart from all stems.

    Accents go last: a stemmer knows those of its language.
    """
    word = plain(word, language)
    if word in stop_words(language):
        return _STOP + word
    return without_accents(stem(word, language))
