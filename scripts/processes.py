"""What the programs that start other programs share."""

import ctypes
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # Linux, <sys/prctl.h>


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before its program so that it never outlives its parent.

    Without it a parent killed with ``kill -9`` leaves servers behind that hold their ports.
    Only Linux can do this; elsewhere the answer is ``None``, which ``Popen`` takes as well.
    """
    if not sys.platform.startswith("linux"):
        return None
    # Loaded here: between fork and exec a child should do as little as it can.
    prctl = ctypes.CDLL(None).prctl

    def ask_the_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)

    return ask_the_kernel
