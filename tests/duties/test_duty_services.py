"""What the lists of duties do alike, and in which words each refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kb.models import ContentDuty, ContentTask
from kb.services import duties as content
from supportops.duties import services
from supportops.notifications.models import Kind, Notification
from tests.factories.people import UserFactory
from workforce.capacity.models import PlanningDuty, PlanningTask
from workforce.capacity.services import planning

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LISTS = [content.CONTENT, planning.PLANNING]
named = pytest.mark.parametrize("kept", LISTS, ids=["content", "planning"])


def task_of(kept, **fields):
    kept.tasks.objects.all().delete()
    return kept.tasks.objects.create(name="Read", cadence="MONTHLY", **fields)


def duty_of(kept, due=date(2026, 3, 31), **fields):
    return kept.duties.objects.create(
        task=task_of(kept, **fields), period_start=date(2026, 3, 1), due_on=due
    )


def test_each_list_is_kept_in_models_of_its_own():
    assert [(kept.tasks, kept.duties) for kept in LISTS] == [
        (ContentTask, ContentDuty), (PlanningTask, PlanningDuty),
    ]  # fmt: skip


@named
def test_this_period_and_the_next_are_made_once(kept):
    task = task_of(kept)

    assert services.make_duties(kept, at=NOW) == 2
    assert services.make_duties(kept, at=NOW + timedelta(hours=1)) == 0

    starts = task.duties.order_by("period_start").values_list("period_start", flat=True)
    assert list(starts) == [date(2026, 3, 1), date(2026, 4, 1)]


@named
def test_owner_is_reminded_once_from_two_days_before(kept):
    owner = UserFactory()
    duty_of(kept, date(2026, 3, 5), owner=owner)

    told = [
        services.remind_owners(kept, at=NOW + timedelta(days=day)) for day in range(4)
    ]

    assert told == [0, 1, 0, 0]
    assert Notification.objects.get().recipient == owner


@named
def test_a_note_is_one_line_of_at_most_its_length(kept):
    owner = UserFactory()
    duty = duty_of(kept, owner=owner)

    services.mark_done(
        kept, duty_id=duty.pk, note=" a \n b " + "c" * 400, actor=owner, at=NOW
    )

    duty.refresh_from_db()
    assert duty.note == "a b " + "c" * 296


@pytest.mark.parametrize(
    ("kept", "code", "text"),
    [
        (LISTS[0], "content_duty", "This duty is somebody else's."),
        (
            LISTS[1],
            "planning_duty",
            "“Read” is somebody else's. Ask its owner or a workforce manager.",
        ),
    ],
    ids=["content", "planning"],
)
def test_each_list_refuses_with_codes_of_its_own(kept, code, text):
    owner, other = UserFactory(), UserFactory()
    duty = duty_of(kept, owner=owner)

    with pytest.raises(services.NotYourDuty) as theirs:
        services.mark_done(kept, duty_id=duty.pk, note="Read", actor=other, at=NOW)
    with pytest.raises(services.DutyStateRefused) as open_still:
        services.mark_not_done(kept, duty_id=duty.pk, actor=owner)
    with pytest.raises(services.DutyNoteMissing) as bare:
        services.mark_done(kept, duty_id=duty.pk, note=" ", actor=owner, at=NOW)

    assert (theirs.value.code, str(theirs.value)) == (f"{code}_not_yours", text)
    assert open_still.value.code == f"{code}_state_refused"
    assert bare.value.code == f"{code}_note_missing"
    duty.refresh_from_db()
    assert (duty.done_at, duty.done_by, duty.note) == (None, None, "")


@named
def test_a_task_given_away_says_in_its_history_by_whom(kept):
    task, owner, manager = task_of(kept), UserFactory(), UserFactory()

    services.give_task(kept, task_id=task.pk, owner=owner, actor=manager, at=NOW)

    task.refresh_from_db()
    record = task.history.get(history_type="~")
    assert task.owner == owner
    assert (record.history_user, record.history_date) == (manager, NOW)


def test_kinds_of_notice_and_permissions_are_those_of_the_apps():
    assert [(kept.kind, kept.manage) for kept in LISTS] == [
        (Kind.KNOWLEDGE, "kb.change_contenttask"),
        (Kind.CAPACITY, "capacity.change_planningtask"),
    ]
