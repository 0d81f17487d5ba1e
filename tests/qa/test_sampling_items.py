"""Drawn items: replaced, handed on, expired; and draws that are taken by themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from qa.models import GoldTicket, SampleItem, SamplingDraw, SamplingPlan
from qa.selectors.sampling import open_items_of
from qa.services import sampling as services
from qa.services.sampling.automatic import due_week, take_due_draws
from qa.tasks.sampling import draw_due
from supportops.notifications.models import Kind, Notification
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    plan,
    resolved_ticket,
    resolved_tickets,
)

pytestmark = pytest.mark.django_db

LATER = NEXT_MONDAY + timedelta(hours=30)


def take(of, seed=1):
    return services.take_draw(
        plan_id=of.pk, starts_on=WEEK, seed=seed, actor=None, at=NEXT_MONDAY
    )


def replace(item, reason="Wrong person", code="WRONG_AGENT", actor=None):
    return services.replace_item(
        item_id=item.pk, actor=actor, reason=reason, code=code, at=LATER
    )


# Replacing --------------------------------------------------------------------------------


def test_replacement_is_of_the_same_agent_and_stratum_with_the_same_chance():
    ada, judge = agent(), reviewer()
    resolved_tickets(ada, 4, priority="P1")
    resolved_tickets(ada, 4, priority="P3")
    draw = take(
        plan(strata=["priority"], quota_rule="FIXED", quota=2, reviewers=[judge])
    )
    item = draw.items.get(stratum="P1")

    new = replace(item, actor=judge)

    item.refresh_from_db()
    assert (item.state, item.reason_code, item.reason) == (
        "REPLACED",
        "WRONG_AGENT",
        "Wrong person",
    )
    assert (item.ended_by, item.ended_at, item.replaced_by) == (judge, LATER, new)
    assert (new.agent, new.stratum, new.why, new.state) == (ada, "P1", "RANDOM", "OPEN")
    assert new.probability == item.probability == 0.25
    assert new.ticket_id != item.ticket_id
    assert (new.reviewer, new.due_at) == (judge, LATER + timedelta(hours=48))


def test_replacement_comes_from_another_stratum_when_its_own_is_used_up():
    ada = agent()
    resolved_ticket(ada, priority="P1")
    resolved_tickets(ada, 3, priority="P3")
    of = plan(strata=["priority"], quota_rule="FIXED", quota=2, reviewers=[reviewer()])
    draw = take(of)

    new = replace(draw.items.get(stratum="P1"))

    assert new.stratum == "P3"
    assert new.probability == 1.0


def test_replacement_with_nothing_left_only_ends_the_item():
    resolved_ticket(agent())
    item = take(plan(reviewers=[reviewer()])).items.get()

    assert replace(item) is None

    item.refresh_from_db()
    assert (item.state, item.replaced_by) == ("REPLACED", None)
    assert SampleItem.objects.count() == 1


def test_replacement_is_the_same_whenever_it_is_asked_for():
    resolved_tickets(agent(), 9)
    of = plan(reviewers=[reviewer()])
    draw = take(of, seed=5)
    item = draw.items.first()
    chosen = replace(item).ticket_id
    draw.items.update(replaced_by=None)
    draw.items.all().delete()
    draw.delete()

    again = take(of, seed=5).items.get(position=item.position)

    assert replace(again).ticket_id == chosen


def test_flagged_item_gives_way_to_another_flagged_ticket():
    ada = agent()
    resolved_tickets(ada, 6)
    reopened = resolved_tickets(ada, 3, reopen_count=1)
    of = plan(rules=["reopened"], quota_rule="FIXED", quota=1, reviewers=[reviewer()])
    flagged = take(of).items.get(why="RULE")

    new = replace(flagged)

    assert (new.why, new.rule, new.probability) == ("RULE", "reopened", None)
    assert new.ticket_id in {ticket.pk for ticket in reopened}


def test_second_review_moves_to_another_random_ticket_of_somebody_else():
    for _ in range(4):
        resolved_tickets(agent(), 5)
    judges = [reviewer(), reviewer()]
    second = take(plan(overlap_share="0.05", reviewers=judges)).items.get(why="OVERLAP")

    new = replace(second)

    first = new.draw.items.get(ticket=new.ticket_id, why="RANDOM")
    assert (new.why, new.reviewer_id) == ("OVERLAP", second.reviewer_id)
    assert first.reviewer_id not in {None, new.reviewer_id}


def test_gold_item_gives_way_to_a_gold_ticket_the_reviewer_does_not_know():
    ada, version = agent(), published_card()
    resolved_tickets(ada, 5)
    for ticket in resolved_tickets(ada, 2, IN_WEEK - timedelta(weeks=9)):
        GoldTicket.objects.create(
            ticket=ticket, agent=ada, version=version, score=80, created_by=ada,
            created_at=IN_WEEK,
        )  # fmt: skip
    of = plan(version=version, gold_share="0.1", reviewers=[reviewer()])
    gold = take(of).items.get(why="GOLD")

    new = replace(gold)

    assert new.why == "GOLD"
    assert new.ticket_id != gold.ticket_id
    assert replace(new) is None


@pytest.mark.parametrize(("reason", "code"), [("  ", "OTHER"), ("Because", "NONE")])
def test_replacement_without_a_reason_is_refused_and_writes_nothing(reason, code):
    resolved_tickets(agent(), 9)
    item = take(plan(reviewers=[reviewer()])).items.first()

    with pytest.raises(services.ReasonMissing, match="Say why"):
        replace(item, reason=reason, code=code)

    item.refresh_from_db()
    assert item.state == "OPEN"
    assert SampleItem.objects.count() == 5


def test_item_that_is_done_is_not_replaced():
    resolved_tickets(agent(), 9)
    item = take(plan(reviewers=[reviewer()])).items.first()
    SampleItem.objects.filter(pk=item.pk).update(state="DONE")

    with pytest.raises(services.ItemNotOpen, match="not open any more: Done"):
        replace(item)
    assert SampleItem.objects.count() == 5


# Handing on -------------------------------------------------------------------------------


@pytest.fixture
def item():
    resolved_ticket(agent())
    return take(plan(reviewers=[reviewer()])).items.get()


def hand(item, to, actor=None):
    return services.reassign_item(item_id=item.pk, reviewer=to, actor=actor, at=LATER)


def test_reassigned_item_is_the_new_reviewers_and_they_are_told(item):
    judge = reviewer()

    hand(item, judge)

    assert list(open_items_of(judge)) == [item]
    told = Notification.objects.filter(recipient=judge, kind=Kind.REVIEWS_TO_DO)
    assert told.get().title == f"A review was handed to you: ticket #{item.ticket_id}"


def test_item_is_handed_to_nobody_who_may_not_review_it(item):
    item.draw.plan.scorecard.requires_certificate = True
    item.draw.plan.scorecard.save()

    for person, words in (
        (UserFactory(), "may not score"),
        (reviewer(is_active=False), "may not score"),
        (reviewer(), "no valid certificate"),
    ):
        with pytest.raises(services.ReviewerRefused, match=words):
            hand(item, person)

    before = item.reviewer_id
    item.refresh_from_db()
    assert item.reviewer_id == before


def test_item_is_not_handed_to_its_own_agent():
    judge = reviewer()
    resolved_ticket(judge)
    item = take(plan(reviewers=[reviewer()])).items.get()

    with pytest.raises(services.ReviewerRefused, match="their own work"):
        hand(item, judge)


def test_second_review_is_not_handed_to_the_first_reviewer():
    resolved_ticket(agent())
    draw = take(plan(reviewers=[reviewer(), reviewer()], overlap_share="0.1"))
    first, second = draw.items.get(why="RANDOM"), draw.items.get(why="OVERLAP")

    with pytest.raises(services.ReviewerRefused, match="the second review is blind"):
        hand(second, first.reviewer)


def test_item_with_a_started_review_stays_with_its_reviewer(item):
    write_review(
        state="DRAFT", agent=item.agent, ticket=item.ticket, reviewer=item.reviewer,
        sample_item=item,
    )  # fmt: skip

    with pytest.raises(services.ItemNotOpen, match="has been started"):
        hand(item, reviewer())
    with pytest.raises(services.ItemNotOpen, match="has been started"):
        replace(item)
    item.refresh_from_db()
    assert item.state == "OPEN"


# Expiry -----------------------------------------------------------------------------------


def test_item_expires_two_weeks_past_due_unless_it_was_started():
    resolved_tickets(agent(), 2)
    stale, started = take(plan(reviewers=[reviewer()])).items.all()
    write_review(
        state="DRAFT", agent=started.agent, ticket=started.ticket,
        reviewer=started.reviewer, sample_item=started,
    )  # fmt: skip
    end = NEXT_MONDAY + timedelta(hours=48, days=14)

    assert services.expire_items(at=end - timedelta(seconds=1)) == 0
    assert services.expire_items(at=end) == 1
    assert services.expire_items(at=end) == 0

    stale.refresh_from_db()
    started.refresh_from_db()
    assert (stale.state, stale.ended_at, started.state) == ("EXPIRED", end, "OPEN")


# By itself --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weekday", "at", "week"),
    [
        (0, datetime(2026, 3, 9, 0, tzinfo=UTC), date(2026, 3, 2)),
        (0, datetime(2026, 3, 15, 23, tzinfo=UTC), date(2026, 3, 2)),
        (2, datetime(2026, 3, 10, 23, tzinfo=UTC), None),
        (2, datetime(2026, 3, 11, 0, tzinfo=UTC), date(2026, 3, 2)),
        (2, datetime(2026, 3, 16, 1, tzinfo=UTC), None),
    ],
)
def test_last_week_is_due_from_the_weekday_to_the_end_of_the_week(weekday, at, week):
    of = plan(weekday=weekday)
    SamplingPlan.objects.update(created_at=IN_WEEK)
    of.refresh_from_db()

    assert due_week(of, at) == week


def test_due_day_is_the_plans_own():
    of = plan(time_zone="Asia/Tokyo")
    SamplingPlan.objects.update(created_at=datetime(2026, 2, 1, tzinfo=UTC))
    of.refresh_from_db()

    assert due_week(of, datetime(2026, 3, 8, 15, tzinfo=UTC)) == WEEK
    assert due_week(of, datetime(2026, 3, 8, 14, tzinfo=UTC)) == date(2026, 2, 23)


def test_plan_made_after_its_day_waits_for_the_next_week():
    of = plan()
    SamplingPlan.objects.update(created_at=datetime(2026, 3, 11, tzinfo=UTC))
    of.refresh_from_db()

    assert due_week(of, datetime(2026, 3, 12, tzinfo=UTC)) is None
    assert due_week(of, datetime(2026, 3, 16, tzinfo=UTC)) == date(2026, 3, 9)


def test_due_draws_are_taken_once_and_a_refusal_holds_up_nobody():
    resolved_tickets(agent(), 9)
    nobody = plan()
    ready = plan(reviewers=[reviewer()])
    plan(reviewers=[reviewer()], is_automatic=False)
    plan(reviewers=[reviewer()], is_active=False)
    SamplingPlan.objects.update(created_at=IN_WEEK)

    assert take_due_draws(at=NEXT_MONDAY) == {"taken": 1, "refused": 1}
    assert take_due_draws(at=LATER) == {"taken": 0, "refused": 1}

    draw = SamplingDraw.objects.get()
    assert (draw.plan, draw.starts_on, draw.taken_by) == (ready, WEEK, None)
    assert not nobody.draws.exists()


def test_task_takes_what_is_due_and_gives_up_what_is_stale():
    resolved_tickets(agent(), 9)
    plan(reviewers=[reviewer()])
    SamplingPlan.objects.update(created_at=IN_WEEK)

    with time_machine.travel(NEXT_MONDAY, tick=False):
        assert draw_due() == {"taken": 1, "refused": 0, "expired": 0}
        assert draw_due() == {"taken": 0, "refused": 0, "expired": 0}
    with time_machine.travel(NEXT_MONDAY + timedelta(days=17), tick=False):
        assert draw_due()["expired"] == 5
