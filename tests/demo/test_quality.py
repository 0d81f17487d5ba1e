"""The year of quality in the demo: whole, consistent, with a drifting reviewer in it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from qa.coaching.models import CoachingSession, ImprovementPlan
from qa.core.scoring import score
from qa.models import CalibrationSession, Review, SampleItem, SamplingDraw
from qa.selectors.answers import answers_of
from qa.selectors.scorecards import card_of
from qa.services.sampling import replay_draw
from supportops.demo import services
from supportops.demo.core import quality, talks
from supportops.notifications.models import Notification
from tickets.models import Ticket

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)


# What follows a commit happens in its place of the story, as it does in the portal.
@pytest.mark.django_db(transaction=True)
def test_load_demo_writes_reviews_as_the_portal_would():
    services.load_demo(
        until=UNTIL,
        at=UNTIL,
        say=lambda line: None,
        monthly=150,
        span=timedelta(days=45),
    )

    reviewers = set(Review.objects.values_list("reviewer__username", flat=True))
    assert reviewers == set(quality.REVIEWERS)
    for review in Review.objects.rated().select_related("version")[:40]:
        result = score(card_of(review.version), answers_of(review), {})
        assert (review.score, review.passed) == (result.score, result.passed)
        assert result.missing == ()
    newest = SamplingDraw.objects.latest("starts_on")
    assert replay_draw(newest) == []
    assert newest.items.filter(state=SampleItem.State.OPEN).exists()
    assert not SampleItem.objects.filter(state="OPEN").exclude(draw=newest).exists()
    assert CalibrationSession.objects.filter(state="SCORING").count() == 1
    assert ImprovementPlan.objects.get().state == ImprovementPlan.State.ACTIVE
    # Which agents were drawn depends on ids; who was reviewed has the talk of this week.
    reviewed = Review.objects.counted().filter(
        released_at__lt=UNTIL, released_at__gte=UNTIL - timedelta(days=30)
    )
    due = {talk.agent for talk in talks.TALKS if talk.weeks_ago == 0}
    planned = CoachingSession.objects.filter(state="PLANNED", due_on__gt=UNTIL)
    assert due & set(reviewed.values_list("agent__username", flat=True)) <= set(
        planned.values_list("agent__username", flat=True)
    )
    assert Ticket.objects.exclude(custom={}).exists()
    assert not Notification.objects.filter(
        kind__in=["REVIEWS_TO_DO", "COACHING"], email_state="PENDING"
    ).exists()


def test_one_reviewer_drifts_and_the_others_stay():
    drift = {
        name: quality.severity(name, 1.0) - quality.severity(name, 0.0)
        for name in quality.REVIEWERS
    }

    assert drift == {
        "david.brandt": 0.0,
        "mei.tanaka": 0.0,
        "nora.keller": 0.0,
        "priya.raman": 9.0,
    }


def test_judge_follows_agent_and_reviewer():
    scale = {"tone": {"good": 1.0, "fair": 0.75, "poor": 0.5, "bad": 0.0}}

    def mean(agent: str, reviewer: str) -> float:
        random = np.random.default_rng(5)
        seen = [
            scale["tone"][
                quality.judge(
                    random,
                    scale,
                    agent=agent,
                    reviewer=reviewer,
                    went=0.0,
                    share_of_year=0.0,
                ).levels["tone"]
            ]
            for _ in range(400)
        ]
        return float(np.mean(seen))

    assert mean("leila.haddad", "nora.keller") > mean("jonas.weber", "nora.keller")
    assert mean("ana.moreau", "mei.tanaka") > mean("ana.moreau", "david.brandt")
