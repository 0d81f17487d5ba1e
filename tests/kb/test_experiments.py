"""Who sees which version, what is counted, start, stop, promote, the daily check."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kb.core.sequential import Counts, Verdict
from kb.models import Article, Experiment, Reading, Vote
from kb.selectors.experiments.counting import tallies
from kb.selectors.experiments.judging import course_of, standing_of, standings
from kb.services import articles
from kb.services import experiments as services
from kb.services.articles import NotAReviewer, NotYours
from kb.tasks.experiments import check_experiments
from supportops.common import roles
from supportops.notifications.models import Notification
from tests.factories.kb import make_article, published_article
from tests.factories.kb_experiments import (
    START,
    add_version,
    fill,
    make_experiment,
    read,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = START + timedelta(days=7)
VISITORS = [f"{number:032x}" for number in range(400)]
HELPFUL, NO_TICKET = Experiment.Outcome.HELPFUL, Experiment.Outcome.NO_TICKET
REVERTED = "Version 2 won the experiment “Shorter change-your-password”"


def lead():
    return UserFactory(role=roles.SUPPORT_LEAD)


def create(article, version_b, actor=None, **more):
    return services.create_experiment(
        article_id=article.pk,
        version_b_id=version_b.pk,
        name=more.pop("name", "Shorter"),
        outcome=more.pop("outcome", HELPFUL),
        actor=actor,
        at=NOW,
        **more,
    )


# Who sees which ---------------------------------------------------------------------------


def test_visitor_sees_the_same_version_each_time():
    experiment = make_experiment()
    article = experiment.article

    def shown(visitor):
        version, found = services.version_for(article, visitor)
        assert found == experiment
        return version.pk

    first = [shown(visitor) for visitor in VISITORS]
    share_b = first.count(experiment.version_b_id) / len(VISITORS)

    assert first == [shown(visitor) for visitor in VISITORS]
    assert set(first) == {experiment.version_a_id, experiment.version_b_id}
    assert 0.4 < share_b < 0.6


def test_experiments_split_visitors_independently():
    one = make_experiment("One", salt="1" * 32)
    two = make_experiment("Two", salt="2" * 32)

    def sees_b(experiment, visitor):
        version, _ = services.version_for(experiment.article, visitor)
        return version.pk == experiment.version_b_id

    both = sum(sees_b(one, each) and sees_b(two, each) for each in VISITORS)

    # A quarter of 400 is 100, its standard deviation 8.7.
    assert 65 < both < 135


def test_nobody_without_a_key_takes_part():
    experiment = make_experiment(share_b=Decimal("0.999"))

    assert services.version_for(experiment.article, "") == (experiment.version_a, None)


@pytest.mark.parametrize("state", ["DRAFT", "STOPPED"])
def test_version_a_is_read_unless_the_experiment_runs(state, django_assert_num_queries):
    stopped_at = START if state == "STOPPED" else None
    experiment = make_experiment(
        state=state, stopped_at=stopped_at, share_b=Decimal("0.999")
    )
    article = Article.objects.select_related("published").get(pk=experiment.article_id)

    with django_assert_num_queries(1):
        assert services.version_for(article, VISITORS[0]) == (article.published, None)


def test_newly_published_text_is_read_by_everybody_though_an_experiment_runs():
    experiment = make_experiment(share_b=Decimal("0.999"))
    article = experiment.article
    newest = articles.revert(
        article_id=article.pk, version_id=experiment.version_b_id, actor=None, at=NOW
    )
    article.refresh_from_db()

    assert services.version_for(article, VISITORS[0]) == (newest, None)


def test_assignment_asks_one_query(django_assert_num_queries):
    experiment = make_experiment()
    article = Article.objects.select_related("published").get(pk=experiment.article_id)

    with django_assert_num_queries(1):
        services.version_for(article, VISITORS[0])


# A candidate ------------------------------------------------------------------------------


def test_candidate_is_kept_without_being_published():
    article = published_article()
    Article.objects.filter(pk=article.pk).update(body="Shorter.")

    version = services.save_candidate(article_id=article.pk, actor=lead(), at=NOW)
    again = services.save_candidate(article_id=article.pk, actor=lead(), at=NOW)

    article.refresh_from_db()
    assert (version.number, version.body, again) == (2, "Shorter.", version)
    assert article.published.number == 1


@pytest.mark.parametrize("body", ["", "How to change your password."])
def test_candidate_without_text_of_its_own_is_refused(body):
    article = published_article()
    Article.objects.filter(pk=article.pk).update(body=body)

    with pytest.raises(services.ExperimentRefused):
        services.save_candidate(article_id=article.pk, actor=None, at=NOW)
    assert article.versions.count() == 1


# Set up and start -------------------------------------------------------------------------


def test_experiment_is_set_up_then_started():
    article, boss = published_article(), lead()
    experiment = create(article, add_version(article), boss, share_b=Decimal("0.2"))

    assert (experiment.state, experiment.started_at) == ("DRAFT", None)
    assert services.version_for(article, VISITORS[0])[1] is None

    services.start_experiment(experiment_id=experiment.pk, actor=boss, at=NOW)

    experiment.refresh_from_db()
    assert (experiment.state, experiment.started_at) == ("RUNNING", NOW)
    assert experiment.created_by == boss
    assert services.version_for(article, VISITORS[0])[1] == experiment


def test_started_experiment_compares_with_what_is_published_by_then():
    article = published_article()
    experiment = create(article, add_version(article))
    Article.objects.filter(pk=article.pk).update(body="Third.")
    third = articles.publish(article_id=article.pk, actor=None, at=NOW)

    services.start_experiment(experiment_id=experiment.pk, actor=None, at=NOW)

    experiment.refresh_from_db()
    assert experiment.version_a == third


def test_draft_article_has_no_experiment():
    article = make_article()

    with pytest.raises(services.ExperimentRefused):
        create(article, add_version(article))
    assert not Experiment.objects.exists()


def test_version_of_another_article_is_refused():
    other = published_article("Other")

    with pytest.raises(services.ExperimentRefused):
        create(published_article(), other.published)
    assert not Experiment.objects.exists()


def test_same_text_is_nothing_to_compare():
    article = published_article()

    with pytest.raises(services.ExperimentRefused):
        create(article, add_version(article, article.body))
    assert not Experiment.objects.exists()


@pytest.mark.parametrize("field", ["share_b", "alpha", "guardrail_drop"])
@pytest.mark.parametrize("value", [Decimal(0), Decimal(1)])
def test_shares_without_meaning_are_refused(field, value):
    article = published_article()

    with pytest.raises(services.ExperimentRefused):
        create(article, add_version(article), **{field: value})
    assert not Experiment.objects.exists()


def test_one_article_runs_one_experiment():
    running = make_experiment()
    second = make_experiment(article=running.article, state="DRAFT")

    with pytest.raises(services.ExperimentStateRefused):
        services.start_experiment(experiment_id=second.pk, actor=None, at=NOW)
    second.refresh_from_db()
    assert second.state == "DRAFT"


def test_text_of_a_reviewed_article_is_shown_by_its_reviewers_only():
    experiment = make_experiment(state="DRAFT")
    reviewer = lead()
    experiment.article.reviewers.add(reviewer)

    with pytest.raises(NotAReviewer):
        services.start_experiment(experiment_id=experiment.pk, actor=lead(), at=NOW)
    services.start_experiment(experiment_id=experiment.pk, actor=reviewer, at=NOW)


def test_draft_is_discarded_and_a_running_one_is_not():
    draft = make_experiment("One", state="DRAFT")
    running = make_experiment("Two")

    services.discard_draft(experiment_id=draft.pk, actor=lead())
    with pytest.raises(services.ExperimentStateRefused):
        services.discard_draft(experiment_id=running.pk, actor=lead())
    assert list(Experiment.objects.all()) == [running]


@pytest.mark.parametrize(
    "role", [roles.AGENT, roles.QA_REVIEWER, roles.EXECUTIVE, roles.WORKFORCE_MANAGER]
)
def test_only_leads_change_experiments(role):
    actor = UserFactory(role=role)
    draft, running = make_experiment("One", state="DRAFT"), make_experiment("Two")
    who = {"actor": actor, "at": NOW}

    with pytest.raises(NotYours):
        services.save_candidate(article_id=running.article_id, **who)
    with pytest.raises(NotYours):
        create(running.article, running.version_b, actor)
    for act, target in (
        (services.start_experiment, draft),
        (services.stop_experiment, running),
        (services.promote, running),
    ):
        with pytest.raises(NotYours):
            act(experiment_id=target.pk, **who)
    with pytest.raises(NotYours):
        services.discard_draft(experiment_id=draft.pk, actor=actor)
    states = Experiment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["DRAFT", "RUNNING"]


# Counting ---------------------------------------------------------------------------------


def test_votes_and_tickets_of_each_version_are_counted():
    experiment = make_experiment()
    read(experiment, "a", "a1", at=START, helpful=True)
    read(
        experiment, "a", "a2", at=START, helpful=False, ticket_after=timedelta(hours=2)
    )
    read(experiment, "a", "a3", at=START)
    read(experiment, "b", "b1", at=START, helpful=True)
    read(experiment, "b", "b2", at=START, ticket_after=timedelta(hours=25))

    tally = tallies([experiment], at=NOW)[experiment.pk]

    assert (tally.a.readers, tally.b.readers) == (3, 2)
    assert tally.a.counts(HELPFUL) == Counts(good=1, readers=2)
    assert tally.b.counts(HELPFUL) == Counts(good=1, readers=1)
    assert tally.a.counts(NO_TICKET) == Counts(good=2, readers=3)
    assert tally.b.counts(NO_TICKET) == Counts(good=2, readers=2)


def test_visitor_counts_once_from_the_first_reading():
    experiment = make_experiment()
    read(experiment, "a", "a1", at=START)
    # The ticket hangs on a later reading of the same day.
    read(
        experiment,
        "a",
        "a1",
        at=START + timedelta(hours=3),
        ticket_after=timedelta(hours=1),
    )

    tally = tallies([experiment], at=NOW)[experiment.pk]

    assert tally.a.readers == 1
    assert tally.a.counts(NO_TICKET) == Counts(good=0, readers=1)


def test_reading_tells_of_tickets_a_day_later():
    experiment = make_experiment()
    read(experiment, "a", "a1", at=START, ticket_after=timedelta(hours=1))

    def known(hours):
        found = tallies([experiment], at=START + timedelta(hours=hours))
        return found[experiment.pk].a.counts(NO_TICKET)

    assert known(23) == Counts(good=0, readers=0)
    assert known(24) == Counts(good=0, readers=1)


def test_votes_of_who_knew_the_article_do_not_count():
    experiment = make_experiment()
    Reading.objects.create(
        visitor="a1",
        article_id=experiment.article_id,
        version=experiment.version_a,
        place="HELP",
        at=START - timedelta(days=3),
    )
    read(experiment, "a", "a1", at=START, helpful=True)
    read(experiment, "a", "a2", at=START, helpful=True)

    tally = tallies([experiment], at=NOW)[experiment.pk]

    assert tally.a.readers == 2
    assert tally.a.counts(HELPFUL) == Counts(good=1, readers=1)


def test_stopped_experiment_counts_no_further():
    experiment = make_experiment(state="STOPPED", stopped_at=START + timedelta(days=2))
    read(experiment, "a", "a1", at=START, helpful=True)
    read(experiment, "a", "a2", at=START + timedelta(days=3), helpful=True)
    read(experiment, "b", "b1", at=START + timedelta(days=1, hours=1))

    tally = tallies([experiment], at=NOW)[experiment.pk]

    assert (tally.a.readers, tally.b.readers) == (1, 1)
    assert tally.a.counts(HELPFUL) == Counts(good=1, readers=1)
    assert tally.b.counts(NO_TICKET) == Counts(good=0, readers=0)


def test_experiments_do_not_count_for_each_other():
    one, two = make_experiment("One"), make_experiment("Two")
    read(one, "a", "v1", at=START, helpful=True)
    read(two, "b", "v1", at=START, helpful=False)

    found = tallies([one, two], at=NOW)

    assert found[one.pk].a.counts(HELPFUL) == Counts(good=1, readers=1)
    assert found[one.pk].b.counts(HELPFUL) == Counts(good=0, readers=0)
    assert found[two.pk].b.counts(HELPFUL) == Counts(good=0, readers=1)


@pytest.mark.parametrize("count", [1, 3])
def test_many_experiments_are_judged_in_two_queries(count, django_assert_num_queries):
    rows = [make_experiment(f"Article {number}") for number in range(count)]
    for each in rows:
        read(each, "a", "a1", at=START, helpful=True)

    with django_assert_num_queries(2):
        assert len(standings(rows, at=NOW)) == count


# Judging ----------------------------------------------------------------------------------


def test_verdict_follows_the_votes():
    better = make_experiment("Better")
    fill(better, a=(120, 200), b=(180, 200))
    equal = make_experiment("Equal")
    fill(equal, a=(120, 200), b=(124, 200))
    young = make_experiment("Young")
    fill(young, a=(1, 3), b=(3, 3))

    found = standings([better, equal, young], at=NOW)

    assert [each.verdict for each in found] == [
        Verdict.B_BETTER, Verdict.UNDECIDED, Verdict.TOO_EARLY,
    ]  # fmt: skip
    assert found[0].judged.effect == pytest.approx(0.3)
    assert 0 < found[0].judged.lower < 0.3 < found[0].judged.upper


def test_other_outcome_is_guarded():
    # Judged by tickets, of which there are none; but B's votes fall far.
    experiment = make_experiment(outcome=NO_TICKET)
    fill(experiment, a=(190, 200), b=(60, 200))

    found = standing_of(experiment, at=NOW)

    assert found.judged.verdict == Verdict.UNDECIDED
    assert (found.verdict, found.crossed) == (Verdict.GUARDRAIL, [HELPFUL])


def test_split_that_cannot_be_chance_is_told():
    fair, unfair = make_experiment("Fair"), make_experiment("Unfair")
    fill(fair, a=(1, 102), b=(1, 98))
    fill(unfair, a=(1, 140), b=(1, 60))

    assert [each.is_mismatched for each in standings([fair, unfair], at=NOW)] == [
        False, True,
    ]  # fmt: skip


def test_course_grows_day_by_day_to_the_totals():
    experiment = make_experiment()
    read(experiment, "a", "a1", at=START, helpful=True)
    read(experiment, "b", "b1", at=START + timedelta(days=2), helpful=False)

    points = course_of(standing_of(experiment, at=NOW), HELPFUL)

    assert [(point.day.day, point.a, point.b) for point in points] == [
        (3, Counts(1, 1), Counts(0, 0)), (5, Counts(1, 1), Counts(0, 1)),
    ]  # fmt: skip
    assert points[0].effect is None
    assert points[1].effect == -1.0


# The end ----------------------------------------------------------------------------------


def test_stopped_experiment_keeps_what_could_be_said():
    experiment, boss = make_experiment(), lead()
    fill(experiment, a=(120, 200), b=(180, 200))

    services.stop_experiment(
        experiment_id=experiment.pk, actor=boss, at=NOW, note="  Enough. "
    )

    experiment.refresh_from_db()
    assert (experiment.state, experiment.stopped_at) == ("STOPPED", NOW)
    assert (experiment.verdict, experiment.ended) == ("B_BETTER", "PERSON")
    assert (experiment.stopped_by, experiment.note) == (boss, "Enough.")
    with pytest.raises(services.ExperimentStateRefused):
        services.stop_experiment(experiment_id=experiment.pk, actor=boss, at=NOW)


def test_promoted_version_becomes_the_article():
    experiment, boss = make_experiment(), lead()

    services.promote(experiment_id=experiment.pk, actor=boss, at=NOW)

    experiment.refresh_from_db()
    article = experiment.article
    assert (experiment.state, experiment.ended) == ("STOPPED", "PROMOTED")
    assert experiment.promoted
    assert (article.published.number, article.published.body) == (3, "Another text.")
    assert (article.published.note, article.body) == (REVERTED, "Another text.")
    with pytest.raises(services.ExperimentStateRefused):
        services.promote(experiment_id=experiment.pk, actor=boss, at=NOW)


def test_version_tried_against_an_older_text_is_not_promoted():
    experiment = make_experiment()
    Article.objects.filter(pk=experiment.article_id).update(body="Third.")
    third = articles.publish(article_id=experiment.article_id, actor=None, at=NOW)

    with pytest.raises(services.ArticleMovedOn):
        services.promote(experiment_id=experiment.pk, actor=lead(), at=NOW)
    experiment.refresh_from_db()
    assert (experiment.state, experiment.article.published) == ("RUNNING", third)


def test_promoting_takes_the_right_to_publish():
    experiment, boss = make_experiment(), lead()
    experiment.article.reviewers.add(UserFactory(role=roles.TEAM_LEAD))

    with pytest.raises(NotAReviewer):
        services.promote(experiment_id=experiment.pk, actor=boss, at=NOW)
    experiment.refresh_from_db()
    assert (experiment.state, experiment.promoted) == ("RUNNING", False)


def test_daily_check_stops_at_the_guardrail_and_tells_creator_and_owner():
    creator, owner = lead(), UserFactory(role=roles.AGENT)
    bad = make_experiment("Bad", created_by=creator)
    fill(bad, a=(190, 200), b=(60, 200))
    Article.objects.filter(pk=bad.article_id).update(owner=owner)
    good = make_experiment("Good", created_by=creator)
    fill(good, a=(60, 200), b=(190, 200))

    assert check_experiments() == {"stopped": 1}
    assert check_experiments() == {"stopped": 0}

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.ended, bad.verdict) == ("STOPPED", "GUARDRAIL", "GUARDRAIL")
    assert bad.stopped_by is None
    assert good.state == "RUNNING"
    told = Notification.objects.filter(kind="KNOWLEDGE")
    assert {each.recipient for each in told} == {creator, owner}
    assert {each.url for each in told} == {f"/kb/experiments/{bad.pk}/"}


def test_daily_check_stops_what_the_article_left_behind():
    archived, current = make_experiment("Archived"), make_experiment("Current")
    articles.archive(article_ids=[archived.article_id], actor=None, at=NOW)

    assert services.stop_crossed(at=NOW) == 1

    archived.refresh_from_db()
    current.refresh_from_db()
    assert (archived.ended, current.state) == ("ARTICLE", "RUNNING")


def test_later_vote_replaces_the_first_of_a_reader():
    experiment = make_experiment()
    read(experiment, "b", "b1", at=START, helpful=False)
    Vote.objects.update(is_helpful=True, at=START + timedelta(hours=5))

    tally = tallies([experiment], at=datetime(2026, 3, 9, tzinfo=UTC))[experiment.pk]

    assert tally.b.counts(HELPFUL) == Counts(good=1, readers=1)
