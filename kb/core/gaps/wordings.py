"""What customers typed, as other words of an article: only what tells of its topic."""

from collections.abc import Iterable

from kb.core.gaps.texts import terms_of
from kb.core.search.languages import EVERY_STOP_WORD
from kb.core.search.text import fold, words_of

_COMPLAINT = (
    "not possible impossible work works working worked happen happens happening problem "
    "problems issue issues error errors help fail fails failed failing wrong please "
    "nicht möglich unmöglich geht gehen funktioniert funktionieren fehler hilfe leider"
)
FILLER = frozenset(map(fold, _COMPLAINT.split())) | frozenset(
    map(fold, EVERY_STOP_WORD)
)
"""Folded words of a question or a complaint; any article could be found by them."""


def telling_wordings(
    texts: Iterable[str], *, title: str, language: str, most: int
) -> list[str]:
    """Return the wordings without filler, each once by its stems.

    Parameters
    ----------
    texts : iterable of str
        Searches or subjects as typed, the most frequent first.
    title : str
        The article's title; what says the same is left out.
    language : str
        Code such as ``en`` or ``pt-BR``.
    most : int
        The most wordings returned.

    Returns
    -------
    list of str
        In the order given; fewer than ``most`` where little else was typed.

    Examples
    --------
    >>> telling_wordings(
    ...     ["why scheduled report", "how do i schedule report", "report by mail ?"],
    ...     title="Export", language="en", most=8,
    ... )
    ['scheduled report', 'report mail']
    """
    seen = {_stems(title, language)}
    found: list[str] = []
    for text in texts:
        wording = _bare(text)
        stems = _stems(wording, language)
        if stems and stems not in seen:
            seen.add(stems)
            found.append(wording)
    return found[:most]


def _bare(text: str) -> str:
    return " ".join(word for word in words_of(text) if fold(word) not in FILLER)


def _stems(text: str, language: str) -> frozenset[str]:
    bare = _bare(text)
    return terms_of(bare, language) if bare else frozenset()
