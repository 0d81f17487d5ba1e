"""Facts of several days side by side, joined and filtered column by column on demand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportops.metrics.core.columns import Columns

# Booleans or whole numbers of any width.
Column = NDArray[Any]


class Rows(Mapping[str, Column]):
    """Columns over the days of a period; a column costs only when it is read.

    Parameters
    ----------
    days : sequence of date, length d
        Days that have facts, ascending.
    parts : sequence of dict of str to ndarray, length d
        The columns of each day, equally long within a day.

    Notes
    -----
    Whole numbers are in the smallest type that holds them: cast before arithmetic.
    """

    def __init__(self, days: Sequence[date], parts: Sequence[Columns]) -> None:
        self._days = days
        self._parts = parts
        self._sizes = [len(next(iter(part.values()), ())) for part in parts]
        self._joined: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._joined:
            self._joined[name] = self._join(name)
        return self._joined[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts[0] if self._parts else ())

    def __len__(self) -> int:
        return len(self._parts[0]) if self._parts else 0

    @property
    def size(self) -> int:
        """Number of rows."""
        return sum(self._sizes)

    def _join(self, name: str) -> Column:
        if name == "day":
            ordinals = [day.toordinal() for day in self._days]
            return np.repeat(np.asarray(ordinals, dtype=np.int64), self._sizes)
        if not self._parts:
            return np.zeros(0, dtype=np.int64)
        # A day stored by an earlier release lacks the columns of this one: nothing is
        # known of it until it is counted again, and 0 stands for that everywhere.
        return np.concatenate(
            [
                part[name] if name in part else np.zeros(size, dtype=np.int64)
                for part, size in zip(self._parts, self._sizes, strict=True)
            ]
        )

    def where(self, mask: NDArray[np.bool_] | None) -> "Selected":
        """Keep the rows that ``mask`` (shape (size,)) names; ``None`` keeps all."""
        return Selected(self.__getitem__, self.size, mask)


class Selected(Mapping[str, Column]):
    """Rows that passed a filter. Column ``day`` is the day's ordinal number."""

    def __init__(
        self,
        read: Callable[[str], Column],
        size: int,
        mask: NDArray[np.bool_] | None,
    ) -> None:
        self._read = read
        self._mask = mask
        self._kept: dict[str, Column] = {}
        self.size = size if mask is None else int(np.count_nonzero(mask))

    def __getitem__(self, name: str) -> Column:
        if name not in self._kept:
            column = self._read(name)
            self._kept[name] = column if self._mask is None else column[self._mask]
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def derive(self, name: str, make: Callable[["Selected"], Column]) -> Column:
        """Return a column computed from the others, once however often it is asked."""
        if name not in self._kept:
            self._kept[name] = make(self)
        return self._kept[name]

    def where(self, mask: NDArray[np.bool_]) -> "Selected":
        """Keep fewer of these rows; ``mask`` has shape (size,)."""
        return Selected(self.__getitem__, self.size, mask)


def matching(column: Column, wanted: frozenset[int]) -> NDArray[np.bool_]:
    """Tell which entries are among ``wanted``.

    Parameters
    ----------
    column : ndarray of whole numbers ≥ 0, shape (n,)
    wanted : frozenset of int

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    if len(wanted) == 1:
        return np.asarray(column == next(iter(wanted)))
    top = int(column.max()) if column.size else 0
    chosen = np.zeros(top + 1, dtype=bool)
    chosen[[value for value in wanted if 0 <= value <= top]] = True
    return chosen[column.astype(np.intp, copy=False)]


def encode(column: Column) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Number the distinct values of a column.

    Parameters
    ----------
    column : ndarray of whole numbers ≥ 0, shape (n,)

    Returns
    -------
    keys : ndarray of int64, shape (k,)
        The distinct values, ascending.
    codes : ndarray of intp, shape (n,)
        Position of each entry's value in ``keys``.

    Examples
    --------
    >>> encode(np.array([7, 3, 7]))
    (array([3, 7]), array([1, 0, 1]))
    """
    whole = column.astype(np.intp, copy=False)
    if not whole.size or int(whole.max()) > 50 * whole.size + 1_000_000:
        keys, codes = np.unique(whole, return_inverse=True)
        return keys.astype(np.int64), codes.astype(np.intp)
    keys = np.flatnonzero(np.bincount(whole))
    places = np.zeros(int(whole.max()) + 1, dtype=np.intp)
    places[keys] = np.arange(keys.size)
    return keys.astype(np.int64), places[whole]
