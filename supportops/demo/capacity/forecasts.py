"""A year of volumes, four rounds of forecasting, and what was learnt between them."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supportops.demo.capacity.queues import Queues
from supportops.demo.core import hotline, story
from workforce.capacity.models import (
    Event,
    Forecast,
    Investigation,
    OutlierDay,
    Queue,
    QueueMethod,
    VolumeImport,
)
from workforce.capacity.services import reviewing, volumes
from workforce.capacity.services.events import create_event
from workforce.capacity.services.forecasting import publish_forecast, run_forecast
from workforce.capacity.services.forecasting.refusals import HistoryTooShort
from workforce.capacity.services.volumes.imports import keep_upload, run_import
from workforce.people.models import User

PUBLISHED_WEEKS_AGO = (13, 8, 4)
HEADERS = ("start", "offered", "handled", "abandoned", "aht seconds")


def import_hotline(
    queues: Queues, *, actor: User, start: datetime, until: datetime, seed: int
) -> None:
    """Read the partner's two files as anybody would: upload, choose the queue, import."""
    for line, queue in zip(hotline.LINES, queues.partner, strict=True):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADERS)
        writer.writerows(hotline.rows(line, start=start, until=until, seed=seed))
        upload = keep_upload(
            content=text.getvalue().encode(),
            file_name=f"hotline-{line.channel}.csv",
            time_zone=story.ZONE,
            actor=actor,
            at=until,
        )
        upload.mapping["queue"] = queue.pk
        upload.state = VolumeImport.State.RUNNING
        upload.save(update_fields=["mapping", "state"])
        run_import(import_id=upload.pk, at=until)


def count_tickets(queues: Queues, *, start: datetime, until: datetime) -> None:
    """Count the year's tickets into the intervals of our own queues."""
    zone = ZoneInfo(story.ZONE)
    first = start.astimezone(zone).date()
    last = until.astimezone(zone).date()
    for queue in queues.own:
        volumes.rebuild(queue, first, last + timedelta(days=1), until)


def write_events(queues: Queues, *, until: datetime) -> None:
    """Enter what planning knew of: releases, month ends, the wind-down before Christmas."""
    end = until.astimezone(ZoneInfo(story.ZONE)).date()
    days = len(hotline.RELEASE_EFFECT) - 1
    for release in hotline.releases(end):
        create_event(
            values={
                "name": "Release",
                "kind": Event.Kind.RELEASE,
                "starts_on": release,
                "ends_on": release + timedelta(days=days),
                "treatment": Event.Treatment.REPEAT,
                "note": "A new version for all customers, on a Tuesday.",
            },
            queues=queues.partner,
        )
    create_event(
        values={
            "name": "Before Christmas",
            "kind": Event.Kind.HOLIDAY,
            "starts_on": date(end.year - 1, 12, 22),
            "ends_on": date(end.year - 1, 12, 31),
            "repeats": Event.Repeats.YEARLY,
            "treatment": Event.Treatment.REPEAT,
        },
    )


def forecast_year(queues: Queues, *, actor: User, until: datetime) -> None:
    """Publish a forecast three times, look into what missed, and leave drafts to publish."""
    for queue in (*queues.partner, *queues.own):
        QueueMethod.objects.create(queue=queue)
        for weeks in PUBLISHED_WEEKS_AGO:
            at = _sunday_noon(until - timedelta(weeks=weeks))
            draft = _draft(queue, actor, at)
            if draft:
                publish_forecast(forecast_id=draft.pk, actor=actor, at=at)
    _look_back(queues, actor=actor, until=until)
    for queue in (*queues.partner, *queues.own):
        _draft(queue, actor, until)


def _draft(queue: Queue, actor: User, at: datetime) -> Forecast | None:
    """Compute a forecast; a demo of a few weeks has no past to learn from at first."""
    try:
        return run_forecast(queue_id=queue.pk, actor=actor, at=at)
    except HistoryTooShort:
        return None


def _sunday_noon(moment: datetime) -> datetime:
    day = hotline.weekday_near(moment.date(), 6) - timedelta(days=7)
    return datetime.combine(day, time(12), tzinfo=UTC)


def _look_back(queues: Queues, *, actor: User, until: datetime) -> None:
    """Decide about one found day, close one investigation, leave the others to do."""
    end = until.astimezone(ZoneInfo(story.ZONE)).date()
    for queue in queues.partner:
        volumes.mark_outliers(queue, until)
    _confirm(queues.phone, hotline.outage(end), actor, until)
    outage_week = hotline.weekday_near(hotline.outage(end), 0)
    reviewing.open_investigations(at=_monday_after(outage_week))
    for found in Investigation.objects.filter(
        starts_on=outage_week, queue__in=queues.partner
    ):
        reviewing.close_investigation(
            investigation_id=found.pk,
            outcome=Investigation.Outcome.ONE_OFF,
            finding="The payment service was down from 9 to 15 on Wednesday.",
            action="Confirmed the day as one-off; the outage overlay covers the next.",
            actor=actor,
            at=_monday_after(outage_week) + timedelta(days=2),
        )
    reviewing.open_investigations(at=_monday_after(hotline.campaign(end)))
    reviewing.open_investigations(at=until)


def _confirm(queue: Queue, day: date, actor: User, until: datetime) -> None:
    found = OutlierDay.objects.filter(queue=queue, day=day).first()
    if found:
        volumes.decide_outlier(
            found.pk,
            OutlierDay.State.CONFIRMED,
            "Outage of the payment service",
            actor,
            until,
        )


def _monday_after(monday: date) -> datetime:
    return datetime.combine(monday + timedelta(days=7), time(8), tzinfo=UTC)
