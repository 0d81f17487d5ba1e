"""What one person has of reviewed forecasts, for pages that all roles are tried on."""

from datetime import UTC, date, datetime
from typing import Any

from tests.factories.capacity import MONDAY, fill_days, make_queue, published_forecast
from tests.factories.people import TeamFactory
from workforce.capacity.models import Event, Investigation
from workforce.people.models import User


def own_forecast_review(owner: User) -> dict[str, Any]:
    """Return rows by the beginnings of the addresses that lead to them.

    The queue is fed by a team that the person leads.
    """
    queue = make_queue(f"Queue of {owner.username}")
    queue.teams.add(TeamFactory(lead=owner))
    fill_days(queue, [12] * 7)
    forecast = published_forecast(queue, [8] * 7)
    event = Event.objects.create(
        name="Release",
        kind=Event.Kind.RELEASE,
        starts_on=MONDAY,
        ends_on=MONDAY,
    )
    event.queues.add(queue)
    investigation = Investigation.objects.create(
        queue=queue,
        forecast=forecast,
        starts_on=MONDAY,
        ends_on=date(2026, 3, 8),
        expected=56,
        actual=84,
        deviation=0.5,
        opened_at=datetime(2026, 3, 9, 2, tzinfo=UTC),
        due_on=date(2026, 3, 16),
    )
    return {
        "capacity:accuracy-queue": queue,
        "capacity:today-queue": queue,
        "capacity:event": event,
        "admin:capacity_event": event,
        "capacity:investigation": investigation,
        "api-capacity-event": event,
        "api-capacity-investigation": investigation,
    }
