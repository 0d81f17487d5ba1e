"""Several chats at once: how many slots a person has, and how much slower each chat is.

Somebody with ``k`` chats side by side is ``k`` slots for Erlang, each slower by the slow-down
of the others beside it: ``AHT_k = AHT × f(k)`` with ``f(k) = 1 + slowdown × (k - 1)``. All is
staffed on slots, and divided by ``k`` at the end.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concurrency:
    """Slots of one person and the factor on the handle time of each chat.

    Attributes
    ----------
    slots : int
        Chats one person holds at once, at least 1.
    factor : float
        ``f(slots)``, at least 1.
    """

    slots: int
    factor: float

    @property
    def gain(self) -> float:
        """How much more a person gets done than with one chat at a time."""
        return self.slots / self.factor


ONE_AT_A_TIME = Concurrency(1, 1.0)


def concurrency(slots: int, slowdown: float) -> Concurrency:
    """Return what ``slots`` chats at once mean.

    Parameters
    ----------
    slots : int
        Chats at once, at least 1.
    slowdown : float
        Share of the handle time each further chat adds, at least 0: 0.15 makes three at
        once 1.3 times as long each.

    Raises
    ------
    ValueError
        For fewer than one chat, or a negative slow-down.

    Examples
    --------
    >>> concurrency(3, 0.15).factor
    1.3
    """
    if slots < 1 or slots != int(slots):
        raise ValueError(f"chats at once must be a whole number from 1: {slots!r}")
    if not slowdown >= 0:
        raise ValueError(f"slowdown must be at least 0: {slowdown!r}")
    return Concurrency(int(slots), 1.0 + slowdown * (slots - 1))
