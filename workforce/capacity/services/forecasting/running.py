"""Computing the forecasts of several queues as long work: asked, done, told."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supportops.common.errors import OperationRefused
from supportops.jobs.models import Job
from supportops.jobs.registry import Progress
from supportops.jobs.services import enqueue_job
from supportops.notifications.models import Kind
from supportops.notifications.services import notify
from workforce.capacity.models import Forecast, Queue
from workforce.capacity.selectors.forecasts.renewal import (
    publishers_of,
    queues_to_renew,
)
from workforce.capacity.services.forecasting.computing import run_forecast
from workforce.capacity.services.forecasting.refusals import NothingToForecast
from workforce.people.models import User

logger = logging.getLogger(__name__)

WORK = "capacity.forecast"


def ask_for_forecasts(
    *,
    queue_ids: Sequence[int],
    actor: User | None,
    at: datetime,
    is_renewal: bool = False,
) -> Job:
    """Ask a worker to compute these queues' forecasts, each by its chosen method.

    Raises ``NothingToForecast`` without any queue.
    """
    if not queue_ids:
        raise NothingToForecast(_("Choose at least one queue."))
    title = ngettext(
        "Forecast of %(n)d queue", "Forecasts of %(n)d queues", len(queue_ids)
    )
    return enqueue_job(
        kind=WORK,
        title=title % {"n": len(queue_ids)},
        params={
            "queue_ids": list(queue_ids),
            "run": uuid4().hex,
            "actor_id": actor.pk if actor else None,
            "is_renewal": is_renewal,
        },
        actor=actor,
        at=at,
    )


def compute_forecasts(
    *,
    progress: Progress,
    queue_ids: Sequence[int],
    run: str,
    actor: User | None,
    at: datetime,
) -> dict[str, Any]:
    """Compute queue by queue; what is finished stays, whatever becomes of the others.

    A queue that this run has done already is not computed again. A refusal, or an
    error, is told in the result and holds up no other queue.
    """
    names = {row.pk: str(row) for row in Queue.objects.filter(pk__in=queue_ids)}
    wanted = [queue_id for queue_id in queue_ids if queue_id in names]
    progress.set_total(len(wanted))
    made: list[str] = []
    failed: list[str] = []
    for queue_id in wanted:
        words = _attempt(queue_id, names[queue_id], run, actor, at)
        if words:
            failed.append(words)
        else:
            made.append(names[queue_id])
        # Outside of what catches errors: a cancel request ends the run here.
        progress.advance(note=names[queue_id])
    return {"computed": len(made), "not_computed": len(failed), "why": failed}


def _attempt(
    queue_id: int, name: str, run: str, actor: User | None, at: datetime
) -> str:
    """Compute one queue; return why it was not done, in words, or nothing."""
    try:
        run_forecast(queue_id=queue_id, actor=actor, at=at, run=run)
    except OperationRefused as refusal:
        return str(refusal)
    except Exception:
        logger.exception("forecast failed", extra={"queue_id": queue_id})
        return _("%(queue)s: an error stopped it; the log has the details.") % {
            "queue": name
        }
    return ""


def renew_forecasts(*, at: datetime) -> dict[str, int]:
    """Ask for new drafts where a published forecast runs out or the month has turned.

    Nothing is published by itself.
    """
    due = queues_to_renew(at)
    if due:
        ask_for_forecasts(queue_ids=due, actor=None, at=at, is_renewal=True)
    return {"queues": len(due)}


def tell_publishers(*, run: str, at: datetime) -> int:
    """Tell those who may publish that the drafts of a renewal wait for them, once each."""
    drafts = Forecast.objects.filter(applied__run=run, state=Forecast.State.DRAFT)
    queues = list(
        Queue.objects.filter(pk__in=drafts.values("queue_id")).order_by("name")
    )
    if not queues:
        return 0
    title = ngettext(
        "A new forecast of %(first)s waits to be published",
        "New forecasts of %(n)d queues wait to be published",
        len(queues),
    )
    return notify(
        recipients=publishers_of(),
        kind=Kind.CAPACITY,
        dedup_key=f"forecasts:{run}",
        title=title % {"first": queues[0], "n": len(queues)},
        body=_names(queues),
        url=reverse("capacity:forecasts") + "?state=waiting",
        at=at,
    )


def _names(queues: Iterable[Queue], most: int = 12) -> str:
    names = [str(queue) for queue in queues]
    rest = len(names) - most
    shown = ", ".join(names[:most])
    return (
        shown
        if rest <= 0
        else _("%(names)s and %(n)d more")
        % {
            "names": shown,
            "n": rest,
        }
    )
