"""Numbers and days beyond what a column holds are no choice, and no crash."""

import pytest

from supportops.common import roles
from tests.factories.capacity import make_queue
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

HUGE = "9" * 25


@pytest.fixture
def manager(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "address",
    [
        f"/capacity/volumes/outliers/?queue={HUGE}",
        "/capacity/volumes/{queue}/?to=9999-12-31",
        "/capacity/staffing/{queue}/?week=9999-12-31",
        "/capacity/staffing/{queue}/?week=0001-01-01",
        "/capacity/forecasts/{queue}/?grain=interval&week=9999-12-31",
        f"/capacity/forecasts/{{queue}}/?past={HUGE}",
        f"/capacity/planning/?owner={HUGE}",
        f"/capacity/decisions/?owner={HUGE}",
    ],
)
def test_page_opens_with_what_no_column_holds(client, manager, address):
    queue = make_queue()

    assert client.get(address.format(queue=queue.pk)).status_code == 200


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("/capacity/volumes/outliers/decide/", {"outlier": HUGE, "state": "CONFIRMED"}, 302),
        ("/capacity/forecasts/compute/", {"queue": HUGE}, 302),
        ("/capacity/forecasts/events/new/", {"name": "Release", "queues": [HUGE]}, 422),
    ],
)  # fmt: skip
def test_form_refuses_what_no_column_holds(client, manager, address, sent, status):
    make_queue()

    assert client.post(address, sent).status_code == status
