"""The editor of planned people, its files, and staffing in the admin."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from supportops.common import roles
from tests.factories.capacity import make_queue, plan_staff, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import PlannedStaff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def lead(client):
    """Return a team lead who is signed in."""
    user = UserFactory(role=roles.TEAM_LEAD)
    client.force_login(user)
    return user


def phone(**fields):
    queue = make_queue(**fields)
    published_forecast(queue, [400] * 7)
    return queue


def page(name, *args):
    return reverse(f"capacity:staffing{name}", args=args)


def text(response):
    return response.content.decode()


def form_of(response, **changes):
    forms = response.context["forms"]
    data = {
        "seen": response.context["seen"],
        "block-TOTAL_FORMS": forms.total_form_count(),
        "block-INITIAL_FORMS": forms.initial_form_count(),
    }
    for form in forms:
        for bound in form:
            value = bound.value()
            data[bound.html_name] = "" if value is None or value is False else value
    return data | changes


def test_the_editor_adds_changes_and_removes_blocks(client, planner):
    queue = phone()
    plan_staff(queue, 4, weekdays=[0, 1])
    shown = client.get(page("-planned", queue.pk))
    sent = form_of(
        shown,
        **{
            "block-0-people": "5.5",
            "block-1-DELETE": "on",
            "block-2-weekday": "6",
            "block-2-starts_minute": "20:00",
            "block-2-ends_minute": "24:00",
            "block-2-people": "2",
        },
    )

    response = client.post(page("-planned", queue.pk), sent)

    assert response.status_code == 302
    found = PlannedStaff.objects.filter(queue=queue).order_by("weekday")
    assert [(b.weekday, b.starts_minute, b.people) for b in found] == [
        (0, 540, Decimal("5.5")),
        (6, 1200, 2),
    ]


def test_the_editor_says_what_is_wrong_and_writes_nothing(client, planner):
    queue = phone()
    shown = client.get(page("-planned", queue.pk))
    sent = form_of(
        shown,
        **{
            "block-0-weekday": "0",
            "block-0-starts_minute": "9:00",
            "block-0-ends_minute": "8:00",
            "block-0-people": "2",
        },
    )

    response = client.post(page("-planned", queue.pk), sent)

    assert response.status_code == 422
    assert "It ends after it starts." in text(response)
    assert not PlannedStaff.objects.exists()


def test_the_editor_refuses_what_somebody_else_changed(client, planner):
    queue = phone()
    sent = form_of(client.get(page("-planned", queue.pk)))
    plan_staff(queue, 4)

    response = client.post(page("-planned", queue.pk), sent)

    assert response.status_code == 409
    assert PlannedStaff.objects.count() == 5


def test_an_empty_plan_is_started_from_the_template_and_copied(client, planner):
    queue = phone()
    assert "Start from a template" in text(client.get(page("-planned", queue.pk)))

    client.post(page("-planned-template", queue.pk))
    client.post(page("-planned-copy", queue.pk), {"source": "0", "targets": ["6"]})

    people = PlannedStaff.objects.filter(queue=queue, weekday=6)
    assert sorted(block.people for block in people) == [4, 6, 12]


def test_a_file_of_blocks_goes_out_and_comes_back(client, planner):
    queue, other = phone(), phone()
    plan_staff(queue, 4, name="=Core")

    written = client.get(page("-planned-csv", queue.pk)).getvalue()
    upload = SimpleUploadedFile("plan.csv", written)
    client.post(page("-planned-file", other.pk), {"file": upload})

    assert b"Monday,09:00,17:00,4,'=Core,," in written
    assert list(other.planned.values_list("name", flat=True)) == ["=Core"] * 5


def test_a_file_that_is_no_text_is_refused(client, planner):
    queue = phone()
    upload = SimpleUploadedFile("plan.csv", b"\xff\xfe\x00")

    response = client.post(
        page("-planned-file", queue.pk), {"file": upload}, follow=True
    )

    assert "The file is not UTF-8 text." in text(response)


@pytest.mark.parametrize("count", [1, 3])
def test_the_editor_takes_the_same_queries_for_any_number_of_blocks(
    client, planner, count, django_assert_num_queries
):
    queue = phone()
    plan_staff(queue, 4, weekdays=range(count))
    client.get(page("-planned", queue.pk))
    with django_assert_num_queries(6):
        client.get(page("-planned", queue.pk))


def test_the_admin_lists_the_visible_queues_only(client, lead):
    mine, other = phone(name="Mine"), phone(name="Other")
    mine.teams.add(TeamFactory(lead=lead))
    plan_staff(mine, 4, weekdays=[0])
    plan_staff(other, 4, weekdays=[0])

    for model in ("assumptions", "plannedstaff"):
        address = reverse(f"admin:capacity_{model}_changelist")
        rows = client.get(address).context["cl"].queryset
        assert [row.queue for row in rows] == [mine]
