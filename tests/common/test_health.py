"""Probes must tell the truth when the database is really gone."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.utils import timezone

from supportops.common import health
from supportops.common.models import Heartbeat


@pytest.fixture
def _unread_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process forget that it saw all migrations applied."""
    monkeypatch.setattr(health, "_schema", health._Schema())


def in_a_thread_without_database(call: Callable[[], Any]) -> Any:
    """Run ``call`` where the connection points to a database that is not there.

    Connections belong to threads, so the one of the test stays whole.
    """
    answers = []

    def run() -> None:
        broken = connections["default"]
        broken.settings_dict = {
            **broken.settings_dict,
            "NAME": "/nowhere/at/all.sqlite3",
            "HOST": "127.0.0.1",
            "PORT": "1",
        }
        answers.append(call())
        broken.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    return answers[0]


def test_live_answers_without_a_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = Client().get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


def test_live_answers_when_the_database_is_gone(db):
    response = in_a_thread_without_database(
        lambda: health.live(RequestFactory().get("/health/live"))
    )

    assert response.status_code == 200


def test_ready_reports_database_migrations_and_worker(db):
    Heartbeat.objects.create(name="worker", seen_at=timezone.now())

    response = Client().get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "worker": "ok"},
    }


@pytest.mark.usefixtures("_unread_schema")
def test_ready_is_unavailable_when_the_database_is_gone(db):
    response = in_a_thread_without_database(
        lambda: health.ready(RequestFactory().get("/health/ready"))
    )

    assert response.status_code == 503
    assert response.content == (
        b'{"status": "unavailable", "checks": {"database": "OperationalError"}}'
    )


def test_ready_notices_a_database_that_goes_away_later(db):
    assert Client().get("/health/ready").status_code == 200

    response = in_a_thread_without_database(
        lambda: health.ready(RequestFactory().get("/health/ready"))
    )

    assert response.status_code == 503


@pytest.mark.usefixtures("_unread_schema")
def test_ready_is_unavailable_while_a_migration_is_missing(db):
    applied = MigrationRecorder(connection)
    applied.record_unapplied("api", "0002_roles")

    response = Client().get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "1 not applied"

    applied.record_applied("api", "0002_roles")
    assert Client().get("/health/ready").status_code == 200


def test_ready_tells_of_a_worker_that_was_never_seen(db):
    response = Client().get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"]["worker"] == "never seen"


def test_ready_tells_since_when_the_worker_is_silent(db):
    seen_at = timezone.now() - timedelta(minutes=4)
    Heartbeat.objects.create(name="worker", seen_at=seen_at)

    response = Client().get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"]["worker"] == f"silent since {seen_at.isoformat()}"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_takes_no_post(db, path):
    assert Client().post(path).status_code == 405
