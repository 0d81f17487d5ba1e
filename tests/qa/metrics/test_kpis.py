"""Every figure of quality against plain Python over the tables."""

import random
import statistics
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.conf import settings
from django.db.models import Count

from qa.core.correlation import spearman
from qa.metrics.coverage import whole_weeks
from qa.models import Review
from qa.selectors.sight import FEWEST, sight_of
from qa.signals import reviews_changed, reviews_released
from supportops.common import roles
from supportops.metrics import catalogue, display, services
from supportops.metrics.catalogue import Better, Figure, Level, Unit
from supportops.metrics.models import DirtyDay
from supportops.metrics.registry import Visibility
from supportops.metrics.scopes import Scope, ScopeInvalid
from tests.factories import quality as make
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import open_ticket
from tickets.custom_fields import satisfaction
from tickets.models import Ticket
from workforce.people.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
START, END = date(2026, 3, 2), date(2026, 5, 18)
DAY = timedelta(days=1)


# The seed's table of QA metrics, number by number.
@pytest.mark.parametrize(
    ("code", "target", "unit"),
    [
        ("qa_score", Level(at_least=85), Unit.POINTS),
        ("qa_score_share_on_target", Level(), Unit.SHARE),
        ("qa_calibration_range", Level(at_most=5), Unit.POINTS),
        ("qa_coverage", Level(at_least=1), Unit.SHARE),
        ("qa_critical_fails", Level(at_most=0.02), Unit.SHARE),
        ("qa_improvement", Level(at_least=0), Unit.POINTS),
        ("qa_csat_correlation", Level(at_least=0.5), Unit.RATIO),
    ],
)
def test_targets_are_those_of_the_framework(code, target, unit):
    found = catalogue.get(code)

    assert (found.target, found.unit) == (target, unit)


def test_points_are_written_as_points():
    score = catalogue.get("qa_score")

    assert display.value_text(82.44, Unit.POINTS) == "82.4 points"
    assert display.target_text(score, Figure(82.0, 3)) == "≥ 85 points"
    assert display.facts_text(score, Figure(82.0, 3)) == "of 3 reviews"
    change = display.change_text(score, Figure(82.0, 3), Figure(80.5, 3))
    assert change == "+1.5 points"
    assert score.better is Better.HIGHER


class World:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.teams = [TeamFactory(), TeamFactory()]
        self.agents = [make.agent(team=self.teams[n % 2]) for n in range(5)]
        self.reviewers = [make.reviewer(), make.reviewer()]
        self.card = make.published_card()
        for _ in range(80):
            self._review()
        services.mark_all()
        services.refresh(at=NOW)

    def _review(self):
        rng = self.rng
        agent = rng.choice(self.agents)
        ticket = open_ticket(assignee=agent, team=agent.team)
        resolved = NOW - rng.random() * 80 * DAY
        stars = rng.choice([None, None, 1, 3, 5, "4", "x"])
        Ticket.objects.filter(pk=ticket.pk).update(
            resolved_at=resolved,
            state="RESOLVED",
            is_open=False,
            custom={} if stars is None else {settings.SATISFACTION_FIELD: stars},
        )
        make.write_review(
            agent=agent,
            ticket=ticket,
            reviewer=rng.choice(self.reviewers),
            version=self.card,
            score=round(rng.uniform(55, 100), 2),
            basis=rng.choice(["RANDOM", "RANDOM", "TARGETED"]),
            is_critical_fail=rng.random() < 0.1,
            state=rng.choice(["RELEASED", "CLOSED", "ACKNOWLEDGED", "SUBMITTED"]),
            at=min(NOW, resolved + rng.random() * 5 * DAY),
        )


def counted(scope, agents=None):
    return [
        review
        for review in Review.objects.select_related("ticket")
        if review.released_at is not None
        and scope.start <= review.released_at.date() < scope.end
        and (agents is None or review.agent_id in agents)
    ]


def by_hand(scope, agents=None):
    """Value and n of the figures that count reviews."""
    reviews = counted(scope, agents)
    drawn = [r for r in reviews if r.basis == "RANDOM"]
    scores = [float(r.score) for r in drawn]
    pairs = [
        (float(r.score), stars)
        for r in reviews
        if (stars := satisfaction(r.ticket.custom))
    ]
    correlation = spearman(*zip(*pairs, strict=True)).value if len(pairs) > 2 else None
    n = len(drawn)
    return {
        "qa_score": (statistics.fmean(scores), n),
        "qa_score_share_on_target": (sum(s >= 85 for s in scores) / n, n),
        "qa_critical_fails": (sum(r.is_critical_fail for r in drawn) / n, n),
        "qa_improvement": (slope(drawn), n),
        "qa_csat_correlation": (correlation, len(pairs)),
        "qa_coverage": coverage(scope, agents),
    }


def slope(drawn):
    """Points a month by least squares with a dummy column for each agent."""
    people = sorted({r.agent_id for r in drawn})
    months = [r.released_at.timestamp() / 86400 / (365.25 / 12) for r in drawn]
    columns = [[float(r.agent_id == who) for r in drawn] for who in people]
    design = np.column_stack([np.array(months) - months[0], *columns])
    scores = np.array([float(r.score) for r in drawn])
    return np.linalg.lstsq(design, scores, rcond=None)[0][0]


def coverage(scope, agents):
    reviews = counted(scope, agents)
    tickets = Ticket.objects.filter(resolved_at__isnull=False)
    expected, reviewed = 0, 0
    for start, end in whole_weeks(scope.start, scope.end):
        busy = {
            t.assignee_id
            for t in tickets
            if start <= t.resolved_at.date() < end
            and (agents is None or t.assignee_id in agents)
        }
        seen = {r.agent_id for r in reviews if start <= r.released_at.date() < end}
        expected += len(busy)
        reviewed += len(busy & seen)
    return reviewed / expected, expected


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_equal_a_count_by_hand(seed):
    world = World(seed)
    team = world.teams[0]
    members = {a.pk for a in world.agents if a.team_id == team.pk}
    whole = Scope(START, END, at=NOW)
    cases = [(whole, None), (whole.where(team=frozenset({team.pk})), members)]

    for scope, agents in cases:
        for code, (value, n) in by_hand(scope, agents).items():
            figure = catalogue.get(code).compute(scope)
            assert (code, figure.n) == (code, n)
            assert figure.value == pytest.approx(value), code


def test_groups_and_trend_add_up_to_the_figure():
    World(4)
    scope = Scope(START, END, at=NOW)
    score = catalogue.get("qa_score")
    whole = score.compute(scope)

    for parts in (
        score.by(scope, "agent").values(),
        [figure for _day, figure in score.trend(scope, "week")],
    ):
        parts = [part for part in parts if part.n]
        total = sum(part.value * part.n for part in parts)
        assert total / sum(p.n for p in parts) == pytest.approx(whole.value)
        assert sum(part.n for part in parts) == whole.n


def test_nothing_is_nothing_and_not_zero():
    scope = Scope(START, END, at=NOW)

    for code in by_hand_codes():
        figure = catalogue.get(code).compute(scope)
        assert (figure.value, figure.n) == (None, 0), code


def by_hand_codes():
    return [metric.code for metric in catalogue.all() if metric.code.startswith("qa_")]


def test_calibration_range_is_of_tickets_scored_twice():
    card, agent = make.published_card(), make.agent()
    for first, second in ((80, 90), (70, 66)):
        ticket = open_ticket(assignee=agent)
        at = datetime(2026, 4, 1, tzinfo=UTC)
        for score, kind, state in (
            (first, "ASSIGNED", "RELEASED"),
            (second, "OVERLAP", "SUBMITTED"),
        ):
            make.write_review(
                agent=agent, ticket=ticket, version=card, score=score, kind=kind,
                state=state, at=at,
            )  # fmt: skip
    make.write_review(agent=agent, version=card, score=10)

    found = catalogue.get("qa_calibration_range").compute(Scope(START, END, at=NOW))

    assert (found.value, found.n) == (7.0, 2)
    with pytest.raises(ScopeInvalid, match="all reviewers"):
        catalogue.get("qa_calibration_range").compute(
            Scope(START, END, {"team": frozenset({1})}, at=NOW)
        )


def test_released_and_changed_reviews_mark_their_day():
    review = make.write_review(at=datetime(2026, 4, 1, 9, tzinfo=UTC))
    for signal in (reviews_released, reviews_changed):
        DirtyDay.objects.all().delete()
        signal.send(sender=Review, review_ids=[review.pk], at=NOW)
        assert list(DirtyDay.objects.values_list("kind", "day")) == [
            ("reviews", date(2026, 4, 1))
        ]


def test_a_void_review_leaves_its_day():
    review = make.write_review(at=datetime(2026, 4, 1, 9, tzinfo=UTC))
    services.mark_all()
    services.refresh(at=NOW)
    Review.objects.filter(pk=review.pk).update(state="VOIDED")
    reviews_changed.send(sender=Review, review_ids=[review.pk], at=NOW)
    services.refresh(at=NOW)

    assert catalogue.get("qa_score").compute(Scope(START, END, at=NOW)).n == 0


@pytest.mark.parametrize(
    ("custom", "stars"),
    [
        ({"csat": 4}, 4),
        ({"csat": "5"}, 5),
        ({"csat": 0}, 0),
        ({"csat": "good"}, 0),
        ({"csat": float("nan")}, 0),
        ({}, 0),
        (None, 0),
    ],
)
def test_stars_are_one_to_five_or_nothing(custom, stars):
    assert satisfaction(custom) == stars


def test_agents_see_their_own_figures_and_nobody_elses():
    world = World(5)
    someone = world.agents[0]
    score = catalogue.get("qa_score")
    own = Scope(START, END, at=NOW, asker=someone)
    by_leads = {}
    world.teams[1].lead = lead = UserFactory(role=roles.TEAM_LEAD)
    world.teams[1].save()
    led = Scope(START, END, at=NOW, asker=lead)
    for scope in (own, led):
        by_leads[scope.asker.pk] = {key[0] for key in score.by(scope, "agent")}

    assert by_leads[someone.pk] == {someone.pk}
    assert by_leads[lead.pk] == {a.pk for a in world.agents[1::2]}
    members = {someone.pk}
    assert score.compute(own).n == by_hand(own, members)["qa_score"][1]
    covered = catalogue.get("qa_coverage").compute(own)
    assert (covered.value, covered.n) == by_hand(own, members)["qa_coverage"]


@pytest.mark.parametrize("role", [roles.EXECUTIVE, roles.WORKFORCE_MANAGER])
def test_who_sees_teams_only_cannot_cut_by_person(role):
    world = World(6)
    scope = Scope(START, END, at=NOW, asker=UserFactory(role=role))
    score = catalogue.get("qa_score")

    counts = User.objects.values_list("team").annotate(n=Count("pk"))
    large = {team for team, n in counts if team and n >= FEWEST}
    assert large
    assert score.compute(scope).n == len(
        [r for r in counted(scope) if r.basis == "RANDOM" and r.team_id in large]
    )
    with pytest.raises(ScopeInvalid, match="by team, not by person"):
        score.compute(scope.where(agent=frozenset({world.agents[0].pk})))
    with pytest.raises(ScopeInvalid, match="by team, not by person"):
        score.by(scope, "agent")
    with pytest.raises(ScopeInvalid, match="by team, not by person"):
        catalogue.get("qa_coverage").compute(
            scope.where(agent=frozenset({world.agents[0].pk}))
        )


def test_sight_follows_permissions():
    team = TeamFactory()
    lead = UserFactory(role=roles.TEAM_LEAD)
    team.lead = lead
    team.save()
    agent = UserFactory(role=roles.AGENT, team=team)

    assert sight_of(UserFactory(role=roles.QA_REVIEWER)) is None
    assert sight_of(UserFactory(role=roles.SUPPORT_LEAD)) is None
    assert sight_of(agent) == Visibility(agent.pk, frozenset())
    assert sight_of(lead) == Visibility(lead.pk, frozenset({team.pk}))
    assert sight_of(UserFactory(role=roles.EXECUTIVE)).by_agent is False
