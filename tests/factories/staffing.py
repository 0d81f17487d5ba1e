"""What one person has of staffing, for pages that all roles are tried on."""

from typing import Any

from tests.factories.capacity import make_queue, plan_staff, published_forecast
from tests.factories.people import TeamFactory
from workforce.people.models import User


def own_staffing(owner: User) -> dict[str, Any]:
    """Return rows by the beginnings of the addresses that lead to them.

    The queue is fed by a team that the person leads.
    """
    queue = make_queue(f"Staffing of {owner.username}")
    queue.teams.add(TeamFactory(lead=owner))
    published_forecast(queue, [80] * 7)
    (block,) = plan_staff(queue, 4, weekdays=[0])
    return {
        "capacity:staffing": queue,
        "admin:capacity_assumptions": queue.assumptions,
        "admin:capacity_plannedstaff": block,
        "api-capacity-planned-staff": block,
    }
