"""What the tests of promises share."""

import pytest

from supportops.common import roles
from tests.factories.people import UserFactory


@pytest.fixture
def lead(client):
    """Return a support lead who is signed in."""
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user
