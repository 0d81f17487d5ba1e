"""The planning calendar: duties by period, reminders, what is done, and its page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from supportops.common import roles
from supportops.notifications.models import Kind, Notification
from tests.factories.capacity import make_decision
from tests.factories.people import UserFactory
from workforce.capacity.models import PlanningDuty, PlanningTask, ReviewDate
from workforce.capacity.selectors import planning as selectors
from workforce.capacity.services import planning as services
from workforce.capacity.tasks.planning import planning_duties

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PLANNING = "/capacity/planning/"


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


def make_task(name="Compare", cadence="MONTHLY", due_day=5, **fields):
    PlanningTask.objects.filter(name=name).delete()
    return PlanningTask.objects.create(
        name=name, cadence=cadence, due_day=due_day, **fields
    )


def only(task):
    PlanningTask.objects.exclude(pk=task.pk).delete()
    return task


def make_duty(task, due_on=date(2026, 3, 5), **fields):
    return PlanningDuty.objects.create(
        task=task, period_start=due_on.replace(day=1), due_on=due_on, **fields
    )


def days_of(task):
    return [duty.due_on for duty in task.duties.order_by("due_on")]


# Duties -----------------------------------------------------------------------------------


def test_duties_are_made_for_this_period_and_the_next_once():
    task = only(make_task())

    assert services.make_duties(at=NOW) == 2
    assert services.make_duties(at=NOW + timedelta(hours=3)) == 0

    assert days_of(task) == [date(2026, 3, 5), date(2026, 4, 3)]


@pytest.mark.parametrize(
    ("cadence", "due_day", "days"),
    [
        ("QUARTERLY", 80, [date(2026, 3, 20), date(2026, 6, 19)]),
        ("ANNUAL", 90, [date(2026, 3, 31), date(2027, 3, 31)]),
    ],
)
def test_duties_follow_the_cadence(cadence, due_day, days):
    task = only(make_task(cadence=cadence, due_day=due_day))

    services.make_duties(at=NOW)

    assert days_of(task) == days


def test_new_task_does_not_begin_with_a_day_that_is_over():
    task = only(make_task(due_day=1))

    services.make_duties(at=NOW + timedelta(days=1))
    services.make_duties(at=NOW + timedelta(days=2))

    assert days_of(task) == [date(2026, 4, 1)]


def test_known_task_catches_up_after_days_without_a_worker():
    task = only(make_task(due_day=1))
    make_duty(task, date(2026, 2, 1))

    services.make_duties(at=NOW)

    assert days_of(task) == [date(2026, 2, 1), date(2026, 3, 2), date(2026, 4, 1)]


def test_inactive_task_gets_none_and_a_changed_day_moves_what_is_not_done():
    only(make_task(is_active=False))
    assert services.make_duties(at=NOW) == 0

    task = make_task()
    services.make_duties(at=NOW)
    done = task.duties.first()
    services.mark_done(
        duty_id=done.pk, note="Fine", actor=UserFactory(is_superuser=True), at=NOW
    )
    task.due_day = 20
    task.save()
    services.make_duties(at=NOW)

    assert days_of(task) == [date(2026, 3, 5), date(2026, 4, 20)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_duties_made_twice_at_once_exist_once():
    task, gate = only(make_task()), Barrier(2)

    def make(_):
        try:
            gate.wait()
            services.make_duties(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, range(2)))

    assert days_of(task) == [date(2026, 3, 5), date(2026, 4, 3)]


def test_standard_tasks_lead_to_pages_that_exist():
    pages = set(PlanningTask.objects.values_list("page", flat=True))

    assert all(reverse(page) for page in pages)
    assert PlanningTask.objects.count() == 12


# Reminders --------------------------------------------------------------------------------


def test_owner_is_reminded_once_and_the_next_owner_too():
    owner = UserFactory(role=roles.WORKFORCE_MANAGER)
    task = only(make_task(due_day=4, owner=owner))

    assert planning_duties() == {"made": 2, "reminded": 1}
    assert planning_duties() == {"made": 0, "reminded": 0}

    told = Notification.objects.get()
    assert (told.recipient, told.kind) == (owner, Kind.CAPACITY)
    assert told.title == "“Compare” is due on 4 Mar 2026"
    assert told.url == f"{PLANNING}?month=2026-03"
    later = UserFactory()
    services.give_task(task_id=task.pk, owner=later, actor=owner, at=NOW)
    assert services.remind_owners(at=NOW + timedelta(days=9)) == 1
    assert Notification.objects.get(recipient=later).title.startswith(
        "“Compare” was due"
    )


def test_nobody_is_reminded_of_what_is_done_far_or_without_owner():
    task = only(make_task(owner=UserFactory()))
    make_duty(task, date(2026, 3, 5))
    make_duty(task, date(2026, 2, 5), done_at=NOW)
    make_duty(make_task("Other"), date(2026, 3, 2))

    assert services.remind_owners(at=NOW) == 0
    assert services.remind_owners(at=NOW + timedelta(days=1)) == 1


# Done -------------------------------------------------------------------------------------


def test_duty_is_done_with_a_note_and_taken_back():
    owner = UserFactory(role=roles.TEAM_LEAD)
    duty = make_duty(make_task(owner=owner))

    services.mark_done(duty_id=duty.pk, note=" 4 % off ", actor=owner, at=NOW)
    duty.refresh_from_db()
    assert (duty.done_at, duty.done_by, duty.note) == (NOW, owner, "4 % off")
    with pytest.raises(services.DutyStateRefused):
        services.mark_done(duty_id=duty.pk, note="Fine", actor=owner, at=NOW)

    services.mark_not_done(duty_id=duty.pk, actor=owner)
    duty.refresh_from_db()
    assert (duty.done_at, duty.done_by, duty.note) == (None, None, "4 % off")
    with pytest.raises(services.DutyStateRefused):
        services.mark_not_done(duty_id=duty.pk, actor=owner)


@pytest.mark.parametrize("note", ["", " \n "])
def test_planning_duty_without_a_note_stays_open(note):
    owner = UserFactory(role=roles.TEAM_LEAD)
    duty = make_duty(make_task(owner=owner))

    with pytest.raises(services.DutyNoteMissing) as refused:
        services.mark_done(duty_id=duty.pk, note=note, actor=owner, at=NOW)

    assert refused.value.code == "planning_duty_note_missing"
    duty.refresh_from_db()
    assert (duty.done_at, duty.done_by) == (None, None)


def test_duty_of_somebody_else_is_refused_but_to_a_manager():
    duty = make_duty(make_task(owner=UserFactory()))

    with pytest.raises(services.NotYourDuty):
        services.mark_done(
            duty_id=duty.pk,
            note="Fine",
            actor=UserFactory(role=roles.TEAM_LEAD),
            at=NOW,
        )
    duty.refresh_from_db()
    assert duty.done_at is None

    manager = UserFactory(role=roles.WORKFORCE_MANAGER)
    services.mark_done(duty_id=duty.pk, note="Fine", actor=manager, at=NOW)


# Page -------------------------------------------------------------------------------------


def picture(month=date(2026, 3, 1), owner="", user=None):
    user = user or UserFactory(role=roles.WORKFORCE_MANAGER)
    return selectors.month_picture(month, today=TODAY, user=user, owner=owner)


def standings(found):
    return [line.standing for line in found.duties]


def test_month_shows_what_is_overdue_due_to_come_and_done():
    task = only(make_task())
    make_duty(task, date(2026, 2, 5))
    make_duty(task, date(2026, 1, 5), done_at=NOW)
    make_duty(make_task("A"), date(2026, 3, 9))
    make_duty(make_task("B"), date(2026, 3, 10))
    make_duty(make_task("C"), date(2026, 3, 1), done_at=NOW)
    make_duty(make_task("D"), date(2026, 4, 1))

    march = picture()

    assert standings(march) == ["OVERDUE", "DONE", "DUE", "LATER"]
    assert (march.overdue, march.done) == (1, 1)
    assert standings(picture(date(2026, 2, 1))) == ["OVERDUE"]
    assert standings(picture(date(2026, 4, 1))) == ["LATER"]
    assert (march.before, march.after) == (date(2026, 2, 1), date(2026, 4, 1))
    assert picture(date(2026, 1, 1)).before == date(2025, 12, 1)


def test_month_is_filtered_by_owner():
    owner = UserFactory()
    only(make_task())
    make_duty(make_task("A", owner=owner))
    make_duty(make_task("B"))

    assert len(picture(owner=str(owner.pk)).duties) == 1
    assert [line.duty.task.name for line in picture(owner="nobody").duties] == ["B"]


def test_reviews_of_decisions_are_shown_to_those_who_see_the_decision():
    decision = make_decision()
    ReviewDate.objects.create(decision=decision, due_on=date(2026, 3, 20))

    assert len(picture().reviews) == 1
    # It is a draft, which executives do not see.
    assert picture(user=UserFactory(role=roles.EXECUTIVE)).reviews == []
    assert len(picture(owner=str(decision.owner_id)).reviews) == 1
    assert picture(owner="nobody").reviews == []


def test_page_marks_done_takes_back_and_gives_away(client):
    manager = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(manager)
    lead = UserFactory(role=roles.TEAM_LEAD)
    task = only(make_task(page="capacity:hiring"))
    duty = make_duty(task)
    address = reverse("capacity:planning-duty", args=[duty.pk])

    page = client.get(PLANNING).content.decode()
    assert 'href="/capacity/hiring/"' in page
    answer = client.post(address, {"verb": "done", "note": "Fine", "month": "2026-03"})
    assert answer["Location"] == f"{PLANNING}?month=2026-03"
    duty.refresh_from_db()
    assert duty.note == "Fine"
    client.post(address, {"verb": "undo"})
    duty.refresh_from_db()
    assert duty.done_at is None

    give = reverse("capacity:planning-owner", args=[task.pk])
    client.post(give, {"owner": lead.pk})
    task.refresh_from_db()
    assert task.owner == lead
    client.post(give, {"owner": UserFactory(role=roles.AGENT).pk})
    task.refresh_from_db()
    assert task.owner == lead


def test_page_hides_links_that_a_team_lead_may_not_open(client):
    lead = UserFactory(role=roles.TEAM_LEAD)
    client.force_login(lead)
    make_duty(only(make_task(page="capacity:costs", owner=lead)))

    page = client.get(PLANNING).content.decode()

    assert "Compare" in page
    assert "/capacity/costs/" not in page
    assert "Done…" in page


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=x", "owner='--", "owner=999"]
)
def test_page_survives_what_is_no_month_or_owner(client, query):
    client.force_login(UserFactory(role=roles.WORKFORCE_MANAGER))

    assert client.get(f"{PLANNING}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("role", "sees", "gives"),
    [
        (roles.WORKFORCE_MANAGER, True, True),
        (roles.SUPPORT_LEAD, True, False),
        (roles.TEAM_LEAD, True, False),
        (roles.EXECUTIVE, True, False),
        (roles.AGENT, False, False),
        (roles.QA_REVIEWER, False, False),
    ],
)
def test_calendar_is_for_those_who_may(client, role, sees, gives):
    user = UserFactory(role=role)
    client.force_login(user)
    task = make_task()

    assert client.get(PLANNING).status_code == (200 if sees else 403)
    address = reverse("capacity:planning-owner", args=[task.pk])
    assert client.post(address, {"owner": ""}).status_code == (302 if gives else 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_as_many_queries_for_one_as_for_three(
    client, django_assert_num_queries, rows
):
    client.force_login(UserFactory(role=roles.TEAM_LEAD))
    for index in range(rows):
        owner = UserFactory()
        make_duty(make_task(f"Task {index}", owner=owner), done_at=NOW, done_by=owner)
        decision = make_decision(state="APPROVED")
        ReviewDate.objects.create(decision=decision, due_on=date(2026, 3, 20))
    client.get(PLANNING)

    with django_assert_num_queries(CALENDAR):
        client.get(PLANNING)


CALENDAR = 8


@pytest.mark.parametrize("name", ["planningtask", "leadtime"])
@pytest.mark.parametrize("rows", [1, 3])
def test_admin_lists_take_as_many_queries_for_one_as_for_three(
    client, django_assert_num_queries, name, rows
):
    client.force_login(UserFactory(role=roles.WORKFORCE_MANAGER))
    for index in range(rows):
        make_task(f"Task {index}", owner=UserFactory())
    address = reverse(f"admin:capacity_{name}_changelist")
    client.get(address)

    with django_assert_num_queries(ADMIN_LIST):
        client.get(address)


ADMIN_LIST = 7
