"""What waiting and automation do to satisfaction, from answers of customers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workforce.capacity.core.options.drivers import Z80

LEAST_ANSWERS = 50
_SHORTEST_HOURS = 1.0 / 60.0


@dataclass(frozen=True, slots=True)
class Slope:
    """An estimated coefficient with its 80 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How the share of satisfied customers moves, as fractions.

    Attributes
    ----------
    per_doubling : Slope
        For a resolution time twice as long.
    automated : Slope or None
        For a contact that automation closed instead of a person; None where all or none
        of the answers are about such contacts.
    n, n_automated : int
        Answers.
    """

    per_doubling: Slope
    automated: Slope | None
    n: int
    n_automated: int


def estimate(
    satisfied: ArrayLike, hours: ArrayLike, automated: ArrayLike
) -> Satisfaction | None:
    """Fit ``satisfied = a + b log2(hours) + c automated`` by least squares.

    A linear probability model: coefficients are points of the share directly. Errors are
    robust to unequal variance (HC1), as they must be for a yes or no.

    Parameters
    ----------
    satisfied : array_like of bool, shape (n,)
    hours : array_like of float, shape (n,)
        Resolution time; below a minute counts as a minute.
    automated : array_like of bool, shape (n,)

    Returns
    -------
    Satisfaction or None
        None below 50 answers, or when every resolution time is the same.

    References
    ----------
    .. [1] J. G. MacKinnon, H. White, "Some heteroskedasticity-consistent covariance
       matrix estimators with improved finite sample properties", Journal of
       Econometrics 29 (1985) 305-325.
    """
    answer = np.asarray(satisfied, dtype=np.float64)
    doublings = np.log2(
        np.maximum(np.asarray(hours, dtype=np.float64), _SHORTEST_HOURS)
    )
    machine = np.asarray(automated, dtype=np.float64)
    n, n_machine = len(answer), int(machine.sum())
    if n < LEAST_ANSWERS or np.ptp(doublings) == 0:
        return None
    has_both = min(n_machine, n - n_machine) >= LEAST_ANSWERS // 2
    columns = [np.ones(n), doublings, *([machine] if has_both else [])]
    found = _fit(np.column_stack(columns), answer)
    if found is None:
        return None
    return Satisfaction(found[1], found[2] if has_both else None, n, n_machine)


def _fit(
    columns: NDArray[np.float64], answer: NDArray[np.float64]
) -> list[Slope] | None:
    n, width = columns.shape
    if np.linalg.matrix_rank(columns) < width:
        return None
    inverse = np.linalg.inv(columns.T @ columns)
    slopes = inverse @ columns.T @ answer
    scored = columns * (answer - columns @ slopes)[:, None]
    variance = inverse @ (scored.T @ scored) @ inverse * n / (n - width)
    errors = Z80 * np.sqrt(np.maximum(0.0, np.diag(variance)))
    return [
        Slope(float(slope), float(slope - error), float(slope + error))
        for slope, error in zip(slopes, errors, strict=True)
    ]
