"""Forecasts, accuracy, people needed and investigations through the API."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from supportops.common import roles
from tests.factories.api import caller
from tests.factories.capacity import (
    MONDAY,
    fill_days,
    make_queue,
    plan_staff,
    published_forecast,
)
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Assumptions, Investigation, Queue

pytestmark = pytest.mark.django_db

API = "/api/v1/capacity"
WEEK = {"from": "2026-03-02", "to": "2026-03-08"}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def at(queue: Queue, report: str) -> str:
    return f"{API}/queues/{queue.pk}/{report}/"


# Forecasts --------------------------------------------------------------------------------


def test_forecast_with_its_days_and_the_intervals_of_one():
    queue = make_queue("Care", time_zone="Europe/Berlin")
    forecast = published_forecast(queue, [160, 80])
    client = caller(roles.SUPPORT_LEAD)

    row = client.get(f"{API}/forecasts/{forecast.pk}/").json()
    day = client.get(f"{API}/forecasts/{forecast.pk}/intervals/?day=2026-03-03").json()

    assert (row["state"], row["queue"]["name"]) == ("PUBLISHED", "Care · phone")
    assert (row["time_zone"], row["backtest"]) == ("Europe/Berlin", None)
    assert [(each["day"], each["mean"], each["low80"]) for each in row["days"]] == [
        ("2026-03-02", 160.0, 128.0), ("2026-03-03", 80.0, 64.0),
    ]  # fmt: skip
    assert "intervals" not in row["days"][0]
    assert (day["interval_minutes"], len(day["intervals"])) == (30, 16)
    first = day["intervals"][0]
    assert (first["starts_at"], first["mean"]) == ("2026-03-03T08:00:00Z", 5.0)


def test_forecasts_are_found_by_queue_state_and_time():
    one, two = make_queue(), make_queue()
    held = published_forecast(one, [10])
    draft = published_forecast(one, [10], state="DRAFT")
    later = published_forecast(two, [10], at=NOW)
    client = caller(roles.SUPPORT_LEAD)

    def ids(**query):
        return {row["id"] for row in rows(client.get(f"{API}/forecasts/", query))}

    assert ids() == {held.pk, draft.pk, later.pk}
    assert ids(queue=one.pk) == {held.pk, draft.pk}
    assert ids(state="DRAFT") == {draft.pk}
    assert ids(published_from="2026-03-02T00:00:00Z") == {later.pk}
    assert ids(published_before="2026-03-02T00:00:00Z") == {held.pk}
    assert client.get(f"{API}/forecasts/", {"queues": 1}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_forecast_reads_cost_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    for _ in range(count):
        forecast = published_forecast(make_queue(), [10] * count)
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/forecasts/")

    # Token, two for permissions, the forecasts; for one its days too.
    with django_assert_num_queries(4):
        assert len(rows(client.get(f"{API}/forecasts/"))) == count
    with django_assert_num_queries(5):
        client.get(f"{API}/forecasts/{forecast.pk}/")


def test_a_day_outside_the_forecast_is_named():
    forecast = published_forecast(make_queue(), [10])
    client = caller(roles.SUPPORT_LEAD)
    path = f"{API}/forecasts/{forecast.pk}/intervals/"

    for query in ({}, {"day": "2026-03-03"}, {"day": "soon"}):
        response = client.get(path, query)
        assert (response.status_code, list(response.json()["fields"])) == (
            400, ["day"],
        )  # fmt: skip


def test_publication_through_the_api():
    queue = make_queue()
    before = published_forecast(queue, [10] * 7)
    draft = published_forecast(queue, [20] * 7, state="DRAFT")
    client = caller(roles.WORKFORCE_MANAGER)
    path = f"{API}/forecasts/{draft.pk}/publish/"

    stale = client.post(path, {"replaces": None})
    done = client.post(path, {"note": "Spring", "replaces": before.pk})
    again = client.post(path, {})

    assert (stale.status_code, stale.json()["code"]) == (409, "published_since")
    assert (done.status_code, done.json()["state"]) == (200, "PUBLISHED")
    assert done.json()["published_by"]["id"] == client.user.pk
    assert (done.json()["note"], done.json()["published_at"]) == (
        "Spring", "2026-03-02T09:00:00Z",
    )  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "not_a_draft")
    before.refresh_from_db()
    assert before.state == "SUPERSEDED"


def test_a_draft_that_is_over_is_not_published():
    draft = published_forecast(
        make_queue(), [10], first=date(2026, 2, 1), state="DRAFT"
    )

    response = caller(roles.WORKFORCE_MANAGER).post(
        f"{API}/forecasts/{draft.pk}/publish/", {}
    )

    assert (response.status_code, response.json()["code"]) == (409, "forecast_over")
    draft.refresh_from_db()
    assert draft.state == "DRAFT"


def test_publication_needs_scope_and_permission():
    draft = published_forecast(make_queue(), [10] * 7, state="DRAFT")
    path = f"{API}/forecasts/{draft.pk}/publish/"
    reader = caller(roles.WORKFORCE_MANAGER, scopes=["capacity:read"])

    assert reader.post(path, {}).status_code == 403
    for role in (roles.SUPPORT_LEAD, roles.EXECUTIVE, roles.AGENT):
        assert caller(role).post(path, {}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "DRAFT"
    writer = caller(roles.WORKFORCE_MANAGER, scopes=["capacity:write"])
    assert writer.post(path, {}).status_code == 200


def test_what_belongs_to_other_teams_is_not_there():
    forecast = published_forecast(make_queue(), [10])
    (block,) = plan_staff(forecast.queue, 3, weekdays=[0])
    missed = investigation(forecast)
    lead = caller(roles.TEAM_LEAD)

    for path, row in (
        ("forecasts", forecast), ("planned-staff", block), ("investigations", missed),
    ):  # fmt: skip
        assert rows(lead.get(f"{API}/{path}/")) == []
        assert lead.get(f"{API}/{path}/{row.pk}/").status_code == 404
        assert caller(roles.AGENT).get(f"{API}/{path}/").status_code == 403
        assert len(rows(caller(roles.EXECUTIVE).get(f"{API}/{path}/"))) == 1

    forecast.queue.teams.add(TeamFactory(lead=lead.user))
    for path in ("forecasts", "planned-staff", "investigations"):
        assert len(rows(lead.get(f"{API}/{path}/"))) == 1


# Accuracy ---------------------------------------------------------------------------------


def judged_queue(days: int = 7) -> Queue:
    """A queue to which a tenth more came than 100 a day."""
    queue = make_queue(time_zone="Europe/Berlin")
    fill_days(queue, [110] * days)
    published_forecast(queue, [100] * days)
    return queue


def test_accuracy_by_day_and_interval():
    queue = judged_queue()
    client = caller(roles.SUPPORT_LEAD)

    by_day = client.get(at(queue, "accuracy"), WEEK).json()
    by_slot = client.get(at(queue, "accuracy"), {**WEEK, "grain": "interval"}).json()

    newest = by_day["rows"][0]
    assert (newest["start"], newest["starts_at"]) == ("2026-03-08", None)
    assert (newest["actual"], newest["expected"]) == (110.0, 100.0)
    assert newest["deviation"] == pytest.approx(0.1)
    total = by_day["total"]
    # 10 of 110 missed each day; 100 ± 20 and ± 30 hold 110.
    assert total["wape"] == pytest.approx(10 / 110)
    assert total["bias"] == pytest.approx(-10 / 110)
    assert (total["n"], total["covered80"], total["covered95"]) == (7, 1.0, 1.0)
    assert by_slot["rows"][-1]["starts_at"] == "2026-03-02T08:00:00Z"
    assert (by_slot["total"]["n"], by_slot["grain"]) == (7 * 16, "interval")


@pytest.mark.parametrize(("grain", "start"), [("week", "03-02"), ("month", "03-01")])
def test_accuracy_by_longer_periods(grain, start):
    told = (
        caller(roles.SUPPORT_LEAD)
        .get(at(judged_queue(), "accuracy"), {**WEEK, "grain": grain})
        .json()
    )

    assert [(row["start"], row["actual"]) for row in told["rows"]] == [
        (f"2026-{start}", 770.0)
    ]


def test_accuracy_of_forecasts_older_than_a_horizon():
    queue = judged_queue()
    client = caller(roles.SUPPORT_LEAD)

    old = client.get(at(queue, "accuracy"), {**WEEK, "horizon": 7}).json()
    odd = client.get(at(queue, "accuracy"), {**WEEK, "horizon": 5})

    # Published the day before the first: only the seventh day is seven days away.
    assert ([row["start"] for row in old["rows"]], old["horizon_days"]) == (
        ["2026-03-08"], 7,
    )  # fmt: skip
    assert (odd.status_code, list(odd.json()["fields"])) == (400, ["horizon"])


def test_accuracy_without_anything_to_judge_is_empty():
    told = caller(roles.SUPPORT_LEAD).get(at(make_queue(), "accuracy")).json()

    assert (told["rows"], told["total"]["n"], told["total"]["wape"]) == ([], 0, None)
    assert told["total"]["verdict"] == "unknown"


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize(("grain", "queries"), [("day", 7), ("interval", 9)])
def test_accuracy_costs_the_same_at_one_and_three_days(
    days, grain, queries, django_assert_num_queries
):
    queue = judged_queue(days)
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/forecasts/")

    # Token, two for permissions, the queue, days, publications, their days;
    # intervals that came and intervals expected.
    with django_assert_num_queries(queries):
        client.get(at(queue, "accuracy"), {**WEEK, "grain": grain})


# People -----------------------------------------------------------------------------------


def test_people_needed_stand_on_the_published_forecast():
    queue = make_queue(time_zone="Europe/Berlin")
    Assumptions.objects.filter(queue=queue).update(shrinkage="0.200")
    forecast = published_forecast(queue, [160, 0])

    told = caller(roles.SUPPORT_LEAD).get(at(queue, "requirement"), WEEK).json()

    assert (told["forecast"], told["covered_days"]) == (forecast.pk, 2)
    assert told["assumptions"]["shrinkage"] == 0.2
    first = told["intervals"][0]
    # Ten contacts of 300 s in half an hour are 10 × 300 ÷ 1800 erlangs.
    assert first["starts_at"] == "2026-03-02T08:00:00Z"
    assert first["load_erlangs"] == pytest.approx(10 * 300 / 1800)
    assert first["people"] >= first["people_exact"] > first["load_erlangs"]
    assert first["paid_people"] == pytest.approx(first["people_exact"] / 0.8)
    assert first["service_level"] >= 0.8
    hours = sum(row["paid_people"] * row["hours"] for row in told["intervals"])
    assert told["paid_hours"] == pytest.approx(hours)
    # Two days of a week of 40 paid hours.
    assert told["fte"] == pytest.approx(hours / (2 / 7) / 40)
    assert told["days"][0]["day"] == "2026-03-02"
    quiet = told["intervals"][-1]
    assert (quiet["volume"], quiet["people"], quiet["paid_people"]) == (0, 0, 0)


def test_without_a_forecast_nobody_is_needed_and_that_is_said():
    told = caller(roles.SUPPORT_LEAD).get(at(make_queue(), "requirement")).json()

    assert (told["forecast"], told["fte"], told["peak_at"]) == (None, None, None)
    assert (told["intervals"], told["covered_days"]) == ([], 0)
    # By default seven days from today.
    assert (told["start"], told["end"]) == ("2026-03-02", "2026-03-09")


def test_people_needed_for_work_that_can_wait():
    queue = make_queue(handling="DEFERRED", channel="email")
    Assumptions.objects.filter(queue=queue).update(target_seconds=8 * 3600)
    published_forecast(queue, [160] * 7)

    told = caller(roles.SUPPORT_LEAD).get(at(queue, "requirement"), WEEK)

    assert told.status_code == 200, told.json()
    assert told.json()["paid_hours"] > 0


def test_too_long_a_span_of_people_is_refused():
    queue = make_queue()
    response = caller(roles.SUPPORT_LEAD).get(
        at(queue, "requirement"), {"from": "2026-03-01", "to": "2026-04-30"}
    )

    assert response.status_code == 400
    assert "at most 31" in response.json()["fields"]["to"][0]


@pytest.mark.parametrize("days", [1, 3])
def test_people_needed_cost_the_same_at_one_and_three_days(
    days, django_assert_num_queries
):
    queue = make_queue()
    published_forecast(queue, [160] * days)
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/forecasts/")

    # Token, two for permissions, the queue; forecast, its days, planned blocks;
    # assumptions twice (once for the handle time), handle time.
    with django_assert_num_queries(10):
        client.get(at(queue, "requirement"), WEEK)


def test_planned_staff_by_queue_and_day():
    queue, other = make_queue(time_zone="Europe/Berlin"), make_queue()
    (block,) = plan_staff(queue, 2.5, weekdays=[0])
    (past,) = plan_staff(other, 1, weekdays=[1])
    past.valid_until = date(2026, 2, 28)
    past.save()
    client = caller(roles.SUPPORT_LEAD)

    def ids(**query):
        return {row["id"] for row in rows(client.get(f"{API}/planned-staff/", query))}

    row = client.get(f"{API}/planned-staff/{block.pk}/").json()
    assert (row["people"], row["time_zone"], row["weekday"]) == (
        2.5, "Europe/Berlin", 0,
    )  # fmt: skip
    assert (row["starts_minute"], row["ends_minute"]) == (540, 1020)
    assert ids() == {block.pk, past.pk}
    assert ids(queue=queue.pk) == {block.pk}
    assert ids(valid_on="2026-02-28") == {block.pk, past.pk}
    assert ids(valid_on="2026-03-01") == {block.pk}


# Investigations ---------------------------------------------------------------------------


def investigation(forecast, **fields) -> Investigation:
    columns = {
        "queue": forecast.queue, "forecast": forecast, "starts_on": MONDAY,
        "ends_on": MONDAY + timedelta(days=6), "expected": 700, "actual": 910,
        "deviation": 0.3, "opened_at": NOW, "due_on": date(2026, 3, 16), **fields,
    }  # fmt: skip
    return Investigation.objects.create(**columns)


def test_investigations_are_found_by_queue_state_and_owner():
    owner = UserFactory(role=roles.SUPPORT_LEAD)
    mine = investigation(published_forecast(make_queue(), [100] * 7), owner=owner)
    closed = investigation(
        published_forecast(make_queue(), [100] * 7),
        state="CLOSED", outcome="CHANCE", closed_at=NOW,
    )  # fmt: skip
    client = caller(roles.SUPPORT_LEAD)

    def ids(**query):
        return {row["id"] for row in rows(client.get(f"{API}/investigations/", query))}

    row = client.get(f"{API}/investigations/{mine.pk}/").json()
    assert (row["deviation"], row["actual"], row["state"]) == (0.3, 910, "OPEN")
    assert row["owner"]["id"] == owner.pk
    assert ids() == {mine.pk, closed.pk}
    assert ids(state="CLOSED") == ids(outcome="CHANCE") == {closed.pk}
    assert ids(owner=owner.pk) == ids(queue=mine.queue_id) == {mine.pk}
    assert ids(starts_before="2026-03-02") == set()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_people_and_investigations_cost_the_same_at_one_and_three(
    count, django_assert_num_queries
):
    for _ in range(count):
        forecast = published_forecast(make_queue(), [100] * 7)
        investigation(forecast, owner=UserFactory())
        plan_staff(forecast.queue, 2, weekdays=[0])
    client = caller(roles.SUPPORT_LEAD)
    client.get(f"{API}/forecasts/")

    # Token, two for permissions, the rows.
    for path in ("investigations", "planned-staff"):
        with django_assert_num_queries(4):
            assert len(rows(client.get(f"{API}/{path}/"))) == count
