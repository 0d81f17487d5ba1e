from datetime import timedelta

import pytest
from django.urls import reverse

from qa.models import Certification, GoldTicket, RubricChange
from qa.services import gold, rubric
from qa.tasks.calibration import remind_of_calibrations
from qa.tasks.reliability import RELIABILITY_JOB, compute_reliability
from supportops.common import roles
from supportops.jobs.models import Job
from supportops.jobs.registry import work_of
from tests.factories.calibration import decided_calibration
from tests.factories.people import UserFactory
from tests.factories.quality import published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


def make_gold(lead):
    session = decided_calibration()
    gold.create_gold(item_id=session.items.get().pk, actor=lead, at=MONDAY_9AM)


def make_change(lead):
    rubric.open_change(
        scorecard_id=published_card().scorecard_id,
        criterion_key="tone",
        text="What is warm?",
        ticket_ids=[open_ticket().pk],
        actor=lead,
        at=MONDAY_9AM,
    )


def make_certificate(lead):
    Certification.objects.create(
        scorecard=published_card().scorecard,
        reviewer=reviewer(),
        granted_at=MONDAY_9AM,
        valid_until=MONDAY_9AM + timedelta(days=180),
    )


@pytest.mark.parametrize(
    ("model", "make", "queries"),
    [
        ("goldticket", make_gold, 6),
        ("rubricchange", make_change, 7),
        ("certification", make_certificate, 7),
    ],
)
def test_lists_take_the_same_queries_for_one_and_three_rows(
    model, make, queries, client, lead, django_assert_num_queries
):
    address = reverse(f"admin:qa_{model}_changelist")
    make(lead)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    make(lead)
    make(lead)
    with django_assert_num_queries(queries):
        client.get(address)


def test_gold_ticket_is_withdrawn_from_its_page(client, lead):
    make_gold(lead)
    row = GoldTicket.objects.get()

    client.get(reverse("admin:qa_goldticket_withdraw", args=[row.pk]))

    row.refresh_from_db()
    assert not row.is_active


def test_case_law_is_listed_with_titles_and_not_with_keys(client, lead):
    decided_calibration()

    page = client.get(reverse("admin:qa_calibrationdecision_changelist"))

    text = page.content.decode()
    assert "Solution" in text
    assert "3 points" in text
    assert ">p3<" not in text


def test_rubric_change_is_settled_on_its_page(client, lead):
    make_change(lead)
    address = reverse("qa:rubric-change", args=[RubricChange.objects.get().pk])

    empty = client.post(address, {"is_done": "1", "settlement": ""})
    client.post(address, {"is_done": "1", "settlement": "New anchor."})
    again = client.post(address, {"is_done": "0", "settlement": "No."})

    row = RubricChange.objects.get()
    assert (row.state, row.settled_by) == ("DONE", lead)
    assert (empty.status_code, again.status_code) == (200, 409)


def test_tasks_are_safe_to_run_twice():
    published_card()

    assert (remind_of_calibrations(), remind_of_calibrations()) == (0, 0)
    job = Job.objects.get(pk=compute_reliability())

    assert job.kind == RELIABILITY_JOB
    work = work_of(job.kind)
    first, second = work(Silent()), work(Silent())
    assert (first["scorecards"], second["figures"]) == (first["scorecards"], 0)
    assert first["figures"] > 0


class Silent:
    """Progress that nobody watches."""

    def set_total(self, total):
        pass

    def advance(self, count=1, *, note=""):
        pass
