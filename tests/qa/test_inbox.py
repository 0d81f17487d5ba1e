from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from qa.models import Review, SampleItem
from qa.selectors import inbox
from qa.services import drafting
from supportops.common import roles
from tests.factories.calibration import calibration
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.qa.sampled import sample_item, worked_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return reviewer()


def to_do(writer, **values):
    """A drawn ticket, due in two days unless told."""
    item = sample_item(reviewed_by=writer, **values)
    SampleItem.objects.filter(pk=item.pk).update(
        due_at=values.get("due_at", timezone.now() + timedelta(days=2))
    )
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("rows", [1, 3])
def test_work_takes_a_fixed_number_of_queries(writer, rows, django_assert_num_queries):
    for _ in range(rows):
        item = to_do(writer)
        drafting.start_item(item_id=item.pk, reviewer=writer, at=timezone.now())
        write_review(reviewer=writer, state="DRAFT", kind="ADHOC")

    with django_assert_num_queries(3):
        work = inbox.work_of(writer)

    assert len(work) == 2 * rows


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_page_takes_a_fixed_number_of_queries(
    client, writer, rows, django_assert_max_num_queries
):
    client.force_login(writer)
    client.get(reverse("qa:inbox"))
    for _ in range(rows):
        to_do(writer)
        write_review(reviewer=writer, state="SUBMITTED")

    with django_assert_max_num_queries(24):
        page = client.get(reverse("qa:inbox"))

    assert len(page.context["work"]) == len(page.context["waiting"]) == rows


def test_work_is_ordered_by_what_is_due(writer):
    later = to_do(writer)
    now = timezone.now()
    sooner = sample_item(reviewed_by=writer)
    SampleItem.objects.filter(pk=sooner.pk).update(due_at=now - timedelta(hours=1))
    sample_item(reviewed_by=reviewer())

    assert [each.pk for each in inbox.work_of(writer)] == [sooner.pk, later.pk]


def test_tiles_count_late_and_begun_work(client, writer):
    item = to_do(writer)
    SampleItem.objects.update(due_at=timezone.now() - timedelta(hours=1))
    drafting.start_item(item_id=item.pk, reviewer=writer, at=timezone.now())
    write_review(reviewer=writer, state="SUBMITTED")
    client.force_login(writer)

    tiles = client.get(reverse("qa:inbox")).context["tiles"]

    assert [tile["n"] for tile in tiles] == [1, 0, 1, 0, 1]


def test_an_empty_inbox_says_what_to_do(client, writer):
    client.force_login(writer)

    page = client.get(reverse("qa:inbox")).content.decode()

    assert "Nothing is waiting for you." in page
    assert reverse("qa:review-new") in page


def test_next_opens_what_is_due_first(client, writer):
    item = to_do(writer)
    client.force_login(writer)

    reply = client.post(reverse("qa:review-next"))

    review = Review.objects.get(sample_item=item)
    assert reply.url == reverse("qa:score", args=[review.pk])


def test_next_without_work_returns_to_the_inbox(client, writer):
    client.force_login(writer)

    page = client.post(reverse("qa:review-next"), follow=True)

    assert page.redirect_chain == [(reverse("qa:inbox"), 302)]
    assert "Nothing is waiting for you." in page.content.decode()


def test_next_passes_over_what_cannot_be_opened(client, writer):
    certified = published_card()
    certified.scorecard.requires_certificate = True
    certified.scorecard.save()
    to_do(writer, version=certified)
    free = to_do(writer)
    client.force_login(writer)

    client.post(reverse("qa:review-next"))

    assert Review.objects.get().sample_item == free


def test_another_reviewers_item_is_not_started(client, writer):
    item = to_do(reviewer())
    client.force_login(writer)

    reply = client.post(reverse("qa:item-start", args=[item.pk]))

    assert reply.status_code == 404
    assert not Review.objects.exists()


def test_release_lets_go_of_ones_own_only(client, writer):
    own = write_review(reviewer=writer, state="SUBMITTED")
    other = write_review(state="SUBMITTED")
    client.force_login(writer)

    client.post(reverse("qa:inbox"), {"review": [own.pk, other.pk]})

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, other.state) == ("RELEASED", "SUBMITTED")


# A ticket of one's own choice -------------------------------------------------------------


def choose(client, **data):
    return client.post(reverse("qa:review-new"), data)


def test_a_chosen_ticket_is_its_assignees_work(client, writer):
    version, worked_by = published_card(), agent()
    ticket = worked_ticket(worked_by)
    client.force_login(writer)

    reply = choose(client, ticket=ticket.pk, scorecard=version.scorecard_id)

    review = Review.objects.get()
    assert reply.url == reverse("qa:score", args=[review.pk])
    assert (review.agent, review.kind, review.basis) == (worked_by, "ADHOC", "TARGETED")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("stranger", "neither holds this ticket nor wrote on it"),
        ("reviewer", "Select a valid choice"),
    ],
)
def test_a_chosen_agent_must_have_worked_on_the_ticket(client, writer, who, words):
    version = published_card()
    ticket = worked_ticket(agent())
    chosen = {"stranger": agent, "reviewer": lambda: writer}[who]()
    client.force_login(writer)

    reply = choose(
        client, ticket=ticket.pk, agent=chosen.pk, scorecard=version.scorecard_id
    )

    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert not Review.objects.exists()


def test_a_ticket_out_of_sight_cannot_be_chosen(client):
    version = published_card()
    ticket = worked_ticket(agent())
    lead = UserFactory(role=roles.TEAM_LEAD)
    client.force_login(lead)

    reply = choose(client, ticket=ticket.pk, scorecard=version.scorecard_id)

    assert reply.status_code == 422
    assert "that you may see" in reply.content.decode()


def test_sheet_of_a_calibration_carries_its_title_alone(client):
    session = calibration(title="Calibration of 5 May", at=timezone.now())
    client.force_login(session.participants.first().user)

    page = client.get(reverse("qa:inbox")).content.decode()

    assert '<span class="so-chip">Calibration of 5 May</span>' in page
    assert "Calibration: " not in page
