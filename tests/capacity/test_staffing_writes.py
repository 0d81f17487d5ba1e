"""Saving assumptions and planned people: what is written, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.factories.capacity import make_queue, plan_staff
from tests.factories.people import UserFactory
from workforce.capacity.models import Assumptions, PlannedStaff
from workforce.capacity.selectors.staffing.planned import (
    Block,
    blocks_of,
    fingerprint,
)
from workforce.capacity.services import staffing as services

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def save(queue, values, **more):
    return services.save_assumptions(
        queue_id=queue.pk, values=values, actor=None, at=NOON, **more
    )


def blocks(queue):
    return list(
        PlannedStaff.objects.filter(queue=queue)
        .order_by("weekday", "starts_minute")
        .values_list("weekday", "starts_minute", "ends_minute", "people", "name")
    )


# Assumptions ------------------------------------------------------------------------------


def test_save_writes_what_changed_with_its_history():
    queue, ada = make_queue(), UserFactory()

    is_changed = services.save_assumptions(
        queue_id=queue.pk,
        values={"shrinkage": Decimal("0.300")},
        actor=ada,
        at=NOON,
        reason="More training",
    )

    row = Assumptions.objects.get(queue=queue)
    record = row.history.get(history_user=ada)
    assert is_changed
    assert row.shrinkage == Decimal("0.300")
    assert (record.history_date, record.history_change_reason) == (
        NOON,
        "More training",
    )


def test_save_of_the_same_writes_no_history():
    queue = make_queue()

    assert not save(queue, {"handle_seconds": 300})
    assert Assumptions.history.filter(queue=queue).count() == 1


def test_save_refuses_what_somebody_else_changed_meanwhile():
    queue = make_queue()
    seen = queue.assumptions.changed_at
    save(queue, {"handle_seconds": 360})

    with pytest.raises(services.AssumptionsChangedMeanwhile):
        save(queue, {"handle_seconds": 420}, expected=seen)

    assert Assumptions.objects.get(queue=queue).handle_seconds == 360


@pytest.mark.parametrize(
    "values",
    [
        {"service_level": Decimal("1.000")},
        {"shrinkage": Decimal("1.000")},
        {"max_occupancy": Decimal("0.000")},
        {"handle_seconds": 0},
        {"hours_per_week": Decimal("0.0")},
    ],
)
def test_save_refuses_what_cannot_be(values):
    queue = make_queue()

    with pytest.raises(services.AssumptionsInvalid):
        save(queue, values)

    assert Assumptions.history.filter(queue=queue).count() == 1


def test_save_knows_assumptions_only():
    with pytest.raises(ValueError, match="no such assumption: queue_id"):
        save(make_queue(), {"queue_id": 3})


# Planned people ---------------------------------------------------------------------------


def test_save_blocks_adds_changes_and_removes():
    queue, ada = make_queue(), UserFactory()
    kept, changed, gone = plan_staff(queue, 4, weekdays=[0, 1, 2])
    wanted = [
        Block(0, 540, 1020, Decimal("4.00"), "Core", pk=kept.pk),
        Block(1, 540, 1020, Decimal("5.50"), "Core", pk=changed.pk),
        Block(5, 600, 1440, Decimal("1.00"), "Late"),
    ]

    done = services.save_blocks(queue_id=queue.pk, blocks=wanted, actor=ada, at=NOON)

    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert [row[3] for row in blocks(queue)] == [Decimal(4), Decimal("5.5"), Decimal(1)]
    history = PlannedStaff.history.filter(history_user=ada)
    assert sorted(history.values_list("history_type", flat=True)) == ["+", "-", "~"]
    assert history.get(history_type="-").id == gone.pk


def test_save_blocks_refuses_what_changed_meanwhile():
    queue = make_queue()
    plan_staff(queue, 4)
    seen = fingerprint(blocks_of([queue.pk])[queue.pk])
    PlannedStaff.objects.filter(weekday=0).update(people=9)

    with pytest.raises(services.PlanChangedMeanwhile):
        services.save_blocks(
            queue_id=queue.pk, blocks=[], actor=None, at=NOON, expected=seen
        )

    assert len(blocks(queue)) == 5


@pytest.mark.parametrize(
    "block",
    [
        Block(0, 600, 600, Decimal(1)),
        Block(0, 600, 1441, Decimal(1)),
        Block(7, 600, 700, Decimal(1)),
        Block(0, 600, 700, Decimal(-1)),
        Block(0, 600, 700, Decimal(1), "", date(2026, 3, 2), date(2026, 3, 1)),
    ],
)
def test_save_blocks_refuses_what_cannot_be_and_writes_nothing(block):
    queue = make_queue()
    plan_staff(queue, 4)

    with pytest.raises(services.BlocksInvalid):
        services.save_blocks(queue_id=queue.pk, blocks=[block], actor=None, at=NOON)

    assert len(blocks(queue)) == 5


def test_a_block_of_another_queue_is_not_taken_over():
    queue, other = make_queue(), make_queue()
    (foreign,) = plan_staff(other, 4, weekdays=[0])

    services.save_blocks(
        queue_id=queue.pk,
        blocks=[Block(0, 540, 600, Decimal(1), pk=foreign.pk)],
        actor=None,
        at=NOON,
    )

    assert len(blocks(queue)) == 1
    assert blocks(other) == [(0, 540, 1020, Decimal(4), "Core")]


def test_copy_day_replaces_the_days_copied_to():
    queue = make_queue()
    plan_staff(queue, 4, weekdays=[0])
    plan_staff(queue, 9, weekdays=[1], hours=(6, 8), name="Old")

    services.copy_day(
        queue_id=queue.pk, source=0, targets=[0, 1, 4], actor=None, at=NOON
    )

    assert [(row[0], row[3]) for row in blocks(queue)] == [(0, 4), (1, 4), (4, 4)]


@pytest.mark.parametrize(("source", "targets"), [(3, [4]), (0, []), (0, [0])])
def test_copy_day_refuses_nothing(source, targets):
    queue = make_queue()
    plan_staff(queue, 4, weekdays=[0])

    with pytest.raises(services.NothingToCopy):
        services.copy_day(
            queue_id=queue.pk, source=source, targets=targets, actor=None, at=NOON
        )

    assert len(blocks(queue)) == 1


def test_the_template_is_the_schedule_of_its_source():
    queue = make_queue()

    services.start_from_template(queue_id=queue.pk, actor=None, at=NOON)

    sums = [
        sum(row[3] for row in blocks(queue) if row[0] == weekday)
        for weekday in range(7)
    ]
    assert sums == [22, 18, 18, 18, 15, 4, 4]


def test_the_template_starts_an_empty_plan_only():
    queue = make_queue()
    plan_staff(queue, 4, weekdays=[0])

    with pytest.raises(services.PlanNotEmpty):
        services.start_from_template(queue_id=queue.pk, actor=None, at=NOON)

    assert len(blocks(queue)) == 1


# Files ------------------------------------------------------------------------------------

FILE = (
    "\ufeffWeekday,From,Until,People,Name,valid_from,valid_until\n"
    "Monday,08:30,17:00,2.5,Core,,\n"
    "tue,17,24:00,1,'=Night,2026-03-01,2026-03-31\n\n"
)


def test_a_file_is_read_as_blocks():
    assert services.read_blocks(FILE) == [
        Block(0, 510, 1020, Decimal("2.50"), "Core"),
        Block(
            1,
            1020,
            1440,
            Decimal("1.00"),
            "=Night",
            date(2026, 3, 1),
            date(2026, 3, 31),
        ),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Someday,8,9,1", "Line 2: “Someday” is no weekday"),
        ("T,8,9,1", "is no weekday"),
        ("Monday,8h,9,1", "“8h” is no time"),
        ("Monday,8,25:00,1", "“25:00” is no time"),
        ("Monday,8,9,many", "“many” is no number of people"),
        ("Monday,8,9,NaN", "“NaN” is no number of people"),
        ("Monday,8,9,-1", "“-1” is no number of people"),
    ],
)
def test_a_file_with_a_line_that_cannot_be_read_is_refused_whole(line, words):
    queue = make_queue()
    text = f"weekday,from,until,people\n{line}\nMonday,8,9,1\n"

    with pytest.raises(services.FileUnreadable, match=words):
        services.import_blocks(
            queue_id=queue.pk, text=text, replaces=False, actor=None, at=NOON
        )

    assert blocks(queue) == []


def test_a_file_without_its_columns_is_refused():
    with pytest.raises(services.FileUnreadable, match="lacks the columns: people"):
        services.read_blocks("weekday,from,until\nMonday,8,9\n")


def test_a_file_read_twice_adds_nothing():
    queue = make_queue()
    plan_staff(queue, 4, weekdays=[3])

    def read(*, replaces):
        return services.import_blocks(
            queue_id=queue.pk, text=FILE, replaces=replaces, actor=None, at=NOON
        )

    assert read(replaces=False).added == 2
    assert not read(replaces=False)
    assert read(replaces=True).removed == 1
    assert len(blocks(queue)) == 2
    assert timedelta(minutes=blocks(queue)[0][1]) == timedelta(hours=8, minutes=30)
