"""What somebody typed: words, "phrases in quotes" and -words to leave out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kb.core.search.text import Token, tokens_of, words_of

MOST_CHARACTERS = 10_000
MOST_WORDS = 100
_QUOTED = re.compile(
    r'((?<!\S)-)?(?:"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」)'
)
_MARKS = re.compile('["“„«「-]')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W_])(\S+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A search as typed, taken apart.

    Attributes
    ----------
    text : str
        As typed, at most `MOST_CHARACTERS` of it.
    words : tuple of Token
        The first `MOST_WORDS` different ones that are looked for, in order, with places
        in ``text``; those in quotes too.
    phrases : tuple of str
        Texts that must stand so in a document.
    excluded : tuple of str
        Texts that must not.
    """

    text: str
    words: tuple[Token, ...]
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def parse(text: str) -> Query:
    """Take a search apart.

    Parameters
    ----------
    text : str
        Anything; what has no meaning is left out.

    Returns
    -------
    Query
        Where nothing is left to look for once the excluded words are gone (somebody pasted
        ``-1073741819``), all words are looked for and none is left out.
    """
    text = text[:MOST_CHARACTERS]
    if not _MARKS.search(text):
        return Query(text, _different(text))
    phrases: list[str] = []
    excluded: list[str] = []
    unquoted, wanted = list(text), list(text)
    for match in _QUOTED.finditer(text):
        inside = next((group for group in match.groups()[1:] if group), "")
        if not words_of(inside):
            continue
        _blank(unquoted, match)
        if match[1]:
            excluded.append(inside)
            _blank(wanted, match)
        else:
            phrases.append(inside)
    for match in _EXCLUDED.finditer("".join(unquoted)):
        excluded.append(match[1])
        _blank(wanted, match)
    words = _different("".join(wanted))
    if not words:
        return Query(text, _different(text))
    return Query(text, words, tuple(phrases), tuple(excluded))


def _blank(characters: list[str], match: re.Match[str]) -> None:
    characters[match.start() : match.end()] = " " * (match.end() - match.start())


def _different(text: str) -> tuple[Token, ...]:
    found: dict[str, Token] = {}
    for token in tokens_of(text):
        if len(found) == MOST_WORDS:
            break
        found.setdefault(token.text, token)
    return tuple(found.values())


def with_words(text: str, others: Mapping[str, str]) -> str:
    """Put other words into a text, wherever the folded ones stand in it."""
    parts, at = [], 0
    for token in tokens_of(text):
        if token.text in others:
            parts += [text[at : token.start], others[token.text]]
            at = token.end
    return "".join([*parts, text[at:]])
