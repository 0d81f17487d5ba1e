"""What one person has of volumes, for pages that all roles are tried on."""

from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile

from tests.factories.capacity import fill_days, make_queue
from tests.factories.people import TeamFactory
from workforce.capacity.models import VolumeImport
from workforce.people.models import User


def own_volumes(owner: User) -> dict[str, Any]:
    """Return rows by the beginnings of the addresses that lead to them.

    The queue is fed by a team that the person leads.
    """
    queue = make_queue(f"Volumes of {owner.username}")
    queue.teams.add(TeamFactory(lead=owner))
    fill_days(queue, [80] * 7)
    done = VolumeImport.objects.create(
        file=ContentFile(b"start,volume\n2026-03-02 09:00,5\n", "volumes.csv"),
        file_name="volumes.csv",
        mapping={
            "delimiter": ",",
            "columns": {"start": "start", "offered": "volume"},
            "unit": "sum_seconds",
            "names": [],
        },
        time_zone="UTC",
        state=VolumeImport.State.DONE,
        created_by=owner,
        created_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    return {
        "capacity:volumes": queue,
        "capacity:volume-import": done,
        "admin:capacity_queue": queue,
        "api-capacity-queue": queue,
    }
