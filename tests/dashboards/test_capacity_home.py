"""Capacity on the home page: what each role is told, and how many queries it takes."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.capacity import (
    MONDAY,
    fill_days,
    make_queue,
    plan_staff,
    published_forecast,
)
from tests.factories.people import UserFactory
from workforce.capacity.models import Forecast

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


def page(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    return client.get(reverse("admin:index")).content.decode()


def forecast_queue(name="Hotline"):
    queue = make_queue(name)
    published_forecast(queue, [320] * 14)
    fill_days(queue, [320, 160], intervals=16)
    plan_staff(queue, 1)
    return queue


def test_manager_reads_today_and_the_gaps_of_next_week(client):
    forecast_queue()

    html = page(client, "Workforce manager")

    assert "Today against the forecast" in html
    assert "People next week" in html
    assert "Hotline · phone" in html


def test_manager_is_told_of_drafts_to_publish(client):
    queue = make_queue("Hotline")
    published_forecast(queue, [1] * 3, state=Forecast.State.DRAFT, first=MONDAY)

    assert "Forecasts to publish" in page(client, "Workforce manager")
    assert "Forecasts to publish" not in page(client, "Executive")


@pytest.mark.parametrize("role", ["Agent", "QA reviewer"])
def test_who_plans_nothing_sees_no_capacity(client, role):
    forecast_queue()

    html = page(client, role)

    assert "Today against the forecast" not in html
    assert "Hotline" not in html


def test_home_takes_as_many_queries_for_three_queues_as_for_one(client):
    client.force_login(UserFactory(role="Workforce manager"))
    counts = []
    for names in (["One"], ["Two", "Three"]):
        for name in names:
            forecast_queue(name)
        client.get(reverse("admin:index"))
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("admin:index"))
        counts.append(len(caught))

    assert counts[0] == counts[1]
