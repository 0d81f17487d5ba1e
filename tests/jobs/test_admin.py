from datetime import UTC, datetime

import pytest
from django.urls import reverse

from supportops.jobs.models import Job
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANGELIST = "/admin/jobs/job/"


def job(owner=None, **values):
    values = {
        "kind": "sla.recompute",
        "title": "Recompute",
        "created_at": NOON,
        **values,
    }
    return Job.objects.create(created_by=owner, **values)


def as_(client, user):
    client.force_login(user)
    return client


def page(name, found):
    return reverse(f"admin:jobs_job_{name}", args=[found.pk])


def test_agent_sees_own_jobs_only(client):
    agent = UserFactory(role="Agent")
    mine, other = job(agent, title="Mine"), job(UserFactory(), title="Other")
    as_(client, agent)

    listed = client.get(CHANGELIST).context["cl"].result_list

    assert list(listed) == [mine]
    assert client.get(page("change", mine)).status_code == 200
    assert client.get(page("change", other)).status_code == 404
    assert client.get(page("progress", other)).status_code == 404


def test_support_lead_sees_every_job(client):
    lead = UserFactory(role="Support lead")
    job(UserFactory(), title="Other")
    as_(client, lead)

    assert client.get(CHANGELIST).context["cl"].result_count == 1


def test_visitor_is_asked_to_sign_in(client):
    answer = client.get(page("progress", job()))

    assert answer.status_code == 302
    assert "/admin/login/" in answer.url


def test_progress_of_running_work_asks_again(client):
    owner = UserFactory()
    found = job(owner, state="RUNNING", done=3, total=12)
    as_(client, owner)

    answer = client.get(page("progress", found))
    html = answer.content.decode()

    assert 'hx-trigger="every 1s"' in html
    assert f'hx-get="{page("progress", found)}"' in html
    assert "3 of 12 (25 %)" in html
    assert "HX-Trigger" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_progress_of_finished_work_stops_asking_and_says_so(client):
    owner = UserFactory()
    found = job(owner, state="DONE", finished_at=NOON)
    as_(client, owner)

    answer = client.get(page("progress", found))

    assert "every 1s" not in answer.content.decode()
    assert answer.headers["HX-Trigger"] == "jobEnded"


def test_job_page_shows_the_result_escaped(client):
    owner = UserFactory()
    found = job(owner, state="DONE", finished_at=NOON, result={"rows": "<b>7</b>"})
    as_(client, owner)

    html = client.get(page("change", found)).content.decode()

    assert "&lt;b&gt;7&lt;/b&gt;" in html
    assert "Ended" in html


def test_result_of_a_recomputation_names_what_is_counted(client):
    owner = UserFactory()
    counts = {"tickets": 4580, "created": 18_320}
    found = job(owner, state="DONE", finished_at=NOON, result=counts)
    as_(client, owner)

    html = client.get(page("change", found)).content.decode()

    assert '<th scope="row">tickets</th>' in html
    assert '<th scope="row">clocks created</th>' in html
    assert "18,320" in html


def test_owner_cancels_and_gets_the_fragment(client):
    owner = UserFactory()
    found = job(owner, state="RUNNING")
    as_(client, owner)

    answer = client.post(page("cancel", found), headers={"HX-Request": "true"})

    found.refresh_from_db()
    assert found.cancel_requested
    assert "Stops at its next step." in answer.content.decode()


def test_cancel_without_htmx_returns_to_the_job(client):
    owner = UserFactory()
    found = job(owner, state="QUEUED")
    as_(client, owner)

    answer = client.post(page("cancel", found))

    found.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, page("change", found))
    assert found.state == "CANCELLED"


def test_cancel_of_finished_work_says_why_not(client):
    owner = UserFactory()
    found = job(owner, state="DONE", finished_at=NOON)
    as_(client, owner)

    html = client.post(page("cancel", found), headers={"HX-Request": "true"}).content

    assert "already finished" in html.decode()


def test_only_owner_and_lead_may_cancel(client):
    found = job(UserFactory(), state="RUNNING")

    as_(client, UserFactory(role="Agent"))
    assert client.post(page("cancel", found)).status_code == 404
    as_(client, UserFactory(role="Support lead"))
    assert client.post(page("cancel", found)).status_code == 302

    found.refresh_from_db()
    assert found.cancel_requested


def test_cancel_by_get_is_not_allowed(client):
    owner = UserFactory()
    found = job(owner, state="RUNNING")
    as_(client, owner)

    assert client.get(page("cancel", found)).status_code == 405
    found.refresh_from_db()
    assert not found.cancel_requested


@pytest.mark.parametrize("count", [1, 3])
def test_changelist_query_count_does_not_grow(client, count, django_assert_num_queries):
    lead = UserFactory(role="Support lead")
    for _ in range(count):
        job(UserFactory())
    as_(client, lead)
    client.get(CHANGELIST)

    with django_assert_num_queries(6):
        assert client.get(CHANGELIST).context["cl"].result_count == count
