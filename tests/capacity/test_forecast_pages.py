"""Pages of forecasts: what they show, to whom, and in how many queries."""

import csv
import io
import time as clock
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from tests.capacity.forecasted import NOW, TODAY, taught_queue
from tests.factories.capacity import fill_days, make_queue, published_forecast
from tests.factories.people import UserFactory
from workforce.capacity.models import (
    Event,
    Investigation,
    OutlierDay,
    Overlay,
)
from workforce.capacity.services import forecasting

pytestmark = pytest.mark.django_db

INDEX = "/capacity/forecasts/"
READERS = [
    roles.TEAM_LEAD,
    roles.SUPPORT_LEAD,
    roles.WORKFORCE_MANAGER,
    roles.EXECUTIVE,
]


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(client, role: str):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


@pytest.fixture
def manager(client):
    return sign_in(client, roles.WORKFORCE_MANAGER)


def page_of(queue, name: str = "forecast", *more: int) -> str:
    return reverse(f"capacity:{name}", args=[queue.pk, *more])


def held_and_draft(queue=None):
    """Return a queue with a published forecast of 100 a day and a draft of 120."""
    queue = queue or taught_queue()
    held = published_forecast(queue, [100.0] * 70, first=TODAY)
    draft = published_forecast(queue, [120.0] * 91, first=TODAY, state="DRAFT", at=NOW)
    return queue, held, draft


def test_index_without_queues_tells_the_first_step(client, manager):
    page = client.get(INDEX).content.decode()

    assert "No queue to forecast yet" in page
    assert "volumes" in page


def test_index_shows_what_is_expected_and_what_waits(client, manager):
    queue, held, _draft = held_and_draft(taught_queue("Phone"))
    Investigation.objects.create(
        queue=queue,
        forecast=held,
        starts_on=TODAY - timedelta(days=7),
        ends_on=TODAY - timedelta(days=1),
        expected=700,
        actual=1000,
        deviation=0.43,
        opened_at=NOW,
        due_on=TODAY,
    )

    response = client.get(INDEX)

    (line,) = response.context["lines"]
    assert line.next_week.mean == 700.0
    assert line.next_weeks.mean == 2800.0
    assert line.last_weeks == 4000.0
    assert line.change == pytest.approx(-0.3)
    assert line.days_left == 70
    page = response.content.decode()
    for words in ("Phone · phone", "Draft waits", "1 investigation open", "−30 %"):
        assert words in page


def test_index_without_publication_shows_the_draft(client, manager):
    published_forecast(taught_queue(), [50.0] * 28, first=TODAY, state="DRAFT")

    (line,) = client.get(INDEX).context["lines"]

    assert line.next_week.mean == 350.0
    assert line.published is None


def test_index_narrows_by_tab_and_by_name(client, manager):
    held_and_draft(make_queue("Both"))
    make_queue("Bare")

    def names(query: str) -> list[str]:
        return [line.queue.name for line in client.get(INDEX + query).context["lines"]]

    assert names("") == ["Bare", "Both"]
    assert names("?state=waiting") == ["Both"]
    assert names("?state=none") == ["Bare"]
    assert names("?state=investigated") == []
    assert names("?q=bot") == ["Both"]


@pytest.mark.parametrize("count", [1, 3])
def test_index_asks_a_fixed_number_of_queries(
    client, manager, django_assert_num_queries, count
):
    for _ in range(count):
        held_and_draft()
    client.get(INDEX)

    with django_assert_num_queries(11):
        client.get(INDEX)


@pytest.mark.parametrize("count", [1, 3])
def test_rolling_view_asks_a_fixed_number_of_queries(
    client, manager, django_assert_num_queries, count
):
    for _ in range(count):
        held_and_draft()
    address = reverse("capacity:forecasts-months")
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_page_asks_a_fixed_number_of_queries(
    client, manager, django_assert_num_queries, count
):
    queue = taught_queue()
    for day in range(count):
        published_forecast(queue, [90.0] * 9, first=TODAY, state="SUPERSEDED")
        Overlay.objects.create(name=f"Own {day}", percent=10)
        Event.objects.create(
            name="Release", kind="RELEASE", starts_on=TODAY, ends_on=TODAY
        )
        OutlierDay.objects.create(
            queue=queue,
            day=TODAY - timedelta(days=day + 1),
            actual=9,
            expected=1,
            found_at=NOW,
        )
    held_and_draft(queue)
    client.get(page_of(queue))

    with django_assert_num_queries(16):
        client.get(page_of(queue) + "?show=draft")


def test_rolling_view_adds_what_came_to_what_is_expected(client, manager):
    queue = make_queue("Phone")
    fill_days(queue, [10] * 2, first=date(2026, 6, 1))
    published_forecast(queue, [100.0] * 70, first=TODAY)
    make_queue("Bare")

    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        response = client.get(reverse("capacity:forecasts-months"))

    bare, phone = response.context["rows"]
    assert [cell.month for cell in phone.cells] == [
        date(2026, 6, 1),
        date(2026, 7, 1),
        date(2026, 8, 1),
        date(2026, 9, 1),
    ]
    assert [cell.whole and cell.whole.mean for cell in phone.cells] == [
        20 + 2800,
        3100,
        900,
        None,
    ]
    assert phone.cells[2].until == date(2026, 8, 9)
    assert bare.forecast is None
    assert "1 queue without a published forecast" in response.content.decode()


def test_queue_page_compares_the_draft_with_what_holds(client, manager):
    queue, held, draft = held_and_draft()

    page = client.get(page_of(queue) + "?show=draft")

    assert page.context["shown"] == draft
    assert page.context["compared"] == held
    assert page.context["next_week"].mean == pytest.approx(840.0)
    june = page.context["months"][0]
    assert (june.whole.mean, june.other) == pytest.approx((3600.0, 3000.0))
    assert client.get(page_of(queue)).context["shown"] == held


@pytest.mark.parametrize("grain", ["day", "week", "month", "interval"])
def test_queue_page_draws_each_grain_with_its_table(client, manager, grain):
    queue, _held, _draft = held_and_draft()

    page = client.get(page_of(queue) + f"?grain={grain}&past=52").content.decode()

    assert '<svg class="cc-plot"' in page
    assert "so-table" in page
    assert "UTC" in page


def test_overlay_is_laid_over_chart_and_table(client, manager):
    queue, _held, _draft = held_and_draft()
    outage = Overlay.objects.get(kind="OUTAGE").pk
    said = (
        f"?grain=week&overlay={outage}&from-{outage}=2026-06-02&to-{outage}=2026-06-02"
    )

    response = client.get(page_of(queue) + said)

    week = response.context["weeks"][0]
    assert (week.whole.mean, week.overlaid.mean) == pytest.approx((700.0, 1000.0))
    assert "With overlays" in response.content.decode()


def test_overlay_over_days_of_a_learnt_event_is_told(client, manager):
    queue, _held, draft = held_and_draft()
    release = {
        "key": "release", "name": "Release", "first": "2026-06-02", "last": "2026-06-04",
        "percent": None, "learnt": {"percent": 100.0, "n": 3}, "treatment": "REPEAT",
    }  # fmt: skip
    draft.applied = {"events": [release]}
    draft.save(update_fields=["applied"])
    outage = Overlay.objects.get(kind="OUTAGE").pk
    laid = (
        f"?show=draft&overlay={outage}&from-{outage}=2026-06-03&to-{outage}=2026-06-09"
    )

    for address in (page_of(queue), page_of(queue, "forecast-publish")):
        response = client.get(address + laid)
        [row] = response.context["doubled"]
        assert (row.first, row.last) == (date(2026, 6, 3), date(2026, 6, 4))
        assert row.percent == pytest.approx(700.0)
        assert "Counted twice?" in response.content.decode()
    for unmet in (f"?show=draft&overlay={outage}", f"{laid.replace('06-03', '06-05')}"):
        assert client.get(page_of(queue) + unmet).context["doubled"] == []


def test_overlay_with_days_out_of_order_is_left_out_and_told(client, manager):
    queue, _held, _draft = held_and_draft()
    outage = Overlay.objects.get(kind="OUTAGE").pk
    said = f"?overlay={outage}&from-{outage}=2026-06-09&to-{outage}=2026-06-02"

    response = client.get(page_of(queue) + said)

    assert "is left out: give its days in order" in response.content.decode()
    assert response.context["choice"].changes == []
    assert (
        client.get(page_of(queue) + f"?overlay={outage}&from-{outage}=x").status_code
        == 200
    )


@pytest.mark.parametrize("query", ["?week=x", "?week=2026-02-31", "?past=9&grain=x"])
def test_nonsense_in_the_address_shows_the_usual_page(client, manager, query):
    queue, _held, _draft = held_and_draft()

    assert client.get(page_of(queue) + query).status_code == 200


def test_queue_without_volumes_tells_the_first_step(client, manager):
    page = client.get(page_of(make_queue())).content.decode()

    assert "Nothing to learn from yet" in page
    assert "Compute a forecast</button>" not in page


def test_queue_with_volumes_offers_to_compute(client, manager):
    page = client.get(page_of(taught_queue())).content.decode()

    assert "Compute a forecast</button>" in page


def read_csv(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_days_and_intervals_as_csv(client, manager):
    queue = make_queue("=1+1", time_zone="Europe/Berlin")
    published_forecast(queue, [160.0] * 2, first=TODAY)

    days = read_csv(client.get(page_of(queue, "forecast-csv")))
    intervals = read_csv(client.get(page_of(queue, "forecast-csv") + "?grain=interval"))

    assert days[1] == [
        "'=1+1 · phone",
        "PUBLISHED",
        "2026-06-01",
        "160.0",
        "128.0",
        "192.0",
        "112.0",
        "208.0",
    ]
    assert len(intervals) == 1 + 2 * 16
    assert intervals[1][3] == "2026-06-01T09:00:00+02:00"
    assert intervals[1][4] == "10.0"


def test_csv_of_nothing_or_of_another_queue_is_not_found(client, manager):
    queue, held, _draft = held_and_draft()
    other = make_queue()
    address = page_of(other, "forecast-csv")

    assert client.get(address).status_code == 404
    assert client.get(address + f"?forecast={held.pk}").status_code == 404
    assert client.get(page_of(queue, "forecast-csv") + "?forecast=x").status_code == 404


def test_queue_page_with_a_year_of_half_hours_is_quick(client, manager):
    queue = taught_queue(weeks=52)
    forecasting.run_forecast(queue_id=queue.pk, actor=None, at=NOW)
    address = page_of(queue) + "?past=52"
    client.get(address)

    started = clock.perf_counter()
    response = client.get(address)
    took = clock.perf_counter() - started

    assert response.status_code == 200
    # 300 ms is the goal on an idle machine; a shared one gets some room.
    assert took < 1.0, f"{took:.3f} s"
