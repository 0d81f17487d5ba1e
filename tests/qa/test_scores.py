import math
import random
import statistics
from datetime import date, timedelta

import pytest

from qa.core import severity
from qa.core.student import t_quantile
from qa.models import Answer, Review
from qa.selectors.scores import scoreboard
from qa.selectors.scores import words as score_words
from tests.factories import quality as make
from tests.factories.people import TeamFactory
from tests.factories.tickets import MONDAY_9AM, open_ticket

pytestmark = pytest.mark.django_db

START, END = date(2026, 3, 2), date(2026, 3, 30)
DAY = timedelta(days=1)


@pytest.fixture
def card():
    return make.published_card()


def review(card, agent, reviewer, score, **values):
    values.setdefault("at", MONDAY_9AM + DAY)
    return make.write_review(
        agent=agent, reviewer=reviewer, score=score, version=card, **values
    )


def board(**values):
    return scoreboard(start=START, end=END, **values)


def test_random_and_targeted_reviews_are_never_mixed(card):
    agent, reviewer = make.agent(), make.reviewer()
    for score in (80, 90, 70):
        review(card, agent, reviewer, score)
    review(card, agent, reviewer, 10, basis=Review.Basis.TARGETED)

    row = board().agent(agent.pk)

    assert (row.random.value, row.random.n) == (80, 3)
    assert row.random.high == pytest.approx(80 + 24.841377, abs=1e-5)
    assert (row.targeted.value, row.targeted.n) == (10, 1)
    assert row.share_random == 0.75


def test_only_counted_reviews_of_the_window_count(card):
    agent, reviewer = make.agent(), make.reviewer()
    review(card, agent, reviewer, 80)
    for at in (MONDAY_9AM - DAY, MONDAY_9AM + 28 * DAY):
        review(card, agent, reviewer, 0, at=at)
    for state in ("DRAFT", "SUBMITTED", "VOIDED"):
        review(card, agent, reviewer, 0, state=state)
    review(card, agent, agent, 0, kind="SELF")
    review(card, agent, reviewer, 0, kind="GOLD")
    superseded = review(card, agent, reviewer, 0)
    Review.objects.filter(pk=superseded.pk).update(is_current=False)

    row = board().agent(agent.pk)

    assert (row.n, row.random.value) == (1, 80)


def test_a_change_of_any_review_is_seen_at_once(card):
    agent, reviewer = make.agent(), make.reviewer()
    changed = review(card, agent, reviewer, 80)
    assert board().agent(agent.pk).random.value == 80

    Review.objects.filter(pk=changed.pk).update(score=60)
    assert board().agent(agent.pk).random.value == 60

    Review.objects.filter(pk=changed.pk).update(team=TeamFactory(name="North"))
    assert board().agent(agent.pk).team == "North"

    Review.objects.filter(pk=changed.pk).update(is_critical_fail=True)
    assert board().agent(agent.pk).fails.hits == 1

    Review.objects.filter(pk=changed.pk).update(basis="TARGETED")
    assert board().agent(agent.pk).targeted.n == 1

    Review.objects.filter(pk=changed.pk).update(state="VOIDED")
    assert board().agents == ()


def test_a_new_name_is_seen_at_once(card):
    team = TeamFactory(name="North")
    agent, reviewer = make.agent(team=team), make.reviewer()
    review(card, agent, reviewer, 80)
    board()

    type(agent).objects.filter(pk=agent.pk).update(first_name="Ana", last_name="Moreau")
    type(team).objects.filter(pk=team.pk).update(name="South")

    found = board()
    assert found.agent(agent.pk).name == "Ana Moreau"
    assert (found.agent(agent.pk).team, found.teams[0].name) == ("South", "South")


def random_world(card, seed):
    """Six agents, three reviewers of different severity, four weeks."""
    source = random.Random(seed)
    teams = [TeamFactory(), TeamFactory()]
    agents = [make.agent(team=teams[n % 2]) for n in range(6)]
    reviewers = [make.reviewer() for _ in range(3)]
    bias = dict(zip((r.pk for r in reviewers), (6, 0, -6), strict=True))
    ticket = open_ticket()
    for _ in range(120):
        agent, reviewer = source.choice(agents), source.choice(reviewers)
        is_random = source.random() < 0.7
        score = 75 + 2 * agents.index(agent) + bias[reviewer.pk] + source.gauss(0, 6)
        kind = "OVERLAP" if source.random() < 0.1 else "ASSIGNED"
        written = review(
            card,
            agent,
            reviewer,
            round(min(100, max(0, score)), 2),
            ticket=ticket,
            kind=kind,
            basis="RANDOM" if is_random and kind == "ASSIGNED" else "TARGETED",
            at=MONDAY_9AM + source.random() * 27 * DAY,
            state="SUBMITTED" if kind == "OVERLAP" else "RELEASED",
            is_critical_fail=source.random() < 0.05,
        )
        for key in ("solution", "tone"):
            Answer.objects.create(
                review=written, criterion_key=key, share=source.choice([0.25, 0.75, 1])
            )
    return teams, agents


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scores_equal_a_plain_count_of_the_rows(card, seed):
    _teams, agents = random_world(card, seed)
    found = board()
    rows = list(Review.objects.all().prefetch_related("answers"))
    counted = [r for r in rows if r.kind == "ASSIGNED"]
    drawn = [r for r in counted if r.basis == "RANDOM"]
    used = [r for r in rows if r.kind == "OVERLAP" or r.basis == "RANDOM"]
    model = severity.fit(
        [float(r.score) for r in used],
        [r.agent_id for r in used],
        [r.reviewer_id for r in used],
    )

    for agent in agents:
        row = found.agent(agent.pk)
        own = [float(r.score) for r in drawn if r.agent_id == agent.pk]
        chosen = [
            float(r.score)
            for r in counted
            if r.basis == "TARGETED" and r.agent_id == agent.pk
        ]
        half = (
            t_quantile(0.975, len(own) - 1)
            * statistics.stdev(own)
            / math.sqrt(len(own))
        )
        assert row.random.n == len(own)
        assert row.random.value == pytest.approx(statistics.fmean(own))
        assert row.random.low == pytest.approx(statistics.fmean(own) - half)
        assert row.targeted.n == len(chosen)
        if chosen:
            assert row.targeted.value == pytest.approx(statistics.fmean(chosen))
        fails = [r for r in drawn if r.agent_id == agent.pk and r.is_critical_fail]
        assert (row.fails.hits, row.fails.n) == (len(fails), len(own))
        place = model.agent_ids.tolist().index(agent.pk)
        assert row.adjusted == pytest.approx(model.agent_adjusted[place])
        assert row.low == pytest.approx(model.agent_low[place])
        moved = sum(step.points for step in row.steps)
        assert row.random.value + moved == pytest.approx(row.adjusted, abs=0.2)
        for criterion in row.criteria:
            shares = [
                100 * answer.share
                for r in drawn
                if r.agent_id == agent.pk
                for answer in r.answers.all()
                if answer.criterion_key == criterion.key
            ]
            assert criterion.mean.n == len(shares)
            assert criterion.mean.value == pytest.approx(statistics.fmean(shares))
    assert [row.agent_id for row in found.agents] == sorted(
        (a.pk for a in agents), key=lambda pk: -(found.agent(pk).adjusted)
    )
    assert found.random.n == len(drawn)


@pytest.mark.parametrize("seed", [1, 2])
def test_teams_equal_a_plain_count_of_the_rows(card, seed):
    teams, _agents = random_world(card, seed)
    rows = [r for r in Review.objects.all() if r.kind == "ASSIGNED"]

    for wanted in (None, [teams[1].pk]):
        found = {row.team_id: row for row in board(team_ids=wanted).teams}
        assert set(found) == set(wanted or [team.pk for team in teams])
        for pk, team in found.items():
            own = [r for r in rows if r.team_id == pk]
            drawn = [r for r in own if r.basis == "RANDOM"]
            fails = [r for r in drawn if r.is_critical_fail]
            scores = [float(r.score) for r in drawn]
            assert team.agents == len({r.agent_id for r in own})
            assert (team.random.n, team.targeted.n) == (
                len(drawn),
                len(own) - len(drawn),
            )
            assert team.random.value == pytest.approx(statistics.fmean(scores))
            assert (team.fails.hits, team.fails.n) == (len(fails), len(drawn))


def test_ranks_are_among_those_shown(card):
    strong, weak = make.agent(), make.agent()
    reviewer = make.reviewer()
    for agent, level in ((strong, 95), (weak, 60)):
        for n in range(12):
            review(card, agent, reviewer, level + n % 3)

    assert board().agent(weak.pk).rank_low == 2
    assert board(agent_ids=[weak.pk]).agent(weak.pk).rank_low is None
    assert board().agent(weak.pk).rank_low == 2


def test_a_team_filter_shows_fewer_people_and_the_same_scores(card):
    teams, agents = random_world(card, 4)
    everybody, some = board(), board(team_ids=[teams[0].pk])

    assert {row.agent_id for row in some.agents} == {a.pk for a in agents[::2]}
    for row in some.agents:
        assert row.adjusted == everybody.agent(row.agent_id).adjusted
    assert [row.team_id for row in some.teams] == [teams[0].pk]
    assert board(agent_ids=[agents[1].pk]).agents[0].agent_id == agents[1].pk


def test_another_scorecard_is_another_board(card):
    agent, reviewer = make.agent(), make.reviewer()
    review(card, agent, reviewer, 80)
    other = make.published_card()
    review(other, agent, reviewer, 60)

    assert board(scorecard_id=other.scorecard_id).agent(agent.pk).random.value == 60
    assert board().agent(agent.pk).random.n == 2


def test_weighting_is_shown_only_where_it_matters(card):
    first, second = make.agent(), make.agent()
    reviewer = make.reviewer()
    for agent, chances in ((first, (0.1, 0.5)), (second, (0.25, 0.25))):
        for score, chance in zip((60, 90), chances, strict=True):
            make.drawn_review(
                probability=chance, agent=agent, reviewer=reviewer, score=score,
                version=card, at=MONDAY_9AM + DAY,
            )  # fmt: skip

    found = board()

    assert found.agent(first.pk).weighted == pytest.approx(65)
    assert found.agent(second.pk).weighted is None


def write_pair(card, *, first, second):
    one, other = (
        make.agent(first_name="Ana", last_name=""),
        make.agent(first_name="Mei", last_name=""),
    )
    reviewers = [make.reviewer(), make.reviewer()]
    for agent, scores in ((one, first), (other, second)):
        for place, score in enumerate(scores):
            review(card, agent, reviewers[place % 2], score)
    return one, other


def test_agents_that_cannot_be_told_apart_are_said_so(card):
    one, other = write_pair(card, first=[80, 90, 70, 85], second=[78, 92, 74, 80])

    found = board().compare(one.pk, other.pk)

    assert found.verdict == "unknown"
    assert score_words.comparison_words(found).startswith("Cannot tell Ana from Mei")


def test_a_clear_difference_is_said_with_its_probability(card):
    one, other = write_pair(card, first=[95, 96, 94] * 4, second=[60, 62, 61] * 4)

    found = board().compare(one.pk, other.pk)

    assert found.verdict == "above"
    assert "Ana is above Mei (probability 99 %)." in score_words.comparison_words(found)
    assert board().compare(other.pk, one.pk).verdict == "below"


def test_agents_without_a_common_reviewer_cannot_be_compared(card):
    one, other = make.agent(), make.agent()
    for agent in (one, other):
        own = make.reviewer()
        for score in (70, 80, 90):
            review(card, agent, own, score)

    found = board()

    assert found.components == 2
    assert found.compare(one.pk, other.pk).verdict == "apart"
    assert "no chain of shared" in score_words.comparison_words(
        found.compare(one.pk, other.pk)
    )
    assert {row.rank_low for row in found.agents} == {None}


def test_the_adjustment_is_told_item_by_item(card):
    harsh = make.reviewer(first_name="David", last_name="Brandt")
    mild = make.reviewer(first_name="Mei", last_name="Tanaka")
    agents = [make.agent() for _ in range(6)]
    noise = random.Random(5)
    for place, agent in enumerate(agents):
        for n in range(12):
            reviewer = harsh if (n < 9) == (place == 0) else mild
            level = 70 if reviewer is harsh else 82
            review(card, agent, reviewer, round(level + noise.uniform(-2, 2), 2))

    found = board()
    row = found.agent(agents[0].pk)
    words = score_words.steps_words(row, found)

    assert any("9 of 12 reviews by David Brandt" in line for line in words)
    assert any("below the others" in line for line in words)
    assert row.adjusted > row.random.value + 2
    told = score_words.steps_words(row, found, named=False)
    assert not any("David" in line or "Mei" in line for line in told)


@pytest.mark.parametrize("agents", [1, 3])
def test_number_of_queries_does_not_grow(card, django_assert_num_queries, agents):
    reviewer = make.reviewer()
    for _ in range(agents):
        someone = make.agent(team=TeamFactory())
        for score in (70, 80):
            review(card, someone, reviewer, score)

    with django_assert_num_queries(6):
        board()
    with django_assert_num_queries(3):
        board()


def test_a_window_without_reviews_is_empty():
    found = board()

    assert (found.agents, found.teams, found.random.value) == ((), (), None)
    assert "Too few agents" in score_words.told_apart_words(found.agents, found.random)
