"""Database triggers that keep rows as they were written, on both databases we support."""

from collections.abc import Sequence
from typing import Any

from django.db import migrations


def refuse_updates(table: str) -> migrations.RunPython:
    """Return a migration operation after which UPDATE on ``table`` fails.

    Rows may still be deleted, so that an import can be undone and a customer erased.
    """

    def create(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {table}_refuse_update() RETURNS trigger AS $$ "
                f"BEGIN RAISE EXCEPTION '{table} is append-only'; END $$ "
                "LANGUAGE plpgsql"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_update()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    def drop(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_update()")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only")

    return migrations.RunPython(create, drop)


def freeze_rows(
    table: str,
    *,
    once: str,
    columns: Sequence[str],
    message: str,
    refuse: str = "",
) -> migrations.RunPython:
    """Return an operation after which a row for which ``once`` holds stays what it is.

    Parameters
    ----------
    table : str
    once : str
        SQL over ``OLD``, such as ``OLD.state <> 'DRAFT'``. Such a row is not deleted.
    columns : sequence of str
        The columns that such a row keeps; every other may change.
    message : str
        What the database says. Without quotes.
    refuse : str
        SQL over ``OLD`` and ``NEW`` that refuses a change too, such as a way back.

    Notes
    -----
    SQLite copies a table to alter it and loses its triggers: a later migration that
    alters the table must run this again. ``manage.py flush`` empties the table all the
    same, on both databases.
    """

    def create(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in _frozen_on_postgresql(
                table, once, columns, message, refuse
            ):
                schema_editor.execute(statement)
        else:
            for statement in _frozen_on_sqlite(table, once, columns, message, refuse):
                schema_editor.execute(statement)

    def drop(apps: Any, schema_editor: Any) -> None:
        on_table = ""
        if schema_editor.connection.vendor == "postgresql":
            on_table = f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {table}_frozen{on_table}")
        schema_editor.execute(f"DROP TRIGGER {table}{KEEPS}{on_table}")
        if on_table:
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_change()")

    return migrations.RunPython(create, drop)


KEEPS = "_kept"
"""How the name of a trigger ends that refuses to delete; see the command ``flush``."""


def _frozen_on_sqlite(
    table: str, once: str, columns: Sequence[str], message: str, refuse: str
) -> list[str]:
    changed = _changed(columns, "IS NOT", refuse)
    abort = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return [
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
        f"WHEN ({once}) AND ({changed}) {abort}",
        f"CREATE TRIGGER {table}{KEEPS} BEFORE DELETE ON {table} WHEN {once} {abort}",
    ]


def _frozen_on_postgresql(
    table: str, once: str, columns: Sequence[str], message: str, refuse: str
) -> list[str]:
    changed = _changed(columns, "IS DISTINCT FROM", refuse)
    function = f"{table}_refuse_change()"
    return [
        f"CREATE FUNCTION {function} RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (({once}) AND ({changed})) EXECUTE FUNCTION {function}",
        f"CREATE TRIGGER {table}{KEEPS} BEFORE DELETE ON {table} FOR EACH ROW "
        f"WHEN ({once}) EXECUTE FUNCTION {function}",
    ]


def _changed(columns: Sequence[str], differs: str, refuse: str) -> str:
    parts = [f"NEW.{column} {differs} OLD.{column}" for column in columns]
    return " OR ".join([*parts, f"({refuse})"] if refuse else parts)
