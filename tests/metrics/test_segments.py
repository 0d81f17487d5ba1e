import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sla.models import SlaClock
from supportops.metrics import catalogue, registry, segments, selectors, services
from supportops.metrics.core.columns import pack
from supportops.metrics.models import DirtyDay, Segment
from supportops.metrics.scopes import Scope
from tests.factories import sla as make
from tests.factories.facts import NOW, random_world
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import OrganisationFactory, open_ticket
from tickets import services as ticket_services
from tickets.models import CustomerTier, Ticket

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TARGETS = {
    priority: {"first_response": 3600, "next_reply": 7200, "resolution": 28_800}
    for priority in ("P1", "P2", "P3", "")
}


def held() -> dict[tuple[str, date], str]:
    return {
        (segment.kind, segment.day): segment.digest
        for segment in Segment.objects.filter(rows__gt=0)
    }


def rebuilt() -> dict[tuple[str, date], str]:
    Segment.objects.all().delete()
    services.mark_all()
    services.refresh(at=NOW)
    return held()


@pytest.fixture
def numbers():
    """A kind of segment whose facts the test holds in its hands."""
    facts: dict[date, list[int]] = {}
    segments.register_segment(
        "numbers",
        build=lambda day: {"n": np.array(facts.get(day, []), dtype=np.int64)},
        days=lambda start, end: list(facts),
        dimensions=("n",),
    )
    yield facts
    del registry._kinds["numbers"]


DAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_refresh_builds_marked_days_once(numbers):
    numbers[DAY] = [1, 2]
    segments.mark_dirty("numbers", [DAY, DAY])
    segments.mark_dirty("numbers", [DAY])

    first = segments.refresh(at=NOW)
    second = segments.refresh(at=NOW)

    assert first == {"days": 1, "changed": 1, "rows": 2}
    assert second == {"days": 0, "changed": 0, "rows": 0}
    assert segments.load("numbers", DAY, DAY + timedelta(days=1))["n"].tolist() == [
        1,
        2,
    ]
    assert list(DirtyDay.objects.all()) == []


@pytest.mark.django_db
def test_refresh_writes_nothing_when_the_facts_are_the_same(numbers):
    numbers[DAY] = [1]
    segments.mark_dirty("numbers", [DAY])
    segments.refresh(at=NOW)

    segments.mark_dirty("numbers", [DAY])
    counts = segments.refresh(at=NOW + timedelta(hours=1))

    assert counts == {"days": 1, "changed": 0, "rows": 1}
    assert Segment.objects.get(kind="numbers").built_at == NOW


@pytest.mark.django_db
def test_a_mark_made_while_the_day_is_built_survives(numbers):
    """The build has read the facts already when somebody else changes them."""

    def build(day):
        segments.mark_dirty("numbers", [day])
        return {"n": np.array([7])}

    segments.register_segment("numbers", build=build, days=lambda start, end: [])
    segments.mark_dirty("numbers", [DAY])

    services.rebuild_day(kind="numbers", day=DAY, at=NOW)

    assert DirtyDay.objects.filter(kind="numbers", day=DAY).count() == 1


@pytest.mark.django_db
def test_a_day_that_lost_its_facts_is_empty(numbers):
    numbers[DAY] = [1]
    segments.mark_dirty("numbers", [DAY])
    segments.refresh(at=NOW)

    numbers.clear()
    services.mark_all()
    segments.refresh(at=NOW)

    assert segments.load("numbers", DAY, DAY + timedelta(days=1)).size == 0
    assert selectors.days_with_facts("numbers") is None


@pytest.mark.django_db
def test_marks_of_a_kind_nobody_declares_are_left_alone():
    segments.mark_dirty("gone", [DAY])

    assert segments.refresh(at=NOW) == {"days": 0, "changed": 0, "rows": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 3])
def test_load_takes_two_queries_cold_and_one_warm(
    numbers, days, django_assert_num_queries
):
    for offset in range(days):
        numbers[DAY + timedelta(days=offset)] = [offset, 100]
    services.mark_all()
    segments.refresh(at=NOW)
    selectors.unpacked_days.clear()
    end = DAY + timedelta(days=days)

    with django_assert_num_queries(2):
        cold = segments.load("numbers", DAY, end)["n"].tolist()
    with django_assert_num_queries(1):
        warm = segments.load("numbers", DAY, end)["n"].tolist()

    assert cold == warm
    assert len(cold) == 2 * days


@pytest.mark.django_db
def test_a_rebuilt_day_is_read_anew_by_a_worker_that_holds_the_old_one(numbers):
    numbers[DAY] = [1]
    services.mark_all()
    segments.refresh(at=NOW)
    end = DAY + timedelta(days=1)
    assert segments.load("numbers", DAY, end)["n"].tolist() == [1]

    numbers[DAY] = [2]
    services.mark_all()
    segments.refresh(at=NOW)

    assert segments.load("numbers", DAY, end)["n"].tolist() == [2]


def test_unpacked_days_stay_within_their_limit():
    cache = selectors._Unpacked(limit=100)
    for name in "abc":
        cache.put(name, {"n": np.zeros(60, dtype=np.uint8)})

    assert cache.get("a") is None
    assert cache.get("c") is not None
    assert cache._held <= 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), DAY),
        (datetime(2026, 3, 2, 23, 59, 59, 999_999, tzinfo=UTC), DAY),
        (datetime(2026, 3, 3, 0, 0, tzinfo=UTC), date(2026, 3, 3)),
    ],
)
def test_days_are_half_open(moment, day):
    open_ticket(at=moment)
    services.mark_all()
    services.refresh(at=NOW)

    volume = catalogue.get("ticket_volume")
    inside = volume.compute(Scope(day, day + timedelta(days=1)))
    before = volume.compute(Scope(day - timedelta(days=1), day))

    assert (inside.value, before.value) == (1, 0)


STEPS = [
    lambda t, at: ticket_services.reply(
        ticket_id=t.pk, at=at, actor=UserFactory(), body="Looking", public=True
    ),
    lambda t, at: ticket_services.assign(
        ticket_id=t.pk, at=at, actor=None, assignee=UserFactory()
    ),
    lambda t, at: ticket_services.move_to_team(
        ticket_id=t.pk, at=at, actor=None, team=TeamFactory()
    ),
    lambda t, at: ticket_services.change_level(
        ticket_id=t.pk, at=at, actor=None, level="L2"
    ),
    lambda t, at: ticket_services.change_priority(
        ticket_id=t.pk, at=at, actor=None, priority="P1", reason="worse"
    ),
    lambda t, at: ticket_services.change_status(
        ticket_id=t.pk, at=at, actor=None, status="in-progress"
    ),
    lambda t, at: ticket_services.change_status(
        ticket_id=t.pk, at=at, actor=None, status="resolved", outcome="SOLVED"
    ),
    lambda t, at: ticket_services.change_status(
        ticket_id=t.pk, at=at, actor=None, status="reopened"
    ),
    lambda t, at: ticket_services.change_status(
        ticket_id=t.pk, at=at, actor=None, status="resolved", outcome="OUT_OF_SCOPE"
    ),
]


@pytest.mark.django_db
def test_days_kept_by_events_one_by_one_equal_a_rebuild(
    django_capture_on_commit_callbacks,
):
    make.published(targets=TARGETS)
    tickets = []
    with django_capture_on_commit_callbacks(execute=True):
        tickets = [
            open_ticket(at=MONDAY + timedelta(hours=7 * n), priority="P2", level="L1")
            for n in range(3)
        ]
    services.refresh(at=NOW)
    for number, step in enumerate(STEPS):
        for ticket in tickets:
            at = ticket.created_at + timedelta(hours=11 * (number + 1))
            with django_capture_on_commit_callbacks(execute=True):
                step(ticket, at)
            services.refresh(at=at)
    kept = held()

    assert {kind for kind, _day in kept} == {"promises", "resolutions", "tickets"}
    assert kept == rebuilt()


@pytest.mark.django_db
def test_a_ticket_erased_leaves_its_days(django_capture_on_commit_callbacks):
    make.published(targets=TARGETS)
    with django_capture_on_commit_callbacks(execute=True):
        ticket = open_ticket(at=MONDAY, priority="P2")
        open_ticket(at=MONDAY, priority="P2")
    with django_capture_on_commit_callbacks(execute=True):
        STEPS[0](ticket, MONDAY + timedelta(hours=2))
    services.refresh(at=NOW)

    # As an import is undone: the queryset deletes, nobody calls the ticket's services.
    Ticket.objects.filter(pk=ticket.pk).delete()
    services.refresh(at=NOW)
    kept = held()

    assert kept == rebuilt()


@pytest.mark.django_db
def test_a_customer_that_changes_tier_changes_its_days(
    django_capture_on_commit_callbacks,
):
    customer = OrganisationFactory()
    with django_capture_on_commit_callbacks(execute=True):
        open_ticket(at=MONDAY, organisation=customer)
    services.refresh(at=NOW)
    enterprise = CustomerTier.objects.get(code="enterprise")

    customer.tier = enterprise
    customer.save()
    services.refresh(at=NOW)

    scope = Scope(DAY, date(2026, 3, 3), {"tier": frozenset({enterprise.pk})})
    assert catalogue.get("ticket_volume").compute(scope).value == 1


@pytest.mark.django_db
def test_rebuild_metrics_command_rebuilds_and_checks(capsys):
    random_world(seed=1, tickets=10)
    good = held()
    call_command("rebuild_metrics", "--check")
    assert "agrees with its facts" in capsys.readouterr().out

    Segment.objects.filter(kind="tickets").update(payload=pack({}), digest="x")
    SlaClock.objects.filter(pk__in=SlaClock.objects.values("pk")[:1]).delete()
    DirtyDay.objects.all().delete()
    with pytest.raises(CommandError, match="days differ"):
        call_command("rebuild_metrics", "--check")
    call_command("rebuild_metrics")

    call_command("rebuild_metrics", "--check")
    assert {day for kind, day in held() if kind == "tickets"} == {
        day for kind, day in good if kind == "tickets"
    }


@pytest.mark.django_db
def test_rebuild_metrics_command_keeps_to_its_days():
    random_world(seed=1, tickets=10)
    Segment.objects.update(digest="stale")
    middle = Segment.objects.order_by("day")[5].day

    call_command(
        "rebuild_metrics", "--from", str(middle), "--to", str(middle + timedelta(1))
    )

    fresh = Segment.objects.exclude(digest="stale").values_list("day", flat=True)
    assert set(fresh) == {middle}


def test_rebuild_metrics_command_refuses_an_empty_span():
    with pytest.raises(CommandError, match="must come after"):
        call_command("rebuild_metrics", "--from", "2026-03-02", "--to", "2026-03-02")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_day_leave_what_was_read_last(numbers):
    """The slower worker starts first; it must not overwrite what the other reads later."""
    numbers[DAY] = [1]
    building, go_on = threading.Event(), threading.Event()
    order = []

    def build(day):
        mine = threading.current_thread().name
        read = list(numbers[day])
        if mine == "slow":
            building.set()
            go_on.wait(10)
        order.append(mine)
        return {"n": np.array(read)}

    segments.register_segment("numbers", build=build, days=lambda start, end: [])
    segments.mark_dirty("numbers", [DAY])
    services.refresh(at=NOW)
    order.clear()
    segments.mark_dirty("numbers", [DAY])

    def work():
        services.refresh(at=NOW)
        connection.close()

    slow = threading.Thread(target=work, name="slow")
    slow.start()
    building.wait(10)
    numbers[DAY] = [1, 2]
    segments.mark_dirty("numbers", [DAY])
    fast = threading.Thread(target=work, name="fast")
    fast.start()
    fast.join(0.5)
    go_on.set()
    slow.join(10)
    fast.join(10)

    assert order == ["slow", "fast"]
    assert segments.load("numbers", DAY, DAY + timedelta(days=1))["n"].tolist() == [
        1,
        2,
    ]
    assert not DirtyDay.objects.filter(kind="numbers").exists()
