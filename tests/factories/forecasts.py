"""A queue with forecasts that belongs to one person's team."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories.capacity import make_queue, published_forecast
from tests.factories.people import TeamFactory
from workforce.capacity.models import Overlay
from workforce.people.models import User


def own_forecasts(owner: User) -> dict[str, Any]:
    """Return rows by the beginnings of the names of addresses that lead to them."""
    queue = make_queue(f"Forecasts of {owner.pk}")
    queue.teams.add(TeamFactory(lead=owner))
    first = timezone.now().date() - timedelta(days=1)
    held = published_forecast(queue, [100.0] * 28, first=first)
    published_forecast(queue, [120.0] * 28, first=first, state="DRAFT")
    overlay = Overlay.objects.create(name=f"Overlay of {owner.pk}", percent=10)
    return {
        "capacity:forecast": queue,
        "capacity:an-overlay": overlay,
        "admin:capacity_forecast": held,
        "api-capacity-forecast": held,
    }
