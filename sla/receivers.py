"""What promises hear from tickets: something happened, so their clocks may have moved."""

import logging
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.dispatch import receiver
from django.utils.translation import gettext as _

from sla.services import clocks
from supportops.jobs.services import enqueue_job
from tickets.signals import tickets_changed

logger = logging.getLogger(__name__)

AT_ONCE = 2000
"""So many tickets take about half a second; more become a job."""


@receiver(tickets_changed, dispatch_uid="sla.tickets_changed")
def keep_clocks(*, ticket_ids: list[int], at: datetime, **_kwargs: Any) -> None:
    """Recompute the clocks of changed tickets right after the commit.

    Idempotent: the same news twice changes nothing. When the database will not have it
    now (a lock held too long), a job does it.
    """
    if clocks.are_kept_current() or not ticket_ids:
        return
    if len(ticket_ids) > AT_ONCE:
        _as_job(ticket_ids, at)
        return
    try:
        clocks.recompute(ticket_ids, at, mark_all_days=True)
    except DatabaseError:
        logger.exception(
            "clocks not recomputed at once", extra={"ids": ticket_ids[:20]}
        )
        _as_job(ticket_ids, at)


def _as_job(ticket_ids: list[int], at: datetime) -> None:
    enqueue_job(
        kind="sla.recompute",
        title=_("Recompute clocks of changed tickets"),
        params={"ticket_ids": sorted(ticket_ids), "mark_all_days": True},
        actor=None,
        at=at,
    )
