"""What every endpoint does alike: errors, parameters, time, rate, the schema."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from supportops.api.throttling import PerTokenThrottle
from tests.factories.api import caller
from tests.factories.people import UserFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

TICKETS = "/api/v1/tickets/"
SCHEMA = "/api/v1/schema/"


def test_misspelt_parameter_is_refused_by_name():
    response = caller("Agent").get(TICKETS, {"prioritty": "P1", "priority": "P1"})

    assert response.status_code == 400
    problem = response.json()
    assert problem["code"] == "invalid"
    assert list(problem["fields"]) == ["prioritty"]
    assert problem["fields"]["prioritty"][0].startswith(
        "There is no such parameter. Known: assignee, category, channel,"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("priority", "P9"),
        ("assignee", "me"),
        ("assignee", "1.5"),
        ("assignee", "99999999999999999999"),
        ("created_from", "yesterday"),
        ("tag", "a\x00b"),
    ],
)
def test_unreadable_filter_is_refused_by_name(name, value):
    response = caller("Agent").get(TICKETS, {name: value})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [name]


@pytest.mark.parametrize(
    "cursor",
    ["x", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cD0tMQ==", "cD3Cuw=="],
)
def test_forged_cursor_is_not_found(cursor):
    # The last four say p=abc, p=99999999999999999999999, p=-1, p=».
    response = caller("Agent").get(TICKETS, {"cursor": cursor})

    assert response.status_code == 404
    assert response.json() == {"code": "not_found", "detail": "Invalid cursor"}


def test_pages_are_walked_by_cursor_without_gap_or_repeat():
    client = caller("Agent")
    ids = [open_ticket().pk for _row in range(5)]

    seen, page = [], client.get(TICKETS, {"page_size": 2}).json()
    open_ticket()  # a newer row does not shift the pages
    while True:
        seen += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()

    assert seen == ids[::-1]


def test_page_size_has_a_limit():
    client = caller("Agent")
    for _row in range(3):
        open_ticket()

    assert len(client.get(TICKETS, {"page_size": 2}).json()["results"]) == 2
    assert len(client.get(TICKETS, {"page_size": 100_000}).json()["results"]) == 3


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "parse_error"),
        ("[]", "application/json", 400, "invalid"),
        ("body=Hello", "application/x-www-form-urlencoded", 415, None),
    ],
)
def test_unreadable_body_is_refused(body, content_type, status, code):
    path = f"{TICKETS}{open_ticket().pk}/reply/"

    response = caller("Agent").generic("POST", path, body, content_type=content_type)

    assert response.status_code == status
    assert response.json()["code"] == (code or "unsupported_media_type")


def test_times_are_utc_whatever_zone_the_person_lives_in():
    open_ticket()
    client = APIClient()
    client.force_login(UserFactory(role="Agent", time_zone="Asia/Tokyo"))

    row = client.get(TICKETS).json()["results"][0]
    assert row["created_at"] == "2026-03-02T09:00:00Z"

    # A time without a zone is UTC too: 09:00 in Tokyo would be nine hours earlier.
    naive = MONDAY_9AM.replace(tzinfo=None).isoformat()
    found = client.get(TICKETS, {"created_from": naive}).json()["results"]
    assert len(found) == 1
    naive_later = naive.replace("09:00:00", "09:00:01")
    found = client.get(TICKETS, {"created_from": naive_later}).json()["results"]
    assert found == []


def test_each_token_has_a_rate_of_its_own(monkeypatch):
    monkeypatch.setattr(PerTokenThrottle, "THROTTLE_RATES", {"token": "2/min"})
    user = UserFactory(role="Agent")
    client, other = caller(user=user), caller(user=user)
    cache.clear()

    assert [client.get(TICKETS).status_code for _call in range(3)] == [200, 200, 429]
    refused = client.get(TICKETS)
    assert refused.json()["code"] == "throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert other.get(TICKETS).status_code == 200


def test_schema_is_valid_without_a_warning(tmp_path):
    call_command(
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--file",
        str(tmp_path / "schema.yml"),
    )

    assert (tmp_path / "schema.yml").read_text().startswith("openapi: 3.0.3\n")


def test_schema_is_shown_to_staff_and_to_any_token():
    staff = APIClient()
    staff.force_login(UserFactory())

    for client in (staff, caller(scopes=["metrics:read"])):
        response = client.get(SCHEMA, {"format": "json"})
        assert response.status_code == 200
        assert "/api/v1/tickets/{id}/merge/" in response.json()["paths"]


def test_schema_is_hidden_from_strangers_and_from_customers():
    customer = Client()
    customer.force_login(UserFactory(is_staff=False))

    assert Client().get(SCHEMA).status_code == 401
    assert customer.get(SCHEMA).status_code == 403


def test_every_operation_says_what_it_does():
    client = caller(scopes=["tickets:read"])
    paths = client.get(SCHEMA, {"format": "json"}).json()["paths"]

    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path}"
            assert set(operation["responses"]) >= {"400", "401", "403", "404", "429"}
