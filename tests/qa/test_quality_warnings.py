from datetime import UTC, date, datetime, timedelta

import pytest

from qa.models import GoldTicket, Review
from qa.selectors.quality_warnings import checks
from qa.selectors.scores import scoreboard
from supportops.metrics import services
from supportops.metrics.scopes import Scope
from tests.factories import quality as make
from tests.factories.tickets import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

START, END = date(2026, 4, 6), date(2026, 5, 4)
AT = datetime(2026, 4, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def card():
    return make.published_card()


def found(code):
    services.mark_all()
    services.refresh(at=AT)
    scope = Scope(START, END, at=AT)
    board = scoreboard(start=START, end=END)
    rows = checks(scope, board, scorecard_id=None, agent_ids=None)
    return next(check for check in rows if check.code == code)


def write(card, scores, **values):
    agent, reviewer = make.agent(), make.reviewer()
    ticket = open_ticket(assignee=agent)
    return [
        make.write_review(
            agent=agent, reviewer=reviewer, ticket=ticket, version=card, score=score,
            **{"at": AT, **values},
        )
        for score in scores
    ]  # fmt: skip


def test_inflation_is_warned_of_when_surely_most_are_at_90(card):
    write(card, [95] * 24 + [70])

    check = found("inflation")

    assert check.tone == "watch"
    assert "96 % (95 % interval 80 to 99, n 25)" in check.figure


def test_inflation_is_not_warned_of_while_it_could_be_chance(card):
    write(card, [95] * 12 + [70] * 10)
    assert found("inflation").tone == "ok"


def test_inflation_is_compared_with_the_period_before(card):
    write(card, [95] * 20 + [70] * 5)
    write(card, [70] * 25, at=AT - 28 * DAY)

    assert "Against the period before: +80 points" in found("inflation").figure


def test_reviews_that_tell_nobody_apart_are_said_so(card):
    reviewer, ticket = make.reviewer(), open_ticket()
    for _ in range(8):
        agent = make.agent()
        for score in (70, 80, 90, 75, 85) * 2:
            make.write_review(
                agent=agent, reviewer=reviewer, ticket=ticket, version=card,
                score=score, at=AT,
            )  # fmt: skip

    check = found("differentiation")

    assert check.tone == "watch"
    assert "3 % of the variance is between agents" in check.figure


def against_known(card, pairs, **values):
    """Reviews of tickets with a known answer: pairs of what is known and given."""
    reviewer = make.reviewer()
    for known, given in pairs:
        ticket, agent = open_ticket(), make.agent()
        GoldTicket.objects.create(
            ticket=ticket, agent=agent, version=card, score=known,
            created_by=reviewer, created_at=AT,
        )  # fmt: skip
        make.write_review(
            ticket=ticket, agent=agent, reviewer=reviewer, version=card, score=given,
            **{"kind": Review.Kind.GOLD, "state": "SUBMITTED", "at": AT, **values},
        )  # fmt: skip


def test_leniency_is_measured_against_known_answers(card):
    against_known(card, ((70, 76), (80, 85), (60, 67)))

    check = found("leniency")

    # Gaps 6, 5, 7: mean 6, sd 1, half width 4.3027/√3 = 2.48.
    assert check.tone == "watch"
    assert "+6.0 points against known answers" in check.figure
    assert "+3.5 to +8.5" in check.figure


def test_leniency_is_compared_with_the_period_before(card):
    against_known(card, ((70, 76), (80, 84)))
    against_known(card, ((70, 71), (80, 83)), at=AT - 28 * DAY)
    against_known(card, ((70, 0),), at=AT - 56 * DAY)
    against_known(card, ((70, 0),), state="DRAFT")
    against_known(card, ((70, 0),), kind="OVERLAP")

    check = found("leniency")

    assert "+5.0 points against known answers" in check.figure
    assert "n 2)" in check.figure
    assert "The period before: +2.0, n 2." in check.figure


def test_leniency_without_known_answers_is_left_open(card):
    write(card, [80])
    assert found("leniency").tone == "idle"


def resolve(reviews, days):
    for review, age in zip(reviews, days, strict=True):
        Ticket.objects.filter(pk=review.ticket_id).update(resolved_at=AT - age * DAY)


def test_reviewing_only_the_latest_tickets_is_warned_of(card):
    reviews = [write(card, [80])[0] for _ in range(24)]
    resolve(reviews, [1] * 22 + [6, 7])

    check = found("recency")

    assert check.tone == "watch"
    assert "92 %" in check.figure


def test_agents_without_a_review_are_counted(card):
    covered, missed = write(card, [80])[0], make.agent()
    ticket = open_ticket(assignee=missed)
    Ticket.objects.filter(pk__in=[ticket.pk, covered.ticket_id]).update(
        resolved_at=AT, state="RESOLVED", is_open=False
    )

    check = found("coverage")

    assert check.tone == "watch"
    assert "1 of 2 agent-weeks" in check.figure
    assert "1 agent missed" in check.figure


def test_picking_tickets_of_low_scorers_only_is_warned_of(card):
    for score in (95, 90, 60):
        reviews = write(card, [score] * 4)
        if score == 60:
            for _ in range(22):
                make.write_review(
                    agent=reviews[0].agent, reviewer=reviews[0].reviewer,
                    ticket=reviews[0].ticket, version=card, score=55,
                    basis="TARGETED", at=AT,
                )  # fmt: skip

    check = found("struggling")

    assert check.tone == "watch"
    assert "100 %" in check.figure


def test_feedback_that_nobody_reads_is_warned_of(card):
    write(card, [80] * 25)

    check = found("feedback")

    assert check.tone == "watch"
    assert "0 % (95 % interval 0 to 13, n 25)" in check.figure


def test_reviewers_without_a_shared_agent_are_warned_of(card):
    write(card, [80, 85, 90])
    write(card, [70, 75, 80])

    check = found("comparable")

    assert check.tone == "watch"
    assert "2 groups" in check.figure


def test_warnings_come_first_and_nothing_is_known_of_nothing():
    scope = Scope(START, END, at=AT)
    rows = checks(
        scope, scoreboard(start=START, end=END), scorecard_id=None, agent_ids=None
    )

    assert len(rows) == 8
    assert {check.tone for check in rows} == {"idle"}
