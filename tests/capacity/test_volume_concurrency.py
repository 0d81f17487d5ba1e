"""Several workers at once on one queue: nothing is lost, nothing counted twice."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from tests.factories.capacity import make_queue
from tests.factories.people import UserFactory
from tests.factories.tickets import ChannelFactory, open_ticket
from workforce.capacity.models import DayVolume, DirtyVolumeDay, IntervalVolume, Queue
from workforce.capacity.services import volumes
from workforce.capacity.services.volumes import imports

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run each in a thread of its own; return what came of each, sorted."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
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


def fed_queue(tickets: int) -> Queue:
    queue, channel = make_queue(), ChannelFactory()
    queue.channels.add(channel)
    for minute in range(tickets):
        open_ticket(at=datetime(2026, 3, 2, 9, minute, tzinfo=UTC), channel=channel)
    return queue


def offered(queue: Queue) -> tuple[int, int]:
    rows = IntervalVolume.objects.filter(queue=queue).values_list("offered", flat=True)
    return sum(rows), DayVolume.objects.get(queue=queue, day=DAY).offered


def test_two_workers_count_a_day_once():
    queue = fed_queue(5)
    assert DirtyVolumeDay.objects.filter(queue=queue).exists()
    outcomes = at_once(*[lambda: volumes.refresh_dirty(NOW)] * 3)
    assert outcomes == ["done"] * 3
    assert offered(queue) == (5, 5)
    assert not DirtyVolumeDay.objects.exists()


def test_a_ticket_that_comes_while_its_day_is_counted_is_not_lost():
    queue = fed_queue(3)
    channel = queue.channels.get()
    held, gone = threading.Event(), threading.Event()

    def open_late() -> None:
        """Commit only after the count has begun and waits for nobody."""
        with transaction.atomic():
            open_ticket(at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), channel=channel)
            held.set()
            gone.wait(timeout=10)

    def count() -> None:
        held.wait(timeout=10)
        volumes.refresh_dirty(NOW)
        gone.set()

    assert at_once(open_late, count) == ["done", "done"]
    assert offered(queue) == (3, 3)
    volumes.refresh_dirty(NOW)
    assert offered(queue) == (4, 4)


def test_an_import_and_a_count_of_one_day_agree_in_the_end(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    queue = fed_queue(4)
    kept = imports.keep_upload(
        content=b"timestamp,volume\n2026-03-02 09:00,40\n2026-03-02 11:00,2\n",
        file_name="v.csv",
        time_zone="UTC",
        actor=UserFactory(),
        at=NOW,
    )
    told = {**kept.mapping, "queue": queue.pk}
    imports.settle_mapping(import_id=kept.pk, mapping=told, time_zone="UTC")
    outcomes = at_once(
        lambda: imports.run_import(import_id=kept.pk, at=NOW),
        lambda: volumes.refresh_dirty(NOW),
    )
    assert outcomes == ["done", "done"]
    volumes.refresh_dirty(NOW)
    assert offered(queue) == (42, 42)


def test_two_workers_on_one_import_write_it_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    queue = make_queue()
    kept = imports.keep_upload(
        content=b"timestamp,volume\n2026-03-02 09:00,40\n2026-03-02 11:00,2\n",
        file_name="v.csv",
        time_zone="UTC",
        actor=UserFactory(),
        at=NOW,
    )
    told = {**kept.mapping, "queue": queue.pk}
    imports.settle_mapping(import_id=kept.pk, mapping=told, time_zone="UTC")
    run = [lambda: imports.run_import(import_id=kept.pk, at=NOW)] * 2
    assert at_once(*run) == ["done", "done"]
    assert offered(queue) == (42, 42)
