"""A text cut where remarks on its passages begin and end."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the remarks (by their number) that lie on all of it."""

    text: str
    marks: tuple[int, ...] = ()


def pieces(text: str, passages: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut a text at the borders of passages.

    Parameters
    ----------
    text : str
    passages : iterable of (int, int)
        First character and the one after the last. What lies outside the text is cut
        off: a message may have been shortened since it was remarked on.

    Returns
    -------
    list of Piece
        In order; together they are the text. Passages may overlap.
    """
    kept = [
        (number, max(start, 0), min(end, len(text)))
        for number, (start, end) in enumerate(passages)
    ]
    kept = [(number, start, end) for number, start, end in kept if start < end]
    borders = sorted({0, len(text), *(b for _, *both in kept for b in both)})
    return [
        Piece(
            text[start:end],
            tuple(number for number, first, last in kept if first <= start < last),
        )
        for start, end in pairwise(borders)
    ]
