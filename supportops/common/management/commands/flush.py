"""Django's flush, also where triggers refuse to delete what was published."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from supportops.common.triggers import KEEPS


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        # PostgreSQL truncates, which fires no trigger for rows; SQLite deletes.
        with _set_aside(connections[options["database"]]):
            super().handle(**options)


@contextmanager
def _set_aside(connection: BaseDatabaseWrapper) -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
            [f"%{KEEPS}"],
        )
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        try:
            yield
        finally:
            for _name, sql in triggers:
                cursor.execute(sql)
