"""Imports that go wrong half-way: killed, two at once, cut, hostile."""

import csv
import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import databases
from tickets.imports import services
from tickets.imports.models import ImportedTicket, ImportRun
from tickets.imports.services.locking import only_import_of
from tickets.models import Message, Ticket, TicketEvent

ROOT = Path(__file__).resolve().parents[2]
STATUSES = ("New", "Work", "Wait", "Work", "Done", "Shut")


def big_log(tickets: int) -> list[str]:
    return [
        f"{n},2024-01-{day + 1:02d}T09:00:00Z,{status},T{(n + day) % 7},P{n % 11},L1,1"
        for n in range(tickets)
        for day, status in enumerate(STATUSES)
    ]


def rejects_of(report) -> list[dict[str, str]]:
    with Path(report["rejects_file"]).open(newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.django_db(transaction=True)
def test_import_killed_half_way_is_finished_by_the_next_one(
    log_file, mapping_file, tmp_path, settings
):
    """kill -9 in the middle, then again: the same as if nothing had happened."""
    tickets = 2_500
    path, mapping = log_file(*big_log(tickets)), mapping_file()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "supportops.settings",
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "SUPPORTOPS_VAR": str(tmp_path / "killed"),
        "DATABASE_URL": _database_url(tmp_path),
        "LOG_LEVEL": "ERROR",
    }
    if connection.vendor == "sqlite":
        databases.write_migrated(tmp_path / "killed.sqlite3")
    command = [
        "import_tickets",
        str(path),
        "--mapping",
        str(mapping),
        "--source",
        "k",
        "--json",
    ]
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    written = 0
    while written < 300 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
        written = _count(environment)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = _count(environment)
    assert 0 < left < tickets
    report = json.loads(_manage(environment, *command))
    assert (report["created"], report["unchanged"]) == (tickets - left, left)
    assert report["tickets"] == tickets
    assert report["facts"]["by_status"] == {"closed": tickets}
    again = json.loads(_manage(environment, *command))
    assert again["unchanged"] == tickets
    assert again["facts"] == report["facts"]
    assert _count(environment) == tickets


def _database_url(tmp_path: Path) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    told = connection.settings_dict
    return (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
        f"/{told['NAME']}"
    )


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _count(environment: dict[str, str]) -> int:
    """Tickets in the other process's database, committed ones only."""
    if connection.vendor != "sqlite":
        return Ticket.objects.count()
    import sqlite3

    path = environment["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=20) as other:
        return other.execute("SELECT count(*) FROM tickets_ticket").fetchone()[0]


@pytest.mark.django_db
def test_a_second_import_of_the_same_source_is_refused(run_import, log_file):
    with only_import_of("small"), pytest.raises(CommandError, match="is running"):
        run_import(log_file(*big_log(2)))
    assert not Ticket.objects.exists()
    assert run_import(log_file(*big_log(2)))["created"] == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_another_machine_is_refused_too(run_import, log_file, settings, tmp_path):
    """Only the database is shared there, so its lock must be enough."""
    started, release = threading.Event(), threading.Event()

    def elsewhere():
        settings.VAR_DIR = tmp_path / "elsewhere"
        with only_import_of("small"):
            settings.VAR_DIR = tmp_path / "here"
            started.set()
            release.wait(20)
        connection.close()

    other = threading.Thread(target=elsewhere)
    other.start()
    started.wait(20)
    try:
        with pytest.raises(CommandError, match="is running"):
            run_import(log_file(*big_log(2)))
    finally:
        release.set()
        other.join()
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_cut_archive_imports_what_can_be_read(run_import, log_file, tmp_path):
    whole = gzip.compress(log_file(*big_log(2_000)).read_bytes())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    report = run_import(cut)
    assert 0 < report["tickets"] < 2_000
    assert "cut off" in rejects_of(report)[-1]["reason"]
    full = tmp_path / "full.csv.gz"
    full.write_bytes(whole)
    healed = run_import(full)
    assert healed["tickets"] == 2_000
    assert healed["rejected"] == 0
    assert healed["unchanged"] + healed["updated"] == report["tickets"]
    assert Ticket.objects.count() == 2_000


@pytest.mark.django_db
def test_a_wrong_encoding_costs_only_the_rows_it_touches(
    run_import, log_file, tmp_path
):
    path = tmp_path / "latin.csv"
    path.write_bytes(
        log_file(*big_log(2), "9,2024-01-01T09:00:00Z,New,Müller,,,")
        .read_text()
        .encode("cp1252")
    )
    report = run_import(path)
    assert (report["tickets"], report["rejected"]) == (2, 1)
    [row] = rejects_of(report)
    assert (row["line"], row["external_id"]) == ("14", "9")
    assert "not utf-8" in row["reason"]


@pytest.mark.django_db
def test_an_empty_file_is_refused_and_a_bare_header_is_not(
    run_import, log_file, tmp_path
):
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(CommandError, match="is empty"):
        run_import(empty)
    report = run_import(log_file())
    assert (report["tickets"], report["rejected"]) == (0, 0)
    assert report["facts"]["median_hours_to_resolve"] is None


@pytest.mark.django_db
def test_a_hostile_file_harms_nothing(run_import, log_file):
    rows = [
        "=HYPERLINK(1),soon,New,Desk,Bo,L1,1",
        "1,2024-01-01T09:00:00Z,<script>alert(1)</script>,'; DROP TABLE x;--,Bo,L1,1",
        "2,2024-01-01T09:00:00Z,New,Desk,Bo," + "L" * 300 + ",1",
        "3,2024-01-01T09:00:00Z,New," + "T" * 5_000 + "," + "P" * 5_000 + ",L1,1",
        "4,2024-01-01T09:00:00Z,New,\u202edesk,\U0001f600,,9",
        "5,9999999-01-01,New,,,,",
    ]
    report = run_import(log_file(*rows))
    assert (report["tickets"], report["rejected"]) == (4, 2)
    refused = rejects_of(report)
    assert refused[0]["external_id"] == "'=HYPERLINK(1)"
    assert refused[0]["raw"].startswith("'=")
    ticket = Ticket.objects.get(external_id="2")
    assert len(ticket.level) == 10
    assert ticket.events.get(kind="LEVEL").details == {"raw": "L" * 300}
    assert len(Ticket.objects.get(external_id="3").team.name) == 120
    assert run_import(log_file(*rows))["unchanged"] == 4


@pytest.mark.django_db
def test_jsonl_and_zendesk_are_imported_with_messages(run_import, tmp_path):
    ticket = {
        "schema": "ticket-import/1",
        "external_id": "A",
        "subject": "VPN",
        "status": "open",
        "created_at": "2024-01-01T09:00:00Z",
        "tags": ["Net Work", "vpn"],
        "organization": {"external_id": "7", "name": "Acme"},
        "channel": "E-Mail",
        "requester": {"external_id": "9", "name": "Ann", "email": "Ann@X.org"},
        "category": ["Hardware", "Modem"],
        "product": "Router",
        "messages": [
            {
                "at": "2024-01-01T09:00:00Z",
                "author": {"external_id": "9", "name": "Ann"},
                "direction": "in",
                "body_text": "help",
            },
            {
                "at": "2024-01-01T09:30:00Z",
                "author": "Bo",
                "direction": "out",
                "body_text": "ok",
            },
        ],
    }
    path = tmp_path / "t.jsonl"
    path.write_text(
        json.dumps(ticket) + "\n{broken\n" + json.dumps(ticket) + "\n"
    )  # told twice
    report = run_import(path, source="j", format="jsonl")
    assert (report["created"], report["tickets"], report["messages"]) == (1, 1, 2)
    assert report["rejected"] == 1
    found = Ticket.objects.get(source="j")
    assert found.organisation.name == "Acme"
    assert found.requester.addresses.get().value == "ann@x.org"
    assert (found.category.path, found.product_area.name) == (
        "Hardware / Modem",
        "Router",
    )
    assert found.channel.code == "e-mail"
    assert set(found.tags.values_list("name", flat=True)) == {"net", "work", "vpn"}
    assert (found.first_response_at - found.created_at).total_seconds() == 1800
    inward, outward = Message.objects.order_by("at")
    assert inward.contact == found.requester
    assert (outward.author.username, outward.contact) == ("j:Bo", None)


@pytest.mark.django_db
def test_a_record_the_database_refuses_does_not_stop_its_neighbours(
    run_import, log_file, monkeypatch
):
    """The ticket of that number was made here by hand, so it cannot be created."""
    run_import(log_file(*big_log(1)))
    ImportedTicket.objects.all().delete()
    report = run_import(log_file(*big_log(3)))
    assert (report["created"], report["rejected"]) == (2, 1)
    assert "database refused" in rejects_of(report)[0]["reason"]
    assert TicketEvent.objects.filter(ticket__external_id="0").count() > 0


@pytest.mark.django_db
def test_a_desk_without_a_status_of_some_meaning_is_told(run_import, log_file):
    from tickets.models import Status

    Status.objects.filter(category="WAITING").delete()
    with pytest.raises(CommandError, match="Waiting on customer"):
        run_import(log_file(*big_log(1)))
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_run_left_by_a_dead_process_is_marked(run_import, log_file):
    from django.utils import timezone

    dead = ImportRun.objects.create(
        source="small",
        file_name="x",
        path="x",
        format="csv",
        state=ImportRun.State.RUNNING,
        created_at=timezone.now(),
    )
    run_import(log_file(*big_log(1)))
    dead.refresh_from_db()
    assert dead.state == ImportRun.State.FAILED


@pytest.mark.django_db
def test_services_refuse_to_undo_what_has_not_ended():
    from django.utils import timezone

    run = ImportRun(source="x", state=ImportRun.State.RUNNING)
    with pytest.raises(services.UndoRefused):
        services.undo_import(run=run, at=timezone.now())


@pytest.mark.django_db
def test_command_prints_nothing_but_the_report(log_file, mapping_file):
    out = StringIO()
    call_command(
        "import_tickets",
        str(log_file(*big_log(1))),
        source="q",
        json=True,
        mapping=str(mapping_file()),
        stdout=out,
        stderr=StringIO(),
    )
    assert len(out.getvalue().splitlines()) == 1
