"""One import of a source at a time; a killed one frees its place by dying."""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from supportops.common.errors import OperationRefused


class ImportBusy(OperationRefused):
    code = "import_busy"


@contextlib.contextmanager
def only_import_of(source: str) -> Iterator[None]:
    """Hold the source for the length of the block.

    On one machine by a lock on a file, between machines by PostgreSQL's advisory lock.
    Both vanish with the process, so nothing is left to clean up after a kill.

    Raises ``ImportBusy`` when another import of the source is running.
    """
    with _file_lock(source), _database_lock(source):
        yield


def import_folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _file_lock(source: str) -> Iterator[None]:
    with (import_folder() / f"{source}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _busy(source) from None
        yield


@contextlib.contextmanager
def _database_lock(source: str) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    name = hashlib.sha256(f"ticket_imports:{source}".encode()).digest()[:8]
    key = int.from_bytes(name, "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise _busy(source)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _busy(source: str) -> ImportBusy:
    return ImportBusy(
        _(
            "Another import of “%(source)s” is running. Wait until it has ended, or "
            "cancel it; then start again: what it wrote is not written twice."
        )
        % {"source": source}
    )
