"""Coverage, replacements, and the precision planner."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from qa.selectors import sampling as selectors
from qa.services import sampling as services
from qa.views.sampling.reports import month_bounds
from supportops.common import roles
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.quality import agent, published_card, reviewer, write_review
from tests.factories.sampling import (
    IN_WEEK,
    NEXT_MONDAY,
    WEEK,
    drawn,
    resolved_ticket,
    resolved_tickets,
)

pytestmark = pytest.mark.django_db

PERIOD = {"start": "2026-03-02", "last": "2026-03-08"}


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NEXT_MONDAY, tick=False):
        yield


@pytest.fixture
def lead(client):
    user = UserFactory(role=roles.SUPPORT_LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def judge(client):
    """Return a QA reviewer who is signed in."""
    user = reviewer()
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"qa:sampling-{name}", args=args)


# Coverage ---------------------------------------------------------------------------------


def test_coverage_counts_what_was_resolved_drawn_and_done():
    draw = drawn(agents=2, quota_rule="FIXED", quota=2)
    first, second = sorted(
        {item.agent for item in draw.items.all()}, key=lambda a: a.pk
    )
    lonely = resolved_ticket(agent(), IN_WEEK, outcome="DUPLICATE").assignee
    idle = resolved_ticket(agent()).assignee
    draw.items.filter(agent=first).update(state="DONE")
    replaced = draw.items.filter(agent=second).first()
    services.replace_item(
        item_id=replaced.pk, actor=None, reason="x", code="SPAM", at=NEXT_MONDAY
    )

    rows = selectors.coverage(WEEK, date(2026, 3, 9))

    found = {
        row.agent: (row.resolved, row.drawn, row.done, row.random, row.is_covered)
        for row in rows
    }
    assert found == {
        first: (6, 2, 2, 2, True),
        second: (6, 2, 0, 0, False),
        idle: (1, 0, 0, 0, False),
    }
    assert lonely not in found
    assert rows[-1].agent == first  # who is at zero comes first


def test_coverage_of_a_team_and_of_other_days():
    team = TeamFactory()
    resolved_ticket(agent(team=team))
    resolved_ticket(agent())

    assert len(selectors.coverage(WEEK, date(2026, 3, 9), [team.pk])) == 1
    assert selectors.coverage(date(2026, 3, 9), date(2026, 3, 16)) == []


def test_coverage_page_names_who_is_at_zero_and_exports(client, judge):
    ada = resolved_ticket(agent()).assignee

    response = client.get(page("coverage"))
    csv = client.get(page("coverage"), PERIOD | {"csv": ""}).getvalue().decode()

    assert response.context["zero"][0].agent == ada
    assert "0 of 1 with a resolved ticket; target 100 %" in response.content.decode()
    assert f"{ada},,1,0,0,0" in csv


def test_coverage_page_says_when_there_is_nothing_or_the_days_are_wrong(client, judge):
    empty = client.get(page("coverage"))
    wrong = client.get(page("coverage"), {"start": "2026-03-08", "last": "2026-03-02"})

    assert "Nobody resolved a ticket in these days" in empty.content.decode()
    assert wrong.status_code == 400
    assert "The last day is before the first." in wrong.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_coverage_query_count_does_not_grow(
    client, judge, rows, django_assert_num_queries
):
    for _ in range(rows):
        resolved_ticket(agent(team=TeamFactory()))
    client.get(page("coverage"), PERIOD)

    with django_assert_num_queries(8):
        response = client.get(page("coverage"), PERIOD)

    assert len(response.context["rows"]) == rows


# Replacements -----------------------------------------------------------------------------


def test_replacements_are_counted_by_reviewer_and_reason(client, lead):
    draw = drawn(agents=2, quota_rule="FIXED", quota=3)
    items = list(draw.items.order_by("pk"))
    for item, code in zip(items, ("SPAM", "SPAM", "LANGUAGE"), strict=False):
        services.replace_item(
            item_id=item.pk, actor=item.reviewer, reason="x", code=code, at=NEXT_MONDAY
        )

    rows = selectors.replacements(WEEK, date(2026, 3, 9))
    text = client.get(page("replacements")).content.decode()

    assert sum(row.replaced for row in rows) == 3
    assert sum(row.items for row in rows) == 9
    total = {}
    for row in rows:
        for code, n in row.reasons.items():
            total[code] = total.get(code, 0) + n
    assert total == {"SPAM": 2, "LANGUAGE": 1}
    assert "3 of 9; 12 to 65 % at 95 %" in text


def test_replacements_without_a_draw_lead_on(client, lead):
    assert (
        "Nothing was drawn for these weeks"
        in client.get(page("replacements")).content.decode()
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_replacements_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    draw = drawn(agents=rows)
    for item in draw.items.order_by("pk")[:rows]:
        services.replace_item(
            item_id=item.pk, actor=item.reviewer, reason="x", code="SPAM",
            at=NEXT_MONDAY,
        )  # fmt: skip
    client.get(page("replacements"))

    with django_assert_num_queries(8):
        response = client.get(page("replacements"))

    assert len(response.context["page"].object_list) == rows


# Precision --------------------------------------------------------------------------------


def scored(who, scores):
    tickets = resolved_tickets(who, len(scores))
    version, judge = published_card(), reviewer()
    for ticket, score in zip(tickets, scores, strict=True):
        write_review(
            score=score, agent=who, ticket=ticket, version=version, reviewer=judge,
            at=NEXT_MONDAY - timedelta(hours=1),
        )  # fmt: skip


def test_spread_is_the_agents_own_then_everybodys_then_assumed():
    ada, ben, new = agent(), agent(), agent()
    resolved_ticket(new)
    scored(ada, [70, 90] * 5)

    own = selectors.score_spreads(agent_ids=[ada.pk, new.pk], at=NEXT_MONDAY)
    assert own[ada.pk].points == pytest.approx(10.540926)
    assert (own[ada.pk].source, own[ada.pk].n) == ("own", 10)
    assert (own[new.pk].source, own[new.pk].points) == ("assumed", 12.0)

    scored(ben, [40, 60] * 5)
    pooled = selectors.score_spreads(agent_ids=[new.pk], at=NEXT_MONDAY)[new.pk]
    # 100 points² ten times each, over 18 degrees of freedom: agents differ by 30 points
    # and that is no spread of theirs.
    assert (pooled.source, pooled.n) == ("everybody", 20)
    assert pooled.points == pytest.approx((2000 / 18) ** 0.5)


def test_planner_says_how_many_reviews_it_takes_by_the_end_of_the_month(client, lead):
    ada = agent()
    resolved_tickets(ada, 25)

    response = client.get(page("precision"))

    (line,) = response.context["rows"]
    # 25 tickets in the 8 ⅓ days until Monday 08:00 make 93 in March; spread 12 assumed.
    assert (line["agent"], line["have"], line["population"]) == (ada, 0, 93)
    assert line["further"] == 20
    text = response.content.decode()
    assert "20 more reviews" in text
    assert "12.0, assumed: there are too few reviews yet" in text


def test_planner_counts_the_reviews_there_are(client, lead):
    ada = agent()
    scored(ada, [78, 82] * 6)

    response = client.get(page("precision"), {"score": "85", "other": "80"})

    (line,) = response.context["rows"]
    assert (line["have"], line["further"]) == (12, 0)
    assert "Enough already" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"score": "80", "other": "80"}, "Two equal means cannot be told apart."),
        ({"month": "2026-05"}, "That month has not begun."),
        ({"score": "101"}, "less than or equal to 100"),
    ],
)
def test_planner_says_what_it_cannot_plan(client, lead, query, message):
    response = client.get(page("precision"), query)

    assert response.status_code == 400
    assert message in response.content.decode()


def test_team_leads_plan_and_cover_their_own_teams_only(client):
    boss = UserFactory(role=roles.TEAM_LEAD)
    own = resolved_ticket(agent(team=TeamFactory(lead=boss))).assignee
    resolved_ticket(agent(team=TeamFactory()))
    client.force_login(boss)

    planned = client.get(page("precision")).context["rows"]
    covered = client.get(page("coverage"))
    exported = client.get(page("coverage"), {"csv": ""}).getvalue().decode()

    assert [line["agent"] for line in planned] == [own]
    assert [row.agent for row in covered.context["rows"]] == [own]
    assert "You see the teams that you lead." in covered.content.decode()
    assert len(exported.strip().splitlines()) == 2


def test_team_leads_see_the_draws_counts_of_their_own_teams_only(client):
    boss = UserFactory(role=roles.TEAM_LEAD)
    own = resolved_ticket(agent(team=TeamFactory(lead=boss))).assignee
    draw = drawn()
    client.force_login(boss)

    rows = client.get(page("draw", draw.pk)).context["agents"]

    assert [row.agent for row in rows] == [own]


@pytest.mark.parametrize("rows", [1, 3])
def test_planner_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    for _ in range(rows):
        resolved_ticket(agent(team=TeamFactory()))
    client.get(page("precision"))

    with django_assert_num_queries(9):
        response = client.get(page("precision"))

    assert len(response.context["rows"]) == rows


def test_month_bounds_reach_into_the_next_year():
    assert month_bounds(date(2026, 12, 31), UTC) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
