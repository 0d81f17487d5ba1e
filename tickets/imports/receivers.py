"""What imports hear from the work they asked for."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from supportops.jobs.signals import job_finished
from tickets.imports import services


@receiver(job_finished)
def follow_job(sender: Any, *, job_id: int, at: datetime, **_extra: Any) -> None:
    """A job that ended without the import knowing takes the run with it."""
    services.follow_job(job_id=job_id, at=at)
