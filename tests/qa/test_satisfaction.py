from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from qa.core.correlation import spearman
from qa.models import ReliabilityFigure
from qa.selectors.satisfaction import satisfaction
from supportops.metrics import services
from supportops.metrics.scopes import Scope
from tests.factories import quality as make
from tests.factories.tickets import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
SCOPE = (date(2026, 3, 1), date(2026, 5, 1))
# Score and stars; None has not answered.
ANSWERS = [(95, 5), (90, 4), (85, 5), (70, 1), (60, 2), (75, 3), (80, None), (66, None)]


@pytest.fixture
def card():
    return make.published_card()


def write(card, answers):
    for score, stars in answers:
        ticket = open_ticket()
        custom = {} if stars is None else {settings.SATISFACTION_FIELD: stars}
        Ticket.objects.filter(pk=ticket.pk).update(custom=custom)
        make.write_review(ticket=ticket, score=score, version=card, at=AT)
    services.mark_all()
    services.refresh(at=AT)
    return satisfaction(Scope(*SCOPE, at=AT))


def test_scores_and_stars_are_matched_by_ticket(card):
    found = write(card, ANSWERS)

    expected = spearman([95, 90, 85, 70, 60, 75], [5, 4, 5, 1, 2, 3])
    assert found.correlation == expected
    assert (found.answered, found.reviews, found.share) == (6, 8, 0.75)
    assert found.is_few
    # (95 + 90 + 85)/3 − (70 + 60)/2; Welch: se² = 25/3 + 50/2, df = 1.35.
    assert found.gap.value == pytest.approx(25)
    assert found.gap.low < 0 < 25 < found.gap.high
    assert (found.gap.happy, found.gap.unhappy) == (3, 2)


def test_nothing_is_said_before_the_first_survey(card):
    assert write(card, [(80, None)]) is None


def test_the_ceiling_follows_from_how_reviewers_agree(card):
    ReliabilityFigure.objects.create(
        scorecard=card.scorecard,
        method="ICC_A1",
        starts_on=SCOPE[0],
        ends_on=SCOPE[1],
        tickets=30,
        reviewers=3,
        ratings=60,
        value=0.64,
        computed_at=AT,
    )

    assert write(card, ANSWERS).highest == pytest.approx(0.8)
