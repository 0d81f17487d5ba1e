"""Making a draft the forecast that holds, or throwing it away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.core.bands import NAMES
from workforce.capacity.core.overlays import Change, factors
from workforce.capacity.models import Forecast, ForecastDay, Queue
from workforce.capacity.services.forecasting.refusals import (
    ForecastOver,
    NotADraft,
    PublishedSince,
)
from workforce.people.models import User


@transaction.atomic
def publish_forecast(
    *,
    forecast_id: int,
    actor: User | None,
    at: datetime,
    note: str = "",
    overlays: Sequence[Change] = (),
    replaces: int | None = -1,
) -> Forecast:
    """Publish a draft with the chosen overlays; what was published is superseded.

    The queue's row is locked first, then its draft and its published forecast: of two
    publications at once one waits, and ends up as the only published one. With
    ``replaces`` (the forecast that was compared with, ``None`` for none) it is refused
    when another has been published since.

    Raises ``NotADraft``, ``ForecastOver`` or ``PublishedSince``.
    """
    queue = (
        Queue.objects.select_for_update(of=("self",))
        .filter(forecasts=forecast_id)
        .first()
    )
    if queue is None:
        raise _gone()
    rows = {row.pk: row for row in _locked(queue, forecast_id)}
    draft = rows.pop(forecast_id, None)
    before = next(iter(rows.values()), None)
    if draft is None:
        raise _gone()
    _refuse(draft, before, queue, replaces, at)
    if overlays:
        _lay_over(draft, overlays)
    if before is not None:
        before.state = Forecast.State.SUPERSEDED
        before.save(update_fields=["state"])
    draft.state = Forecast.State.PUBLISHED
    draft.published_at = at
    draft.published_by = actor
    draft.note = note
    draft.save(
        update_fields=["state", "published_at", "published_by", "note", "applied"]
    )
    return draft


def _gone() -> NotADraft:
    return NotADraft(_("This draft is gone: a newer one took its place, or none."))


def _locked(queue: Queue, forecast_id: int) -> list[Forecast]:
    """Lock the draft and the published forecast, always in the same order."""
    rows = Forecast.objects.select_for_update(of=("self",)).filter(queue=queue)
    published = rows.filter(state=Forecast.State.PUBLISHED)
    return list((rows.filter(pk=forecast_id) | published).order_by("pk"))


def _refuse(
    draft: Forecast,
    before: Forecast | None,
    queue: Queue,
    replaces: int | None,
    at: datetime,
) -> None:
    if draft.state != Forecast.State.DRAFT:
        raise NotADraft(
            _("This forecast was published already. Compute a new one to change it.")
        )
    if draft.ends_on < at.astimezone(ZoneInfo(queue.time_zone)).date():
        raise ForecastOver(
            _("The draft of %(queue)s ends on %(day)s: compute a new one.")
            % {"queue": queue, "day": draft.ends_on}
        )
    known = before.pk if before else None
    if replaces != -1 and replaces != known:
        raise PublishedSince(
            _(
                "Another forecast of %(queue)s was published while you looked at this "
                "one. Look at what would change now, then publish again."
            )
            % {"queue": queue}
        )


def _lay_over(draft: Forecast, overlays: Sequence[Change]) -> None:
    """Write the days that overlays touch anew; what they were is kept beside."""
    days = list(draft.days.order_by("day"))
    by = factors(np.array([row.day for row in days], "datetime64[D]"), overlays)
    touched = [
        (row, float(each)) for row, each in zip(days, by, strict=True) if each != 1.0
    ]
    baseline = {row.day.isoformat(): row.mean for row, _factor in touched}
    # Rows of days are never changed, not even a draft's: they are written again.
    draft.days.filter(day__in=[row.day for row, _factor in touched]).delete()
    ForecastDay.objects.bulk_create(_scaled(row, each) for row, each in touched)
    draft.applied = draft.applied | {
        "overlays": [change.as_dict() for change in overlays],
        "baseline": baseline,
    }


def _scaled(row: ForecastDay, factor: float) -> ForecastDay:
    intervals: dict[str, Any] = {"starts": row.intervals["starts"]}
    for name in NAMES:
        intervals[name] = [round(each * factor, 4) for each in row.intervals[name]]
    return ForecastDay(
        forecast_id=row.forecast_id,
        day=row.day,
        intervals=intervals,
        **{name: getattr(row, name) * factor for name in NAMES},
    )


@transaction.atomic
def discard_draft(*, forecast_id: int) -> None:
    """Delete a draft. Raises ``NotADraft`` for what was published."""
    draft = Forecast.objects.select_for_update(of=("self",)).get(pk=forecast_id)
    if draft.state != Forecast.State.DRAFT:
        raise NotADraft(_("A published forecast is kept: it is judged by what came."))
    draft.delete()
