"""Two publications, or a publication and a computation, of one queue at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from supportops.common.errors import OperationRefused
from tests.capacity.forecasted import NOW, TODAY, taught_queue
from tests.factories.capacity import make_queue, published_forecast
from workforce.capacity.models import Forecast
from workforce.capacity.services import forecasting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run each in a thread of its own; return what came of each, sorted."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except OperationRefused as refusal:
            outcomes.append(refusal.code)
        except BaseException as error:  # noqa: BLE001 -- shown by the assertion
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def publish(forecast, **changes) -> Forecast:
    given = {"forecast_id": forecast.pk, "actor": None, "at": NOW, **changes}
    return forecasting.publish_forecast(**given)


def states(queue) -> list[str]:
    return sorted(queue.forecasts.values_list("state", flat=True))


def test_two_publications_at_once_leave_one_published():
    queue = make_queue()
    published_forecast(queue, [90.0], first=TODAY)
    drafts = [
        published_forecast(queue, [100.0], first=TODAY, state="DRAFT") for _ in range(2)
    ]

    outcomes = at_once(*(lambda draft=draft: publish(draft) for draft in drafts))

    assert outcomes == ["done", "done"]
    assert states(queue) == ["PUBLISHED", "SUPERSEDED", "SUPERSEDED"]


def test_of_two_that_compared_with_the_same_one_is_told():
    queue = make_queue()
    held = published_forecast(queue, [90.0], first=TODAY)
    drafts = [
        published_forecast(queue, [100.0], first=TODAY, state="DRAFT") for _ in range(2)
    ]

    outcomes = at_once(
        *(lambda draft=draft: publish(draft, replaces=held.pk) for draft in drafts)
    )

    assert outcomes == ["done", "published_since"]
    assert states(queue) == ["DRAFT", "PUBLISHED", "SUPERSEDED"]


def test_same_draft_is_published_once():
    queue = make_queue()
    draft = published_forecast(queue, [100.0], first=TODAY, state="DRAFT")

    outcomes = at_once(lambda: publish(draft), lambda: publish(draft))

    assert outcomes == ["done", "not_a_draft"]
    assert states(queue) == ["PUBLISHED"]


def test_publication_beside_a_computation_leaves_one_of_each_at_most():
    queue = taught_queue()
    draft = forecasting.run_forecast(queue_id=queue.pk, actor=None, at=NOW)

    outcomes = at_once(
        lambda: publish(draft),
        lambda: forecasting.run_forecast(queue_id=queue.pk, actor=None, at=NOW),
    )

    # Whoever came second saw what the first had done.
    assert outcomes in (["done", "done"], ["done", "not_a_draft"])
    assert states(queue) in (["DRAFT", "PUBLISHED"], ["DRAFT"])
    assert (states(queue) == ["DRAFT"]) == (outcomes == ["done", "not_a_draft"])
