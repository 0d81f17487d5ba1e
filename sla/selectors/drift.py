"""What the last drift check found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supportops.jobs.models import Job

DRIFT_JOB = "sla.drift"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """One finished check; ``different`` is 0 when all stored clocks agreed."""

    job_id: int
    finished_at: datetime
    tickets: int
    clocks: int
    different: int
    repaired: int
    differences: tuple[dict[str, Any], ...]

    @property
    def is_clean(self) -> bool:
        return self.different == 0


def latest_drift() -> DriftReport | None:
    """The newest finished check; None before the first one."""
    job = (
        Job.objects.filter(kind=DRIFT_JOB, state=Job.State.DONE)
        .order_by("-created_at", "-pk")
        .first()
    )
    if job is None or job.finished_at is None:
        return None
    found = job.result
    return DriftReport(
        job.pk,
        job.finished_at,
        found.get("tickets", 0),
        found.get("clocks", 0),
        found.get("different", 0),
        found.get("repaired", 0),
        tuple(found.get("differences", ())),
    )
