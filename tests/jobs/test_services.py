from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from supportops.common.errors import OperationRefused
from supportops.common.signals import job_finished
from supportops.jobs import registry, services, tasks
from supportops.jobs.models import Job
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
State = Job.State


class Clock:
    """Time that stands still until told."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def tick(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def does():
    """Register a function as the work of ``test.work`` for one test."""

    def register(function):
        registry._works["test.work"] = function

    yield register
    registry._works.pop("test.work", None)


def asked(**values):
    values = {"kind": "test.work", "title": "Count", "params": {}, **values}
    return services.enqueue_job(actor=None, at=NOON, **values)


def test_enqueue_refuses_work_that_nobody_does():
    with pytest.raises(LookupError, match=r"test\.unknown"):
        asked(kind="test.unknown")

    assert not Job.objects.exists()


def test_enqueue_sends_the_job_once_it_is_committed(
    does, django_capture_on_commit_callbacks
):
    does(lambda progress, **params: {"sum": params["a"] + 1})
    with django_capture_on_commit_callbacks(execute=True):
        job = asked(params={"a": 1})
        job.refresh_from_db()
        assert job.state == State.QUEUED

    job.refresh_from_db()
    assert (job.state, job.result, job.percent) == (State.DONE, {"sum": 2}, 100)


def test_run_records_progress_and_the_result(does):
    clock = Clock()

    def work(progress):
        progress.set_total(4)
        progress.advance(1, note="first")
        clock.tick(seconds=2)
        progress.advance(1, note="second")
        found = Job.objects.get()
        assert (found.done, found.total, found.percent) == (2, 4, 50)
        assert found.lease_until == clock.now + services.LEASE
        return {"ok": True}

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=clock) == State.DONE
    job.refresh_from_db()
    assert (job.result, job.note, job.lease_until) == ({"ok": True}, "second", None)
    assert job.finished_at == clock.now


def test_message_delivered_twice_does_the_work_once(does):
    runs = []
    does(lambda progress: runs.append(1) or {})
    job = asked()

    services.run(job_id=job.pk, clock=Clock())

    assert services.run(job_id=job.pk, clock=Clock()) == "taken"
    assert len(runs) == 1


def test_job_held_by_another_worker_is_left_alone(does):
    does(lambda progress: {})
    job = asked()
    Job.objects.update(
        state=State.RUNNING, attempts=1, lease_until=NOON + services.LEASE
    )

    assert services.run(job_id=job.pk, clock=Clock()) == "taken"


def test_job_of_a_dead_worker_is_taken_over_from_the_start(does):
    does(lambda progress: {"done": True})
    job = asked()
    Job.objects.update(state=State.RUNNING, attempts=1, done=7, lease_until=NOON)
    clock = Clock(NOON + timedelta(seconds=1))

    assert services.run(job_id=job.pk, clock=clock) == State.DONE
    job.refresh_from_db()
    assert (job.attempts, job.done) == (2, 0)


def test_worker_that_lost_its_lease_overwrites_nothing(does):
    clock = Clock()

    def work(progress):
        Job.objects.update(attempts=2)  # another worker took over
        clock.tick(seconds=5)
        progress.advance()
        raise AssertionError("the work went on")

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=clock) == "taken"
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (State.RUNNING, None)


def test_worker_that_was_overtaken_at_the_very_end_overwrites_nothing(does):
    def work(progress):
        Job.objects.update(attempts=2)
        raise ValueError("late")

    does(work)
    job = asked()

    services.run(job_id=job.pk, clock=Clock())

    job.refresh_from_db()
    assert (job.state, job.note) == (State.RUNNING, "")


def test_error_is_recorded_with_its_type(does):
    def work(progress):
        raise ValueError("no such column")

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=Clock()) == State.FAILED
    job.refresh_from_db()
    assert job.note == "ValueError: no such column"


def test_refusal_is_recorded_in_its_own_words(does):
    def work(progress):
        raise OperationRefused("The file is empty. Choose another one.")

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=Clock()) == State.FAILED
    job.refresh_from_db()
    assert job.note == "The file is empty. Choose another one."


def test_cancel_of_a_queued_job_ends_it_at_once(does):
    does(lambda progress: {})
    job = asked()

    services.request_cancel(job_id=job.pk, at=NOON)

    job.refresh_from_db()
    assert (job.state, job.finished_at, job.lease_until) == (
        State.CANCELLED,
        NOON,
        None,
    )
    assert services.run(job_id=job.pk, clock=Clock()) == "taken"


def test_cancel_stops_running_work_at_its_next_step(does):
    clock = Clock()
    steps = []

    def work(progress):
        for number in range(5):
            steps.append(number)
            if number == 1:
                services.request_cancel(job_id=job.pk, at=clock.now)
            clock.tick(seconds=2)
            progress.advance()
        return {}

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=clock) == State.CANCELLED
    assert steps == [0, 1]


def test_cancel_after_the_last_step_keeps_the_result(does):
    def work(progress):
        services.request_cancel(job_id=job.pk, at=NOON)
        return {"rows": 3}

    does(work)
    job = asked()

    assert services.run(job_id=job.pk, clock=Clock()) == State.DONE
    job.refresh_from_db()
    assert job.result == {"rows": 3}


def test_cancel_of_a_finished_job_is_refused_and_changes_nothing(does):
    does(lambda progress: {})
    job = asked()
    services.run(job_id=job.pk, clock=Clock())

    with pytest.raises(services.JobNotOpen) as refusal:
        services.request_cancel(job_id=job.pk, at=NOON)

    assert refusal.value.code == "job_not_open"
    job.refresh_from_db()
    assert (job.state, job.cancel_requested) == (State.DONE, False)


def test_cancelled_job_of_a_dead_worker_is_not_started_again(does):
    does(lambda progress: {})
    job = asked()
    Job.objects.update(
        state=State.RUNNING, attempts=1, lease_until=NOON, cancel_requested=True
    )

    services.run(job_id=job.pk, clock=Clock(NOON + timedelta(seconds=1)))

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.CANCELLED, 1)


def test_recover_returns_lapsed_jobs_and_not_those_at_work(does):
    does(lambda progress: {})
    lost, working = asked(), asked()
    Job.objects.filter(pk=working.pk).update(
        state=State.RUNNING, lease_until=NOON + timedelta(hours=1)
    )
    later = NOON + services.LEASE + timedelta(seconds=1)

    assert services.jobs_to_resend(at=later) == [lost.pk]
    # A queued job just sent again is not sent once more a minute later.
    assert services.jobs_to_resend(at=later + timedelta(seconds=60)) == []


def test_recover_gives_up_a_job_that_killed_its_worker_too_often(does):
    does(lambda progress: {})
    job = asked()
    Job.objects.update(
        state=State.RUNNING, attempts=services.MAX_ATTEMPTS, lease_until=NOON
    )

    assert services.jobs_to_resend(at=NOON + timedelta(seconds=1)) == []
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "3 times" in job.note


def test_recover_task_runs_lost_jobs(does):
    does(lambda progress: {"ran": True})
    job = asked()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert tasks.recover() == 1
    job.refresh_from_db()
    assert job.state == State.DONE


def test_finishing_is_announced_after_the_commit(
    does, django_capture_on_commit_callbacks
):
    heard = []

    def listen(**values):
        heard.append((values["title"], values["state"], values["seconds"]))

    job_finished.connect(listen)
    does(lambda progress: {})
    try:
        job = asked()
        with django_capture_on_commit_callbacks(execute=True):
            services.run(job_id=job.pk, clock=Clock(NOON + timedelta(seconds=30)))
            assert heard == []
    finally:
        job_finished.disconnect(listen)

    assert heard == [("Count", "DONE", 30.0)]


def test_remove_old_keeps_the_newest_result_of_each_kind(does):
    does(lambda progress: {})
    jobs = [asked() for _ in range(3)]
    for job in jobs:
        services.run(job_id=job.pk, clock=Clock())
    queued = asked()

    services.remove_old(before=NOON + timedelta(days=90))

    assert set(Job.objects.values_list("pk", flat=True)) == {jobs[-1].pk, queued.pk}


def test_person_is_told_of_long_work_and_not_of_short(
    does, django_capture_on_commit_callbacks
):
    does(lambda progress: {})
    person = UserFactory()
    for seconds in (2, 30):
        with django_capture_on_commit_callbacks(execute=False):
            job = services.enqueue_job(
                kind="test.work", title=f"{seconds} s", params={}, actor=person, at=NOON
            )
        with django_capture_on_commit_callbacks(execute=True):
            services.run(job_id=job.pk, clock=Clock(NOON + timedelta(seconds=seconds)))

    found = person.notifications.get()
    assert (found.title, found.kind) == ("Finished: 30 s", "JOB_FINISHED")
    assert found.url == f"/admin/jobs/job/{job.pk}/change/"
