"""Taking draws: previews, the draw itself, its replay, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from qa.models import (
    Certification,
    GoldTicket,
    SampleItem,
    SamplingDraw,
)
from qa.selectors.sampling import frame as frames
from qa.services import sampling as services
from sla.models import SlaClock
from supportops.notifications.models import Kind, Notification
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    plan,
    resolved_ticket,
    resolved_tickets,
)
from tests.factories.tickets import CategoryFactory, ChannelFactory
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def preview(of, seed=1, starts_on=WEEK, at=NEXT_MONDAY):
    return services.preview_draw(plan=of, starts_on=starts_on, seed=seed, at=at)


def take(of, seed=1, starts_on=WEEK, at=NEXT_MONDAY, actor=None, **more):
    return services.take_draw(
        plan_id=of.pk, starts_on=starts_on, seed=seed, actor=actor, at=at, **more
    )


def frame_of(of, starts_on=WEEK):
    return {row.ticket for row in frames.candidates(of, starts_on)}


# Frame ------------------------------------------------------------------------------------


def test_frame_holds_what_people_who_work_here_resolved_in_the_week():
    ada = agent()
    inside = resolved_ticket(ada)
    for values in (
        {"at": datetime(2026, 3, 1, 23, 59, tzinfo=UTC)},
        {"at": datetime(2026, 3, 9, tzinfo=UTC)},
        {"outcome": "DUPLICATE"},
        {"outcome": "OUT_OF_SCOPE"},
        {"merged_into": inside},
        {"assignee": None},
        {"assignee": UserFactory(is_automation=True)},
        {"assignee": UserFactory(is_active=False)},
        {"assignee": UserFactory(imported_from="old-desk")},
        {"resolved_at": None, "is_open": True, "state": "OPEN"},
    ):
        resolved_ticket(ada, **values)

    assert frame_of(plan()) == {inside.pk}


def test_frame_cuts_the_week_in_the_zone_of_the_plan():
    late = resolved_ticket(agent(), datetime(2026, 3, 8, 20, tzinfo=UTC))

    # 20:00 UTC on Sunday is Monday in Tokyo.
    assert frame_of(plan()) == {late.pk}
    assert frame_of(plan(time_zone="Asia/Tokyo")) == set()
    assert frame_of(plan(time_zone="Asia/Tokyo"), date(2026, 3, 9)) == {late.pk}


def test_frame_follows_teams_categories_with_what_is_beneath_and_channels():
    team, chat = TeamFactory(), ChannelFactory()
    root = CategoryFactory(name="Billing")
    below = CategoryFactory(name="Refunds", parent=root)
    beside = CategoryFactory(name="Billing extras")
    ada, ben = agent(team=team), agent()
    refund = resolved_ticket(ada, category=below, channel=chat)
    extra = resolved_ticket(ada, category=beside)
    other = resolved_ticket(ben, category=root)

    assert frame_of(plan(teams=[team])) == {refund.pk, extra.pk}
    assert frame_of(plan(categories=[root])) == {refund.pk, other.pk}
    assert frame_of(plan(channels=[chat])) == {refund.pk}


def test_strata_are_made_of_the_chosen_fields():
    ada, chat = agent(), ChannelFactory(code="kiosk")
    root = CategoryFactory(name="Billing")
    below = CategoryFactory(name="Refunds", parent=root)
    resolved_ticket(ada, category=below, channel=chat, priority="P2", reopen_count=1)
    resolved_ticket(ada, priority="")
    of = plan(strata=["category", "complexity", "channel", "priority"])

    assert [row.label for row in preview(of).strata] == [
        "Billing | high | kiosk | P2",
        "– | low | – | –",
    ]


def test_low_satisfaction_and_missed_promises_are_flagged_with_their_rule(settings):
    settings.SATISFACTION_FIELD = "csat"
    ada = agent()
    unhappy = resolved_ticket(ada, custom={"csat": "2"})
    late = resolved_ticket(ada)
    SlaClock.objects.create(
        ticket=late, metric="resolution", state="missed", target_seconds=60,
        started_at=IN_WEEK, stopped_at=IN_WEEK, elapsed_seconds=90, judged_at=IN_WEEK,
        is_kept=False, watched_since=IN_WEEK, computed_at=IN_WEEK,
    )  # fmt: skip
    resolved_ticket(ada, custom={"csat": "none"})
    of = plan(
        rules=["breached", "low_satisfaction"],
        rule_limit=2, quota_rule="FIXED", quota=1, reviewers=[reviewer()],
    )  # fmt: skip

    shown = preview(of)

    assert shown.inputs.flags == {
        unhappy.pk: ["low_satisfaction"],
        late.pk: ["breached"],
    }
    flagged = {item.ticket: item.rule for item in shown.items if item.why == "RULE"}
    random = {item.ticket for item in shown.items if item.why == "RANDOM"}
    rules = {late.pk: "breached", unhappy.pk: "low_satisfaction"}
    assert flagged == {
        ticket: rule for ticket, rule in rules.items() if ticket not in random
    }
    assert all(item.probability is None for item in shown.items if item.why == "RULE")


# Quotas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "quota"), [(5, 5), (6, 4), (16, 3), (31, 2)])
def test_quota_follows_the_size_of_the_team(size, quota):
    team = TeamFactory()
    people = [agent(team=team) for _ in range(size)]
    UserFactory(team=team, is_active=False)
    resolved_tickets(people[0], 9)

    row = preview(plan()).agents[0]

    assert (row.quota, row.drawn) == (quota, quota)


def test_agent_with_one_ticket_is_covered_with_certainty():
    ada = agent()
    only = resolved_ticket(ada)
    of = plan(strata=["priority"], reviewers=[reviewer()])

    draw = take(of)

    item = draw.items.get()
    assert (item.ticket, item.agent, item.probability) == (only, ada, 1.0)


def test_agent_of_the_weeks_before_without_a_ticket_is_named():
    ada, away = agent(), agent()
    resolved_ticket(ada)
    resolved_ticket(away, IN_WEEK - timedelta(weeks=2))

    assert preview(plan()).uncovered == [away.pk]


# Preview and draw -------------------------------------------------------------------------


@pytest.fixture
def busy():
    """Return a plan with all it can have, over three agents."""
    people = [agent() for _ in range(3)]
    for person in people:
        resolved_tickets(person, 6)
        resolved_tickets(person, 6, priority="P1", reopen_count=1)
    version = published_card()
    gold = resolved_ticket(people[0], IN_WEEK - timedelta(weeks=9))
    GoldTicket.objects.create(
        ticket=gold, agent=people[0], version=version, score=80,
        created_by=people[0], created_at=IN_WEEK,
    )  # fmt: skip
    return plan(
        version=version, strata=["priority"], rules=["reopened"], overlap_share="0.1",
        gold_share="0.1", reviewers=[reviewer(), reviewer(), reviewer()],
    )  # fmt: skip


def stored(draw):
    return [
        (
            item.ticket_id,
            item.agent_id,
            item.stratum,
            item.why,
            item.rule,
            item.probability,
            item.reviewer_id,
        )
        for item in draw.items.order_by("position")
    ]


def test_preview_writes_nothing(busy):
    shown = preview(busy)

    assert len(shown.items) == 15 + 3 + 2 + 2
    assert not SamplingDraw.objects.exists()
    assert not SampleItem.objects.exists()
    assert not Notification.objects.exists()


def test_draw_with_the_same_seed_is_the_preview(busy):
    shown = preview(busy, seed=7)

    draw = take(busy, seed=7, expected_hash=shown.frame_hash)

    assert stored(draw) == [
        (i.ticket, i.agent, i.stratum, i.why, i.rule, i.probability, i.reviewer)
        for i in shown.items
    ]
    assert draw.frame_hash == shown.frame_hash
    assert draw.frame_size == 36
    assert [(row["label"], row["size"]) for row in draw.strata] == [
        ("P1", 18),
        ("P3", 18),
    ]
    assert (draw.starts_on, draw.ends_on) == (WEEK, date(2026, 3, 9))
    assert {item.due_at for item in draw.items.all()} == {
        NEXT_MONDAY + timedelta(hours=48)
    }


def test_another_seed_gives_other_tickets(busy):
    first, second = preview(busy, seed=1), preview(busy, seed=2)

    assert {i.ticket for i in first.items} != {i.ticket for i in second.items}


def test_draw_tells_each_reviewer_once(busy):
    draw = take(busy)

    told = Notification.objects.filter(kind=Kind.REVIEWS_TO_DO)
    assert {n.recipient_id for n in told} == set(
        busy.reviewers.values_list("pk", flat=True)
    )
    assert told.count() == 3
    load = draw.items.filter(reviewer=told[0].recipient_id).count()
    assert told[0].title == f"{load} reviews to do by 2026-03-11 08:00 (UTC)"


def test_second_review_is_never_by_the_first_reviewer_nor_the_agent(busy):
    draw = take(busy)

    seconds = draw.items.filter(why="OVERLAP")
    assert seconds.count() == 2
    for item in seconds:
        first = draw.items.get(ticket=item.ticket, why="RANDOM")
        assert item.reviewer_id not in {first.reviewer_id, item.agent_id}
        assert item.probability is None


# Replay -----------------------------------------------------------------------------------


def test_replay_gives_the_same_items_after_everything_else_has_changed(busy):
    draw = take(busy, seed=11)
    busy.reviewers.clear()
    busy.strata, busy.quota_rule, busy.quota = [], "FIXED", 1
    busy.save()
    Ticket.objects.filter(reopen_count=1).update(reopen_count=0, priority="P4")
    resolved_tickets(agent(), 4)

    assert services.replay_draw(SamplingDraw.objects.get(pk=draw.pk)) == []


def test_replay_after_a_replacement_and_a_handover_is_still_the_same(busy):
    draw = take(busy)
    item = draw.items.filter(why="RANDOM").first()
    services.replace_item(
        item_id=item.pk, actor=None, reason="Spam", code="SPAM", at=NEXT_MONDAY
    )

    assert services.replay_draw(draw) == []


def test_replay_names_a_ticket_that_was_swapped_behind_its_back(busy):
    draw = take(busy)
    item = draw.items.filter(why="RANDOM").first()
    used = set(draw.items.values_list("ticket_id", flat=True))
    other = next(row[0] for row in draw.frame if row[0] not in used)
    before = item.ticket_id
    draw.items.filter(pk=item.pk).update(ticket=other)

    assert services.replay_draw(draw) == [
        f"Ticket #{before} is in the replay and not in the draw.",
        f"Ticket #{other} is in the draw and not in the replay.",
    ]


def test_replay_notices_a_frame_that_was_changed(busy):
    draw = take(busy)
    draw.frame[0][2] = "P9"

    assert services.replay_draw(draw)[0] == (
        "The stored frame is not the one that was drawn from."
    )


# Refusals ---------------------------------------------------------------------------------


def test_second_draw_of_a_week_is_refused_and_writes_nothing(busy):
    first = take(busy)

    with pytest.raises(services.AlreadyDrawn, match="2026-03-02 has been drawn"):
        take(busy, seed=2)

    assert list(SamplingDraw.objects.all()) == [first]
    assert SampleItem.objects.count() == first.items.count()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"starts_on": date(2026, 3, 3)}, services.NotAMonday),
        ({"at": NEXT_MONDAY - timedelta(hours=9)}, services.PeriodNotOver),
        ({"seed": -1}, services.SeedInvalid),
        ({"seed": 2**31}, services.SeedInvalid),
        ({"starts_on": date(2025, 3, 3)}, services.FrameEmpty),
        ({"expected_hash": "0" * 64}, services.FrameChanged),
    ],
)
def test_draw_is_refused_and_writes_nothing(busy, change, refusal):
    with pytest.raises(refusal):
        take(busy, **change)

    assert not SamplingDraw.objects.exists()
    assert not Notification.objects.exists()


def test_draw_without_reviewers_or_of_an_inactive_plan_is_refused():
    resolved_ticket(agent())

    with pytest.raises(services.NoReviewers, match="Name reviewers"):
        take(plan())
    with pytest.raises(services.PlanInactive):
        take(plan(is_active=False, reviewers=[reviewer()]))
    assert not SamplingDraw.objects.exists()


def test_draw_for_a_scorecard_without_a_published_version_is_refused():
    resolved_ticket(agent())
    of = plan(reviewers=[reviewer()])
    of.scorecard.versions.update(state="ARCHIVED")

    with pytest.raises(services.NoPublishedScorecard):
        take(of)
    assert not SamplingDraw.objects.exists()


def test_preview_of_an_empty_frame_shows_nothing_and_names_who_is_missing():
    ada = agent()
    resolved_ticket(ada, IN_WEEK - timedelta(weeks=1))

    shown = preview(plan(reviewers=[reviewer()]))

    assert (shown.frame_size, shown.items, shown.strata) == (0, [], [])
    assert shown.uncovered == [ada.pk]


# Reviewers --------------------------------------------------------------------------------


def test_uncertified_reviewers_get_gold_tickets_only(busy):
    certified, *others = busy.reviewers.order_by("pk")
    busy.scorecard.requires_certificate = True
    busy.scorecard.save()
    for person, until in ((certified, 30), (others[0], -1)):
        Certification.objects.create(
            scorecard=busy.scorecard, reviewer=person, granted_at=IN_WEEK,
            valid_until=NEXT_MONDAY + timedelta(days=until),
        )  # fmt: skip

    draw = take(busy)

    whys = {
        person.pk: set(draw.items.filter(reviewer=person).values_list("why", flat=True))
        for person in (certified, *others)
    }
    assert whys[certified.pk] >= {"RANDOM", "RULE"}
    assert whys[others[0].pk] == whys[others[1].pk] == {"GOLD"}


def test_gold_ticket_goes_to_nobody_who_knows_it(busy):
    knows = busy.reviewers.first()
    gold = GoldTicket.objects.get()
    write_review(
        agent=gold.agent, ticket=gold.ticket, reviewer=knows, version=gold.version,
        kind="GOLD",
    )  # fmt: skip

    draw = take(busy)

    assert draw.items.filter(why="GOLD").exists()
    assert not draw.items.filter(why="GOLD", reviewer=knows).exists()


def test_spread_of_scores_by_stratum_needs_five(busy):
    draw = take(busy)
    busy.allocation = "NEYMAN"
    busy.save()
    items = list(draw.items.filter(why="RANDOM", stratum="P1")[:5])
    for item, score in zip(items, (60, 70, 80, 90, 100), strict=True):
        write_review(
            score=score, agent=item.agent, ticket=item.ticket, sample_item=item,
            reviewer=item.reviewer, at=NEXT_MONDAY + timedelta(hours=1),
        )  # fmt: skip
    later = NEXT_MONDAY + timedelta(weeks=1)

    spreads = frames.spreads_by_stratum(busy, later)

    assert spreads == {"P1": pytest.approx(15.811388)}


# At once ----------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_draws_at_once_become_one():
    resolved_tickets(agent(), 8)
    of = plan(reviewers=[reviewer(), reviewer()])
    barrier = Barrier(2)

    def run(seed):
        try:
            barrier.wait(timeout=10)
            return take(of, seed=seed)
        except services.AlreadyDrawn as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, (1, 2)))

    assert sorted(type(each).__name__ for each in results) == [
        "AlreadyDrawn",
        "SamplingDraw",
    ]
    assert SamplingDraw.objects.count() == 1
    assert SampleItem.objects.count() == 5
