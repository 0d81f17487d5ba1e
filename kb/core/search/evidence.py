"""What a search and the names of one article say of each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.core.search.exact import Terms
from kb.core.search.scoring import Group, Wanted


def evidence(
    groups: Sequence[Group], names: Sequence[Terms], rarity: NDArray[np.float32]
) -> tuple[float, float, float]:
    """Compare the words of a search with the title and the keywords of an article.

    Parameters
    ----------
    groups : sequence of Group
        Of the search.
    names : sequence of frozenset of int
        Terms of the title and of each keyword, see `exact.Names.of`.
    rarity : ndarray of float32, shape (terms,)

    Returns
    -------
    in_names : float
        Share 0–1 of what the search tells that is in any of the names.
    named : float
        That times the share of a name that is in the search, of the name where it is the
        highest: 1 where the search is a name, word for word.
    shortness : float
        One over the number of words that tell something: a lone word says little of what
        is asked.

    Examples
    --------
    >>> words = [Group((Wanted((0,), 2.0),)), Group((Wanted((1,), 2.0),))]
    >>> evidence(words, [frozenset({0})], np.ones(2, np.float32))
    (0.5, 0.5, 0.5)
    """
    n_words = max(sum(sum(word.words for word in group.own) for group in groups), 1.0)
    held = frozenset().union(*names)
    total = sum(group.mass for group in groups)
    if not held or total <= 0:
        return 0.0, 0.0, 1 / n_words
    asked: set[int] = set()
    in_names = 0.0
    for group in groups:
        in_names += _mass_in(group, held)
        for words in (group.own, *group.others):
            asked.update(term for word in words for term in word.terms)
    share = in_names / total
    said = max(_share_of(name, asked, rarity) for name in names)
    return share, share * said, 1 / n_words


def _mass_in(group: Group, held: Terms) -> float:
    """What of a group is in a set of terms: all of it where one of its synonyms is."""
    for other in group.others:
        if all(_is_in(word, held) for word in other):
            return group.mass
    return sum(word.mass for word in group.own if _is_in(word, held))


def _is_in(word: Wanted, held: Terms) -> bool:
    return any(term in held for term in word.terms)


def _share_of(name: Terms, asked: set[int], rarity: NDArray[np.float32]) -> float:
    both = name & asked
    if not both:
        return 0.0
    return float(sum(rarity[list(both)]) / sum(rarity[list(name)]))
