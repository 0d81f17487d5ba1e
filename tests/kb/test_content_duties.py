"""Content duties: made once a period, done by their owners, reminded once."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kb.models import ContentDuty, ContentTask
from kb.selectors.work.duties import duties as duties_of
from kb.services import duties
from kb.tasks.work import content_duties
from supportops.notifications.models import Kind, Notification
from tests.factories.kb_work import make_duty
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead():
    return UserFactory(role="Support lead")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_six_tasks_ship_and_five_of_them_come_back():
    shipped = ContentTask.objects.order_by("position")
    assert [task.cadence for task in shipped] == [
        "WEEKLY", "WEEKLY", "WEEKLY", "MONTHLY", "QUARTERLY", "ONGOING",
    ]  # fmt: skip
    assert duties.make_duties(at=NOW) == 10
    found = ContentDuty.objects.order_by("due_on", "pk").values_list(
        "due_on", flat=True
    )
    this, following = date(2026, 3, 6), date(2026, 3, 13)
    assert list(found) == [
        *[this] * 3, *[following] * 3, date(2026, 3, 31), date(2026, 3, 31),
        date(2026, 4, 30), date(2026, 6, 30),
    ]  # fmt: skip


def test_a_new_task_does_not_begin_with_a_friday_that_is_over():
    saturday = datetime(2026, 3, 7, 9, tzinfo=UTC)
    ContentTask.objects.exclude(cadence="WEEKLY").delete()
    duties.make_duties(at=saturday)
    days = ContentDuty.objects.values_list("due_on", flat=True)
    assert set(days) == {date(2026, 3, 13)}


def test_a_known_task_catches_up_the_week_that_was_not_written():
    duty = make_duty(None, period_start=date(2026, 2, 16), due_on=date(2026, 2, 20))
    duties.make_duties(at=datetime(2026, 3, 7, 9, tzinfo=UTC))
    days = duty.task.duties.order_by("due_on").values_list("due_on", flat=True)
    assert list(days) == [date(2026, 2, 20), date(2026, 3, 6), date(2026, 3, 13)]


def test_making_duties_again_makes_none_until_the_next_period():
    duties.make_duties(at=NOW)
    assert duties.make_duties(at=NOW) == 0
    ContentTask.objects.filter(cadence="WEEKLY").first().save()
    assert duties.make_duties(at=datetime(2026, 3, 9, tzinfo=UTC)) == 3
    assert duties.make_duties(at=datetime(2026, 4, 1, tzinfo=UTC)) == 8


def test_what_is_switched_off_makes_none():
    ContentTask.objects.update(is_active=False)
    assert duties.make_duties(at=NOW) == 0


def test_an_owner_marks_a_duty_and_takes_that_back():
    owner = UserFactory(role="Team lead")
    duty = make_duty(owner)
    done = duties.mark_done(duty_id=duty.pk, note=" two  mended ", actor=owner, at=NOW)
    assert (done.done_at, done.done_by, done.note) == (NOW, owner, "two mended")
    with pytest.raises(duties.DutyStateRefused):
        duties.mark_done(duty_id=duty.pk, note="", actor=owner, at=NOW)
    duties.mark_not_done(duty_id=duty.pk, actor=owner)
    duty.refresh_from_db()
    assert (duty.done_at, duty.note) == (None, "two mended")
    with pytest.raises(duties.DutyStateRefused):
        duties.mark_not_done(duty_id=duty.pk, actor=owner)


def test_somebody_elses_duty_is_refused_but_to_who_manages(lead):
    duty = make_duty(UserFactory(role="Team lead"))
    with pytest.raises(duties.NotYourDuty):
        duties.mark_done(
            duty_id=duty.pk, note="", actor=UserFactory(role="Team lead"), at=NOW
        )
    duty.refresh_from_db()
    assert duty.done_at is None
    done = duties.mark_done(duty_id=duty.pk, note="None found", actor=lead, at=NOW)
    assert done.done_by == lead


@pytest.mark.parametrize("note", ["", " \n "])
def test_a_duty_without_a_note_stays_open(note):
    owner = UserFactory(role="Team lead")
    duty = make_duty(owner)
    with pytest.raises(duties.DutyNoteMissing):
        duties.mark_done(duty_id=duty.pk, note=note, actor=owner, at=NOW)
    duty.refresh_from_db()
    assert (duty.done_at, duty.done_by) == (None, None)


def test_owners_are_reminded_once_two_days_before():
    owner = UserFactory(role="Team lead")
    make_duty(owner, "Friday", due_on=date(2026, 3, 6))
    make_duty(owner, "Later", due_on=date(2026, 3, 7))
    make_duty(None, "Nobody's", due_on=date(2026, 3, 5))
    assert duties.remind_owners(at=NOW) == 1
    assert duties.remind_owners(at=NOW) == 0
    told = Notification.objects.get()
    assert (told.recipient, told.kind) == (owner, Kind.KNOWLEDGE)
    assert "Friday" in told.title


def test_the_nightly_task_makes_and_reminds():
    ContentTask.objects.filter(cadence="WEEKLY").update(
        owner=UserFactory(role="Team lead")
    )
    with time_machine.travel(datetime(2026, 3, 5, 1, tzinfo=UTC), tick=False):
        assert content_duties() == {"made": 10, "reminded": 3}


def test_the_page_shows_overdue_first_and_what_goes_on_all_the_time(lead):
    make_duty(lead, "Late", due_on=date(2026, 3, 3))
    make_duty(lead, "Soon", due_on=date(2026, 3, 6))
    make_duty(lead, "Next", due_on=date(2026, 3, 13))
    make_duty(lead, "Done", done_at=NOW, done_by=lead)
    found = duties_of(today=NOW.date(), user=lead)
    assert [(line.duty.task.name, line.standing) for line in found.open] == [
        ("Late", "OVERDUE"), ("Soon", "DUE"), ("Next", "LATER"),
    ]  # fmt: skip
    assert [line.duty.task.name for line in found.done] == ["Done"]
    assert [(task.name, page) for task, page in found.ongoing] == [
        ("Flag what no article answers", "/kb/flags/?kind=MISSING")
    ]
    page = client_of(lead).get(reverse("kb:duties")).content.decode()
    assert "1 overdue" in page


def test_pages_of_tasks_are_hidden_from_who_may_not_open_them():
    duties.make_duties(at=NOW)
    found = duties_of(today=NOW.date(), user=UserFactory(role="Agent"))
    pages = {line.duty.task.name: line.page for line in found.open}
    assert pages["Read what was searched for in vain"] == ""
    assert pages["Mend the articles that were flagged"] == "/kb/flags/"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries(lead, rows, django_assert_num_queries):
    client = client_of(lead)
    for _ in range(rows):
        make_duty(lead)
        make_duty(lead, done_at=NOW, done_by=lead)
    client.get(reverse("kb:duties"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("kb:duties"))


PAGE_QUERIES = 8


def test_posts_by_who_may_and_who_may_not(lead):
    duty = make_duty(UserFactory(role="Team lead"))
    done, owner = (
        reverse("kb:duty", args=[duty.pk]),
        reverse("kb:duty-owner", args=[duty.task_id]),
    )
    for role in ("Agent", "Executive"):
        other = client_of(UserFactory(role=role))
        assert other.get(reverse("kb:duties")).status_code == 200
        assert other.post(done).status_code == 403
        assert other.post(owner).status_code == 403
    duty.refresh_from_db()
    assert duty.done_at is None
    client = client_of(lead)
    client.post(owner, {"owner": lead.pk})
    client.post(done, {"verb": "done", "note": "All read"})
    duty.refresh_from_db()
    assert (duty.task.owner, duty.note) == (lead, "All read")
    agent = UserFactory(role="Agent")
    client.post(owner, {"owner": agent.pk})
    duty.task.refresh_from_db()
    assert duty.task.owner == lead


def test_the_empty_page_says_why(lead):
    page = client_of(lead).get(reverse("kb:duties")).content.decode()
    assert "Nothing is due" in page
    ContentTask.objects.update(is_active=False)
    page = client_of(lead).get(reverse("kb:duties")).content.decode()
    assert "No content task is active" in page
