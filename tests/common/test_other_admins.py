import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from supportops.common import roles
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TASKS = reverse("admin:django_celery_beat_periodictask_changelist")
ATTEMPTS = reverse("admin:axes_accessattempt_changelist")


@pytest.mark.parametrize(
    "name",
    [
        "django_celery_beat_periodictask",
        "django_celery_beat_intervalschedule",
        "django_celery_beat_crontabschedule",
        "django_celery_beat_solarschedule",
        "django_celery_beat_clockedschedule",
        "axes_accessattempt",
        "axes_accesslog",
        "axes_accessfailurelog",
        "auth_group",
    ],
)
def test_lists_of_other_packages_open_for_administrators_only(client, name):
    page = reverse(f"admin:{name}_changelist")
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    assert client.get(page).status_code == 403

    client.force_login(UserFactory(role=roles.ADMINISTRATOR))
    response = client.get(page)

    assert response.status_code == 200
    # unfold's list, not Django's own
    assert "unfold" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_schedule_list_query_count_does_not_grow(
    client, rows, django_assert_num_queries
):
    PeriodicTask.objects.all().delete()
    client.force_login(UserFactory(is_superuser=True))
    for number in range(rows):
        every = IntervalSchedule.objects.create(every=number + 1, period="hours")
        PeriodicTask.objects.create(name=f"t{number}", task="sla.sweep", interval=every)

    with django_assert_num_queries(6):
        response = client.get(TASKS)

    assert len(response.context["cl"].result_list) == rows


def test_a_schedule_is_edited_with_the_tasks_that_exist(client):
    client.force_login(UserFactory(role=roles.ADMINISTRATOR))
    every = IntervalSchedule.objects.create(every=1, period="hours")
    task = PeriodicTask.objects.create(name="sweep", task="sla.sweep", interval=every)

    page = client.get(
        reverse("admin:django_celery_beat_periodictask_change", args=[task.pk])
    )

    assert page.status_code == 200


def test_a_locked_out_person_is_let_in_by_deleting_the_attempts(client):
    client.force_login(UserFactory(role=roles.ADMINISTRATOR))
    attempt = AccessAttempt.objects.create(
        username="ada", attempt_time=timezone.now(), failures_since_start=5
    )

    shown = client.get(ATTEMPTS)
    client.post(
        reverse("admin:axes_accessattempt_delete", args=[attempt.pk]), {"post": "yes"}
    )

    assert shown.status_code == 200
    assert not AccessAttempt.objects.exists()
