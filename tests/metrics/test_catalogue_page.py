import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from supportops.metrics import catalogue, selectors, services
from supportops.metrics.registry import visibility_of
from supportops.metrics.scopes import Scope
from tests.factories.facts import NOW, random_world
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "metrics:catalogue"


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


def shown(response):
    return {
        entry.metric.code: entry
        for _area, entries in response.context["sections"]
        for entry in entries
    }


def test_page_export_and_api_give_the_same_figures(client, lead, at_noon):
    random_world(seed=21)
    scope = Scope(date(2026, 4, 21), date(2026, 5, 21), at=NOW)

    page = shown(client.get(reverse(PAGE)))
    text = b"".join(client.get(reverse(PAGE), {"csv": "1"}).streaming_content)
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    export = {row["code"]: row for row in rows}

    assert set(page) == set(export) == {metric.code for metric in catalogue.all()}
    for code, entry in page.items():
        figure = catalogue.get(code).compute(scope)
        assert entry.figure == figure
        assert export[code]["value"] == (
            "" if figure.value is None else repr(figure.value)
        )
        assert int(export[code]["n"]) == figure.n
        answer = client.get(reverse("api-metric-figure", args=[code]))
        assert (answer.json()["value"], answer.json()["n"]) == (figure.value, figure.n)


def test_trend_ends_in_the_figure(client, lead, at_noon):
    random_world(seed=22)

    page = shown(client.get(reverse(PAGE), {"period": "7d"}))

    volume = page["ticket_volume"]
    assert len(volume.trend) == 7
    assert sum(point.value for point in volume.trend) == volume.figure.value
    assert page["backlog"].trend == []


def test_page_of_an_empty_portal_says_no_data(client, lead):
    response = client.get(reverse(PAGE))

    assert "No data" in response.content.decode()
    assert shown(response)["ticket_volume"].figure.value == 0


def test_people_count_what_they_may_see(client, at_noon):
    world = random_world(seed=23)
    agent = world.agents[0]
    agent.groups.add(*UserFactory(role=roles.AGENT).groups.all())
    client.force_login(agent)
    own = Scope(
        date(2026, 4, 21), date(2026, 5, 21), visible=visibility_of(agent), at=NOW
    )

    page = client.get(reverse(PAGE))

    for code in ("ticket_volume", "backlog", "promises_kept"):
        assert shown(page)[code].figure == catalogue.get(code).compute(own)
    assert "your team" in page.content.decode()


@pytest.mark.parametrize("role", roles.ROLES)
def test_page_opens_for_every_role(client, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse(PAGE)).status_code == 200


def test_page_refuses_others(client):
    client.force_login(UserFactory())
    assert client.get(reverse(PAGE)).status_code == 403

    client.logout()
    assert client.get(reverse(PAGE)).status_code == 302


def test_unknown_period_is_told(client, lead):
    response = client.get(reverse(PAGE), {"period": "eon"})

    assert response.status_code == 400
    assert "no known period" in response.content.decode()


@pytest.mark.parametrize("tickets", [20, 60])
def test_query_count_does_not_grow(
    client, lead, at_noon, tickets, django_assert_num_queries
):
    random_world(seed=24, tickets=tickets, days=20)
    client.get(reverse(PAGE))
    selectors.unpacked_days.clear()

    with django_assert_num_queries(33):
        client.get(reverse(PAGE))


@pytest.mark.parametrize("rows", [1, 3])
def test_segment_list_query_count_does_not_grow(
    admin_client, rows, django_assert_num_queries
):
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    for day in range(1, rows + 1):
        selectors.Segment.objects.create(
            kind="tickets",
            day=date(2026, 5, day),
            rows=1,
            payload=b"",
            digest=str(day),
            built_at=moment,
        )
    address = reverse("admin:metrics_segment_changelist")
    admin_client.get(address)

    with django_assert_num_queries(4):
        response = admin_client.get(address)

    assert len(response.context["cl"].result_list) == rows
    assert admin_client.get(reverse("admin:metrics_segment_add")).status_code == 403


def test_page_says_how_many_days_are_counted_again(client, lead, at_noon):
    assert "Still counting" not in client.get(reverse(PAGE)).content.decode()

    services.mark_dirty("promises", [date(2026, 5, 1), date(2026, 5, 2)])

    text = client.get(reverse(PAGE)).content.decode()
    assert "2 days are counted again: figures change in a moment." in text
