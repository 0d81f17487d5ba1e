"""A program that another one starts, shows the lines of, starts again and stops."""

import collections
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from scripts.processes import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
STOP_SECONDS = 20
LAST_LINES = 25
RESTARTS = 5
RESTART_WINDOW_SECONDS = 600.0


def delay_before_restart(restarted_at: Sequence[float], now: float) -> float | None:
    """Return the seconds to wait before a program that ended is started again.

    They double with each restart of the last ten minutes: 1, 2, 4, 8, 16. After five the
    answer is ``None``: starting it again does not help.

    Parameters
    ----------
    restarted_at : sequence of float
        When it was started again so far, in seconds on the clock of ``now``.
    now : float
        When it ended.
    """
    recent = sum(now - moment < RESTART_WINDOW_SECONDS for moment in restarted_at)
    return None if recent >= RESTARTS else 2.0**recent


class Child:
    """A program of ours: its lines go to the terminal under its name, the last are kept."""

    def __init__(
        self, name: str, command: list[str], *, restarts: bool = False
    ) -> None:
        self.name = name
        self.command = command
        self.restarts = restarts
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._restarted_at: list[float] = []
        self._due: float | None = None
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Ctrl-C reaches the supervisor alone, which then stops each child once.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self._reader = threading.Thread(
            target=self._show_lines, args=(self.process.stdout,), daemon=True
        )
        self._reader.start()

    def _show_lines(self, lines: TextIO) -> None:
        with lines:
            for line in lines:
                self.last_lines.append(line.rstrip())
                print(f"{self.name:>6} | {line.rstrip()}", flush=True)

    @property
    def how_it_ended(self) -> str:
        """Return the end of a sentence about the program that ended."""
        code = self.process.returncode
        return f"ended with exit code {code}" if code >= 0 else f"was killed ({-code})"

    def finish_reading(self) -> None:
        """Wait a moment for the lines that are still on their way."""
        self._reader.join(1)

    def keep_alive(self) -> bool:
        """Start the program again when that is due; return whether it is up or will be."""
        if self.process.poll() is None:
            return True
        if self._due is None:
            return self.restarts and self._plan_restart()
        if time.monotonic() >= self._due:
            self._due = None
            self._start()
        return True

    def _plan_restart(self) -> bool:
        # What it started goes first: two schedules would send every task twice.
        self._end_all()
        self.finish_reading()
        now = time.monotonic()
        delay = delay_before_restart(self._restarted_at, now)
        if delay is None:
            return False
        self._due = now + delay
        self._restarted_at.append(self._due)
        print(
            f"{self.name} {self.how_it_ended} and is started again in {delay:.0f} s.",
            flush=True,
        )
        return True

    def _end_all(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop_by(self, deadline: float) -> None:
        """Wait for the child until ``deadline``, then end it and all that it started."""
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(
                f"{self.name} did not stop in {STOP_SECONDS} s and is ended.",
                flush=True,
            )
        finally:
            self._end_all()
            self.process.wait()
        self.finish_reading()
