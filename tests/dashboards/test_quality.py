from datetime import timedelta

import pytest
from django.utils import timezone

from qa.models import Review, SampleItem
from supportops.common import roles
from tests.factories import quality as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

HOME = "/admin/"


def tiles(response):
    return {str(t.label): t.count for t in response.context.get("quality_tiles", [])}


def open_item(reviewer, due_at, agent=None):
    review = make.drawn_review(
        probability=0.5, reviewer=reviewer, agent=agent, score=None, state="DRAFT"
    )
    item = review.sample_item
    Review.objects.filter(pk=review.pk).update(sample_item=None)
    review.delete()
    SampleItem.objects.filter(pk=item.pk).update(state="OPEN", due_at=due_at)
    return item


def test_reviewer_sees_what_is_due_and_the_next_review(client):
    reviewer = make.reviewer()
    client.force_login(reviewer)
    now = timezone.now()
    late = open_item(reviewer, now - timedelta(hours=3))
    open_item(reviewer, now + timedelta(days=3))
    open_item(make.reviewer(), now - timedelta(hours=3))

    response = client.get(HOME)

    shown = tiles(response)
    assert shown["Reviews overdue"] == 1
    assert (shown["Reviews due today"], shown["Drafts"]) == (0, 0)
    assert response.context["next_work"].ticket_id == late.ticket_id
    assert "Next review" in response.content.decode()


def test_coverage_is_of_the_week_that_was_drawn_last(client):
    reviewer = make.reviewer()
    client.force_login(reviewer)
    item = open_item(reviewer, timezone.now() + timedelta(days=3))

    response = client.get(HOME)

    assert response.context["coverage_period"] == (
        item.draw.starts_on,
        item.draw.ends_on,
    )
    rows = [each["row"] for each in response.context["coverage"]]
    assert [(row.agent, row.drawn, row.done) for row in rows] == [(item.agent, 1, 0)]
    assert "from 2 Mar until before 9 Mar 2026" in response.content.decode()


def test_reviewer_with_nothing_to_do_is_told_what_to_do(client):
    client.force_login(make.reviewer())

    text = client.get(HOME).content.decode()

    assert "Review a ticket of your choice" in text


def test_agent_sees_released_reviews_to_acknowledge_and_no_others(client):
    agent = make.agent()
    client.force_login(agent)
    mine = make.write_review(agent=agent)
    make.write_review(agent=agent, state="SUBMITTED")
    make.write_review(agent=agent, state="ACKNOWLEDGED")
    make.write_review()

    response = client.get(HOME)

    assert [review.pk for review in response.context["own_reviews"]] == [mine.pk]
    assert tiles(response) == {}


def test_support_lead_sees_what_waits_for_release(client):
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    make.write_review(state="SUBMITTED")
    make.write_review()

    assert tiles(client.get(HOME)) == {"Reviews not released": 1, "Disputes overdue": 0}


@pytest.mark.parametrize("role", [roles.EXECUTIVE, roles.WORKFORCE_MANAGER])
def test_others_have_no_quality_panel(client, role):
    client.force_login(UserFactory(role=role))
    make.write_review()

    response = client.get(HOME)

    assert tiles(response) == {}
    assert "own_reviews" not in response.context


@pytest.mark.parametrize("rows", [1, 3])
def test_reviewers_home_does_not_ask_more_with_more_rows(
    client, rows, django_assert_num_queries
):
    reviewer = make.reviewer()
    client.force_login(reviewer)
    for _ in range(rows):
        open_item(reviewer, timezone.now())
    client.get(HOME)

    with django_assert_num_queries(26):
        client.get(HOME)
