"""What a search or a subject is about: its stems, with rare misspellings mended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from rapidfuzz.distance import OSA

from kb.core.search.languages import base_of
from kb.core.search.lexicon import term_of
from kb.core.search.text import fold, grams, is_particle, is_unspaced, words_of

KEY_LENGTH = 160
SHORTEST_MENDED = 5
RARER = 10
"""A word is taken for a misspelling of one that is at least so many times as frequent."""

RARER_UNKNOWN = 2
"""The same where articles have the frequent word and none has the other."""

_LIGHT = (
    "add chang creat do doe dont error find fix get help issu make new not option "
    "possibl problem question see set show still tri updat up use way work wrong"
)
LIGHT = frozenset(_LIGHT.split())
"""English stems that say little of a topic: of those, what stands beside them counts."""

_STOP = "\0"


def terms_of(text: str, language: str) -> frozenset[str]:
    """Return the stems of a text that say what it is about.

    Parameters
    ----------
    text : str
        A search, a subject or a flag.
    language : str
        Code such as ``en`` or ``pt-BR``.

    Returns
    -------
    frozenset of str
        Stems without stop words; pieces of two or three characters for scripts without
        spaces. All folded words where nothing but stop words was written, and empty only
        where there is no word at all.
    """
    language = base_of(language)
    words = words_of(text)
    found = {term for word in words for term in _terms(word, language)}
    return frozenset(found or {fold(word) for word in words})


def _terms(word: str, language: str) -> Iterable[str]:
    if is_unspaced(word):
        pieces = (piece for _at, piece in grams(word, short=False))
        return [piece for piece in pieces if not is_particle(piece)]
    term = term_of(word, language)
    return [] if term.startswith(_STOP) else [term]


def key_of(language: str, terms: Iterable[str]) -> str:
    """Return the name of a set of stems: the same each time, 160 characters at most."""
    key = f"ask:{base_of(language)}:{' '.join(sorted(terms))}"
    if len(key) <= KEY_LENGTH:
        return key
    digest = sha256(key.encode()).hexdigest()[:16]
    return f"{key[: KEY_LENGTH - len(digest) - 1]}#{digest}"


def meanings(
    weights: Mapping[str, float], known: Collection[str] = ()
) -> dict[str, str]:
    """Tell which rare stems are misspellings of frequent ones.

    Parameters
    ----------
    weights : mapping of str to float
        How often each stem was asked for.
    known : collection of str
        Stems that articles are written with; none of them is mended.

    Returns
    -------
    dict of str to str
        Only stems that are mended, each with the stem meant: one slip away (a letter
        more, less, other, or two neighbours swapped), of the same first letter, both of
        five letters at least, and ten times as frequent; twice where ``known`` has the
        frequent one and not the other, and no letter stands for another. The most frequent one of several, then the first
        by alphabet.

    Examples
    --------
    >>> meanings({"invoic": 40, "invocie": 1, "invoci": 2})
    {'invoci': 'invoic'}
    """
    likely = {
        word: weight
        for word, weight in weights.items()
        if len(word) >= SHORTEST_MENDED and word.isalpha()
    }
    shelves: dict[str, list[str]] = defaultdict(list)
    most = max(likely.values(), default=0)
    least = min(likely.values(), default=0)
    for word, weight in likely.items():
        if weight >= (RARER_UNKNOWN if word in known else RARER) * least:
            for piece in _with_one_less(word):
                shelves[piece].append(word)
    found = {}
    for word, weight in likely.items():
        if word not in known and weight * RARER_UNKNOWN <= most:
            meant = _meant(word, shelves, likely, known)
            if meant:
                found[word] = meant
    return {word: _last(meant, found) for word, meant in found.items()}


def _last(word: str, meant: Mapping[str, str]) -> str:
    """Follow a chain to its end; it ends, for each step is more frequent."""
    while word in meant:
        word = meant[word]
    return word


def _with_one_less(word: str) -> set[str]:
    """The word, and all that is left of it without one letter."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _meant(
    word: str,
    shelves: Mapping[str, list[str]],
    weights: Mapping[str, float],
    known: Collection[str],
) -> str:
    def is_slip_of_keys(candidate: str) -> bool:
        # One letter for another often makes a word of its own: charge and change.
        return len(word) != len(candidate) or sorted(word) == sorted(candidate)

    def is_rarer(candidate: str) -> bool:
        is_slip = candidate in known and is_slip_of_keys(candidate)
        times = RARER_UNKNOWN if is_slip else RARER
        return weights[candidate] >= times * weights[word]

    near = {
        candidate
        for piece in _with_one_less(word)
        for candidate in shelves.get(piece, ())
        if candidate[0] == word[0] and is_rarer(candidate)
    }
    ranked = [
        (-weights[candidate], candidate)
        for candidate in near
        if OSA.distance(word, candidate, score_cutoff=1) == 1
    ]
    return min(ranked, default=(0.0, ""))[1]
