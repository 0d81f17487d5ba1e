"""The metric catalogue through the API: the same figures as everywhere."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from supportops.metrics import catalogue, services
from supportops.metrics.scopes import scope_from
from tests.factories.api import caller
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import CategoryFactory, open_ticket

pytestmark = pytest.mark.django_db

METRICS = "/api/v1/metrics/"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


def build_segments() -> None:
    """Do what the worker does; nothing is committed in a test, so nothing told it."""
    services.mark_all()
    services.refresh(at=NOON)


@pytest.fixture
def tickets():
    """Two tickets on Monday the 2nd, one on Tuesday the 3rd of March."""
    team = TeamFactory()
    made = [
        open_ticket(priority="P1", team=team),
        open_ticket(priority="P3"),
        open_ticket(priority="P3", at=datetime(2026, 3, 3, 8, tzinfo=UTC)),
    ]
    build_segments()
    return made


def figure(client, code, **query):
    response = client.get(f"{METRICS}{code}/figure/", query)
    assert response.status_code == 200, response.json()
    return response.json()


def test_catalogue_lists_every_metric_once_with_two_queries_more_than_none(
    django_assert_num_queries,
):
    client = caller("Agent")
    client.get(METRICS)

    # Token and permissions: definitions live in the code.
    with django_assert_num_queries(3):
        found = client.get(METRICS).json()

    assert [row["code"] for row in found] == [m.code for m in catalogue.all()]
    assert len({row["code"] for row in found}) == len(found) > 10


def test_metric_is_described():
    row = caller("Agent").get(f"{METRICS}response_sla/").json()

    assert (row["unit"], row["better"]) == ("share", "higher")
    assert row["target"] == {"at_least": 0.95, "at_most": None}
    assert row["warning"] == {"at_least": 0.9, "at_most": None}
    assert row["formula"] == "First responses within target ÷ first responses due"
    assert "tier" in row["filters"]


def test_unknown_metric_is_not_found():
    client = caller("Agent")

    for path in ("no_such/", "no_such/figure/", "no_such/trend/", "Robert';--/"):
        assert client.get(f"{METRICS}{path}").status_code == 404


def test_figure_is_that_of_the_catalogue_for_every_metric(tickets):
    lead = caller("Support lead")
    query = {"from": "2026-03-01", "to": "2026-03-04"}
    params = {name: [value] for name, value in query.items()}
    scope = scope_from(params, user=lead.user, at=NOON)

    for metric in catalogue.all():
        shown, computed = figure(lead, metric.code, **query), metric.compute(scope)
        assert shown["metric"] == metric.code
        assert (shown["value"], shown["n"]) == (computed.value, computed.n)
        assert (shown["low"], shown["high"]) == (computed.low, computed.high)
        assert shown["verdict"] == metric.judge(computed).value
        assert (shown["start"], shown["end"]) == ("2026-03-01", "2026-03-04")


def test_figure_follows_period_and_filters(tickets):
    lead = caller("Support lead")

    def volume(**query):
        return figure(lead, "ticket_volume", **query)["value"]

    assert volume() == 3
    assert volume(**{"from": "2026-03-02", "to": "2026-03-02"}) == 2
    assert volume(period="yesterday") == 1
    assert volume(priority="P3") == 2
    assert volume(priority=["P1", "P3"]) == 3
    assert volume(team=tickets[0].team_id) == 1
    assert volume(team="none", priority="P1") == 0


def test_category_filter_means_all_beneath_it():
    child = CategoryFactory(parent=CategoryFactory())
    open_ticket(category=child)
    build_segments()

    shown = figure(caller("Support lead"), "ticket_volume", category=child.parent_id)

    assert shown["value"] == 1


def test_figure_of_an_agent_counts_visible_tickets_only(tickets):
    stranger = caller("Agent")
    member = caller(user=UserFactory(role="Agent", team=tickets[0].team))

    assert figure(stranger, "ticket_volume")["value"] == 2
    assert figure(member, "ticket_volume")["value"] == 3
    assert figure(stranger, "backlog")["value"] == 2


def test_figure_without_facts_is_null_not_zero():
    shown = figure(caller("Support lead"), "response_sla")

    assert (shown["value"], shown["n"], shown["verdict"]) == (None, 0, "none")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "eternity"}, "period"),
        ({"from": "02.03.2026"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-03-05", "to": "2026-03-01"}, "from"),
        ({"priority": "P9"}, "priority"),
        ({"team": "x"}, "team"),
        ({"tier": "no-such-tier", "priority": "P1"}, "tier"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_unreadable_parameter_is_refused_by_name(query, field):
    response = caller("Support lead").get(f"{METRICS}ticket_volume/figure/", query)

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize("code", ["ticket_volume", "backlog"])
def test_filter_that_the_facts_do_not_have_is_refused(code):
    response = caller("Support lead").get(
        f"{METRICS}{code}/figure/", {"metric": "resolution"}
    )

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["metric"]


def test_trend_has_a_point_for_each_day(tickets):
    query = {"from": "2026-03-01", "to": "2026-03-04"}
    response = caller("Support lead").get(f"{METRICS}ticket_volume/trend/", query)

    assert [(row["start"], row["end"], row["value"]) for row in response.json()] == [
        ("2026-03-01", "2026-03-01", 0),
        ("2026-03-02", "2026-03-02", 2),
        ("2026-03-03", "2026-03-03", 1),
        ("2026-03-04", "2026-03-04", 0),
    ]


def test_trend_of_a_long_period_has_few_points():
    query = {"from": "2016-03-05", "to": "2026-03-04"}
    client = caller("Support lead")

    points = client.get(f"{METRICS}response_sla/trend/", query).json()

    assert len(points) == 121
    assert date.fromisoformat(points[0]["end"]) == date(2016, 3, 31)
    for before, after in pairwise(points):
        next_day = date.fromisoformat(before["end"]) + timedelta(days=1)
        assert date.fromisoformat(after["start"]) == next_day


def test_figure_about_now_has_no_trend():
    response = caller("Support lead").get(f"{METRICS}backlog/trend/")

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["code"]


def test_figures_hold_no_values_json_does_not_have():
    lead = caller("Support lead")

    for metric in catalogue.all():
        response = lead.get(f"{METRICS}{metric.code}/figure/")
        told = json.loads(
            response.content, parse_constant=lambda word: pytest.fail(word)
        )
        # Without this a refusal, which holds no numbers, would pass too.
        assert (response.status_code, "value" in told) == (200, True), metric.code
