"""Corrects a confidence by how often answers of that confidence were right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FEWEST_JUDGED = 100
FEWEST_OF_EITHER = 10
"""Right and wrong answers that are needed; with fewer the search's own figure is better."""
_LIMIT = 1e-6
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Correction:
    """A map from a confidence to the share of right answers; it keeps their order.

    ``slope`` and ``base`` belong to the log-odds: 1 and 0 change nothing. ``judged`` is
    how many answers it was fitted to, 0 where nothing was.
    """

    slope: float = 1.0
    base: float = 0.0
    judged: int = 0

    def of(self, confidence: float) -> float:
        """Return the corrected confidence; 0 and 1 of an unfitted one stay as they are."""
        if not self.judged:
            return confidence
        odds = self.slope * float(_log_odds(np.array(confidence))) + self.base
        return float(1 / (1 + np.exp(-odds)))

    def before(self, corrected: float) -> float:
        """Return the confidence that is corrected to this one."""
        if not self.judged:
            return corrected
        odds = (float(_log_odds(np.array(corrected))) - self.base) / self.slope
        return float(1 / (1 + np.exp(-odds)))


UNCHANGED = Correction()


def fit(confidences: ArrayLike, right: ArrayLike) -> Correction:
    """Fit the correction to judged answers (Platt's scaling of the log-odds).

    Two figures are fitted, not one a bin: with a few hundred answers a step function
    (isotonic regression) follows luck. The counts are pulled a little to the middle, as
    Platt does, so that answers that are all right above some confidence do not make it 1.

    Parameters
    ----------
    confidences : array_like of float, shape (n,)
        Shares, 0 to 1.
    right : array_like of bool, shape (n,)

    Returns
    -------
    Correction
        `UNCHANGED` with fewer than `FEWEST_JUDGED` answers, with fewer than
        `FEWEST_OF_EITHER` right or wrong ones, or where a higher confidence was not more
        often right.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    .. [1] J. Platt, "Probabilistic outputs for support vector machines", Advances in
       Large Margin Classifiers, MIT Press 1999, 61-74.
    .. [2] A. Niculescu-Mizil, R. Caruana, "Predicting good probabilities with supervised
       learning", ICML 2005: isotonic regression is the better one from about 1,000.
    """
    values = np.asarray(confidences, dtype=np.float64)
    outcomes = np.asarray(right, dtype=np.float64)
    if values.ndim != 1 or values.shape != outcomes.shape:
        raise ValueError(f"unequal shapes: {values.shape}, {outcomes.shape}")
    rights = int(outcomes.sum())
    wrongs = len(outcomes) - rights
    if len(values) < FEWEST_JUDGED or min(rights, wrongs) < FEWEST_OF_EITHER:
        return UNCHANGED
    targets = np.where(outcomes > 0, (rights + 1) / (rights + 2), 1 / (wrongs + 2))
    odds = _log_odds(values)
    if np.ptp(odds) < _LIMIT:
        return UNCHANGED
    slope, base = _newton(odds, targets)
    return Correction(slope, base, len(values)) if slope > _LIMIT else UNCHANGED


def _newton(odds: Floats, targets: Floats) -> tuple[float, float]:
    """Maximise the likelihood; it is concave, and half steps keep it from leaping."""
    design = np.column_stack([odds, np.ones_like(odds)])
    beta = np.array([1.0, 0.0])
    for _step in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -50, 50)))
        slope = design.T @ (targets - chance)
        curve = (design.T * np.maximum(chance * (1 - chance), 1e-12)) @ design
        step = np.linalg.solve(curve + 1e-9 * np.eye(2), slope)
        beta += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[0]), float(beta[1])


def _log_odds(shares: Floats) -> Floats:
    kept = np.clip(shares, _LIMIT, 1 - _LIMIT)
    odds: Floats = np.log(kept / (1 - kept))
    return odds
