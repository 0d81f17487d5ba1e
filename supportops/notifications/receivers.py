"""What notifications hear from the platform: long work has finished."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.dispatch import receiver
from django.utils.translation import gettext as _

from supportops.common.signals import job_finished
from supportops.notifications import services
from supportops.notifications.models import Kind

WORTH_TELLING_SECONDS = 10
"""Who waited less has seen the result."""


@receiver(job_finished, dispatch_uid="notifications.job_finished")
def tell_who_asked(
    *,
    job_id: int,
    at: datetime,
    title: str,
    state: str,
    note: str,
    created_by_id: int | None,
    seconds: float,
    url: str,
    **_kwargs: Any,
) -> None:
    """Tell the person who started the work, when it took long or failed."""
    long_enough = seconds >= WORTH_TELLING_SECONDS or state == "FAILED"
    if created_by_id is None or state == "CANCELLED" or not long_enough:
        return
    words = _("Failed: %(title)s") if state == "FAILED" else _("Finished: %(title)s")
    services.notify(
        recipients=get_user_model().objects.filter(pk=created_by_id),
        kind=Kind.JOB_FINISHED,
        dedup_key=f"job:{job_id}",
        title=words % {"title": title},
        body=note,
        url=url,
        at=at,
    )
