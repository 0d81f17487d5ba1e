"""Cuts text into words, and scripts written without spaces into runs of characters."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# Scripts that put no spaces between words (Hangul does, yet glues endings to its words):
# their words are found by overlapping runs of characters instead.
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_TAI = "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17dd"
_LAST_PLANE_WITH_MARKS = 0x1E95F


def _marks() -> str:
    """Ranges of combining marks, which Python's ``\\w`` leaves out and words need."""
    ranges: list[list[int]] = []
    for code in range(0x300, _LAST_PLANE_WITH_MARKS):
        if unicodedata.category(chr(code)) not in {"Mn", "Mc"}:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_LETTER = rf"[^\W_{_CJK}{_TAI}]"
_LETTERS = rf"(?:{_LETTER}+[{_marks()}]*)+"
# "e-mail" and "t-shirt" are one word; "sign-on" is two.
WORD = re.compile(
    rf"[{_CJK}\u3099\u309a]+|[{_TAI}]+"
    rf"|(?:(?<![^\W_])[^\W\d_]-(?={_LETTER}{{2}}))?{_LETTERS}(?:['’]{_LETTERS})*"
)
# The same words of a text in plain ASCII, several times as fast.
PLAIN_WORD = re.compile(
    r"(?:(?<![a-z0-9])[a-z]-(?=[a-z0-9]{2}))?[a-z0-9]+(?:'[a-z0-9]+)*"
)
UNSPACED = re.compile(rf"[{_CJK}{_TAI}]")
# Letters of one script in a run: words of katakana, compounds of characters.
SAME_SCRIPT = re.compile(
    "[\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f]+|[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff]+"
)
_IS_TAI = re.compile(rf"[{_TAI}]")
_HIRAGANA = re.compile(r"[\u3040-\u309fー]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)
ELIDING = frozenset({"ca", "fr", "it"})


class Token(NamedTuple):
    """A word (or a run of characters) of a text, and where it stands there."""

    text: str
    start: int
    end: int


def fold(word: str) -> str:
    """One form for full and half width, capitals and either way to write an accent."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).lower())


def without_accents(word: str) -> str:
    """Drop the accents of Latin, Greek and Cyrillic; no other script's marks."""
    if word.isascii():
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare)


def plain(word: str, language: str = "") -> str:
    """Take the apostrophe out of a folded word: ``user's`` is ``user``, ``don't`` ``dont``."""
    if "'" in word or "’" in word:
        if language in ELIDING:
            word = _ELISION.sub("", word)
        word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    return word.replace("-", "")


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in order; unspaced runs stand whole.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Words still with their apostrophes; `plain` takes these out.

    Examples
    --------
    >>> words_of("Reset your e-mail password, パスワードの再設定")
    ['reset', 'your', 'e-mail', 'password', 'パスワードの再設定']
    """
    if text.isascii():
        return PLAIN_WORD.findall(text.lower())
    return WORD.findall(fold(text))


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the words of a text as `words_of` does, each with its place in ``text``."""
    for match in WORD.finditer(text):
        yield Token(fold(match.group()), match.start(), match.end())


def is_unspaced(word: str) -> bool:
    return UNSPACED.match(word) is not None


def grams(run: str, *, short: bool) -> list[tuple[int, str]]:
    """Cut an unspaced run into overlapping pieces.

    Parameters
    ----------
    run : str
        Characters of one unspaced script: Chinese, Japanese and Korean go by two, Thai,
        Lao, Khmer and Burmese by three.
    short : bool
        Also the pieces one shorter, as an index needs them for a search of one character.
        Without, they come only where the run is too short for a whole piece.

    Returns
    -------
    list of (int, str)
        Where each piece begins in the run, and the piece.
    """
    size = 3 if _IS_TAI.match(run) else 2
    found = [(at, run[at : at + size]) for at in range(len(run) - size + 1)]
    if short or not found:
        less = min(size - 1, len(run))
        found += [(at, run[at : at + less]) for at in range(len(run) - less + 1)]
    return found


def is_particle(gram: str) -> bool:
    """Whether a piece is Japanese grammar only (です, して), which says nothing of a topic."""
    return _HIRAGANA.fullmatch(gram) is not None


def is_joint(gram: str) -> bool:
    """Whether a piece joins a word to Japanese grammar (を変, 更す): it tells little."""
    return not gram.isascii() and bool(_HIRAGANA.search(gram)) and not is_particle(gram)
