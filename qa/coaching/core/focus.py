"""Which one thing to work on: what was weakest, and why it fell short."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CriterionMean:
    """One criterion over several reviews; ``mean`` is in points of 100."""

    key: str
    title: str
    mean: float
    n: int


@dataclass(frozen=True)
class Play:
    """What a playbook is for: a criterion, a kind of root cause, or both."""

    id: int
    criterion_key: str = ""
    root_cause_kind: str = ""


def weakest(means: Sequence[CriterionMean], *, min_n: int = 2) -> CriterionMean | None:
    """Return the criterion with the lowest mean.

    Parameters
    ----------
    means : sequence of CriterionMean
    min_n : int, default 2
        One review is an incident, not a pattern: criteria below are left aside unless
        there is no other.

    Returns
    -------
    CriterionMean or None
        None when all are at full marks or there is none. Ties: the more reviews.
    """
    short = [each for each in means if each.mean < 100]
    often = [each for each in short if each.n >= min_n] or short
    return min(often, key=lambda each: (each.mean, -each.n, each.key), default=None)


def strongest(
    means: Sequence[CriterionMean], *, count: int = 2, at_least: float = 70.0
) -> list[CriterionMean]:
    """Return the best criteria, best first, that deserve to be called a strength.

    Parameters
    ----------
    means : sequence of CriterionMean
    count : int, default 2
    at_least : float, default 70.0
        In points of 100.

    Returns
    -------
    list of CriterionMean
    """
    good = [each for each in means if each.mean >= at_least]
    return sorted(good, key=lambda each: (-each.mean, -each.n, each.key))[:count]


def commonest(kinds: Iterable[str]) -> str:
    """Return the most frequent kind; of equally frequent ones the first by name."""
    counts = Counter(kind for kind in kinds if kind)
    return min(counts, key=lambda kind: (-counts[kind], kind), default="")


def fitting(
    plays: Sequence[Play], *, criterion_key: str, root_cause_kind: str
) -> Play | None:
    """Choose the playbook: one for the weakest criterion, else for the root cause.

    Parameters
    ----------
    plays : sequence of Play
        In their order.
    criterion_key, root_cause_kind : str
        Empty when unknown.

    Returns
    -------
    Play or None
        A playbook that fits both goes before one that fits the criterion alone, and
        that before one that fits the root cause alone.
    """
    ranked = [
        (
            2 * (bool(criterion_key) and play.criterion_key == criterion_key)
            + (bool(root_cause_kind) and play.root_cause_kind == root_cause_kind),
            -place,
            play,
        )
        for place, play in enumerate(plays)
    ]
    best = max(ranked, key=lambda row: row[:2], default=None)
    return best[2] if best and best[0] else None
