"""Which visitors see what: a salted hash, so nothing has to be stored to stay the same."""

import math
from decimal import Decimal
from hashlib import blake2b

_PLACES = 2**64


def position(visitor: str, *, salt: str) -> float:
    """Return where a visitor stands on [0, 1): the same each time, different by salt.

    Parameters
    ----------
    visitor : str
        Random key of the visitor.
    salt : str
        Of the experiment, or of the hold-out. Positions under two salts are independent.

    References
    ----------
    .. [1] R. Kohavi, D. Tang, Y. Xu, *Trustworthy Online Controlled Experiments*,
       Cambridge University Press 2020, chapter 4 (assignment by hash).
    """
    return _place(visitor, salt) / _PLACES


def is_drawn(visitor: str, *, salt: str, share: float | Decimal) -> bool:
    """Say whether a visitor belongs to the drawn share.

    Raising the share only adds visitors: whoever was drawn before stays drawn.

    Parameters
    ----------
    share : float or Decimal
        Of all visitors, 0 to 1. Nobody is drawn at 0, everybody at 1.

    Raises
    ------
    ValueError
        For a share outside [0, 1] or an empty visitor or salt.

    Examples
    --------
    >>> [is_drawn("visitor", salt="s", share=share) for share in (0, 1)]
    [False, True]
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies in 0..1: {share}")
    if not visitor or not salt:
        raise ValueError("a visitor and a salt are needed")
    return _place(visitor, salt) < int(Decimal(share) * _PLACES)


def split_p_value(drawn: int, total: int, *, share: float | Decimal) -> float:
    """Return how likely a split at least this uneven is when the drawing works.

    Below 0.001 something is wrong with the counting, and the results of the experiment
    mean nothing (a sample ratio mismatch).

    Parameters
    ----------
    drawn, total : int
        Visitors drawn, and all visitors.
    share : float or Decimal
        That should have been drawn, strictly between 0 and 1.

    Returns
    -------
    float
        Of Pearson's chi-square test with one degree of freedom; 1 without visitors.

    References
    ----------
    .. [1] A. Fabijan et al., "Diagnosing sample ratio mismatch in online controlled
       experiments", KDD 2019.
    """
    planned = float(share)
    if not 0 < planned < 1 or not 0 <= drawn <= total:
        raise ValueError(f"needs 0 <= drawn <= total, 0 < share < 1: {drawn}, {total}")
    if not total:
        return 1.0
    distance = (drawn - total * planned) ** 2 / (total * planned * (1 - planned))
    return math.erfc(math.sqrt(distance / 2))


def _place(visitor: str, salt: str) -> int:
    # The length keeps ("ab", "c") apart from ("a", "bc").
    words = f"{len(salt)}:{salt}{visitor}".encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big")
