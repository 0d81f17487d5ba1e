"""The sweep in processes of its own: killed in the middle, and several at once."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests import databases

ROOT = Path(__file__).parents[2]
DUE = 120
EVERYTHING_ONCE = {
    "alerts": 4 * DUE,
    "alerts_a_clock": [4],
    "told": 3 * DUE,
    "told_a_person": [DUE],
    "escalations": DUE,
    "escalations_a_ticket": [1],
    "still_due": 0,
    "judged": DUE,
}


@pytest.fixture(scope="module")
def template(tmp_path_factory, django_db_setup, django_db_blocker):
    """A database with everything due, on the server that the tests use."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("sweep") / "template.sqlite3"
        databases.write_migrated(path)
        address = f"sqlite:///{path}"
        run(address, "prepare", str(DUE))
        yield address
        return
    with django_db_blocker.unblock():
        migrated = databases.template_option()
    with _new_database(migrated) as address:
        run(address, "prepare", str(DUE))
        yield address


@pytest.fixture
def database(template, tmp_path):
    """A copy of it."""
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        source = sqlite3.connect(template.removeprefix("sqlite:///"))
        with (
            contextlib.closing(source),
            contextlib.closing(sqlite3.connect(copy)) as to,
        ):
            source.backup(to)
        yield f"sqlite:///{copy}"
        return
    with _new_database(f"TEMPLATE {template.rpartition('/')[2]}") as address:
        yield address


@contextlib.contextmanager
def _new_database(options=""):
    settings = connection.settings_dict
    server = {name.lower(): settings[name] for name in ("HOST", "PORT", "USER")}
    server["password"] = settings["PASSWORD"]
    name = f"sweep_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} {options}")
        yield (
            f"postgres://{server['user']}:{server['password']}"
            f"@{server['host']}:{server['port']}/{name}"
        )
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start(database, *arguments):
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    environment["DJANGO_SETTINGS_MODULE"] = "supportops.settings.test"
    return subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-m", "tests.sla.sweep_process", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(database, *arguments):
    process = start(database, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out) if out else None


def alerts_stored(database):
    if database.startswith("sqlite"):
        path = database.removeprefix("sqlite:///")
        with sqlite3.connect(path, timeout=20) as reader:
            return reader.execute("SELECT count(*) FROM sla_slaalert").fetchone()[0]
    with psycopg.connect(database.replace("postgres://", "postgresql://")) as reader:
        return reader.execute("SELECT count(*) FROM sla_slaalert").fetchone()[0]


def test_sweep_killed_in_the_middle_loses_nothing_and_repeats_nothing(database):
    seen = []
    for _ in range(3):
        process = start(database, "sweep")
        before = alerts_stored(database)
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            if alerts_stored(database) > before:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()
        seen.append(alerts_stored(database))

    # Whole batches only, and the kill did come before the end.
    assert all(count % 4 == 0 for count in seen)
    assert 0 < seen[0] < EVERYTHING_ONCE["alerts"]

    finished = run(database, "finish")
    assert finished["stored"] == EVERYTHING_ONCE
    assert finished["again"] == {
        "tickets": 0, "alerts": 0, "told": 0, "escalated": 0
    }  # fmt: skip


def test_three_sweeps_at_once_fire_each_alert_once(database):
    processes = [start(database, "sweep") for _ in range(3)]

    outputs = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    counts = [json.loads(out) for out, _ in outputs]
    assert sum(count["alerts"] for count in counts) <= EVERYTHING_ONCE["alerts"]
    assert run(database, "finish")["stored"] == EVERYTHING_ONCE
