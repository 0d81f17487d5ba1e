"""Callers of the API for tests: a person of a role, a token, a client that sends it."""

from collections.abc import Collection
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from supportops.api import services
from supportops.api.models import ApiToken
from supportops.api.scopes import SCOPES
from tests.factories.people import UserFactory
from workforce.people.models import User


def token_of(
    user: User, *, scopes: Collection[str] = tuple(SCOPES), **values: Any
) -> tuple[ApiToken, str]:
    """A token with all scopes unless told, and its secret."""
    values = {"name": "Test", "at": timezone.now(), **values}
    return services.issue_token(user=user, scopes=scopes, **values)


def client_with(secret: str) -> APIClient:
    """A client that sends this token. Earlier tests' calls do not count against it."""
    cache.clear()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    client.default_format = "json"
    return client


def caller(role: str = "", *, user: User | None = None, **token: Any) -> APIClient:
    """A client whose token acts as ``user``, or as a new person of ``role``.

    ``client.user`` is who it acts as.
    """
    user = user or UserFactory(role=role or None)
    client = client_with(token_of(user, **token)[1])
    client.user = user
    return client
