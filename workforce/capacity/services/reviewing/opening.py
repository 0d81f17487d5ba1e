"""Open an investigation for each week that missed its forecast by more than allowed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from workforce.capacity.models import Investigation, Queue
from workforce.capacity.selectors.investigations import (
    WeekReview,
    complete_weeks,
    possible_owners,
    review_weeks,
)
from workforce.people.models import User

WEEKS_BACK = 4
"""Volumes may be imported late: weeks this far back are looked at each time."""

DUE_WITHIN = timedelta(days=7)
REMINDED_BEFORE = timedelta(days=1)


def open_investigations(*, at: datetime) -> int:
    """Open what is missing for the last complete weeks of every active queue.

    A week is looked into when it is off by more than 15 % and outside the 95 % band of
    its sum (``core.causes.Outcome``). Whoever published the forecast owns it and has
    seven days. One is opened once for a queue's week, however often this runs and
    whatever became of it. Returns how many were opened.
    """
    opened = 0
    for queue in Queue.objects.filter(is_active=True).order_by("pk"):
        weeks = complete_weeks(queue, at, WEEKS_BACK)
        known = set(
            Investigation.objects.filter(queue=queue, starts_on__in=weeks).values_list(
                "starts_on", flat=True
            )
        )
        wanted = [monday for monday in weeks if monday not in known]
        for review in review_weeks(queue, wanted):
            if review.can_be_judged and review.outcome.is_to_be_looked_into:
                opened += _open(queue, review, at)
    return opened


@transaction.atomic
def _open(queue: Queue, review: WeekReview, at: datetime) -> int:
    outcome = review.outcome
    owner = _owner(queue, review)
    # Another worker may open the same at this moment: the constraint decides.
    investigation, is_new = Investigation.objects.get_or_create(
        queue=queue,
        starts_on=review.monday,
        defaults={
            "forecast": review.forecast,
            "ends_on": review.monday + timedelta(days=6),
            "expected": outcome.expected,
            "actual": round(outcome.actual),
            "deviation": outcome.deviation,
            "owner": owner,
            "opened_at": at,
            "due_on": _local_day(queue, at) + DUE_WITHIN,
        },
    )
    if is_new:
        _tell(investigation, [owner] if owner else possible_owners(queue), "open", at)
    return int(is_new)


def _owner(queue: Queue, review: WeekReview) -> User | None:
    """Return who published the forecast, or computed it, if they may resolve it."""
    forecast = review.forecast
    asked = [key for key in (forecast.published_by_id, forecast.created_by_id) if key]
    able = {person.pk: person for person in possible_owners(queue).filter(pk__in=asked)}
    return next((able[key] for key in asked if key in able), None)


def remind_of_investigations(*, at: datetime) -> int:
    """Remind the owners of open investigations a day before they are due, each once."""
    told = 0
    waiting = Investigation.objects.filter(
        state=Investigation.State.OPEN,
        due_on__lte=at.date() + REMINDED_BEFORE,
        owner__isnull=False,
    ).select_related("queue", "owner")
    for investigation in waiting.order_by("pk"):
        occasion = f"due-{investigation.due_on}"
        told += _tell(investigation, [investigation.owner], occasion, at)
    return told


def _tell(
    investigation: Investigation,
    people: Iterable[User | None],
    occasion: str,
    at: datetime,
) -> int:
    return notifications.notify(
        recipients=[person for person in people if person is not None],
        kind=Kind.CAPACITY,
        dedup_key=f"investigation:{investigation.pk}:{occasion}",
        title=title_of(investigation),
        body=_("Look into it and write down what was found, until %(day)s.")
        % {"day": _day(investigation.due_on)},
        url=reverse("capacity:investigation", args=[investigation.pk]),
        at=at,
    )


def title_of(investigation: Investigation) -> str:
    """“Billing · phone: week from 2 March was 31 % above the forecast”."""
    words = {
        "queue": investigation.queue,
        "day": _day(investigation.starts_on),
        "percent": f"{abs(100 * investigation.deviation):.0f}",
    }
    if investigation.deviation > 0:
        text = _(
            "%(queue)s: the week from %(day)s was %(percent)s %% above its forecast"
        )
    else:
        text = _(
            "%(queue)s: the week from %(day)s was %(percent)s %% below its forecast"
        )
    return text % words


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def _local_day(queue: Queue, at: datetime) -> date:
    return at.astimezone(ZoneInfo(queue.time_zone)).date()
