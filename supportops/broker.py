"""The embedded broker: kombu's folders of messages, made safe between processes.

kombu 5.6 writes a message under its final name and takes it away without the writer's
lock, so that a reader meets files that are still empty; its exchange tables have the same
gap. Here a file gets its name only when it is whole, and one that cannot be read (left by
a full disk or a power cut) is set aside instead of ending the worker.
"""

import contextlib
import fcntl
import logging
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


def install() -> None:
    """Let ``filesystem://`` mean this transport in this process."""
    TRANSPORT_ALIASES["filesystem"] = "supportops.broker:Transport"


class Channel(filesystem.Channel):
    """Messages as files; names that begin with a dot are no messages (yet, or any more)."""

    # kombu's two base classes name the second argument differently.
    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **_: object
    ) -> None:
        # The time leads, so that names sort in the order of sending, also after a reboot.
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for path in self._waiting(queue):
            message = _take(path)
            if message is not None:
                return message
        raise Empty

    def _size(self, queue: str) -> int:
        return sum(1 for _ in self._waiting(queue))

    def _purge(self, queue: str) -> int:
        return sum(_take(path) is not None for path in self._waiting(queue))

    def _waiting(self, queue: str) -> Iterable[Path]:
        """Return the messages of the queue, oldest first; none without the folder."""
        folder, ending = Path(self.data_folder_in), f"{queue}.msg"
        try:
            names = os.listdir(folder)  # noqa: PTH208 -- read for every message: no objects
        except FileNotFoundError:  # the next message makes it again
            return ()
        waiting = sorted(name for name in names if name.partition(".")[2] == ending)
        return map(folder.joinpath, waiting)

    def get_table(self, exchange: str) -> list[exchange_queue_t]:
        return _read_table(self._exchange_file(exchange))

    def _queue_bind(
        self, exchange: str, routing_key: str, pattern: str, queue: str
    ) -> None:
        binding = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._exchange_locked(exchange) as file:
            table = _read_table(file)
            if binding not in table:
                _write_whole(file, dumps([binding, *table]))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *_: object
    ) -> None:
        self._purge(queue)
        binding = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._exchange_locked(exchange) as file:
            table = _read_table(file)
            if binding in table:
                table.remove(binding)
                _write_whole(file, dumps(table))

    @contextlib.contextmanager
    def _exchange_locked(self, exchange: str) -> Iterator[Path]:
        """Keep other writers out; readers see the old table or the new one."""
        file: Path = self._exchange_file(exchange)
        file.parent.mkdir(parents=True, exist_ok=True)
        with (file.parent / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield file


class Transport(filesystem.Transport):
    """kombu's transport with the channel above."""

    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """Return none: with a default host kombu warns each time that no host was given."""
        return {}


def _write_whole(path: Path, text: str) -> None:
    """Give the file its name when its content is there; readers take no half of it.

    Not forced to the disk: what a power cut tears is set aside, and the sweeps find the
    work again in the database.
    """
    part = path.with_name(f".{uuid.uuid4()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ChannelError(f"Cannot write {path}") from error


def _take(path: Path) -> dict[str, Any] | None:
    """Take the message out of the folder; ``None`` when another had it or it is no message."""
    taken = path.with_name(f".{path.name}.taken")
    try:
        path.rename(taken)
    except OSError:  # another reader was faster
        return None
    try:
        message: dict[str, Any] = loads(taken.read_bytes())
        message["properties"]["delivery_tag"]  # any other JSON is no message
    except (OSError, ValueError, LookupError, TypeError) as error:
        aside = path.with_name(f".{path.name}.unreadable")
        with contextlib.suppress(OSError):
            taken.rename(aside)
        logger.warning("Unreadable message set aside as %s: %s", aside, error)
        return None
    with contextlib.suppress(OSError):
        taken.unlink()
    return message


def _read_table(file: Path) -> list[exchange_queue_t]:
    """Return the bindings; none when the table is not there or torn, binding writes it anew."""
    try:
        return [exchange_queue_t(*row) for row in loads(file.read_bytes())]
    except FileNotFoundError:
        return []
    except (TypeError, ValueError) as error:
        logger.warning(
            "Unreadable exchange table %s is taken as empty: %s", file, error
        )
        return []
