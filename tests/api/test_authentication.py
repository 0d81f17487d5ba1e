"""Who gets in: every way a token may fail, and sessions with their CSRF token."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from supportops.api import services
from supportops.api.models import ApiToken, hash_of
from tests.factories.api import caller, client_with, token_of
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db

TICKETS = "/api/v1/tickets/"


@pytest.fixture
def lead():
    return UserFactory(role="Support lead")


def test_token_signs_in_as_its_owner(lead):
    open_ticket()

    response = client_with(token_of(lead)[1]).get(TICKETS)

    assert response.status_code == 200
    assert len(response.data["results"]) == 1


def test_only_the_hash_of_a_token_is_stored(lead):
    token, secret = token_of(lead)

    assert secret.startswith("so_")
    assert len(secret) == 46
    row = ApiToken.objects.values().get(pk=token.pk)
    assert row["secret_hash"] == hash_of(secret)
    assert row["hint"] == secret[:8]
    assert secret not in str(row)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Bearer so_unknown", "This token is unknown or was revoked."),
        ("Bearer", "Send the token as “Authorization: Bearer so_…”."),
        ("Bearer one two", "Send the token as “Authorization: Bearer so_…”."),
        ("Bearer \xff\xfe", "This token is unknown or was revoked."),
    ],
)
def test_unusable_header_is_refused(header, words):
    response = APIClient().get(TICKETS, HTTP_AUTHORIZATION=header)

    assert response.status_code == 401
    assert response.json() == {"code": "authentication_failed", "detail": words}
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Token so_x"])
def test_caller_without_token_is_refused(header):
    response = APIClient().get(TICKETS, HTTP_AUTHORIZATION=header)

    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"


def test_revoked_token_is_refused_at_once(lead):
    token, secret = token_of(lead)
    client = client_with(secret)
    assert client.get(TICKETS).status_code == 200

    services.revoke_token(token_id=token.pk, actor=lead, at=timezone.now())

    assert client.get(TICKETS).status_code == 401


def test_expired_token_is_refused_and_told_so(lead):
    token, secret = token_of(lead, expires_at=timezone.now() + timedelta(days=1))
    client = client_with(secret)
    assert client.get(TICKETS).status_code == 200

    end = timezone.now() - timedelta(seconds=1)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=end)
    response = client.get(TICKETS)

    assert response.status_code == 401
    assert response.json()["detail"] == (
        f"This token expired on {end.date().isoformat()}. Ask for a new one."
    )


def test_token_of_an_inactive_person_is_refused(lead):
    client = caller(user=lead)
    assert client.get(TICKETS).status_code == 200

    lead.is_active = False
    lead.save(update_fields=["is_active"])

    assert client.get(TICKETS).status_code == 401


def test_last_use_is_written_once_in_five_minutes(lead):
    token, secret = token_of(lead)
    client = client_with(secret)

    client.get(TICKETS)
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    client.get(TICKETS)
    assert ApiToken.objects.get(pk=token.pk).last_used_at == first

    earlier = first - timedelta(minutes=6)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=earlier)
    client.get(TICKETS)
    assert ApiToken.objects.get(pk=token.pk).last_used_at > first


def test_session_may_read_without_a_csrf_token(lead):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(lead)

    assert client.get(TICKETS).status_code == 200


def test_session_may_write_only_with_a_csrf_token(lead):
    ticket = open_ticket()
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(lead)
    path, body = f"{TICKETS}{ticket.pk}/reply/", {"body": "Hello"}

    refused = client.post(path, body, format="json")
    assert refused.status_code == 403
    assert refused.json()["code"] == "permission_denied"
    assert ticket.messages.count() == 0

    client.cookies["csrftoken"] = "a" * 32
    done = client.post(path, body, format="json", HTTP_X_CSRFTOKEN="a" * 32)
    assert done.status_code == 201
    assert ticket.messages.count() == 1


def test_token_needs_no_csrf_token(lead):
    ticket = open_ticket()
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(lead)[1]}")

    path = f"{TICKETS}{ticket.pk}/reply/"
    assert client.post(path, {"body": "Hello"}, format="json").status_code == 201
