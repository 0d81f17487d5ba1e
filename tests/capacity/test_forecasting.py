"""Computing forecasts: what is stored, what is noticed, what is refused."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from supportops.common.errors import OperationRefused
from tests.capacity.forecasted import NOW, TODAY, WEEK, taught_queue
from tests.factories.capacity import fill_days, make_queue, published_forecast
from tests.factories.people import UserFactory
from workforce.capacity.models import (
    Event,
    Forecast,
    ForecastDay,
    OutlierDay,
    Overlay,
    QueueMethod,
)
from workforce.capacity.selectors.forecasts.quality import quality_words
from workforce.capacity.services import forecasting

pytestmark = pytest.mark.django_db


def compute(queue, **changes) -> Forecast:
    given = {"queue_id": queue.pk, "actor": None, "at": NOW, **changes}
    return forecasting.run_forecast(**given)


def test_forecast_is_stored_by_day_with_its_intervals():
    queue = taught_queue()
    person = UserFactory()

    draft = compute(queue, actor=person)

    assert draft.state == Forecast.State.DRAFT
    assert (draft.starts_on, draft.ends_on) == (TODAY, date(2026, 8, 30))
    assert draft.trained_until == TODAY
    assert (draft.created_by, draft.created_at) == (person, NOW)
    days = list(draft.days.order_by("day"))
    assert [row.day for row in days[:2]] == [TODAY, date(2026, 6, 2)]
    assert len(days) == 91
    for row in days:
        lists = [len(values) for values in row.intervals.values()]
        assert set(lists) == {16}
        assert row.mean == pytest.approx(sum(row.intervals["mean"]), rel=0.01)
        assert row.low95 <= row.low80 <= row.mean <= row.high80 <= row.high95
    # The volumes repeat each week without noise: so does what is expected.
    assert sum(row.mean for row in days[:7]) == pytest.approx(1000, rel=0.03)
    first = datetime.combine(TODAY, time(9), tzinfo=ZoneInfo("UTC"))
    assert days[0].intervals["starts"][0] == first.timestamp()


def test_backtest_of_every_method_is_kept_with_the_forecast():
    draft = compute(taught_queue())

    assert {"historical_average", "trend", "moving_average", "recipe"} <= set(
        draft.backtest["methods"]
    )
    assert draft.backtest["best"] == draft.method
    assert draft.asked_method == "best"


def test_chosen_method_and_horizon_are_used():
    queue = taught_queue()
    forecasting.choose_method(
        queue_id=queue.pk, method="moving_average", horizon_days=14, actor=None, at=NOW
    )

    draft = compute(queue)

    assert (draft.asked_method, draft.method) == ("moving_average", "moving_average")
    assert draft.days.count() == 14


def test_new_draft_takes_the_place_of_an_older_one():
    queue = taught_queue()
    held = published_forecast(queue, [100.0] * 7, first=TODAY)
    first = compute(queue)

    second = compute(queue, at=NOW + timedelta(hours=1))

    assert set(Forecast.objects.values_list("pk", flat=True)) == {held.pk, second.pk}
    assert not Forecast.objects.filter(pk=first.pk).exists()


def test_same_run_makes_a_forecast_once():
    queue = taught_queue()

    first, again = compute(queue, run="a"), compute(queue, run="a")
    other = compute(queue, run="b")

    assert first.pk == again.pk
    assert other.pk != first.pk


def test_today_is_not_learnt_from():
    queue = taught_queue()
    fill_days(queue, [5000], first=TODAY)

    draft = compute(queue)

    assert draft.trained_until == TODAY
    assert max(draft.days.values_list("mean", flat=True)) < 400


def test_local_today_is_that_of_the_queue():
    queue = taught_queue(time_zone="Pacific/Auckland")
    late = datetime(2026, 6, 1, 20, tzinfo=ZoneInfo("UTC"))

    assert compute(queue, at=late).starts_on == date(2026, 6, 2)


def test_day_on_which_clocks_go_forward_has_an_hour_less():
    queue = make_queue(time_zone="Europe/Berlin", interval_minutes=60)
    fill_days(queue, [240] * 42, first=date(2026, 1, 26), opens=time(0), intervals=24)

    draft = compute(queue, at=datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("UTC")))

    lengths = {
        row.day: len(row.intervals["starts"])
        for row in draft.days.filter(day__gte="2026-03-28", day__lte="2026-03-30")
    }
    assert list(lengths.values()) == [24, 23, 24]


def test_short_history_is_refused_and_nothing_written():
    queue = make_queue()
    fill_days(queue, [100] * 13, first=TODAY - timedelta(days=13))

    with pytest.raises(forecasting.HistoryTooShort, match="13 days"):
        compute(queue)

    assert not Forecast.objects.exists()


def test_two_weeks_are_enough_and_it_says_that_they_are_few():
    queue = make_queue()
    fill_days(queue, WEEK * 2, first=TODAY - timedelta(days=14))

    draft = compute(queue)

    assert {"code": "short_history", "days": 14} in draft.quality
    assert any("Only 14 days" in words for words in quality_words(draft))


def test_zeros_from_before_a_queue_began_are_told():
    queue = make_queue()
    fill_days(queue, [0] * 60 + list(WEEK) * 2, first=TODAY - timedelta(days=74))

    draft = compute(queue)

    assert {"code": "leading_zeros"} in draft.quality
    words = quality_words(draft)
    assert any("the queue had not begun" in sentence for sentence in words)
    assert any("Only 14 days" in sentence for sentence in words)


def test_inactive_queue_is_refused():
    queue = taught_queue(is_active=False)

    with pytest.raises(forecasting.QueueInactive):
        compute(queue)

    assert not Forecast.objects.exists()


def test_gaps_and_old_volumes_are_noticed_on_usual_days_only():
    queue = make_queue()
    # Open from Monday to Friday; a Wednesday, and last Friday, are missing.
    for week in range(8):
        monday = TODAY - timedelta(weeks=8 - week)
        for weekday in range(5):
            if (week, weekday) not in {(6, 2), (7, 4)}:
                fill_days(queue, [160], first=monday + timedelta(days=weekday))

    draft = compute(queue)

    assert {"code": "gaps", "days": 1, "last": "2026-05-20"} in draft.quality
    assert {"code": "stale", "days": 1} in draft.quality


def test_outlier_is_replaced_and_told_with_whether_it_is_confirmed():
    queue = make_queue()
    totals = list(WEEK * 12)
    totals[60] = 640
    first = TODAY - timedelta(weeks=12)
    fill_days(queue, totals, first=first)
    day = first + timedelta(days=60)

    (found,) = [n for n in compute(queue).quality if n["code"] == "outlier"]
    assert (found["day"], found["actual"], found["confirmed"]) == (
        day.isoformat(),
        640.0,
        False,
    )
    before = Forecast.objects.get(queue=queue)
    assert any("Not confirmed yet" in words for words in quality_words(before))

    decided = OutlierDay.objects.create(
        queue=queue,
        day=day,
        actual=640,
        expected=160,
        state="CONFIRMED",
        found_at=NOW,
        decided_at=NOW,
    )
    (words,) = [each for each in quality_words(before) if "640" in each]
    assert words.endswith("Not confirmed then; confirmed as a one-off since.")
    draft = compute(queue)
    (found,) = [n for n in draft.quality if n["code"] == "outlier"]
    assert found["confirmed"] is True
    OutlierDay.objects.filter(pk=decided.pk).update(state="DISMISSED")
    (words,) = [each for each in quality_words(draft) if "640" in each]
    assert "dismissed since: the next forecast learns from it" in words
    OutlierDay.objects.filter(pk=decided.pk).update(state="CONFIRMED")
    assert any("Confirmed as a one-off" in words for words in quality_words(draft))


def test_event_ahead_is_applied_and_kept_as_it_was():
    queue = taught_queue()
    Event.objects.create(
        name="Release 9",
        kind="RELEASE",
        starts_on=date(2026, 6, 10),
        ends_on=date(2026, 6, 10),
        percent=50,
    )

    draft = compute(queue)

    wednesdays = draft.days.filter(day__in=["2026-06-03", "2026-06-10"])
    plain, event = wednesdays.order_by("day").values_list("mean", flat=True)
    assert event == pytest.approx(1.5 * plain, rel=0.01)
    (applied,) = draft.applied["events"]
    assert (applied["name"], applied["percent"]) == ("Release 9", 50.0)


def test_choice_of_a_method_is_kept_with_who_made_it():
    queue, person = make_queue(), UserFactory()
    for method in ("trend", "trend", "recipe"):
        forecasting.choose_method(
            queue_id=queue.pk, method=method, horizon_days=28, actor=person, at=NOW
        )

    kept = QueueMethod.history.order_by("history_id")
    assert [(row.method, row.history_user) for row in kept] == [
        ("trend", person),
        ("recipe", person),
    ]
    assert kept[0].history_date == NOW


@pytest.mark.parametrize(
    ("method", "days", "code"),
    [
        ("crystal_ball", 28, "method_unknown"),
        ("trend", 0, "horizon_out_of_range"),
        ("trend", 401, "horizon_out_of_range"),
    ],
)
def test_impossible_choices_are_refused(method, days, code):
    queue = make_queue()

    with pytest.raises(OperationRefused) as no:
        forecasting.choose_method(
            queue_id=queue.pk, method=method, horizon_days=days, actor=None, at=NOW
        )

    assert no.value.code == code
    assert not QueueMethod.objects.exists()


def overlay(**changes) -> Overlay:
    given = {
        "name": "Campaign",
        "percent": Decimal(20),
        "starts_on": TODAY,
        "ends_on": TODAY,
        "queue": None,
        "response": "",
        "actor": None,
        "at": NOW,
        **changes,
    }
    return forecasting.save_overlay(**given)


def test_own_overlay_is_saved_for_one_queue_or_all():
    queue, person = make_queue(), UserFactory()

    own = overlay(queue=queue, actor=person)
    overlay(name="Everywhere")

    assert list(own.queues.all()) == [queue]
    assert own.kind == Overlay.Kind.OWN
    assert own.history.earliest().history_user == person


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": Decimal(-101)},
        {"starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)},
        {"name": "Product outage"},
    ],
)
def test_impossible_overlays_are_refused(wrong):
    before = Overlay.objects.count()

    with pytest.raises(forecasting.OverlayRefused):
        overlay(**wrong)

    assert Overlay.objects.count() == before


def test_own_overlay_can_be_deleted_and_a_standard_one_cannot():
    own = overlay()
    forecasting.delete_overlay(overlay_id=own.pk, actor=None)
    assert not Overlay.objects.filter(pk=own.pk).exists()

    standard = Overlay.objects.get(kind="OUTAGE")
    with pytest.raises(forecasting.StandardOverlay):
        forecasting.delete_overlay(overlay_id=standard.pk, actor=None)
    assert Overlay.objects.filter(pk=standard.pk).exists()


def test_queue_closed_over_the_whole_horizon_is_refused():
    weekdays = make_queue()
    for week in range(4):
        fill_days(weekdays, [160] * 5, first=TODAY - timedelta(weeks=4 - week))
    saturday = datetime(2026, 6, 6, 9, tzinfo=ZoneInfo("UTC"))
    draft = compute(weekdays, horizon_days=7)

    with pytest.raises(forecasting.NothingToForecast):
        compute(weekdays, at=saturday, horizon_days=2)

    assert list(Forecast.objects.values_list("pk", flat=True)) == [draft.pk]
    assert ForecastDay.objects.filter(forecast=draft).count() == 5
