import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from qa.core.scoreboard import Mean
from qa.models import Answer, Review
from qa.selectors import overview
from qa.selectors.scores import scoreboard
from supportops.common import roles
from supportops.metrics import catalogue, services
from supportops.metrics.scopes import Scope
from tests.factories import quality as make
from tests.factories.people import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
START, END = date(2026, 4, 21), date(2026, 5, 21)
OVERVIEW = "/quality/overview/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def card():
    return make.published_card()


def team_with_lead():
    team = TeamFactory()
    team.lead = UserFactory(role=roles.TEAM_LEAD, team=team)
    team.save()
    return team


def write(card, agents, *, each=4):
    """Reviews of the last weeks by two reviewers, with answers; figures counted."""
    reviewers = [make.reviewer(), make.reviewer()]
    for number, agent in enumerate(agents):
        for place in range(each):
            review = make.write_review(
                agent=agent,
                reviewer=reviewers[place % 2],
                version=card,
                score=70 + 3 * (number % 5) + 5 * (place % 3),
                basis="TARGETED" if place == 3 else "RANDOM",
                at=NOW - (1 + 6 * place) * DAY,
            )
            Answer.objects.create(review=review, criterion_key="tone", share=0.75)
    services.mark_all()
    services.refresh(at=NOW)


def log_in(client, user):
    client.force_login(user)
    return user


def table(client, name, **query):
    response = client.get(OVERVIEW, {"csv": name, **query})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_page_csv_catalogue_and_api_give_the_same_figures(client, card):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    write(card, [make.agent(), make.agent(), make.agent()])
    scope = Scope(START, END, at=NOW)

    page = client.get(OVERVIEW).context["figures"]
    rows = {row["code"]: row for row in table(client, "figures")}

    assert [item.metric.code for item in page] == list(overview.HEADLINE)
    for item in page:
        figure = catalogue.get(item.metric.code).compute(scope)
        answer = client.get(reverse("api-metric-figure", args=[item.metric.code]))
        assert item.figure == figure
        assert rows[item.metric.code]["value"] == (
            "" if figure.value is None else repr(figure.value)
        )
        assert (answer.json()["value"], answer.json()["n"]) == (figure.value, figure.n)


def test_agents_table_is_the_scoreboard(client, card):
    log_in(client, UserFactory(role=roles.QA_REVIEWER))
    agents = [make.agent(), make.agent()]
    write(card, agents)
    board = scoreboard(start=START, end=END)

    page = client.get(OVERVIEW)
    rows = table(client, "agents")

    assert [row.agent_id for row in page.context["page"]] == [
        row.agent_id for row in board.agents
    ]
    assert [float(row["score"]) for row in rows] == [r.adjusted for r in board.agents]
    assert rows[0]["random_n"] == "3"
    assert rows[0]["targeted_n"] == "1"
    assert all(row.name in page.content.decode() for row in board.agents)


def test_table_sorts_by_any_column_both_ways(client, card):
    log_in(client, UserFactory(role=roles.QA_REVIEWER))
    write(card, [make.agent(first_name=name, last_name="") for name in ("B", "C", "A")])

    def names(sort):
        return [
            row.name for row in client.get(OVERVIEW, {"sort": sort}).context["page"]
        ]

    assert names("name") == ["A", "B", "C"]
    assert names("-name") == ["C", "B", "A"]
    assert names("-raw") == ["A", "C", "B"]
    assert names("nonsense") == names("score")


def test_team_lead_sees_the_teams_led_only(client, card):
    team, other = team_with_lead(), team_with_lead()
    mine, theirs = make.agent(team=team), make.agent(team=other)
    write(card, [mine, theirs])
    log_in(client, team.lead)

    response = client.get(OVERVIEW)

    assert [row.agent_id for row in response.context["page"]] == [mine.pk]
    assert response.context["figures"][0].figure.n == 3
    assert str(theirs) not in response.content.decode()
    assert [row["agent"] for row in table(client, "agents")] == [str(mine)]


@pytest.mark.parametrize("role", [roles.EXECUTIVE, roles.WORKFORCE_MANAGER])
def test_who_sees_teams_only_sees_no_names(client, card, role):
    large, small = TeamFactory(), TeamFactory()
    agents = [make.agent(team=large) for _ in range(3)] + [make.agent(team=small)]
    write(card, agents)
    log_in(client, UserFactory(role=role))

    response = client.get(OVERVIEW, {"first": agents[0].pk, "second": agents[1].pk})
    text = response.content.decode()

    assert not any(str(agent) in text for agent in agents)
    assert [row["team"] for row in table(client, "teams")] == [large.name]
    assert response.context["figures"][0].figure.n == 9
    alone = client.get(OVERVIEW, {"team": small.pk})
    assert "figures" not in alone.context
    assert client.get(OVERVIEW, {"csv": "agents"}).status_code == 400
    assert client.get(f"/quality/agents/{agents[0].pk}/").status_code == 403


def test_filters_narrow_page_and_table(client, card):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    teams = [TeamFactory(), TeamFactory()]
    agents = [make.agent(team=team) for team in teams]
    write(card, agents)
    other = make.published_card()
    write(other, agents[:1])

    by_team = client.get(OVERVIEW, {"team": teams[1].pk}).context
    by_card = client.get(OVERVIEW, {"scorecard": other.scorecard_id}).context

    assert [row.agent_id for row in by_team["page"]] == [agents[1].pk]
    assert by_team["figures"][0].figure.n == 3
    assert [row.random.n for row in by_card["page"]] == [3]
    assert by_card["figures"][0].figure.n == 3


def test_agents_come_in_pages_of_25_and_all_at_once_as_csv(client, card):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    agents = [make.agent() for _ in range(27)]
    write(card, agents, each=1)

    first, second = (client.get(OVERVIEW, {"page": n}) for n in (1, 2))

    assert (len(first.context["page"]), len(second.context["page"])) == (25, 2)
    shown = {row.agent_id for page in (first, second) for row in page.context["page"]}
    assert shown == {agent.pk for agent in agents}
    assert len(table(client, "agents")) == 27
    assert first.content.decode().count("<option") > 2 * 27


def test_people_to_compare_are_escaped_and_keep_their_choice(client, card):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    agents = [make.agent(first_name=name, last_name="") for name in ("<b>A", "B", "C")]
    write(card, agents)

    page = client.get(OVERVIEW, {"first": agents[2].pk, "second": agents[0].pk})

    text = page.content.decode()
    assert f'<option value="{agents[2].pk}" selected>C</option>' in text
    assert f'<option value="{agents[0].pk}" selected>&lt;b&gt;A</option>' in text


def test_two_agents_are_compared_in_words(client, card):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    first, second = make.agent(), make.agent()
    write(card, [first, second])

    page = client.get(OVERVIEW, {"first": first.pk, "second": second.pk})

    assert "Cannot tell" in page.context["compared"]
    assert page.context["compared"].replace("'", "&#x27;") in page.content.decode()


def test_an_address_that_cannot_be_read_is_told_why(client):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))

    for query in ({"team": "x"}, {"period": "ever"}, {"csv": "nothing"}):
        response = client.get(OVERVIEW, query)
        assert response.status_code == 400
        assert "Not understood" in response.content.decode()


def test_empty_pages_say_the_first_step(client):
    lead = log_in(client, UserFactory(role=roles.SUPPORT_LEAD))

    assert "Scores appear once reviews are released" in (
        client.get(OVERVIEW).content.decode()
    )
    page = client.get(f"/quality/agents/{lead.pk}/").content.decode()
    assert "Once a reviewer releases a review of your work" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_overview_does_not_ask_more_with_more_rows(
    client, card, rows, django_assert_num_queries
):
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    write(card, [make.agent(team=TeamFactory()) for _ in range(rows)])
    client.get(OVERVIEW)

    with django_assert_num_queries(22):
        client.get(OVERVIEW)


def test_weekly_means_have_limits(card):
    agent, reviewer = make.agent(), make.reviewer()
    for week in range(12):
        for score in (78, 82) if week < 11 else (20, 24):
            make.write_review(
                agent=agent, reviewer=reviewer, version=card, score=score,
                at=NOW - (2 + 7 * (11 - week)) * DAY,
            )  # fmt: skip
    services.mark_all()
    services.refresh(at=NOW)

    found = overview.trend(Scope(START, END, at=NOW))

    known = [week for week in found.weeks if week.n]
    assert len(known) == 12
    assert known[0].value == 80
    assert known[-1].is_signal
    # Spread within weeks: sd = √8 = 2.83; limits 75.17 ± 3 · 2.83 / √2.
    assert found.centre == pytest.approx((11 * 80 + 22) / 12)
    assert known[0].lower == pytest.approx(found.centre - 6, abs=1e-9)


def test_bands_hold_every_random_review_once(card):
    for score in (100, 90, 89.99, 80, 70, 60, 59.99, 0):
        make.write_review(score=score, version=card, at=NOW - DAY)
    make.write_review(score=100, version=card, at=NOW - DAY, basis="TARGETED")
    services.mark_all()
    services.refresh(at=NOW)

    found = overview.bands(Scope(START, END, at=NOW))

    assert [band.hits for band in found] == [2, 2, 1, 1, 2]
    assert {band.n for band in found} == {8}


def agent_page(client, agent):
    return client.get(f"/quality/agents/{agent.pk}/")


def test_agent_page_shows_the_score_with_its_doubt(client, card):
    agent, other = make.agent(), make.agent()
    write(card, [agent, other], each=6)
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))

    response = agent_page(client, agent)
    row = response.context["row"]

    assert row.agent_id == agent.pk
    assert isinstance(row.random, Mean)
    text = response.content.decode()
    assert "95 % interval" in text
    assert "It cannot be told" in text
    assert "Tone" in text
    assert response.context["line"] is not None
    assert [review.agent_id for review in response.context["latest"]] == [agent.pk] * 6


def test_an_agent_sees_the_own_page_and_no_other(client, card):
    agent, other = make.agent(), make.agent()
    write(card, [agent, other])
    log_in(client, agent)

    own = client.get("/quality/me/")

    assert own.status_code == 200
    assert own.context["row"].agent_id == agent.pk
    assert agent_page(client, agent).status_code == 200
    assert agent_page(client, other).status_code == 404
    assert client.get(OVERVIEW).status_code == 403


def test_an_agent_is_not_told_who_is_severe_nor_of_second_reviews(client, card):
    agent, other = make.agent(), make.agent()
    write(card, [agent, other], each=12)
    harsh = Review.objects.filter(agent=agent).first().reviewer
    Review.objects.filter(reviewer=harsh).update(score=40)
    make.write_review(
        agent=agent, reviewer=make.reviewer(), version=card, score=10, kind="OVERLAP",
        state="SUBMITTED", at=NOW - DAY, basis="TARGETED",
    )  # fmt: skip
    log_in(client, agent)

    page = client.get("/quality/me/", {"period": "90d"})
    steps = page.context["steps"]

    assert steps
    assert not any(str(harsh) in step or "blind" in step for step in steps)


def test_team_lead_reads_the_page_of_a_member_only(client, card):
    team = team_with_lead()
    member, stranger = make.agent(team=team), make.agent(team=TeamFactory())
    write(card, [member, stranger])
    log_in(client, team.lead)

    assert agent_page(client, member).status_code == 200
    assert agent_page(client, stranger).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_agent_page_does_not_ask_more_with_more_rows(
    client, card, rows, django_assert_num_queries
):
    agent = make.agent()
    write(card, [agent], each=6 * rows)
    log_in(client, UserFactory(role=roles.SUPPORT_LEAD))
    agent_page(client, agent)

    with django_assert_num_queries(16):
        agent_page(client, agent)
