"""Two at once: a week is opened once, an investigation is closed once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from supportops.common.errors import OperationRefused
from supportops.common.roles import WORKFORCE_MANAGER
from supportops.notifications.models import Notification
from tests.factories.capacity import fill_days, make_queue, published_forecast
from tests.factories.people import UserFactory
from workforce.capacity.models import Forecast, Investigation
from workforce.capacity.services import reviewing

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 11, 2, tzinfo=UTC)


def at_once(*calls):
    """Run the calls at the same moment; return what each gave or was refused with."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call):
        try:
            gate.wait()
            found.append(call())
        except OperationRefused as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def missed_week():
    owner = UserFactory(role=WORKFORCE_MANAGER)
    queue = make_queue()
    fill_days(queue, [150] * 7, first=MONDAY)
    published_forecast(queue, [100] * 7, first=MONDAY)
    Forecast.objects.update(published_by=owner)
    return queue


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_week_is_opened_and_told_of_once_by_two_workers(missed_week):
    found = at_once(*[lambda: reviewing.open_investigations(at=NOW)] * 2)

    assert sorted(found) == [0, 1]
    assert Investigation.objects.count() == 1
    assert Notification.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_investigation_closed_by_two_keeps_the_first_finding(missed_week):
    reviewing.open_investigations(at=NOW)
    investigation = Investigation.objects.get()
    actor = UserFactory(role=WORKFORCE_MANAGER)

    def close(finding):
        return lambda: reviewing.close_investigation(
            investigation_id=investigation.pk,
            outcome=Investigation.Outcome.ONE_OFF,
            finding=finding,
            action="",
            actor=actor,
            at=NOW + timedelta(hours=1),
        )

    found = at_once(close("First"), close("Second"))

    refused = [each for each in found if isinstance(each, reviewing.WrongState)]
    kept = [each for each in found if isinstance(each, Investigation)]
    investigation.refresh_from_db()
    assert len(refused) == len(kept) == 1
    assert investigation.finding == kept[0].finding
