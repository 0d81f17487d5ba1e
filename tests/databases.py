"""Test databases that are quick to make and quick to put back.

Migrating takes half a minute, so where ``TEST_TEMPLATES`` names a folder, one migrated
database is made and copied by whoever needs one. A test that really commits leaves tables
empty; the rows that migrations made are then put back by the database itself, where
Django would save them one by one.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "TEST_TEMPLATES"
APPS = ("supportops", "tickets", "sla", "kb", "qa", "workforce")
# Of PostgreSQL: where the rows of migrations are kept beside the tables themselves.
SHELF = "as_migrated"


def prepare() -> None:
    """Teach the connection the quick ways, before Django makes the test database.

    A thread or event loop with a connection of its own calls it once more.
    """
    creation, store = connection.creation, _store(connection.vendor)
    creation.serialize_db_to_string = store.keep
    creation.deserialize_db_from_string = store.put_back
    if os.environ.get(FOLDER):
        creation.create_test_db = store.create


def write_migrated(path: Path) -> None:
    """Write a migrated SQLite database of its own to a file."""
    if os.environ.get(FOLDER):
        path.write_bytes(_sqlite_template().read_bytes())
    else:
        _migrate(f"sqlite:///{path}")


def template_option() -> str:
    """Return what makes ``CREATE DATABASE`` of PostgreSQL give a migrated one, or nothing."""
    return f"TEMPLATE {_postgres_template()}" if os.environ.get(FOLDER) else ""


class _Sqlite:
    """A file that is copied, and rows kept in memory."""

    def create(self, **_options: Any) -> str:
        name = connection.creation._get_test_db_name()
        _use(name)
        with closing(sqlite3.connect(_sqlite_template())) as source:
            source.backup(connection.connection)
        return name

    def keep(self) -> str:
        connection.ensure_connection()
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self._kept)
        return "kept in memory"

    def put_back(self, _kept: str) -> None:
        connection.ensure_connection()
        self._kept.backup(connection.connection)


class _Postgres:
    """A template of the server's, and rows kept in a schema beside."""

    def create(self, **_options: Any) -> str:
        name = connection.creation._get_test_db_name()
        template = _postgres_template()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        _use(name)
        return name

    def keep(self) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SHELF} CASCADE")
            cursor.execute(f"CREATE SCHEMA {SHELF}")
            self._tables = [
                table
                for table in connection.introspection.table_names(cursor)
                if table != "django_migrations" and self._has_rows(cursor, table)
            ]
            for table in self._tables:
                cursor.execute(
                    f'CREATE TABLE {SHELF}."{table}" AS TABLE public."{table}"'
                )
        return SHELF

    def put_back(self, _kept: str) -> None:
        # Foreign keys are checked at the end of the transaction: the order is free.
        # Before the first such test the rows are still there.
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self._tables:
                cursor.execute(
                    f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE'  # noqa: S608
                    f' SELECT * FROM {SHELF}."{table}" ON CONFLICT DO NOTHING'
                )

    @staticmethod
    def _has_rows(cursor: Any, table: str) -> bool:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM public."{table}")')  # noqa: S608
        return cursor.fetchone()[0]


@cache
def _store(vendor: str) -> _Sqlite | _Postgres:
    return _Sqlite() if vendor == "sqlite" else _Postgres()


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _sqlite_template() -> Path:
    """Return the migrated file, made by whoever asks first."""
    with _locked() as stem:
        path = stem.with_suffix(".sqlite3")
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{unfinished}")
            unfinished.rename(path)
    return path


def _postgres_template() -> str:
    """Return the name of the migrated database, made by whoever asks first."""
    with _locked() as stem, connection.creation._nodb_cursor() as cursor:
        name = f"migrated_{stem.name}"
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            unfinished = f"unfinished_{stem.name}"
            cursor.execute(f"DROP DATABASE IF EXISTS {unfinished}")
            cursor.execute(f"CREATE DATABASE {unfinished}")
            server = os.environ["DATABASE_URL"].rpartition("/")[0]
            _migrate(f"{server}/{unfinished}")
            cursor.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


@contextmanager
def _locked() -> Iterator[Path]:
    """Hold the lock of these migrations; yield the path that others are named after."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / _fingerprint()
    with stem.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield stem


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "supportops.settings.test",
            "DATABASE_URL": address,
        },
        check=True,
    )


def _fingerprint() -> str:
    """Name all that decides what a migrated database holds: others, another database."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    # Content types and permissions come from the models themselves.
    for kind in ("migrations/*.py", "models/*.py", "models.py", "roles.py"):
        for path in sorted(p for app in APPS for p in (ROOT / app).rglob(kind)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
