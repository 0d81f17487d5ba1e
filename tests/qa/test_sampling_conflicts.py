"""Who is given which ticket: nobody their own work, nobody a ticket they judge anyway."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qa.models import CalibrationItem, CalibrationSession, GoldTicket, SampleItem
from qa.selectors.sampling_conflicts import conflicts, judged, worked_on
from qa.services import drafting
from qa.services import sampling as services
from supportops.common import roles
from tests.factories.calibration import calibration
from tests.factories.people import UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    plan,
    resolved_ticket,
    resolved_tickets,
    taken,
)
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tickets import services as tickets
from tickets.models import Message, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def wrote(ticket, person, direction="OUT"):
    Message.objects.create(
        ticket=ticket, at=IN_WEEK, direction=direction, author=person, body="Hello"
    )


def noted(ticket, person):
    wrote(ticket, person, "INTERNAL")


def was_assigned(ticket, person):
    TicketEvent.objects.create(
        ticket=ticket, seq=1, at=IN_WEEK, kind="ASSIGNEE", to_value=str(person),
        details={"id": person.pk},
    )  # fmt: skip


def reviewed(ticket, person, state="RELEASED"):
    write_review(ticket=ticket, agent=ticket.assignee, reviewer=person, state=state,
                 kind="ADHOC", basis="TARGETED")  # fmt: skip


def begun(ticket, person):
    reviewed(ticket, person, "DRAFT")


def voided(ticket, person):
    reviewed(ticket, person, "VOIDED")


def calibrates(ticket, person, state="SCORING"):
    session = calibration(people=[person, reviewer()], tickets=1)
    CalibrationItem.objects.create(
        session=session, ticket=ticket, agent=ticket.assignee, position=9
    )
    CalibrationSession.objects.filter(pk=session.pk).update(state=state)


def drawn_elsewhere(ticket, person):
    other = taken(plan(reviewers=[reviewer()]))
    other.items.filter(ticket=ticket).update(reviewer=person)


WORKED = [wrote, noted, was_assigned]
JUDGED = [reviewed, begun, voided, calibrates, drawn_elsewhere]


def swap(item):
    return services.replace_item(
        item_id=item.pk, actor=None, reason="Spam", code="SPAM", at=NEXT_MONDAY
    )


# Who is in conflict -----------------------------------------------------------------------


def test_everybody_who_had_or_wrote_on_a_ticket_worked_on_it():
    first, second, third, noter, asker = (UserFactory() for _ in range(5))
    ticket = open_ticket(assignee=first, actor=asker)
    for person in (second, third):
        tickets.assign(ticket_id=ticket.pk, assignee=person, actor=asker, at=MONDAY_9AM)
    tickets.reply(
        ticket_id=ticket.pk, at=MONDAY_9AM, actor=noter, body="Try this", public=False
    )
    people = [person.pk for person in (first, second, third, noter, asker)]
    of_ticket = Ticket.objects.filter(pk=ticket.pk)

    assert worked_on(of_ticket, people) == {
        (ticket.pk, person.pk) for person in (first, second, third, noter)
    }
    assert judged(of_ticket, people) == set()


def test_another_ticket_a_called_off_round_and_an_ended_item_are_no_conflict():
    judge, ada = reviewer(), agent()
    ticket, other = resolved_tickets(ada, 2)
    for conflict in (wrote, was_assigned, reviewed):
        conflict(other, judge)
    calibrates(ticket, judge, "CANCELLED")
    drawn_elsewhere(ticket, judge)
    SampleItem.objects.update(state="EXPIRED")

    assert conflicts(Ticket.objects.filter(pk=ticket.pk), [judge.pk]) == set()
    assert conflicts(Ticket.objects.filter(pk=other.pk), [judge.pk]) == {
        (other.pk, judge.pk)
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_conflicts_are_read_in_six_queries(rows, django_assert_num_queries):
    people = [reviewer() for _ in range(rows)]
    for ticket, person in zip(resolved_tickets(agent(), rows), people, strict=True):
        wrote(ticket, person)

    with django_assert_num_queries(6):
        assert (
            len(conflicts(Ticket.objects.all(), [each.pk for each in people])) == rows
        )
    with django_assert_num_queries(0):
        assert conflicts(Ticket.objects.all(), []) == set()


# Draws ------------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", [*WORKED, *JUDGED])
def test_draw_gives_a_ticket_to_nobody_in_conflict(conflict):
    judges = [reviewer(), reviewer(), reviewer()]
    ticket = resolved_ticket(agent())
    for judge in judges[:2]:
        if conflict is was_assigned and judge is judges[1]:
            wrote(ticket, judge)
        else:
            conflict(ticket, judge)
    of = plan(reviewers=judges)

    for seed in range(6):
        shown = services.preview_draw(
            plan=of, starts_on=WEEK, seed=seed, at=NEXT_MONDAY
        )
        assert [item.reviewer for item in shown.items] == [judges[2].pk]
        assert shown.inputs.conflicts == [
            (ticket.pk, judges[0].pk),
            (ticket.pk, judges[1].pk),
        ]


def test_ticket_that_every_reviewer_worked_on_stays_nobodys_and_is_shown():
    judges = [reviewer(), reviewer()]
    ada = agent()
    ticket, other = resolved_tickets(ada, 2)
    for judge in judges:
        wrote(ticket, judge)
    of = plan(reviewers=judges)

    assert (
        services.preview_draw(
            plan=of, starts_on=WEEK, seed=1, at=NEXT_MONDAY
        ).unassigned
        == 1
    )
    draw = taken(of)

    assert draw.items.get(ticket=ticket).reviewer is None
    assert draw.items.get(ticket=other).reviewer in judges


def test_second_review_goes_to_nobody_in_conflict():
    first, helper = reviewer(), reviewer()
    for ticket in resolved_tickets(agent(), 3):
        wrote(ticket, helper)
    free = resolved_ticket(agent())

    draw = taken(plan(overlap_share="1", reviewers=[first, helper]))

    second = draw.items.get(why="OVERLAP")
    assert second.ticket == free
    assert draw.items.filter(why="RANDOM").exclude(ticket=free).count() == 3
    assert not draw.items.exclude(ticket=free).filter(reviewer=helper).exists()


@pytest.mark.parametrize("conflict", [wrote, was_assigned, calibrates])
def test_gold_goes_to_nobody_in_conflict(conflict):
    ada, version = agent(), published_card()
    resolved_tickets(ada, 5)
    gold = resolved_ticket(ada, IN_WEEK - timedelta(weeks=9))
    GoldTicket.objects.create(
        ticket=gold, agent=ada, version=version, score=80, created_by=ada,
        created_at=IN_WEEK,
    )  # fmt: skip
    helper, judge = reviewer(), reviewer()
    conflict(gold, helper)
    of = plan(version=version, gold_share="1", reviewers=[helper, judge])

    draw = taken(of)

    assert draw.items.get(why="GOLD").reviewer == judge


# Replay -----------------------------------------------------------------------------------


@pytest.fixture
def partial():
    """Return a taken draw that several conflicts have shaped."""
    judges = [reviewer() for _ in range(3)]
    for _ in range(3):
        for number, ticket in enumerate(resolved_tickets(agent(), 5)):
            wrote(ticket, judges[number % 3])
            reviewed(ticket, judges[(number + 1) % 3])
    return taken(plan(overlap_share="1", reviewers=judges))


def test_replay_is_exact_when_conflicts_have_gone_and_come_since(partial):
    assert len(partial.plan_then["inputs"]["conflicts"]) == 30
    assert not partial.items.filter(why="OVERLAP").exists()

    Message.objects.all().delete()
    for item in partial.items.all():
        wrote(item.ticket, item.reviewer)

    assert services.replay_draw(partial) == []


def test_replay_without_the_stored_conflicts_would_differ(partial):
    partial.plan_then["inputs"]["conflicts"] = []

    assert len(services.replay_draw(partial)) == 15


def test_draw_that_was_stored_before_conflicts_were_kept_replays():
    for _ in range(3):
        resolved_tickets(agent(), 6)
    draw = taken(plan(overlap_share="0.2", reviewers=[reviewer(), reviewer()]))
    del draw.plan_then["inputs"]["conflicts"]
    for item in draw.items.all():
        wrote(item.ticket, item.reviewer)

    assert services.replay_draw(draw) == []


# Replacing --------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", [*WORKED, reviewed, calibrates])
def test_replacement_is_no_ticket_that_its_reviewer_is_in_conflict_with(conflict):
    judge, ada = reviewer(), agent()
    resolved_tickets(ada, 4)
    draw = taken(plan(quota_rule="FIXED", quota=1, reviewers=[judge]))
    item = draw.items.get()
    rest = list(Ticket.objects.filter(assignee=ada).exclude(pk=item.ticket_id))
    for ticket in rest[:2]:
        conflict(ticket, judge)

    new = swap(item)

    assert (new.ticket, new.reviewer) == (rest[2], judge)


def test_replacement_is_nobodys_when_its_reviewer_worked_on_all_that_is_left():
    judge, ada = reviewer(), agent()
    resolved_tickets(ada, 2)
    item = taken(plan(quota_rule="FIXED", quota=1, reviewers=[judge])).items.get()
    left = Ticket.objects.filter(assignee=ada).exclude(pk=item.ticket_id).get()
    wrote(left, judge)

    new = swap(item)

    assert (new.ticket, new.agent, new.reviewer) == (left, ada, None)


def test_second_review_moves_to_no_ticket_that_its_reviewer_worked_on():
    for _ in range(3):
        resolved_ticket(agent())
    draw = taken(plan(overlap_share="0.1", reviewers=[reviewer(), reviewer()]))
    second = draw.items.get(why="OVERLAP")
    for item in draw.items.filter(why="RANDOM"):
        wrote(item.ticket, second.reviewer)

    assert swap(second) is None
    assert not draw.items.filter(why="OVERLAP", state="OPEN").exists()


# Handing on -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conflict", "words"),
    [(each, "worked on ticket") for each in WORKED]
    + [(each, "for another review") for each in JUDGED],
)
def test_item_is_handed_to_nobody_in_conflict(conflict, words):
    resolved_ticket(agent())
    item = taken(plan(reviewers=[reviewer()])).items.get()
    judge, before = reviewer(), item.reviewer
    conflict(item.ticket, judge)

    with pytest.raises(services.ReviewerRefused, match=words):
        services.reassign_item(
            item_id=item.pk, reviewer=judge, actor=None, at=NEXT_MONDAY
        )

    item.refresh_from_db()
    assert item.reviewer == before


def test_item_may_be_handed_back():
    resolved_ticket(agent())
    item = taken(plan(reviewers=[reviewer()])).items.get()
    first, other = item.reviewer, reviewer()

    for person in (other, first):
        services.reassign_item(
            item_id=item.pk, reviewer=person, actor=None, at=NEXT_MONDAY
        )

    item.refresh_from_db()
    assert item.reviewer == first


def test_item_of_nobody_is_taken_by_nobody_in_conflict():
    judge = reviewer()
    ticket = resolved_ticket(agent())
    wrote(ticket, judge)
    item = taken(plan(reviewers=[judge])).items.get()

    with pytest.raises(drafting.NotYours, match="You worked on this ticket"):
        drafting.start_item(item_id=item.pk, reviewer=judge, at=NEXT_MONDAY)
    item.refresh_from_db()
    assert item.reviewer is None

    other = reviewer()
    assert drafting.start_item(
        item_id=item.pk, reviewer=other, at=NEXT_MONDAY
    ).sample_item == item  # fmt: skip


# Pages ------------------------------------------------------------------------------------


def test_draw_page_says_how_many_items_are_nobodys(client):
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    judge = reviewer()
    ticket, _free = resolved_tickets(agent(), 2)
    wrote(ticket, judge)
    draw = taken(plan(reviewers=[judge]))
    address = reverse("qa:sampling-draw", args=[draw.pk])

    assert "1 open review is nobody's" in client.get(address).content.decode()

    draw.items.filter(ticket=ticket).update(reviewer=reviewer())
    assert "nobody's" not in client.get(address).content.decode()


def test_page_tells_when_the_ticket_in_place_is_nobodys(client):
    judge, ada = reviewer(), agent()
    client.force_login(judge)
    resolved_tickets(ada, 2)
    item = taken(plan(quota_rule="FIXED", quota=1, reviewers=[judge])).items.get()
    left = Ticket.objects.filter(assignee=ada).exclude(pk=item.ticket_id).get()
    wrote(left, judge)

    answer = client.post(
        reverse("qa:sampling-replace", args=[item.pk]),
        {"code": "SPAM", "reason": "Only a test"},
        follow=True,
    )

    assert f"Ticket #{left.pk} takes its place. It is nobody&#x27;s yet" in (
        answer.content.decode()
    )
