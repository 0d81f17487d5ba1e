"""Which function does which kind of long work."""

from collections.abc import Callable
from typing import Any, Protocol


class Progress(Protocol):
    """What a piece of work may say while it runs. Each call may raise ``JobCancelled``."""

    def set_total(self, total: int) -> None: ...

    def advance(self, count: int = 1, *, note: str = "") -> None: ...


Work = Callable[..., dict[str, Any]]

_works: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Register ``function(progress, **params) -> result`` as the work of ``kind``.

    The function must be safe to run again from the start: a killed worker's job is
    taken over by the next one.
    """

    def register(function: Work) -> Work:
        if kind in _works and _works[kind] is not function:
            raise ValueError(f"two functions claim the job kind {kind!r}")
        _works[kind] = function
        return function

    return register


def work_of(kind: str) -> Work:
    """Return the function that does this kind of work.

    Raises ``LookupError`` naming the kind when none is registered.
    """
    if kind not in _works:
        raise LookupError(f"no function is registered for the job kind {kind!r}")
    return _works[kind]
