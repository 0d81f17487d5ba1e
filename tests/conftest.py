"""What every test may rely on, on SQLite and on PostgreSQL alike."""

import gc
import os

import pytest
from django.db import connection

from tests import databases

REALLY_COMMITTING = {"transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that really commit the rows that migrations made, such as roles.

    Django empties every table after such a test; without this the next one would start
    with no role, status or matrix.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        given = dict(marker.kwargs) if marker else {}
        fixtures = set(getattr(item, "fixturenames", ()))
        if given.get("transaction") or fixtures & REALLY_COMMITTING:
            wanted = {**given, "transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**wanted), append=False)


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what stays: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Have the test database made and put back the quick ways."""
    databases.prepare()


@pytest.fixture(autouse=True)
def _only_on_postgres(request: pytest.FixtureRequest) -> None:
    if (
        request.node.get_closest_marker("postgres")
        and connection.vendor != "postgresql"
    ):
        pytest.skip("needs PostgreSQL: make test, or set DATABASE_URL")


@pytest.fixture
def redis_url() -> str:
    """Return the address of a Redis that tests may fill and empty."""
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("needs Redis: make test, or set TEST_REDIS_URL")
    return url
