"""Options judged by weighted criteria, and whether the winner hangs on one weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

FULL = 10.0


@dataclass(frozen=True)
class Measured:
    """A criterion and what it says of each option.

    Attributes
    ----------
    name : str
    weight : float
        At least 0; only its size against the others counts.
    values : mapping of str to float
        By letter: grades from 0 to 10, or figures.
    kind : {"GRADE", "MORE", "LESS"}
        A grade counts as it is. Of figures of which more is better the largest gets 10
        and the others as much less as they are smaller; of which less is better the
        smallest gets 10 and one twice as large gets 5. Where the best figure is not above
        zero there are no such shares: the best gets 10, the worst 0, others lie between.
    """

    name: str
    weight: float
    values: Mapping[str, float]
    kind: str = "GRADE"

    def points(self) -> dict[str, float]:
        """Return 0 to 10 for each option."""
        if not self.values:
            return {}
        if self.kind == "GRADE":
            return {letter: float(value) for letter, value in self.values.items()}
        least, most = min(self.values.values()), max(self.values.values())
        best, worst = (most, least) if self.kind == "MORE" else (least, most)
        if best <= 0:
            return {
                letter: FULL
                if best == worst
                else FULL * (value - worst) / (best - worst)
                for letter, value in self.values.items()
            }
        return {
            letter: FULL
            * (max(0.0, value) / best if self.kind == "MORE" else best / value)
            for letter, value in self.values.items()
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Who wins when one weight is doubled or halved."""

    name: str
    doubled: str
    halved: str


@dataclass(frozen=True)
class Judged:
    """Scores of all options.

    Attributes
    ----------
    scores : dict of str to float
        By letter, 0 to 10: the mean of the points, weighted.
    points : list of dict
        By criterion, in their order.
    winner : str
        Letter of the best; the first of those that are equal. Empty without scores.
    tied : list of str
        Every letter within a hundredth of a point of the best.
    sensitivity : list of Sensitivity
    unjudged : list of str
        Criteria that do not say something of every option; they do not count.
    """

    scores: dict[str, float]
    points: list[dict[str, float]]
    winner: str
    tied: list[str]
    sensitivity: list[Sensitivity]
    unjudged: list[str]

    @property
    def is_robust(self) -> bool:
        """Tell whether no doubled or halved weight changes the winner."""
        return all(
            each.doubled == self.winner == each.halved for each in self.sensitivity
        )


def judge(criteria: Sequence[Measured], letters: Sequence[str]) -> Judged:
    """Score every option.

    Parameters
    ----------
    criteria : sequence of Measured
    letters : sequence of str
        The options.

    Returns
    -------
    Judged

    Raises
    ------
    ValueError
        For a negative weight, a grade outside 0 to 10, and what is not a number.
    """
    for each in criteria:
        grades = each.values.values() if each.kind == "GRADE" else ()
        if not all(map(isfinite, (each.weight, *each.values.values()))):
            raise ValueError(f"weight or figure is not a number: {each.name}")
        if each.weight < 0 or any(not 0 <= grade <= FULL for grade in grades):
            raise ValueError(f"weight or grade out of range: {each.name}")
    points = [each.points() for each in criteria]
    counted = [
        place
        for place, own in enumerate(points)
        if letters and all(letter in own for letter in letters)
    ]
    weights = [criteria[place].weight for place in counted]
    rows = [points[place] for place in counted]
    scores = _scores(rows, weights, letters)
    winner = _winner(scores)
    return Judged(
        scores=scores,
        points=points,
        winner=winner,
        tied=[
            letter for letter, score in scores.items() if score > scores[winner] - 0.01
        ],
        sensitivity=[
            Sensitivity(
                criteria[place].name,
                _winner(_scores(rows, _times(weights, index, 2.0), letters)),
                _winner(_scores(rows, _times(weights, index, 0.5), letters)),
            )
            for index, place in enumerate(counted)
            if scores
        ],
        unjudged=[
            each.name for place, each in enumerate(criteria) if place not in counted
        ],
    )


def _times(weights: Sequence[float], place: int, factor: float) -> list[float]:
    return [
        weight * factor if index == place else weight
        for index, weight in enumerate(weights)
    ]


def _scores(
    rows: Sequence[Mapping[str, float]],
    weights: Sequence[float],
    letters: Sequence[str],
) -> dict[str, float]:
    total = sum(weights)
    if total <= 0:
        return {}
    pairs = list(zip(rows, weights, strict=True))
    return {
        letter: sum(row[letter] * weight for row, weight in pairs) / total
        for letter in letters
    }


def _winner(scores: Mapping[str, float]) -> str:
    """The best letter; differences below rounding do not make one."""
    best, found = -1.0, ""
    for letter, score in scores.items():
        if score > best + 1e-9:
            best, found = score, letter
    return found
