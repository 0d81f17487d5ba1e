"""Computing many queues: progress, cancel, a worker that died, one queue that fails."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportops.common import roles
from supportops.jobs import services as jobs
from supportops.jobs.models import Job
from supportops.notifications.models import Kind, Notification
from tests.capacity.forecasted import NOW, TODAY, taught_queue
from tests.factories.capacity import make_queue, published_forecast
from tests.factories.people import UserFactory
from workforce.capacity.models import Forecast, QueueMethod
from workforce.capacity.services import forecasting
from workforce.capacity.tasks.forecasts import renew_forecasts

pytestmark = pytest.mark.django_db


class Watched:
    """A progress that remembers, and is cancelled after so many steps."""

    def __init__(self, *, cancel_after: int | None = None) -> None:
        self.total = 0
        self.notes: list[str] = []
        self.cancel_after = cancel_after

    def set_total(self, total: int) -> None:
        self.total = total

    def advance(self, count: int = 1, *, note: str = "") -> None:
        self.notes.append(note)
        if len(self.notes) == self.cancel_after:
            raise jobs.JobCancelled


def compute(queues, progress=None, run="a") -> dict:
    return forecasting.compute_forecasts(
        progress=progress or Watched(),
        queue_ids=[queue.pk for queue in queues],
        run=run,
        actor=None,
        at=NOW,
    )


def test_progress_is_told_queue_by_queue():
    queues = [taught_queue("A"), taught_queue("B")]
    progress = Watched()

    result = compute(queues, progress)

    assert progress.total == 2
    assert progress.notes == ["A · phone", "B · phone"]
    assert result == {"computed": 2, "not_computed": 0, "why": []}


def test_refusal_of_one_queue_holds_up_no_other():
    short, good = make_queue("Short"), taught_queue("Good")

    result = compute([short, good])

    assert (result["computed"], result["not_computed"]) == (1, 1)
    assert "Short" in result["why"][0]
    assert list(Forecast.objects.values_list("queue_id", flat=True)) == [good.pk]


def test_error_in_one_queue_holds_up_no_other(caplog):
    broken, good = taught_queue("Broken"), taught_queue("Good")
    type(broken).objects.filter(pk=broken.pk).update(time_zone="Nowhere/Land")

    result = compute([broken, good])

    assert result["computed"] == 1
    assert "Broken" in result["why"][0]
    assert "forecast failed" in caplog.text


def test_cancel_keeps_what_is_finished():
    queues = [taught_queue("A"), taught_queue("B")]

    with pytest.raises(jobs.JobCancelled):
        compute(queues, Watched(cancel_after=1))

    assert list(Forecast.objects.values_list("queue__name", flat=True)) == ["A"]


def test_second_attempt_of_a_run_computes_only_what_is_missing():
    queues = [taught_queue("A"), taught_queue("B")]
    with pytest.raises(jobs.JobCancelled):
        compute(queues, Watched(cancel_after=1))
    (first,) = Forecast.objects.values_list("pk", flat=True)

    compute(queues)

    assert Forecast.objects.get(queue=queues[0]).pk == first
    assert Forecast.objects.filter(queue=queues[1]).count() == 1


def test_killed_worker_s_job_is_taken_over_where_it_died(
    django_capture_on_commit_callbacks,
):
    queues = [taught_queue("A"), taught_queue("B")]
    job = forecasting.ask_for_forecasts(
        queue_ids=[queue.pk for queue in queues], actor=None, at=NOW
    )
    # The first worker made the first queue's draft, then its lease ran out.
    forecasting.run_forecast(
        queue_id=queues[0].pk, actor=None, at=NOW, run=job.params["run"]
    )
    died = NOW - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(state="RUNNING", attempts=1, lease_until=died)
    first = Forecast.objects.get(queue=queues[0]).pk

    assert jobs.run(job_id=job.pk, clock=lambda: NOW) == Job.State.DONE

    job.refresh_from_db()
    assert job.result["computed"] == 2
    assert (job.done, job.total) == (2, 2)
    assert Forecast.objects.get(queue=queues[0]).pk == first
    assert Forecast.objects.filter(queue=queues[1]).count() == 1


def test_nothing_chosen_is_refused():
    with pytest.raises(forecasting.NothingToForecast):
        forecasting.ask_for_forecasts(queue_ids=[], actor=None, at=NOW)

    assert not Job.objects.exists()


def renewed() -> list[int]:
    counts = forecasting.renew_forecasts(at=NOW)
    job = Job.objects.order_by("-pk").first()
    assert counts["queues"] == (len(job.params["queue_ids"]) if job else 0)
    return job.params["queue_ids"] if job else []


def made_in_may(queue, days: int) -> Forecast:
    return published_forecast(
        queue, [100.0] * days, first=TODAY, at=NOW - timedelta(days=10)
    )


def made_today(queue, days: int) -> Forecast:
    return published_forecast(queue, [100.0] * days, first=TODAY, at=NOW)


def test_forecast_of_an_earlier_month_is_renewed():
    queue = make_queue()
    made_in_may(queue, 91)

    assert renewed() == [queue.pk]


def test_forecast_with_under_eight_weeks_left_is_renewed():
    short, enough = make_queue(), make_queue()
    made_today(short, 50)
    made_today(enough, 91)

    assert renewed() == [short.pk]


def test_short_horizon_by_choice_is_not_renewed_every_day():
    queue = make_queue()
    QueueMethod.objects.create(queue=queue, horizon_days=28)
    made_today(queue, 28)

    assert renewed() == []


def test_nothing_is_renewed_where_a_draft_of_this_month_waits():
    queue = make_queue()
    made_in_may(queue, 91)
    draft = published_forecast(queue, [1.0], first=TODAY, state="DRAFT", at=NOW)
    assert renewed() == []

    Forecast.objects.filter(pk=draft.pk).update(created_at=NOW - timedelta(days=10))
    assert renewed() == [queue.pk]


def test_month_turns_in_the_zone_of_the_queue():
    queue = make_queue(time_zone="Pacific/Auckland")
    # 31 May in UTC, and 1 June where the queue is.
    made = datetime(2026, 5, 31, 20, tzinfo=ZoneInfo("UTC"))
    published_forecast(queue, [100.0] * 91, first=TODAY, at=made)

    assert renewed() == []


def test_never_published_and_inactive_queues_are_left_alone():
    make_queue()
    made_in_may(make_queue(is_active=False), 91)

    assert renewed() == []


def test_renewal_tells_who_may_publish_and_publishes_nothing():
    queue = taught_queue("Phone")
    held = made_in_may(queue, 91)
    manager = UserFactory(role=roles.WORKFORCE_MANAGER)
    UserFactory(role=roles.SUPPORT_LEAD)
    forecasting.renew_forecasts(at=NOW)
    job = Job.objects.get()

    jobs.run(job_id=job.pk, clock=lambda: NOW)

    told = Notification.objects.filter(kind=Kind.CAPACITY)
    assert [row.recipient for row in told] == [manager]
    assert told[0].title == "A new forecast of Phone · phone waits to be published"
    held.refresh_from_db()
    assert held.state == Forecast.State.PUBLISHED
    assert queue.forecasts.filter(state="DRAFT").count() == 1


def test_task_renews_what_is_due():
    made_in_may(make_queue(), 40)

    assert renew_forecasts()["queues"] == 1
