"""Tell people when a day leaves the band of its forecast."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.intraday import TodayRow, overview
from workforce.capacity.selectors.queues import queues_visible_to
from workforce.people.models import User

PUBLISH = "capacity.publish_forecast"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def alert_intraday(*, at: datetime) -> int:
    """Tell of each queue whose day has left the 95 % band, once a day and queue.

    Told are who published the forecast (or, if nobody is left, everybody who may) and
    the leads of the queue's teams. Returns how many people were told.
    """
    queues = Queue.objects.filter(is_active=True).prefetch_related("teams__lead")
    told = 0
    for row in overview(queues, at):
        if row.is_alert:
            told += _tell(row, at)
    return told


def _tell(row: TodayRow, at: datetime) -> int:
    if row.curve is None:
        return 0
    expected, came = row.curve.so_far, row.curve.came
    words = {"queue": row.queue, "came": f"{came:.0f}", "mean": f"{expected.mean:.0f}"}
    if came > expected.high95:
        title = _(
            "%(queue)s: more than forecast today, %(came)s against %(mean)s so far"
        )
    else:
        title = _(
            "%(queue)s: less than forecast today, %(came)s against %(mean)s so far"
        )
    return notifications.notify(
        recipients=_people(row.queue),
        kind=Kind.CAPACITY,
        dedup_key=f"intraday:{row.queue.pk}:{row.day}",
        title=title % words,
        body=_(
            "Outside what chance and the forecast's own error explain in 95 of 100 days."
        ),
        url=reverse("capacity:today-queue", args=[row.queue.pk]),
        at=at,
    )


def _people(queue: Queue) -> Sequence[User]:
    published = Forecast.objects.filter(
        queue=queue, state=Forecast.State.PUBLISHED
    ).select_related("published_by")
    publisher = next((each.published_by for each in published), None)
    if publisher is not None and publisher.is_active:
        planners = [publisher]
    else:
        planners = list(User.objects.with_perm(PUBLISH, backend=MODEL_BACKEND))
    leads = [team.lead for team in queue.teams.all() if team.lead is not None]
    return [
        person
        for person in {each.pk: each for each in [*planners, *leads]}.values()
        if queues_visible_to(person).filter(pk=queue.pk).exists()
    ]
