"""Tells a keyword that is a misspelling from one that is another word for the article.

Authors list both among "other words for it". Searching for ``chnage`` is better answered
as a search for ``change``; ``login`` must stay what it is.
"""

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from kb.core.search.documents import Document
from kb.core.search.postings import FIELDS
from kb.core.search.scoring import Mask, Reader
from kb.core.search.spelling import LONGEST_WORD, ONE_SLIP
from kb.core.search.text import is_unspaced, words_of

# Short words a letter apart are often two words ("logon", "login"); a swap, a letter too
# many or too few is a slip from `ONE_SLIP` letters, another letter only from this many.
OTHER_LETTER = 7
TWO_SLIPS = 7
# Articles that are asked what they mean by a keyword.
MOST_OWNERS = 20
_KEYWORDS = FIELDS.index("keywords")


def meant_by(word: str, reader: Reader, allowed: Mask | None) -> str:
    """Return the word that a misspelt keyword stands for.

    Parameters
    ----------
    word : str
        Folded, as somebody searched for it.
    reader : Reader
    allowed : ndarray of bool, shape (documents,), optional
        Documents the reader may open; no other has a say.

    Returns
    -------
    str
        Where ``word`` stands in no title, heading or text, and each article that has it as
        a keyword has a word that it may be a slip of: the word most of them have, then the
        first by alphabet. Otherwise ``word``.
    """
    if not ONE_SLIP <= len(word) <= LONGEST_WORD or not word.isalpha():
        return word
    if is_unspaced(word) or not reader.is_keyword_only(word, allowed):
        return word
    owners = reader.places(word, allowed)[:MOST_OWNERS]
    meant = [_meant_in(reader.document(at), word, reader, allowed) for at in owners]
    if not meant or not all(meant):
        return word
    counted = Counter(meant)
    return min(counted, key=lambda each: (-counted[each], each))


def _meant_in(
    document: Document, word: str, reader: Reader, allowed: Mask | None
) -> str:
    """The word of an article, in its own language, that a keyword may be a slip of."""
    near = {
        other: OSA.distance(word, other)
        for other in _texts(document)
        if is_slip_of(word, other)
    }
    for keyword in words_of("\n".join(document.keywords)):
        if is_slip_of(word, keyword) and not reader.is_keyword_only(keyword, allowed):
            near[keyword] = OSA.distance(word, keyword)
    real = [other for other in near if reader.wanted(other) is not None]
    return min(real, key=lambda each: (near[each], each), default="")


def _texts(document: Document) -> Iterable[str]:
    fields = enumerate(document.fields())
    return {
        word for at, text in fields if at != _KEYWORDS for word in words_of(text)
    }  # fmt: skip


def is_slip_of(word: str, other: str) -> bool:
    """Whether one word may be the other misspelt, and not a word of its own.

    The first letter is right, and none is the beginning of the other, as in ``custom`` and
    ``customer``. See `OTHER_LETTER` and `TWO_SLIPS` for the rest.

    Examples
    --------
    >>> is_slip_of("chnage", "change"), is_slip_of("logon", "login")
    (True, False)
    """
    if word[0] != other[0] or word.startswith(other) or other.startswith(word):
        return False
    slips = OSA.distance(word, other, score_cutoff=2)
    if slips == 1:
        is_other_letter = len(word) == len(other) and sorted(word) != sorted(other)
        return not is_other_letter or len(word) >= OTHER_LETTER
    return slips == 2 and len(word) >= TWO_SLIPS
