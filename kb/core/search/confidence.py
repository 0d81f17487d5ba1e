"""How likely a hit is the article that was looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIGNALS = (
    "share of the words", "lead in those words", "likeness", "lead in likeness",
    "lead by the root of the share", "tied in title and keywords",
    "share in title and keywords", "named", "shortness",
)  # fmt: skip
# The first of them come from all documents, the others (see `evidence`) from one.
FROM_SCORES = 6
# A lead below this is no clear one: two articles are named by the same words.
CLEAR = 0.2
FEWEST_QUESTIONS = 30
KEPT_GOOD = 0.95
# With few articles one of them leads by a chance word. Where a search's words are not
# there, a lead is held against this much that nobody has seen (see `signals_of`).
UNSEEN = 40
# Share of what the search tells, or else likeness, that an answer has at least. By words
# alone 95 % of the right first hits among 5 to 125 articles had a share of 0.25.
LEAST_SHARE, LEAST_LIKENESS = 0.15, 0.4
FIRST_FEW, ALL_WORDS, NAMED_HALF = 3, 0.99, 0.4
_STEPS, _RIDGE = 50, 0.1


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic curve over the signals of a hit.

    Attributes
    ----------
    weights : tuple of float
        Of `SIGNALS`, in log-odds.
    base : float
        Log-odds where all signals are 0.
    good_from : float
        Confidence from which the first hit is shown as an answer.
    questions : int
        Searches it was fitted on; 0 for a default.
    """

    weights: tuple[float, ...]
    base: float
    good_from: float
    questions: int = 0

    def of(self, signals: ArrayLike) -> NDArray[np.float64]:
        """Return the confidence of each row of signals, shape (hits,)."""
        rows = np.asarray(signals, dtype=float).reshape(-1, len(SIGNALS))
        return _logistic(rows @ np.array(self.weights) + self.base)

    def is_good(self, signals: ArrayLike) -> bool:
        """Whether the first hit, whose signals these are, is to be shown as an answer."""
        share, _lead, likeness, *_rest = np.asarray(signals, dtype=float)
        has_reason = share >= LEAST_SHARE or likeness >= LEAST_LIKENESS
        return bool(has_reason and self.of(signals)[0] >= self.good_from)

    def are_good(self, signals: NDArray[np.float64]) -> bool:
        """Whether hits, best first, are worth showing.

        The first one is good, has all words or has two fifths of them in its title or keywords,
        which is what somebody expects who typed one word; or one of the first `FIRST_FEW`
        has all words of a question of three or more.
        """
        if not len(signals):
            return False
        few = signals[:FIRST_FEW].tolist()
        first = few[0]
        return (
            first[0] >= ALL_WORDS
            or first[6] >= NAMED_HALF
            or any(row[0] >= ALL_WORDS and row[8] <= 1 / 3 for row in few)
            or self.is_good(first)
        )


# Rounded from a fit to 645 re-worded questions on 125 of the articles and on random 8, 15,
# 35 and 70 of them, each asked with its article there and (weighing a quarter) without it;
# to short ones of a help centre; and to questions of another trade. Brier scores 0.13 and
# 0.11 among all 125. Of questions that one of them answers, 47 % and 55 % have a confidence of
# 0.85 or more, and 98 % of these are right; of those that no article answers, 3 % and 4 %
# have; of those of another trade, below 1 %. `fitted` on an installation's own questions
# replaces them.
BY_WORDS = Confidence((0.3, 0.0, 0.0, 0.0, 5.7, -2.7, 4.7, 2.3, -9.6), -1.1, 0.27)
BY_MEANING = Confidence((0.7, 0.0, 5.3, 8.7, 2.1, -3.4, 0.0, 5.1, -4.4), -3.3, 0.34)


def fitted(
    signals: ArrayLike, is_right: ArrayLike, importance: ArrayLike, default: Confidence
) -> Confidence:
    """Fit the curve to first hits of which it is known whether they were right.

    Parameters
    ----------
    signals : array_like, shape (n, 9)
        Of the first hit of each search.
    is_right : array_like of bool, shape (n,)
    importance : array_like, shape (n,)
        What each search counts.
    default : Confidence
        Returned where fewer than `FEWEST_QUESTIONS` searches are known or all are alike.

    Returns
    -------
    Confidence
        By ridge-penalised maximum likelihood, the penalty pulling to ``default``.
        ``good_from`` keeps 95 % of the right first hits.
    """
    rows = np.asarray(signals, dtype=float).reshape(-1, len(SIGNALS))
    right = np.asarray(is_right, dtype=float)
    counts = np.asarray(importance, dtype=float)
    if len(rows) < FEWEST_QUESTIONS or right.min() == right.max():
        return default
    design = np.column_stack([rows, np.ones(len(rows))])
    start = np.array([*default.weights, default.base], dtype=float)
    beta = _newton(design, right, counts, start)
    odds = design @ beta
    good_from = float(np.quantile(_logistic(odds)[right > 0], 1 - KEPT_GOOD))
    weights = tuple(float(weight) for weight in beta[:-1])
    return Confidence(weights, float(beta[-1]), good_from, len(rows))


def _newton(
    design: NDArray[np.float64],
    right: NDArray[np.float64],
    counts: NDArray[np.float64],
    start: NDArray[np.float64],
) -> NDArray[np.float64]:
    beta = start.copy()
    penalty = _RIDGE * np.eye(len(beta))
    for _step in range(_STEPS):
        chance = _logistic(design @ beta)
        slope = design.T @ (counts * (right - chance)) - penalty @ (beta - start)
        curve = (design.T * (counts * chance * (1 - chance))) @ design + penalty
        step = np.linalg.solve(curve, slope)
        # Half of a wild step; the curve is convex, so this ends.
        beta += step / max(1.0, np.abs(step).max() / 5)
        if np.abs(step).max() < 1e-8:
            break
    fit: NDArray[np.float64] = beta
    return fit


def _logistic(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return chances


def leads(values: NDArray[np.floating], chosen: Sequence[int]) -> NDArray[np.float64]:
    """How far each chosen value is above the best of the others (below 0: behind it).

    Parameters
    ----------
    values : ndarray, shape (n,)
        Of all candidates.
    chosen : sequence of int
        Places in ``values``.
    """
    if len(values) < 2:
        return np.asarray(values[list(chosen)], dtype=float)
    top = int(np.argmax(values))
    second = float(np.partition(values, -2)[-2])
    others = [second if place == top else float(values[top]) for place in chosen]
    ahead: NDArray[np.float64] = values[list(chosen)] - np.array(others, dtype=float)
    return ahead


def signals_of(
    places: Sequence[int],
    scores: NDArray[np.floating],
    covered: NDArray[np.floating],
    likeness: NDArray[np.floating] | None,
    within: NDArray[np.bool_] | None = None,
    *,
    n_readable: int,
) -> NDArray[np.float64]:
    """Return the first `FROM_SCORES` of `SIGNALS`, shape (places, FROM_SCORES).

    Parameters
    ----------
    places : sequence of int
    scores, covered, likeness : ndarray, shape (documents,)
        See `scoring.Reader.scores` (scores are 0 outside ``within``); likeness is the cosine of meaning, None without.
    within : ndarray of bool, shape (documents,), optional
        Documents that take part; all without.
    n_readable : int
        Documents that the reader may open. A lead counts by the share of the words (that in
        words), and ``(n ** 1.5 + UNSEEN * share **
        1.5) / (n ** 1.5 + UNSEEN)``: all where all words are there, next to nothing where the
        only document has one word of many, and as it is from a hundred documents on.
    """
    rows = np.zeros((len(places), FROM_SCORES))
    if not places:
        return rows
    rows[:, 0] = covered[list(places)]
    rows[:, 1] = leads(scores, places) / max(float(scores.max()), 1e-9)
    rows[:, 4] = rows[:, 1]
    # 1 where another is as good, 0 from a clear lead on.
    rows[:, 5] = np.clip(1 - rows[:, 1] / CLEAR, 0, 1)
    if likeness is not None:
        rows[:, 2] = likeness[list(places)]
        taking_part = likeness if within is None else np.where(within, likeness, -1)
        rows[:, 3] = leads(taking_part, places)
    weight = n_readable**1.5
    kept = (weight + UNSEEN * rows[:, 0] ** 1.5) / (weight + UNSEEN)
    # Being the only article with one word of five says little: a lead counts by the share.
    kept_in_words = kept * rows[:, 0]
    # A hit behind another stays as far behind it.
    factors = np.column_stack([kept_in_words, kept, kept * np.sqrt(rows[:, 0])])
    ahead = rows[:, [1, 3, 4]]
    rows[:, [1, 3, 4]] = np.where(ahead > 0, ahead * factors, ahead)
    return rows
