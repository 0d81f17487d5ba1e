"""The pages of staffing: what they show, who may, and how many queries they take."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from tests.factories.capacity import (
    MONDAY,
    make_queue,
    plan_staff,
    published_forecast,
)
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Assumptions, Calculation, Overlay, PlannedStaff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
WEEKDAYS = [400, 350, 350, 330, 300, 0, 0]


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def lead(client):
    """Return a team lead who is signed in."""
    user = UserFactory(role=roles.TEAM_LEAD)
    client.force_login(user)
    return user


def phone(**fields):
    queue = make_queue(**fields)
    published_forecast(queue, WEEKDAYS * 6)
    return queue


def page(name, *args):
    return reverse(f"capacity:staffing{name}", args=args)


def text(response):
    return response.content.decode()


# Index ------------------------------------------------------------------------------------


def test_index_shows_need_against_plan(client, planner):
    plan_staff(phone(name="Hotline"), 8)

    response = client.get(page(""))

    (row,) = response.context["rows"]
    assert (row.now, row.coming, row.planned) == ("7.7", "7.7", "8.0")
    assert response.context["sums"]["whole"] == "8"
    assert "Hotline · phone" in text(response)


def test_index_says_what_to_do_first(client, planner):
    assert "No queue yet" in text(client.get(page("")))
    make_queue()
    assert "Compute and publish one" in text(client.get(page("")))
    assert "No queue of that name" in text(client.get(page(""), {"q": "zebra"}))


@pytest.mark.parametrize("count", [1, 3])
def test_index_query_count_does_not_grow(
    client, planner, count, django_assert_num_queries
):
    for _ in range(count):
        plan_staff(phone(), 8)
    client.get(page(""))
    with django_assert_num_queries(12):
        client.get(page(""))


def test_a_team_lead_sees_the_queues_of_the_own_team_only(client, lead):
    mine, other = phone(name="Mine"), phone(name="Other")
    mine.teams.add(TeamFactory(lead=lead))
    other.teams.add(TeamFactory())

    shown = [row.queue.name for row in client.get(page("")).context["rows"]]

    assert shown == ["Mine"]
    for name, *more in (
        ("-queue",), ("-answer",), ("-planned",), ("-planned-csv",), ("-csv", "day"),
    ):  # fmt: skip
        assert client.get(page(name, mine.pk, *more)).status_code == 200
        assert client.get(page(name, other.pk, *more)).status_code == 404


# A queue's week ---------------------------------------------------------------------------


def test_queue_page_shows_the_typical_week_first(client, planner):
    queue = phone()

    response = client.get(page("-queue", queue.pk))

    assert response.context["span"].is_typical
    assert [row.label for row in response.context["rows"]][:2] == ["09:00", "09:30"]
    assert response.context["rows"][0].cells[0] == ("6.5", "q4")
    assert "Typical week: the mean of the four weeks from 9 Mar 2026" in text(response)


def test_queue_page_without_a_forecast_names_the_step(client, planner):
    queue = make_queue()

    assert "This queue has no published forecast" in text(
        client.get(page("-queue", queue.pk))
    )


def test_a_week_that_is_not_forecast_is_said(client, planner):
    queue = phone()

    response = client.get(page("-queue", queue.pk), {"week": "2027-01-05"})

    assert response.status_code == 200
    assert "Nothing is forecast for this week" in text(response)


@pytest.mark.parametrize("week", ["2026-02-30", "soon", ""])
def test_a_week_that_is_none_shows_the_typical_one(client, planner, week):
    response = client.get(page("-queue", phone().pk), {"week": week})

    assert response.context["span"].is_typical


@pytest.mark.parametrize(
    "measure", ["required", "planned", "gap", "service_level", "occupancy"]
)
def test_each_measure_is_shown_without_a_script(client, planner, measure):
    queue = phone()
    plan_staff(queue, 8)

    response = client.get(page("-queue", queue.pk), {"show": measure})

    assert response.context["measure"] == measure
    shown = {
        "required": "6.5", "planned": "6.0", "gap": "+0.5", "service_level": "71",
        "occupancy": "69",
    }  # fmt: skip
    assert response.context["rows"][0].cells[0][0] == shown[measure]


def test_tried_assumptions_are_compared_with_the_saved_ones(client, planner):
    queue = phone()

    response = client.get(page("-queue", queue.pk), {"service_level": "90"})

    needed = response.context["cards"][0]
    assert needed.value == "8.8"
    assert needed.word == "+1.1 against saved 7.7"
    assert Assumptions.objects.get(queue=queue).service_level == Decimal("0.800")


def test_an_assumption_that_cannot_be_is_said_beside_its_field(client, planner):
    response = client.get(page("-queue", phone().pk), {"service_level": "100"})

    assert response.status_code == 422
    assert "service_level" in response.context["form"].errors


def test_the_deferred_page_shows_the_plan_of_its_backlog(client, planner):
    queue = phone(handling="DEFERRED", channel="email")
    Assumptions.objects.filter(queue=queue).update(target_seconds=8 * 3600)

    response = client.get(page("-queue", queue.pk))

    assert "Feasible: everything is done within the promised open time." in text(
        response
    )
    assert "target_hours" in response.context["form"].fields
    assert "service_level" not in response.context["form"].fields


def test_the_equation_stands_beside_the_model(client, planner):
    queue = make_queue()
    published_forecast(queue, [500, 500, 500, 500, 500, 0, 0] * 6)
    Assumptions.objects.filter(queue=queue).update(handle_seconds=1200)

    words = text(client.get(page("-queue", queue.pk)))

    assert "10,000 minutes of work" in words
    assert "The simple equation says <b>28</b> people" in words


def test_queue_page_takes_a_fixed_number_of_queries(
    client, planner, django_assert_num_queries
):
    queue = phone()
    plan_staff(queue, 8)
    client.get(page("-queue", queue.pk))
    with django_assert_num_queries(14):
        client.get(page("-queue", queue.pk))


# Sliders ----------------------------------------------------------------------------------


def test_answer_gives_cells_figures_and_a_sentence(client, planner):
    queue = phone()
    plan_staff(queue, 8)

    found = client.get(
        page("-answer", queue.pk), {"week": "2026-03-02", "service_level": "90"}
    ).json()

    assert found["sentence"] == (
        "Needs 8.8 full-time people, +1.1 against the saved assumptions. Planned 8.0. "
        "With them 82 % are served in time."
    )
    assert len(found["cells"]["gap"]) == 16 * 7
    assert found["fte"] == pytest.approx(8.8, abs=0.05)
    assert "Needed" in found["figures"]


def test_answer_lays_a_scenario_and_a_change_of_volume_over_the_forecast(
    client, planner
):
    queue = phone()
    outage = Overlay.objects.get(kind="OUTAGE")
    base = client.get(page("-answer", queue.pk)).json()["fte"]

    more = client.get(page("-answer", queue.pk), {"volume": "10"}).json()["fte"]
    storm = client.get(page("-answer", queue.pk), {"overlay": outage.pk}).json()["fte"]

    assert base < more < 1.1 * base
    assert storm > 3 * base


def test_answer_gives_charts_when_asked_for_details(client, planner):
    found = client.get(page("-answer", phone().pk), {"details": "1"}).json()

    assert list(found) == ["answers"]
    assert "What a service level costs" in found["answers"]
    assert "What moves the need most" in found["answers"]


def test_answer_names_what_cannot_be(client, planner):
    response = client.get(page("-answer", phone().pk), {"shrinkage": "99"})

    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["shrinkage"]


def test_answer_of_a_queue_without_a_forecast_says_so(client, planner):
    found = client.get(page("-answer", make_queue().pk)).json()

    assert found["sentence"] == "No published forecast covers these days."


@pytest.mark.parametrize(
    ("role", "shown"), [(roles.WORKFORCE_MANAGER, True), (roles.TEAM_LEAD, False)]
)
def test_the_cost_of_a_week_is_for_those_who_may_see_costs(client, role, shown):
    user, queue = UserFactory(role=role), phone()
    queue.teams.add(TeamFactory(lead=user))
    inputs = {
        key: {"value": value}
        for key, value in {
            "salary": 60_000, "tools": 5_000, "training": 2_000, "overhead": 8_000
        }.items()
    }  # fmt: skip
    Calculation.objects.create(
        kind="COST_PER_TICKET", name="Ours", inputs=inputs, is_reference=True,
        changed_at=NOW,
    )  # fmt: skip
    client.force_login(user)

    found = client.get(page("-answer", queue.pk)).json()

    # 7.7 people at 75,000 a year.
    assert ("Cost a week" in found["figures"]) is shown
    assert ("75,000" in found["figures"]) is shown


# Keeping ----------------------------------------------------------------------------------


def test_keep_shows_what_changes_and_saves_it(client, planner):
    queue = phone()
    asked = {"service_level": "90", "handle_seconds": "330", "volume": "20"}

    shown = client.get(page("-keep", queue.pk), asked)
    assert ("service level", "80.0 %", "90.0 %") in shown.context["changes"]
    sent = shown.context["values"].dict() | {"seen": shown.context["seen"]}
    response = client.post(page("-keep", queue.pk), sent | {"reason": "Board"})

    row = Assumptions.objects.get(queue=queue)
    assert response.status_code == 302
    assert (row.service_level, row.handle_seconds) == (Decimal("0.900"), 330)
    assert not row.handle_from_tickets
    assert row.history.latest().history_change_reason == "Board"
    assert "Saved changes of the assumptions" in text(
        client.get(page("-queue", queue.pk))
    )


def test_keep_refuses_when_somebody_saved_meanwhile(client, planner):
    queue = phone()
    seen = "2026-03-01T00:00:00+00:00"

    client.post(page("-keep", queue.pk), {"service_level": "90", "seen": seen})

    assert Assumptions.objects.get(queue=queue).service_level == Decimal("0.800")


def test_a_team_lead_keeps_and_plans_nothing(client, lead):
    queue = phone()
    queue.teams.add(TeamFactory(lead=lead))

    assert client.get(page("-keep", queue.pk)).status_code == 403
    assert client.post(page("-keep", queue.pk), {"shrinkage": "10"}).status_code == 403
    assert client.post(page("-planned", queue.pk), {}).status_code == 403
    for name in ("-planned-copy", "-planned-template", "-planned-file"):
        assert client.post(page(name, queue.pk), {}).status_code == 403
    assert "Keep these assumptions" not in text(client.get(page("-queue", queue.pk)))
    assert not PlannedStaff.objects.exists()


def test_an_agent_sees_nothing_of_staffing(client):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(page("")).status_code == 403
    assert client.get(page("-queue", phone().pk)).status_code == 403


# Exports ----------------------------------------------------------------------------------


def test_exports_hold_the_need_and_run_no_formula(client, planner):
    queue = phone(name="=1+1")
    plan_staff(queue, 8)
    week = {"week": MONDAY.isoformat()}

    lines = client.get(page("-csv", queue.pk, "interval"), week).getvalue().decode()
    days = client.get(page("-csv", queue.pk, "day"), week).getvalue().decode()
    weeks = client.get(page("-csv", queue.pk, "week"), week).getvalue().decode()

    first = lines.splitlines()[1].split(",")
    assert first[:5] == [
        "'=1+1", "phone", "2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+00:00", "30",
    ]  # fmt: skip
    assert first[7] == "7"
    assert len(days.splitlines()) == 8
    assert ",False,7,1730.0," in weeks
    assert client.get(page("-csv", queue.pk, "year")).status_code == 404


def test_list_exports_both_weeks_of_every_queue_that_is_found(client, planner):
    queue = phone(name="=1+1")
    plan_staff(queue, 8)
    make_queue(name="Mail", channel="email")

    lines = client.get(page("-list-csv")).getvalue().decode().splitlines()
    found = client.get(page("-list-csv"), {"q": "mai"}).getvalue().decode()

    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["'=1+1", "phone", "2026-03-02"], ["'=1+1", "phone", "2026-03-09"],
        ["Mail", "email", "2026-03-02"], ["Mail", "email", "2026-03-09"],
    ]  # fmt: skip
    assert len(found.splitlines()) == 3


@pytest.mark.parametrize(
    ("level", "chip"), [("0.800", "idle"), ("0.400", "ok")], ids=["missed", "kept"]
)
def test_busy_people_are_no_success_where_the_promise_is_missed(
    client, planner, level, chip
):
    queue = phone()
    plan_staff(queue, 6)
    Assumptions.objects.update_or_create(
        queue=queue, defaults={"max_occupancy": "0.900", "service_level": level}
    )

    [row] = client.get(page("")).context["rows"]

    assert (row.level, row.occupancy) == ("43 %", "80 %")
    assert (row.occupancy_chip, row.occupancy_word) == (chip, "in the band")
