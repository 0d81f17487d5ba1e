"""Corrects the words of a question, and completes the last one."""

from collections.abc import Iterable, Sequence

from kb.core.search.languages import (
    COMMON_WORDS,
    EVERY_STOP_WORD,
    base_of,
    is_other_form,
    stop_words,
)
from kb.core.search.misspellings import meant_by
from kb.core.search.query import Query
from kb.core.search.scoring import Mask, Reader, Wanted
from kb.core.search.spelling import Spelling
from kb.core.search.text import is_unspaced, plain, tokens_of

MOST_COMPLETIONS = 50
MOST_CORRECTED = 30
# Words whose correction is kept; to work them out again costs little.
MOST_REMEMBERED = 20_000

Languages = tuple[str, ...] | None


class Corrector:
    """Finds what was meant by words that no article has.

    Parameters
    ----------
    reader : Reader
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        lexicon = reader.lexicon
        surfaces = (
            word
            for language in lexicon.languages
            for word in list(lexicon.of(language))
        )
        self._spelling = Spelling({*surfaces, *reader.thesaurus.words})
        self._remembered: dict[tuple[str, Languages], str] = {}

    def of_question(
        self,
        query: Query,
        allowed: Mask | None,
        *,
        phrases: Iterable[str],
        language: str | None,
    ) -> dict[str, str]:
        """Misspelt words and what they become; words in quotes are meant as they stand.

        Parameters
        ----------
        query : Query
        allowed : ndarray of bool, shape (documents,), optional
            Documents the reader may open; nothing of the others shows.
        phrases : iterable of str
            What stands in quotes.
        language : str, optional
            The reader's.
        """
        kept = {token.text for phrase in phrases for token in tokens_of(phrase)}
        words = [word.text for word in query.words]
        languages = self.languages_of(words, language, allowed)
        found: dict[str, str] = {}
        for word in words:
            if len(found) == MOST_CORRECTED:
                break
            better = word if word in kept else self.of_word(word, allowed, languages)
            if better != word:
                found[word] = better
        return found

    def languages_of(
        self, words: Sequence[str], language: str | None, allowed: Mask | None
    ) -> Languages:
        """Languages whose words a misspelt word of a question may be corrected to.

        Returns
        -------
        tuple of str, or None
            The reader's, and each other that knows more of the words: "Faktor" is no slip
            of "factor", while a reader of German may well ask in English. None, which is
            any, without a reader's language.
        """
        if language is None:
            return None
        own = base_of(language)
        names = {own, *self._reader.lexicon.languages}
        if len(names) == 1:
            return None
        known = {
            name: sum(self._is_word_of(word, name, allowed) for word in words)
            for name in names
        }
        return (own, *sorted(name for name in names if known[name] > known[own]))

    def _is_word_of(self, word: str, language: str, allowed: Mask | None) -> bool:
        if plain(word, language) in stop_words(language):
            return True
        return self._reader.popularity(word, allowed, (language,)) > 0

    def of_word(
        self, word: str, allowed: Mask | None, languages: Languages = None
    ) -> str:
        """A word as it was most likely meant; the same words are asked again and again."""
        if allowed is not None:
            return self._meant(word, allowed, languages)
        known = self._remembered.get((word, languages))
        if known is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            known = self._meant(word, None, languages)
            self._remembered[word, languages] = known
        return known

    def _meant(self, word: str, allowed: Mask | None, languages: Languages) -> str:
        reader = self._reader
        if is_unspaced(word) or plain(word) in EVERY_STOP_WORD:
            return word
        if not reader.is_known(word, allowed):
            better = self._spelling.correct(
                word, lambda each: self._worth(each, allowed, languages)
            )
            # "gone" is no slip of "one"; "Konto" may stand there as "Kontos".
            is_everyday = plain(word) in COMMON_WORDS
            if not is_everyday or is_other_form(word, better):
                word = better
        elif plain(word) in COMMON_WORDS:
            return word
        return " ".join(meant_by(part, reader, allowed) for part in word.split())

    def _worth(self, word: str, allowed: Mask | None, languages: Languages) -> int:
        popularity = self._reader.popularity(word, allowed, languages)
        return popularity or int(self._reader.thesaurus.has(word, languages))

    def completions(self, prefix: str, allowed: Mask | None) -> list[Wanted]:
        """The most frequent words that begin so, or else nearly so.

        With them goes what the word would be corrected to if it were finished: "forgott"
        is more often a slip of "forgot" than the beginning of "forgotten".
        """
        beginning = self._spelling.beginning_with(prefix)
        meant = self.of_word(prefix, allowed)
        if meant != prefix and " " not in meant:
            beginning = [*beginning, meant]
        return self._frequent(beginning, allowed) or self._frequent(
            self._spelling.beginning_like(prefix), allowed
        )

    def _frequent(self, words: Iterable[str], allowed: Mask | None) -> list[Wanted]:
        found: dict[tuple[int, ...], tuple[int, Wanted]] = {}
        for word in words:
            wanted = self._reader.wanted(word, stops=True)
            popularity = self._reader.popularity(word, allowed)
            if wanted is not None and popularity:
                found[wanted.terms] = (popularity, wanted)
        ordered = sorted(found.values(), key=lambda pair: -pair[0])
        return [wanted for _popularity, wanted in ordered[:MOST_COMPLETIONS]]
