"""Joins texts that ask nearly the same, the same way each time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log

from kb.core.gaps.intents import acts_of, may_be_one
from kb.core.gaps.texts import LIGHT, meanings

ALIKE = 0.5
"""Share of their weighted stems that two texts have in common to be one question."""

LIGHT_SHARE = 0.25
"""What such a stem weighs of another that is as rare (see ``texts.LIGHT``)."""


@dataclass(frozen=True, slots=True)
class Text:
    """One way something was asked.

    Parameters
    ----------
    terms : frozenset of str
        Its stems, see ``terms_of``.
    language : str
        Base code; texts of two languages are never joined.
    weight : float
        How often it was asked, above 0.
    """

    terms: frozenset[str]
    language: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that ask nearly the same.

    ``members`` are places in the texts given, the leader's first, then the heaviest.
    ``terms`` are the leader's, mended.
    """

    members: tuple[int, ...]
    terms: frozenset[str]
    language: str
    weight: float


def cluster(
    texts: Sequence[Text],
    *,
    alike: float = ALIKE,
    known: Mapping[str, Collection[str]] | None = None,
) -> list[Cluster]:
    """Join texts that are near to a leader.

    The heaviest text leads; each next one, by weight and then by its stems, joins the
    leader most like it, or leads a cluster of its own. So nothing drifts along a chain
    of neighbours, and the order of ``texts`` does not matter. Texts that name different
    acts (see `intents`) never join, however much else they share.

    Parameters
    ----------
    texts : sequence of Text
        Those without stems are left out.
    alike : float
        Least likeness of a text and its leader, above 0: the stems in common over all
        stems of the two, each weighted by ``log(1 + texts / texts that have it)``, stems
        that say little by a quarter of that.
    known : mapping of str to collection of str, optional
        By language, the stems that articles are written with (see `texts.meanings`).

    Returns
    -------
    list of Cluster
        The heaviest first, then by stems.

    Notes
    -----
    Leader clustering (Hartigan, *Clustering Algorithms*, 1975, chapter 3) in a fixed
    order. Only leaders that share one of a text's rarest stems are compared: without
    any of these the rest cannot reach ``alike`` (prefix filter of set joins, Chaudhuri
    et al. 2006).
    """
    groups = _same(texts, known or {})
    weigh = _Weigh(groups)
    order = sorted(
        groups, key=lambda key: (-groups[key].weight, key[0], sorted(key[1]))
    )
    joined: dict[_Key, list[_Key]] = {}
    shelves: dict[tuple[str, str], list[_Key]] = defaultdict(list)
    for key in order:
        leader = _nearest(key, shelves, weigh, alike)
        joined.setdefault(leader, []).append(key)
        if leader == key:
            for term in key[1]:
                shelves[key[0], term].append(key)
    found = [_cluster(leader, keys, groups) for leader, keys in joined.items()]
    return sorted(found, key=lambda one: (-one.weight, one.language, sorted(one.terms)))


_Key = tuple[str, frozenset[str]]


@dataclass(slots=True)
class _Group:
    members: list[int]
    weight: float = 0.0


def _same(
    texts: Sequence[Text], known: Mapping[str, Collection[str]]
) -> dict[_Key, _Group]:
    """Texts of exactly the same stems, after rare misspellings are mended."""
    mended = _mended(texts, known)
    groups: dict[_Key, _Group] = {}
    for at, text in enumerate(texts):
        meant = mended.get(text.language, {})
        terms = frozenset(meant.get(term, term) for term in text.terms)
        if terms:
            group = groups.setdefault((text.language, terms), _Group([]))
            group.members.append(at)
            group.weight += text.weight
    return groups


def _mended(
    texts: Sequence[Text], known: Mapping[str, Collection[str]]
) -> dict[str, dict[str, str]]:
    weights: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for term in text.terms:
            weights[text.language][term] += text.weight  # type: ignore[assignment]
    return {
        language: meanings(counted, known.get(language, ()))
        for language, counted in weights.items()
    }


def _share(language: str, term: str) -> float:
    return LIGHT_SHARE if language == "en" and term in LIGHT else 1.0


class _Weigh:
    """How much each stem says: the rarer, the more."""

    def __init__(self, groups: dict[_Key, _Group]) -> None:
        having = Counter((key[0], term) for key in groups for term in key[1])
        sizes = Counter(key[0] for key in groups)
        self.of = {
            (language, term): log(1 + sizes[language] / count) * _share(language, term)
            for (language, term), count in having.items()
        }
        # Added up in one order, so that equal sets weigh equal to the last bit.
        self.total = {key: self.sum(key[0], key[1]) for key in groups}
        self.acts = {key: acts_of(key[1], key[0]) for key in groups}

    def sum(self, language: str, terms: frozenset[str]) -> float:
        return sum(sorted(self.of[language, term] for term in terms))

    def likeness(self, one: _Key, other: _Key) -> float:
        if not may_be_one(self.acts[one], self.acts[other]):
            return 0.0
        common = self.sum(one[0], one[1] & other[1])
        return common / (self.total[one] + self.total[other] - common)

    def rarest(self, key: _Key, alike: float) -> list[str]:
        """The stems without any of which no text can be as like as ``alike``."""
        ranked = sorted(key[1], key=lambda term: (-self.of[key[0], term], term))
        left, found = self.total[key], []
        for term in ranked:
            # A little below, so that rounding never rules out what just reaches it.
            if left < alike * self.total[key] * (1 - 1e-9):
                break
            found.append(term)
            left -= self.of[key[0], term]
        return found


def _nearest(
    key: _Key,
    shelves: dict[tuple[str, str], list[_Key]],
    weigh: _Weigh,
    alike: float,
) -> _Key:
    """The leader most like a text; of equals the first by stems; itself if none is."""
    best, nearest = -alike, key
    seen: set[_Key] = set()
    for term in weigh.rarest(key, alike):
        for leader in shelves.get((key[0], term), ()):
            if leader in seen:
                continue
            seen.add(leader)
            # Rounded, so that how a sum was added up does not decide between equals.
            likeness = round(weigh.likeness(key, leader), 12)
            rank = (-likeness, sorted(leader[1]))
            if likeness >= alike and (
                nearest == key or rank < (best, sorted(nearest[1]))
            ):
                best, nearest = -likeness, leader
    return nearest


def _cluster(leader: _Key, keys: list[_Key], groups: dict[_Key, _Group]) -> Cluster:
    members = [at for key in keys for at in groups[key].members]
    weight = sum(groups[key].weight for key in keys)
    return Cluster(tuple(members), leader[1], leader[0], weight)
