"""Publishing: one forecast holds, and what was published never changes."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.capacity.forecasted import NOW, TODAY
from tests.factories.capacity import make_queue, published_forecast
from tests.factories.people import UserFactory
from workforce.capacity.core.overlays import Change
from workforce.capacity.models import Forecast, ForecastDay
from workforce.capacity.selectors.forecasts import published
from workforce.capacity.selectors.forecasts.versions import (
    baseline_of,
    overlays_in,
    week_changes,
)
from workforce.capacity.services import forecasting

pytestmark = pytest.mark.django_db


def draft_for(queue, totals=(100.0,) * 14, first=TODAY) -> Forecast:
    return published_forecast(queue, totals, first=first, state=Forecast.State.DRAFT)


def publish(forecast, **changes) -> Forecast:
    given = {"forecast_id": forecast.pk, "actor": None, "at": NOW, **changes}
    return forecasting.publish_forecast(**given)


def states(queue) -> list[str]:
    return list(queue.forecasts.order_by("pk").values_list("state", flat=True))


def test_published_draft_holds_and_the_one_before_is_superseded():
    queue, person = make_queue(), UserFactory()
    before = published_forecast(queue, [90.0] * 7, first=TODAY)
    draft = draft_for(queue)

    publish(draft, actor=person, note="After the release")

    now = published(queue)
    assert now.pk == draft.pk
    assert (now.published_by, now.published_at) == (person, NOW)
    assert now.note == "After the release"
    before.refresh_from_db()
    assert before.state == Forecast.State.SUPERSEDED


def test_other_queues_keep_their_forecasts():
    queue, other = make_queue(), make_queue()
    published_forecast(other, [90.0] * 7, first=TODAY)

    publish(draft_for(queue))

    assert states(other) == ["PUBLISHED"]


def test_publishing_twice_is_refused():
    queue = make_queue()
    draft = publish(draft_for(queue))

    with pytest.raises(forecasting.NotADraft):
        publish(draft, at=NOW + timedelta(hours=1))

    draft.refresh_from_db()
    assert draft.published_at == NOW


def test_draft_that_is_over_is_refused():
    queue = make_queue()
    draft = draft_for(queue, first=TODAY - timedelta(days=30))

    with pytest.raises(forecasting.ForecastOver):
        publish(draft)

    assert states(queue) == ["DRAFT"]


def test_publication_against_another_one_than_was_seen_is_refused():
    queue = make_queue()
    held = published_forecast(queue, [90.0] * 7, first=TODAY)
    draft = draft_for(queue)

    with pytest.raises(forecasting.PublishedSince):
        publish(draft, replaces=None)

    assert states(queue) == ["PUBLISHED", "DRAFT"]
    publish(draft, replaces=held.pk)
    assert states(queue) == ["SUPERSEDED", "PUBLISHED"]


def test_overlays_are_written_into_what_is_published():
    queue = make_queue()
    draft = draft_for(queue)
    outage = Change("Outage", 300.0, date(2026, 6, 3), date(2026, 6, 4), key=1)

    publish(draft, overlays=[outage])

    rows = {row.day: row for row in draft.days.all()}
    assert rows[date(2026, 6, 2)].mean == 100.0
    touched = rows[date(2026, 6, 3)]
    assert (touched.mean, touched.low80, touched.high95) == (400.0, 320.0, 520.0)
    assert sum(touched.intervals["mean"]) == pytest.approx(400.0)
    assert len(rows) == 14
    draft.refresh_from_db()
    assert overlays_in(draft) == [outage]
    assert baseline_of(draft) == {date(2026, 6, 3): 100.0, date(2026, 6, 4): 100.0}


def test_what_would_change_is_told_week_by_week():
    queue = make_queue()
    before = published_forecast(queue, [100.0] * 9, first=TODAY)
    draft = draft_for(queue, [120.0] * 14)

    first, second = week_changes(
        queue,
        draft,
        before,
        today=TODAY,
        overlays=[Change("Double", 100.0, date(2026, 6, 8))],
    )

    assert (first.before, first.new.mean, first.is_covered) == (700.0, 840.0, True)
    assert first.change == pytest.approx(0.2)
    # The published forecast knows two days of the second week only.
    assert (second.before, second.new.mean, second.is_covered) == (200.0, 1680.0, False)
    assert second.change is None


def test_draft_can_be_discarded_and_a_published_forecast_cannot():
    queue = make_queue()
    held = published_forecast(queue, [90.0] * 7, first=TODAY)
    draft = draft_for(queue)

    forecasting.discard_draft(forecast_id=draft.pk)
    with pytest.raises(forecasting.NotADraft):
        forecasting.discard_draft(forecast_id=held.pk)

    assert states(queue) == ["PUBLISHED"]
    assert ForecastDay.objects.filter(forecast=held).count() == 7


CHANGES = [
    {"state": Forecast.State.DRAFT, "published_at": None},
    {"starts_on": TODAY - timedelta(days=1)},
    {"method": "trend"},
    {"backtest": {"methods": {}}},
    {"applied": {"overlays": []}, "trained_until": TODAY - timedelta(days=9)},
    {"published_at": NOW + timedelta(days=1)},
]


@pytest.mark.parametrize("change", CHANGES)
def test_database_refuses_to_change_a_published_forecast(change):
    held = published_forecast(make_queue(), [90.0] * 7, first=TODAY)

    with pytest.raises(DatabaseError), transaction.atomic():
        Forecast.objects.filter(pk=held.pk).update(**change)
    for name, value in change.items():
        setattr(held, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        held.save()

    stored = Forecast.objects.get(pk=held.pk)
    assert (stored.state, stored.starts_on, stored.method) == (
        "PUBLISHED",
        TODAY,
        "recipe",
    )


def test_database_refuses_to_delete_a_published_forecast():
    held = published_forecast(make_queue(), [90.0] * 7, first=TODAY)

    with pytest.raises(DatabaseError), transaction.atomic():
        Forecast.objects.filter(pk=held.pk).delete()

    assert Forecast.objects.filter(pk=held.pk).exists()


def test_superseded_forecast_does_not_come_back():
    held = published_forecast(
        make_queue(), [90.0] * 7, first=TODAY, state=Forecast.State.SUPERSEDED
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        Forecast.objects.filter(pk=held.pk).update(state=Forecast.State.PUBLISHED)

    held.refresh_from_db()
    assert held.state == Forecast.State.SUPERSEDED


@pytest.mark.parametrize("state", Forecast.State.values)
def test_days_of_a_forecast_are_never_changed(state):
    held = published_forecast(make_queue(), [90.0] * 2, first=TODAY, state=state)
    row = held.days.first()

    with pytest.raises(DatabaseError), transaction.atomic():
        ForecastDay.objects.filter(pk=row.pk).update(mean=1.0)
    row.mean = 1.0
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()

    assert ForecastDay.objects.get(pk=row.pk).mean == 90.0


@pytest.mark.parametrize("state", ["PUBLISHED", "SUPERSEDED"])
def test_days_of_what_was_published_are_never_deleted(state):
    held = published_forecast(make_queue(), [90.0] * 2, first=TODAY, state=state)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        held.days.all().delete()

    assert held.days.count() == 2


def test_days_of_a_draft_go_with_it():
    draft = draft_for(make_queue(), [90.0] * 2)

    draft.delete()

    assert not ForecastDay.objects.exists()


def test_two_published_forecasts_of_a_queue_are_refused_by_the_database():
    queue = make_queue()
    published_forecast(queue, [90.0], first=TODAY)

    with pytest.raises(DatabaseError), transaction.atomic():
        published_forecast(queue, [90.0], first=TODAY)

    assert states(queue) == ["PUBLISHED"]
