"""One form for words that mean the same, so that texts with either are joined."""

from collections.abc import Iterable, Sequence

from kb.core.search.documents import Synonym
from kb.core.search.languages import base_of
from kb.core.search.lexicon import term_of
from kb.core.search.text import is_unspaced, words_of

_Form = tuple[str, ...]


class OneForm:
    """Puts the first word of a synonym entry in place of the others.

    Parameters
    ----------
    synonyms : iterable of Synonym
        Entries that hold one way only are left out. A form of two entries that mean
        different things is left as it is: through it, one would become the other.

    Examples
    --------
    >>> forms = OneForm([Synonym("single sign-on", ("SSO",))])
    >>> forms.of("SSO with Okta", "en")
    'single sign on with okta'
    """

    def __init__(self, synonyms: Iterable[Synonym] = ()) -> None:
        self._instead: dict[str, dict[_Form, _Form | None]] = {}
        for synonym in synonyms:
            if not synonym.is_one_way:
                self._put(synonym)
        self._longest = max(
            (len(form) for forms in self._instead.values() for form in forms), default=0
        )

    def _put(self, synonym: Synonym) -> None:
        language = base_of(synonym.language)
        shelf = self._instead.setdefault(language, {})
        first = tuple(words_of(synonym.term))
        for text in (synonym.term, *synonym.same_as):
            form = _stems(words_of(text), language)
            if form and first:
                is_other = form in shelf and shelf[form] != first
                shelf[form] = None if is_other else first

    def of(self, text: str, language: str) -> str:
        """Return a text with each synonym as the first word of its entry.

        Parameters
        ----------
        text : str
        language : str
            Only entries of this language count.
        """
        language = base_of(language)
        shelf = self._instead.get(language)
        if not shelf:
            return text
        words = words_of(text)
        stems = _stems(words, language)
        found: list[str] = []
        at = 0
        while at < len(words):
            taken, instead = self._at(shelf, stems, at)
            found += words[at : at + 1] if instead is None else instead
            at += taken
        return " ".join(found)

    def _at(
        self, shelf: dict[_Form, _Form | None], stems: _Form, at: int
    ) -> tuple[int, _Form | None]:
        """The longest form that begins here: how many words, and what stands for it."""
        for length in range(min(self._longest, len(stems) - at), 0, -1):
            instead = shelf.get(stems[at : at + length])
            if instead is not None:
                return length, instead
        return 1, None


def _stems(words: Sequence[str], language: str) -> _Form:
    return tuple(
        word if is_unspaced(word) else term_of(word, language) for word in words
    )
