"""Queues and volumes through the API: read by day and interval, written row by row."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from supportops.common import roles
from tests.factories.api import caller
from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import (
    DayVolume,
    IntervalVolume,
    Queue,
    ReplacedVolume,
    VolumeImport,
)
from workforce.capacity.services.volumes.imports import undo_import

pytestmark = pytest.mark.django_db

API = "/api/v1/capacity/queues/"
WEEK = {"from": "2026-03-02", "to": "2026-03-08"}


def at(queue: Queue, report: str = "") -> str:
    return f"{API}{queue.pk}/" + (f"{report}/" if report else "")


def rows(response) -> list[dict]:
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def slot(hour: int, minute: int = 0, **facts) -> dict:
    start = f"2026-03-02T{hour:02}:{minute:02}:00Z"
    return {"starts_at": start, "offered": 10, **facts}


def send(client, queue: Queue, *sent, **body):
    return client.post(at(queue, "volumes"), {"rows": list(sent), **body})


def test_queue_tells_its_grid_and_what_staffing_stands_on():
    queue = make_queue("Care", time_zone="Europe/Berlin")
    team = TeamFactory()
    queue.teams.add(team)

    row = caller(roles.EXECUTIVE).get(at(queue)).json()

    assert (row["name"], row["time_zone"], row["interval_minutes"]) == (
        "Care", "Europe/Berlin", 30,
    )  # fmt: skip
    assert row["teams"] == [{"id": team.pk, "name": str(team)}]
    held = row["assumptions"]
    assert (held["service_level"], held["handle_seconds"]) == (0.8, 300.0)
    assert (held["handle_source"], held["handle_n"]) == ("ASSUMPTION", 0)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_list_costs_the_same_at_one_and_three(count, django_assert_num_queries):
    for _ in range(count):
        make_queue().teams.add(TeamFactory())
    client = caller(roles.WORKFORCE_MANAGER)
    client.get(API)

    # Token, two for permissions, queues, teams, channels.
    with django_assert_num_queries(6):
        assert len(rows(client.get(API))) == count


def test_team_leads_see_the_queues_of_their_teams_only():
    lead = UserFactory(role=roles.TEAM_LEAD)
    own, other = make_queue(), make_queue()
    own.teams.add(TeamFactory(lead=lead))
    client = caller(user=lead)

    assert [row["id"] for row in rows(client.get(API))] == [own.pk]
    assert client.get(at(own, "volumes"), WEEK).status_code == 200
    for report in ("", "volumes", "accuracy", "requirement"):
        assert client.get(at(other, report)).status_code == 404


def test_agents_see_nothing_of_capacity():
    queue = make_queue()
    for report in ("", "volumes", "accuracy", "requirement"):
        assert caller(roles.AGENT).get(at(queue, report)).status_code == 403


def test_volumes_by_day_and_by_interval():
    queue = make_queue(time_zone="Europe/Berlin")
    fill_days(queue, [32, 16])
    client = caller(roles.SUPPORT_LEAD)

    by_day = client.get(at(queue, "volumes"), WEEK).json()
    by_slot = client.get(at(queue, "volumes"), {**WEEK, "grain": "interval"}).json()

    assert (by_day["start"], by_day["end"], by_day["grain"]) == (
        "2026-03-02", "2026-03-09", "day",
    )  # fmt: skip
    assert [(row["day"], row["offered"]) for row in by_day["rows"]] == [
        ("2026-03-02", 32), ("2026-03-03", 16),
    ]  # fmt: skip
    assert by_day["rows"][0]["starts_at"] is None
    first = by_slot["rows"][0]
    assert (first["starts_at"], first["day"], first["minutes"], first["offered"]) == (
        "2026-03-02T08:00:00Z", "2026-03-02", 30, 2,
    )  # fmt: skip
    assert (len(by_slot["rows"]), first["backlog"]) == (32, None)


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize("grain", ["day", "interval"])
def test_volumes_cost_the_same_at_one_and_three_days(
    days, grain, django_assert_num_queries
):
    queue = make_queue()
    fill_days(queue, [32] * days)
    client = caller(roles.SUPPORT_LEAD)
    client.get(API)

    # Token, two for permissions, the queue, its volumes.
    with django_assert_num_queries(5):
        client.get(at(queue, "volumes"), {**WEEK, "grain": grain})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2024-01-01", "to": "2026-01-01"}, "to"),
        ({"from": "2026-01-01", "to": "2026-02-01", "grain": "interval"}, "to"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "to"),
        ({"from": "2026-W01-1"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"grain": "hour"}, "grain"),
        ({"since": "2026-01-01"}, "since"),
    ],
)
def test_spans_that_cannot_be_answered_name_the_parameter(query, field):
    response = caller(roles.SUPPORT_LEAD).get(at(make_queue(), "volumes"), query)

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


def test_a_call_with_one_end_gets_as_many_days_from_there():
    queue = make_queue()
    client = caller(roles.SUPPORT_LEAD)

    later = client.get(at(queue, "volumes"), {"from": "2026-03-02"}).json()
    earlier = client.get(at(queue, "volumes"), {"to": "2026-03-29"}).json()

    assert (later["start"], later["end"]) == ("2026-03-02", "2026-03-30")
    assert (earlier["start"], earlier["end"]) == ("2026-03-02", "2026-03-30")


# Writing ----------------------------------------------------------------------------------


def test_rows_are_written_with_the_day_and_can_be_undone():
    queue = make_queue()
    client = caller(roles.WORKFORCE_MANAGER)

    done = send(
        client, queue,
        slot(9, handled=8, abandoned=2, timed=8, handle_seconds=2400, backlog=1),
        slot(9, 30, handled=9, abandoned=0, timed=9, handle_seconds=2700, backlog=None),
    )  # fmt: skip

    told = done.json()
    assert (done.status_code, told["new"], told["refused"]) == (200, 2, 0), told
    assert (told["first_at"], told["last_at"]) == (
        "2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z",
    )  # fmt: skip
    day = DayVolume.objects.get(queue=queue, day=MONDAY)
    assert (day.offered, day.handled, day.abandoned) == (20, 17, 2)
    assert (day.timed, day.handle_seconds) == (17, 5100)
    assert set(queue.intervals.values_list("source", flat=True)) == {"IMPORT"}
    run = VolumeImport.objects.get(pk=told["import_run"])
    assert (run.state, run.file_name, run.created_by) == ("DONE", "API", client.user)

    undo_import(import_id=run.pk, at=datetime(2026, 3, 3, tzinfo=UTC))
    assert not IntervalVolume.objects.filter(queue=queue).exists()


def test_pages_of_an_import_without_a_file_open(client):
    told = send(caller(roles.WORKFORCE_MANAGER), make_queue(), slot(9)).json()
    client.force_login(UserFactory(role=roles.WORKFORCE_MANAGER))
    run = told["import_run"]

    assert client.get(reverse("capacity:volume-import", args=[run])).status_code == 200
    VolumeImport.objects.filter(pk=run).update(state="FAILED")
    for name in ("volume-import", "volume-import-mapping"):
        assert client.get(reverse(f"capacity:{name}", args=[run])).status_code == 200


def test_the_same_rows_again_change_nothing_and_leave_no_import():
    queue = make_queue()
    client = caller(roles.WORKFORCE_MANAGER)
    send(client, queue, slot(9), slot(10))

    again = send(client, queue, slot(9), slot(10)).json()

    assert (again["new"], again["replaced"], again["same"]) == (0, 0, 2)
    assert again["import_run"] is None
    assert VolumeImport.objects.count() == 1
    assert DayVolume.objects.get(queue=queue).offered == 20


def test_other_numbers_replace_and_keep_what_was_there():
    queue = make_queue()
    client = caller(roles.WORKFORCE_MANAGER)
    send(client, queue, slot(9, handled=7))

    told = send(client, queue, slot(9) | {"offered": 12}).json()

    assert (told["new"], told["replaced"]) == (0, 1)
    row = queue.intervals.get()
    # A field that is not sent stays as it was.
    assert (row.offered, row.handled) == (12, 7)
    assert ReplacedVolume.objects.get(queue=queue).offered == 10


def test_each_row_is_judged_by_itself():
    queue = make_queue()
    future = (datetime.now(UTC) + timedelta(days=2)).replace(minute=0, second=0)

    told = send(
        caller(roles.WORKFORCE_MANAGER), queue,
        slot(9),
        slot(9, 10),
        slot(9),
        slot(10) | {"offered": -1},
        {"starts_at": future.isoformat(), "offered": 1},
        {"starts_at": "1999-12-31T00:00:00Z", "offered": 1},
        slot(11, backlog=3),
        "nonsense",
        slot(12, ofered=3),
        slot(13),
    ).json()  # fmt: skip

    assert [(one["row"], one["code"]) for one in told["refusals"]] == [
        (2, "off_grid"), (3, "duplicate"), (4, "invalid"), (5, "not_begun"),
        (6, "too_old"), (7, "uneven"), (8, "invalid"), (9, "invalid"),
    ]  # fmt: skip
    assert told["refusals"][1]["detail"] == "says the same interval as row 1"
    assert told["refusals"][2]["detail"].startswith("offered: ")
    assert (told["rows"], told["new"], told["refused"]) == (10, 2, 8)
    assert [row.starts_at.hour for row in queue.intervals.order_by("pk")] == [9, 13]


def test_finer_rows_are_summed_and_coarser_ones_refused():
    queue = make_queue()
    client = caller(roles.WORKFORCE_MANAGER)

    finer = send(client, queue, slot(9), slot(9, 15), minutes=15).json()
    coarser = send(client, queue, slot(12), minutes=60).json()

    assert (finer["rows"], finer["new"]) == (2, 1)
    assert queue.intervals.get().offered == 20
    assert [one["code"] for one in coarser["refusals"]] == ["coarser"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:00:00Z", date(2026, 3, 29)),
        ("2026-03-29T21:30:00Z", date(2026, 3, 29)),
        ("2026-03-29T22:00:00Z", date(2026, 3, 30)),
    ],
)
def test_rows_belong_to_the_day_of_the_queue_where_clocks_change(moment, day):
    queue = make_queue(time_zone="Europe/Berlin")

    send(
        caller(roles.WORKFORCE_MANAGER), queue, {"starts_at": moment, "offered": 4}
    )  # fmt: skip

    assert DayVolume.objects.get(queue=queue).day == day


def test_a_repeated_call_is_answered_once():
    queue = make_queue()
    client = caller(roles.WORKFORCE_MANAGER)
    key = {"HTTP_IDEMPOTENCY_KEY": "v1"}

    def post():
        return client.post(at(queue, "volumes"), {"rows": [slot(9)]}, **key)

    first, replay = post(), post()

    assert replay.json() == first.json()
    assert replay.headers["Idempotent-Replayed"] == "true"
    assert first.json()["new"] == 1


@pytest.mark.parametrize(
    "body", [{}, {"rows": []}, {"rows": [1] * 3001}, {"row": []}, {"rows": {}}]
)
def test_a_body_without_usable_rows_is_refused_as_a_whole(body):
    queue = make_queue()
    response = caller(roles.WORKFORCE_MANAGER).post(at(queue, "volumes"), body)

    assert response.status_code == 400
    assert not VolumeImport.objects.exists()


def test_writing_needs_scope_permission_and_sight():
    queue, other = make_queue(), make_queue()
    lead = UserFactory(role=roles.TEAM_LEAD)
    queue.teams.add(TeamFactory(lead=lead))
    reader = caller(roles.WORKFORCE_MANAGER, scopes=["capacity:read", "qa:write"])

    assert send(reader, queue, slot(9)).status_code == 403
    for role in (roles.SUPPORT_LEAD, roles.EXECUTIVE, roles.AGENT):
        assert send(caller(role), queue, slot(9)).status_code == 403
    assert send(caller(user=lead), queue, slot(9)).status_code == 403
    lead.user_permissions.add(Permission.objects.get(codename="add_volumeimport"))
    assert send(caller(user=lead), other, slot(9)).status_code == 404
    assert not IntervalVolume.objects.exists()

    writer = caller(user=lead, scopes=["capacity:write"])
    assert send(writer, queue, slot(9)).status_code == 200
