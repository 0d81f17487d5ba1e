"""How far a confidence can be trusted, and from which one an answer may be shown."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supportops.metrics.core.intervals import share_interval

Floats = NDArray[np.float64]

CANDIDATES = 10
"""Thresholds that are tried: each costs certainty, for one may look good by luck."""
BINS = 10
_HALVINGS = 60
_MOST_NEEDED = 100_000


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies from ``low`` up to ``high``.

    Without answers, ``confidence`` and ``share`` are ``None`` and the interval is (0, 1).
    """

    low: float
    high: float
    n: int
    confidence: float | None
    right: int
    share: float | None
    lower: float
    upper: float


class Finding(StrEnum):
    """What can be said of a precision, in one word."""

    CHOSEN = "CHOSEN"
    TOO_FEW = "TOO_FEW"
    NOT_REACHED = "NOT_REACHED"


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold would do: of ``n`` judged answers, ``shown`` at or above it.

    ``precision`` is the share of right ones among them; ``lower`` bounds the true one
    for all points of a curve at once; ``coverage`` is the share that is shown.
    """

    threshold: float
    shown: int
    right: int
    precision: float
    lower: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The threshold with the widest coverage that is shown to reach a precision.

    ``needed`` answers at or above a threshold would show it: all right while there are
    few, then as often right as those seen. ``point`` is ``None`` unless ``finding`` is
    ``CHOSEN``.
    """

    finding: Finding
    point: Point | None
    points: tuple[Point, ...]
    n: int
    needed: int

    @property
    def threshold(self) -> float | None:
        return self.point.threshold if self.point else None


def _checked(confidences: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    values = np.asarray(confidences, dtype=np.float64)
    outcomes = np.asarray(right, dtype=np.float64)
    if values.ndim != 1 or values.shape != outcomes.shape:
        raise ValueError(
            "confidences and right need one equal shape (n,): "
            f"{values.shape}, {outcomes.shape}"
        )
    # `not all` rather than `any`: nan fails it as well.
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError("a confidence lies in 0..1")
    if not np.all((outcomes == 0) | (outcomes == 1)):
        raise ValueError("an answer is right or it is not")
    return values, outcomes


def reliability(
    confidences: ArrayLike, right: ArrayLike, *, bins: int = BINS
) -> tuple[Bin, ...]:
    """Compare what was said with what came true, in bins of equal width.

    Parameters
    ----------
    confidences : array_like of float, shape (n,)
        Shares, 0 to 1.
    right : array_like of bool, shape (n,)
    bins : int, default 10
        A confidence on an edge belongs to the bin above it, 1 to the last.

    Returns
    -------
    tuple of Bin
        All of them, in order; the interval is Wilson's, 95 %.

    Raises
    ------
    ValueError
        For unequal shapes, confidences outside [0, 1] or fewer than one bin.

    Examples
    --------
    >>> [(each.n, each.share) for each in reliability([0.2, 0.7, 0.9], [0, 1, 0], bins=2)]
    [(1, 0.0), (2, 0.5)]
    """
    if bins < 1:
        raise ValueError(f"at least one bin: {bins}")
    values, outcomes = _checked(confidences, right)
    edges = np.linspace(0.0, 1.0, bins + 1)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)
    sizes = np.bincount(places, minlength=bins)
    hits = np.bincount(places, weights=outcomes, minlength=bins)
    sums = np.bincount(places, weights=values, minlength=bins)
    bounds = share_interval(hits, sizes)
    return tuple(
        _bin(edges[at : at + 2], int(sizes[at]), sums[at], int(hits[at]), bounds[at])
        for at in range(bins)
    )


def _bin(edges: Floats, n: int, total: float, right: int, bounds: Floats) -> Bin:
    return Bin(
        low=float(edges[0]),
        high=float(edges[1]),
        n=n,
        confidence=float(total) / n if n else None,
        right=right,
        share=right / n if n else None,
        lower=float(bounds[0]),
        upper=float(bounds[1]),
    )


def calibration_error(bins: tuple[Bin, ...]) -> float | None:
    """Return the expected calibration error; ``None`` without answers.

    The mean distance of confidence and share right, each bin counting by its answers. It
    is above 0 even for a perfect confidence, the more the fewer answers there are.
    """
    total = sum(each.n for each in bins)
    if not total:
        return None
    return sum(
        each.n / total * abs(each.confidence - each.share)
        for each in bins
        if each.confidence is not None and each.share is not None
    )


def answers_needed(
    target: float, *, certainty: float = 0.95, tried: int = CANDIDATES
) -> int:
    """Return the fewest answers, all right, that show a precision of ``target``.

    Parameters
    ----------
    target : float
        Share of right answers, strictly between 0 and 1.
    certainty : float, default 0.95
        Of all ``tried`` thresholds together.

    Examples
    --------
    >>> answers_needed(0.9, tried=1), answers_needed(0.9)
    (29, 51)
    """
    _check_shares(target, certainty)
    chance = (1 - certainty) / tried
    return math.ceil(math.log(chance) / math.log(target) - 1e-12)


def _check_shares(target: float, certainty: float) -> None:
    if not 0 < target < 1:
        raise ValueError(f"a precision lies strictly between 0 and 1: {target}")
    if not 0 < certainty < 1:
        raise ValueError(f"a certainty lies strictly between 0 and 1: {certainty}")


def lower_bound(right: int, n: int, *, chance: float) -> float:
    """Return the exact one-sided lower bound of a share (Clopper and Pearson 1934).

    Parameters
    ----------
    right, n : int
        ``right`` of ``n`` answers.
    chance : float
        Of being wrong: the true share lies below the bound with no more than this.

    Returns
    -------
    float
        The share under which so many right answers come with probability ``chance``;
        0 where none was right.

    Examples
    --------
    >>> round(lower_bound(29, 29, chance=0.05), 4)
    0.9019
    """
    if not 0 <= right <= n:
        raise ValueError(f"0 <= right <= n is needed: {right} of {n}")
    if right == 0:
        return 0.0
    low, high = 0.0, right / n
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_least(right, n, middle) > chance:
            high = middle
        else:
            low = middle
    return low


def _at_least(right: int, n: int, share: float) -> float:
    """Probability of ``right`` or more of ``n`` when each is right with ``share``."""
    if share <= 0:
        return 0.0
    counts = np.arange(right, n + 1)
    ways = np.array([math.lgamma(k + 1) + math.lgamma(n - k + 1) for k in counts])
    terms = (
        math.lgamma(n + 1)
        - ways
        + counts * math.log(share)
        + (n - counts) * math.log1p(-min(share, 1 - 1e-16))
    )
    return float(min(np.exp(terms).sum(), 1.0))


def curve(
    confidences: ArrayLike, right: ArrayLike, *, certainty: float = 0.95,
    candidates: int = CANDIDATES,
) -> tuple[Point, ...]:  # fmt: skip
    """Return what each of some thresholds would do, the highest threshold first.

    The thresholds are confidences that occur, at equal steps of coverage: they are fixed
    before it is looked which answers were right, so that Bonferroni's share of the chance
    bounds all precisions at once.

    Parameters
    ----------
    confidences : array_like of float, shape (n,)
    right : array_like of bool, shape (n,)
    certainty : float, default 0.95
        With which all lower bounds hold together.
    candidates : int, default 10
        Thresholds at most; equal confidences fall together.

    Returns
    -------
    tuple of Point
        Empty without answers.

    References
    ----------
    .. [1] A. N. Angelopoulos, S. Bates, E. J. Candès, M. I. Jordan, L. Lei, "Learn then
       test: calibrating predictive algorithms to achieve risk control", Annals of
       Applied Statistics 19 (2025), section 2.
    """
    if candidates < 1:
        raise ValueError(f"at least one threshold is tried: {candidates}")
    if not 0 < certainty < 1:
        raise ValueError(f"a certainty lies strictly between 0 and 1: {certainty}")
    values, outcomes = _checked(confidences, right)
    chance = (1 - certainty) / candidates
    return tuple(
        _point(threshold, values, outcomes, chance)
        for threshold in _candidates(values, candidates)
    )


def _candidates(values: Floats, most: int) -> list[float]:
    ordered = np.sort(values)[::-1]
    places = [math.ceil(len(ordered) * step / most) - 1 for step in range(1, most + 1)]
    found = {float(ordered[place]) for place in places if place >= 0}
    return sorted(found, reverse=True)


def _point(threshold: float, values: Floats, outcomes: Floats, chance: float) -> Point:
    above = values >= threshold
    shown, right = int(above.sum()), int(outcomes[above].sum())
    return Point(
        threshold=threshold,
        shown=shown,
        right=right,
        precision=right / shown,
        lower=lower_bound(right, shown, chance=chance),
        coverage=shown / len(values),
    )


def choose(
    confidences: ArrayLike,
    right: ArrayLike,
    target_precision: float,
    *,
    certainty: float = 0.95,
) -> Choice:
    """Choose the threshold that shows most answers at a precision that is certain enough.

    Parameters
    ----------
    confidences : array_like of float, shape (n,)
        Of judged answers.
    right : array_like of bool, shape (n,)
    target_precision : float
        Share of shown answers that must be right, strictly between 0 and 1.
    certainty : float, default 0.95
        With which the true precision at the chosen threshold reaches the target, if later
        questions are like the judged ones.

    Returns
    -------
    Choice
        ``TOO_FEW`` where more answers may yet show it, ``NOT_REACHED`` where no threshold
        has been right so often.

    Raises
    ------
    ValueError
        For unequal shapes, confidences outside [0, 1] or a target that is no share.
    """
    _check_shares(target_precision, certainty)
    points = curve(confidences, right, certainty=certainty)
    n = points[-1].shown if points else 0
    needed = answers_needed(target_precision, certainty=certainty)
    # The halving stops a hair under the exact bound.
    reached = [each for each in points if each.lower >= target_precision - 1e-12]
    if reached:
        return Choice(Finding.CHOSEN, reached[-1], points, n, needed)
    better = max((each.precision for each in points), default=0.0)
    if n < needed:
        return Choice(Finding.TOO_FEW, None, points, n, needed)
    if better <= target_precision:
        return Choice(Finding.NOT_REACHED, None, points, n, needed)
    chance = (1 - certainty) / CANDIDATES
    needed = _needed_at(better, target_precision, chance)
    return Choice(Finding.TOO_FEW, None, points, n, needed)


def _needed_at(precision: float, target: float, chance: float) -> int:
    """Return the fewest answers that show ``target`` when ``precision`` of them are right."""

    def is_enough(n: int) -> bool:
        return lower_bound(math.floor(precision * n), n, chance=chance) >= target

    low, high = 1, 2
    while not is_enough(high) and high < _MOST_NEEDED:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
