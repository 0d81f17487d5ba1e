import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from sla import checks, tasks
from sla.models import SlaAlert, SlaClock
from sla.selectors.drift import latest_drift
from sla.services import clocks, drift
from supportops.jobs.models import Job
from supportops.jobs.services import enqueue_job
from supportops.notifications.models import Notification
from tests.factories import sla as make
from tests.factories.people import UserFactory
from tickets import services

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened(at=MONDAY, **values):
    ticket = services.open_ticket(
        at=at, actor=None, subject="Due", priority="P2", **values
    )
    clocks.recompute([ticket.pk], at)
    return ticket


def test_sweep_task_reads_the_time_and_fires(django_capture_on_commit_callbacks):
    make.published(at=MONDAY, effective_from=MONDAY - timedelta(days=900))
    opened(at=timezone.now() - timedelta(minutes=40))

    assert tasks.sweep()["alerts"] == 1
    assert SlaAlert.objects.get().threshold == 50
    assert tasks.sweep(field_of_a_later_version=1)["alerts"] == 0


def test_every_scheduled_task_of_ours_exists():
    from supportops.celery import app

    app.loader.import_default_modules()
    ours = ("sla.", "jobs.", "notifications.")
    scheduled = {
        entry["task"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"].startswith(ours)
    }
    assert scheduled <= set(app.tasks)
    assert {"sla.sweep", "sla.drift_check", "notifications.deliver"} <= scheduled


def run_job(capture, **params):
    with capture(execute=True):
        job = enqueue_job(
            kind="sla.recompute", title="x", params=params, actor=None, at=MONDAY
        )
    job.refresh_from_db()
    return job


def test_recompute_job_of_named_tickets_shows_progress(
    django_capture_on_commit_callbacks,
):
    ticket = services.open_ticket(at=MONDAY, actor=None, subject="New")

    job = run_job(django_capture_on_commit_callbacks, ticket_ids=[ticket.pk])

    assert (job.state, job.done, job.total) == ("DONE", 1, 1)
    assert job.result["created"] == 3


def test_recompute_job_of_a_publication_takes_the_tickets_it_concerns(
    django_capture_on_commit_callbacks,
):
    version = make.published(conditions={"priority": ["P2"]}, effective_from=MONDAY)
    before = opened(at=MONDAY - timedelta(hours=1))
    concerned = opened(at=MONDAY)
    SlaClock.objects.all().delete()

    run_job(
        django_capture_on_commit_callbacks,
        version_ids=[version.pk],
        created_from=MONDAY.isoformat(),
    )

    assert SlaClock.objects.filter(ticket=concerned, policy_version=version).exists()
    assert not SlaClock.objects.filter(ticket=before).exists()


def test_recompute_job_without_parameters_takes_every_ticket(
    django_capture_on_commit_callbacks,
):
    opened(), opened()

    assert run_job(django_capture_on_commit_callbacks).result["tickets"] == 2


# Drift --------------------------------------------------------------------------------


def test_drift_check_of_agreeing_clocks_is_clean():
    make.published()
    opened()

    found = drift.check_drift(at=MONDAY + timedelta(minutes=20))

    assert found == {
        "tickets": 1, "clocks": 2, "different": 0, "repaired": 0, "differences": []
    }  # fmt: skip


def test_drift_is_reported_with_both_values_and_left_alone():
    make.published()
    ticket = opened()
    wrong = MONDAY + timedelta(days=2)
    SlaClock.objects.filter(metric="resolution").update(due_at=wrong)

    found = drift.check_drift(at=MONDAY)

    assert found["different"] == 1
    assert found["differences"] == [
        {
            "ticket": ticket.pk,
            "metric": "resolution",
            "cycle": 1,
            "field": "due_at",
            "stored": int(wrong.timestamp()),
            "recomputed": int((MONDAY + timedelta(hours=8)).timestamp()),
        }
    ]
    assert SlaClock.objects.get(metric="resolution").due_at == wrong


def test_drift_sees_missing_and_superfluous_clocks():
    make.published()
    opened()
    SlaClock.objects.filter(metric="first_response").delete()
    SlaClock.objects.filter(metric="resolution").update(cycle=2)

    found = drift.check_drift(at=MONDAY)

    assert [(d["metric"], d["cycle"], d["stored"], d["recomputed"]) for d in found["differences"]] == [
        ("first_response", 1, None, "running"),
        ("resolution", 1, None, "running"),
        ("resolution", 2, "running", None),
    ]  # fmt: skip


def test_drift_can_be_put_right():
    make.published()
    opened()
    SlaClock.objects.filter(metric="resolution").update(next_alert_at=None)

    assert drift.check_drift(at=MONDAY, repair=True)["repaired"] == 1
    assert drift.check_drift(at=MONDAY)["different"] == 0


def test_what_waits_for_the_sweep_is_no_drift():
    make.published()
    opened()

    assert drift.check_drift(at=MONDAY + timedelta(days=2))["different"] == 0


def test_drift_check_of_a_sample_is_repeatable():
    for _ in range(4):
        opened()

    assert drift.check_drift(at=MONDAY, sample=2)["tickets"] == 2


def test_nightly_check_keeps_its_result_and_tells_the_leads_once_a_day(
    django_capture_on_commit_callbacks,
):
    lead = UserFactory(role="Support lead")
    make.published()
    opened()
    assert latest_drift() is None
    for _ in range(2):
        SlaClock.objects.filter(metric="resolution").update(target_seconds=1)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.drift_check()

    report = latest_drift()
    assert (report.tickets, report.different, report.repaired) == (1, 1, 1)
    assert not report.is_clean
    assert Job.objects.filter(kind="sla.drift").count() == 2
    told = Notification.objects.get(kind="DRIFT")
    assert told.recipient == lead
    assert told.title == "1 stored deadline differs from its recomputation"


def test_check_drift_command_exits_with_an_error_on_differences(capsys):
    make.published()
    opened(at=timezone.now())
    call_command("check_drift")
    assert "1 tickets, 2 clocks checked" in capsys.readouterr().out
    SlaClock.objects.filter(metric="resolution").update(target_seconds=1)

    with pytest.raises(CommandError, match="1 stored clocks differ"):
        call_command("check_drift", "--json")

    assert json.loads(capsys.readouterr().out)["different"] == 1


def test_recompute_clocks_command_reports_counts(capsys):
    services.open_ticket(at=MONDAY, actor=None, subject="New")

    call_command("recompute_clocks")

    assert "1 tickets: 3 clocks created" in capsys.readouterr().out


def test_check_warns_when_nothing_sweeps(settings):
    assert checks.check_sweep_is_scheduled(None) == []

    settings.CELERY_BEAT_SCHEDULE = {"x": {"task": "sla.sweep", "schedule": 600.0}}
    assert [m.id for m in checks.check_sweep_is_scheduled(None)] == ["sla.W002"]
    settings.CELERY_BEAT_SCHEDULE = {}
    assert [m.id for m in checks.check_sweep_is_scheduled(None)] == ["sla.W001"]
