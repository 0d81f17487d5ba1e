"""Moments in addresses: any offset of ISO 8601, on both databases."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from supportops.api.filters import MomentField
from tests.factories.api import caller


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00+20:14", datetime(2026, 3, 1, 12, 46, tzinfo=UTC)),
        ("2026-03-02T09:00:00-15:59", datetime(2026, 3, 3, 0, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(written, moment):
    found = MomentField().clean(written)

    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "written", ["yesterday", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"]
)
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(ValidationError):
        MomentField().clean(written)


@pytest.mark.django_db
def test_an_offset_that_postgresql_refuses_is_answered():
    asked = {"created_before": "1312-05-09T23:55:18+20:14"}

    answer = caller("Support lead", scopes=["tickets:read"]).get(
        "/api/v1/tickets/", asked
    )

    assert (answer.status_code, answer.json()["results"]) == (200, [])
