"""Arrays of whole seconds: reading them, and finding many of them in a sorted list at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Seconds = NDArray[np.int64]

SMALLEST_BITS, LARGEST_BITS = 13, 20
MOST_STEPS = 4
LONGEST = 2**53


class SortedLookup:
    """Position of the last key at or before each of many values.

    The range is cut into buckets of ``2**bits`` seconds, at most as long as the keys usually lie
    apart, and the answer at the start of each bucket is stored. A value then needs one table look-up
    and few comparisons, where a binary search needs a dozen unpredictable ones.

    Parameters
    ----------
    keys : 1D array of int64
        Sorted; the first is not above ``lo``.
    lo, hi : int
        Range of the values that will be asked for, both included.
    """

    __slots__ = ("_bits", "_following", "_keys", "_lo", "_steps", "_table")

    def __init__(self, keys: Seconds, lo: int, hi: int) -> None:
        gaps = np.diff(keys)
        usual_gap = int(np.quantile(gaps, 0.02)) if len(gaps) else 1
        bits = min(max(usual_gap.bit_length() - 1, SMALLEST_BITS), LARGEST_BITS)
        edges = lo + (np.arange(((hi - lo) >> bits) + 2, dtype=np.int64) << bits)
        self._keys, self._lo, self._bits = keys, lo, bits
        self._table = keys.searchsorted(edges, side="right") - 1
        self._following = np.append(keys[1:], np.iinfo(np.int64).max)
        self._steps = int(np.diff(self._table).max())

    def find(self, values: Seconds) -> NDArray[np.intp]:
        """Positions for values inside the range, shape as given."""
        if self._steps > MOST_STEPS:
            # Many keys crowd into one bucket: a binary search is the faster way.
            searched: NDArray[np.intp] = self._keys.searchsorted(values, "right") - 1
            return searched
        found: NDArray[np.intp] = self._table[(values - self._lo) >> self._bits]
        for _ in range(self._steps):
            found = found + (self._following[found] <= values)
        return found


def epoch_array(values: ArrayLike) -> Seconds:
    """Whole epoch seconds as a 1D int64 array; ``ValueError`` for anything else."""
    given = np.atleast_1d(np.asarray(values))
    if given.size and given.dtype.kind not in "iu":
        kind = f"{given.dtype}: {given.flat[0]!r}"
        raise ValueError(f"Instants must be whole epoch seconds, not {kind}")
    return given.astype(np.int64, copy=False)


def duration_array(values: ArrayLike) -> Seconds:
    """Seconds, not negative, rounded to a 1D int64 array; ``ValueError`` for anything else."""
    given = np.atleast_1d(np.asarray(values))
    if given.size and given.dtype.kind not in "iuf":
        kind = f"{given.dtype}: {given.flat[0]!r}"
        raise ValueError(f"Durations must be seconds, not {kind}")
    # Written so that NaN fails as well.
    if given.size and not (given.min() >= 0 and given.max() <= LONGEST):
        span = f"{given.min()} to {given.max()}"
        raise ValueError(f"A duration cannot be negative, undefined or endless: {span}")
    whole = np.rint(given) if given.dtype.kind == "f" else given
    return whole.astype(np.int64, copy=False)


def paired(first: Seconds, second: Seconds) -> tuple[Seconds, Seconds]:
    """Both arrays at one length: a single value is repeated for the other's."""
    if first.ndim > 1 or second.ndim > 1:
        raise ValueError(f"Expected 1D arrays, got {first.shape} and {second.shape}")
    both = np.broadcast_arrays(first, second)
    return both[0], both[1]
