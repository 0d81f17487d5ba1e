"""How a duty stands, and where its task is done."""

from datetime import date

import pytest

from supportops.common import roles
from supportops.duties.selectors import page_of, standing
from tests.factories.people import UserFactory

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("due", "is_done", "stands"),
    [
        (date(2026, 3, 1), False, "OVERDUE"),
        (date(2026, 3, 1), True, "DONE"),
        (date(2026, 3, 2), False, "DUE"),
        (date(2026, 3, 9), False, "DUE"),
        (date(2026, 3, 10), False, "LATER"),
    ],
)
def test_standing_turns_at_today_and_in_a_week(due, is_done, stands):
    assert standing(due, TODAY, is_done=is_done) == stands


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("kb:flags", "/kb/flags/"),
        ("kb:flags?kind=MISSING", "/kb/flags/?kind=MISSING"),
        ("capacity:costs", ""),
        ("kb:no-such-page", ""),
        ("?kind=MISSING", ""),
        ("", ""),
    ],
)
def test_page_is_found_by_name_with_its_query_if_theirs_to_see(page, address):
    assert page_of(page, user=UserFactory(role=roles.AGENT)) == address
