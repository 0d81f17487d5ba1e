"""What the story of the help centre promises is seen through the portal's figures."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.core.deflection import Finding
from kb.core.sequential import Verdict
from kb.models import (
    Article,
    Conversation,
    Experiment,
    FormVisit,
    GapTask,
    Search,
    Synonym,
    Topic,
    TopicTranslation,
    Turn,
    WorklistRow,
)
from kb.selectors.assistant import current_rules, trust_by
from kb.selectors.experiments.judging import standing_of
from kb.selectors.figures.holdout import measured
from kb.selectors.figures.searches import totals
from kb.selectors.figures.shares import share
from kb.selectors.figures.windows import Window
from supportops.demo.core import floor, forms
from supportops.demo.kb import load_knowledge
from supportops.demo.kb.articles import STALE, TRIED
from supportops.demo.kb.trials import RUNNING
from supportops.demo.loader import HistoryWriter
from supportops.demo.people import write_cast
from tickets.models import Ticket
from tickets.services.history import append_histories

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)
WINDOW = Window(UNTIL.date() - timedelta(days=400), UNTIL.date() + timedelta(days=1))


def load(*, monthly: int, days: int) -> None:
    """Write the company, its tickets and its help centre, and nothing else of the demo."""
    start = UNTIL - timedelta(days=days)
    cast = write_cast(contacts=120, seed=20)
    tickets = floor.play(
        start=start, end=UNTIL, customers=120, monthly=monthly, seed=20
    )
    writer = HistoryWriter(cast, seed=20)
    append_histories([writer.history(ticket) for ticket in tickets], at=UNTIL)
    load_knowledge(
        cast=cast,
        start=start,
        until=UNTIL,
        scale=monthly / 1200,
        seed=20,
        say=lambda line: None,
    )


@pytest.mark.django_db
def test_the_story_is_seen_through_the_figures(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load(monthly=900, days=45)

    deflection_is_as_planted()
    searches_come_out_as_they_do_in_life()
    what_nobody_wrote_about_leads_the_worklist()
    one_trial_was_won_and_one_is_close()
    the_assistant_is_trusted_from_its_answers()


def deflection_is_as_planted():
    found = measured(WINDOW, share(0, 0))

    assert found.result.finding == Finding.FEWER_TICKETS
    assert found.result.lower < forms.EFFECT < found.result.upper
    assert found.held_out.low < forms.SENT_HELD_OUT < found.held_out.high
    assert not found.is_uneven
    sent = FormVisit.objects.filter(was_sent=True)
    assert not sent.filter(ticket=None).exists()
    assert sent.count() == sent.values("ticket").distinct().count()
    assert not FormVisit.objects.filter(arm="HELD_OUT").exclude(suggested=[]).exists()


def searches_come_out_as_they_do_in_life():
    found = totals(WINDOW)

    assert 0.5 < found.opened / found.searches < 0.75
    assert 0.05 < found.no_result / found.searches < 0.2
    assert found.refined > 0
    assert found.abandoned > 0
    assert found.ticket > 0
    clicked = Search.objects.filter(clicked__isnull=False)
    for search in clicked.order_by("pk")[:200]:
        assert search.shown[search.clicked_rank - 1] == search.clicked_id
    assert not clicked.filter(refined_by__isnull=False).exists()
    assert not Search.objects.filter(at__gt=UNTIL).exists()
    assert Ticket.objects.filter(articles__isnull=False).exists()


def what_nobody_wrote_about_leads_the_worklist():
    top = list(WorklistRow.objects.order_by("-hours", "key")[:6])
    titles = " ".join(row.title.lower() for row in top)

    assert top[0].category.path == "Product / Reports"
    assert "scheduled report" in titles
    assert "export" in titles
    taken = GapTask.objects.get(state=GapTask.State.TAKEN)
    assert "export" in taken.title.lower()
    assert taken.article.state == Article.State.DRAFT
    assert taken.owner.username == "mei.tanaka"
    assert "dark" in GapTask.objects.get(state="DISMISSED").title.lower()


def one_trial_was_won_and_one_is_close():
    won = Experiment.objects.get(article__slug=TRIED)
    running = Experiment.objects.get(article__slug=RUNNING)
    look = standing_of(running, at=UNTIL).judged

    assert won.promoted
    assert won.article.published.body == won.version_b.body
    assert running.state == Experiment.State.RUNNING
    assert look.verdict == Verdict.UNDECIDED
    assert look.effect > 0


def the_assistant_is_trusted_from_its_answers():
    trust = trust_by(current_rules())
    judged = Turn.objects.filter(is_right__isnull=False)

    assert trust.judged == judged.count() > 30
    assert trust.shows(0.97)
    assert not trust.shows(0.3)
    right = judged.filter(search_confidence__gte=0.9)
    assert 0.8 < right.filter(is_right=True).count() / right.count() < 1
    over = Conversation.objects.filter(state=Conversation.State.HANDED_OVER)
    assert over.exists()
    assert not over.filter(ticket=None).exists()


@pytest.mark.django_db
def test_a_company_of_three_days_has_the_whole_help_centre(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        load(monthly=60, days=3)

    states = Article.objects.filter(language="en").values_list("state", flat=True)
    assert {state: list(states).count(state) for state in set(states)} == {
        "PUBLISHED": 37,
        "DRAFT": 1,
        "REVIEW": 1,
        "ARCHIVED": 1,
    }
    assert Article.objects.exclude(language="en").count() == 8
    # No page in German or Japanese shows an English name of a topic.
    assert Topic.objects.count() == 13
    assert TopicTranslation.objects.exclude(name="").count() == 2 * 13
    archived = Article.objects.get(state="ARCHIVED")
    assert archived.redirects_to.slug == "create-an-api-key"
    stale = Article.objects.filter(state="PUBLISHED", review_due_on__lt=UNTIL.date())
    assert set(stale.values_list("slug", flat=True)) == set(STALE)
    versions = Article.objects.get(
        slug="two-factor-code-refused", language="en"
    ).versions
    assert [each.number for each in versions.all()] == [3, 2, 1]
    assert Synonym.objects.count() == 15
    assert Search.objects.exists()
