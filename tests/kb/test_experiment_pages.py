"""Pages of experiments: list, new, one; who may do what; what they cost."""

from datetime import timedelta

import pytest
import time_machine

from kb.core.sequential import SMALLEST_ARM
from kb.models import Article, Experiment
from kb.selectors.experiments.judging import course_of, needed, standing_of
from kb.selectors.experiments.planning import outlook
from kb.views.experiments.charts import chart
from supportops.common import roles
from tests.factories.kb import published_article
from tests.factories.kb_experiments import (
    START,
    add_version,
    fill,
    make_experiment,
    read,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST, NEW = "/kb/experiments/", "/kb/experiments/new/"
NOW = START + timedelta(days=5)
RULE = {"name": "Steps first", "outcome": "HELPFUL", "share": "50", "alpha": "5", "guardrail": "10"}  # fmt: skip


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(client, role=roles.SUPPORT_LEAD):
    client.force_login(UserFactory(role=role))
    return client


def page(experiment):
    return f"{LIST}{experiment.pk}/"


def act(client, experiment, verb, **more):
    return client.post(f"{page(experiment)}act/", {"verb": verb, **more}, follow=True)


# The list ---------------------------------------------------------------------------------


def test_empty_list_tells_the_first_step(client):
    text = signed_in(client).get(LIST).content.decode()

    assert "No experiment yet" in text
    assert NEW in text


def test_first_step_is_offered_to_who_may_take_it(client):
    text = signed_in(client, roles.EXECUTIVE).get(LIST).content.decode()

    assert "No experiment yet" in text
    assert NEW not in text


def test_list_tells_effect_interval_and_verdict(client):
    experiment = make_experiment()
    fill(experiment, a=(120, 200), b=(180, 200))

    text = signed_in(client).get(LIST).content.decode()

    assert "+30.0" in text
    assert "B is better" in text
    assert page(experiment) in text


def test_list_is_narrowed_by_state_outcome_and_words(client):
    running = make_experiment("Change your password")
    draft = make_experiment("Export an invoice", state="DRAFT", outcome="NO_TICKET")
    signed_in(client)

    def shown(**query):
        rows = client.get(LIST, query).context["rows"]
        return [row["experiment"] for row in rows]

    assert shown() == [running, draft]
    assert shown(state="DRAFT") == [draft]
    assert shown(outcome="HELPFUL") == [running]
    assert shown(q="password") == [running]
    assert shown(q="nothing like it") == []
    assert shown(state="NONSENSE") == [running, draft]
    assert "None like that" in client.get(LIST, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_at_one_and_three(client, count, django_assert_num_queries):
    for number in range(count):
        each = make_experiment(f"Article {number}", created_by=UserFactory())
        fill(each, a=(30, 40), b=(20, 40))
    signed_in(client).get(LIST)

    # Session, person, permissions twice; then the number, the page, readers, votes.
    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["rows"]) == count


# One --------------------------------------------------------------------------------------


def test_page_of_a_draft_compares_and_says_how_long_it_takes(client):
    experiment = make_experiment(state="DRAFT")

    text = signed_in(client).get(page(experiment)).content.decode()

    assert "Not started: readers see A only." in text
    assert "<ins>Another text.</ins>" in text
    assert "How long it will take" in text


def test_page_says_in_a_sentence_what_is_known(client):
    experiment = make_experiment()
    fill(experiment, a=(120, 200), b=(180, 200))
    young = make_experiment("Young")
    unfair = make_experiment("Unfair")
    fill(unfair, a=(1, 140), b=(1, 60))
    bad = make_experiment("Bad")
    fill(bad, a=(190, 200), b=(60, 200))
    signed_in(client)

    def sentence(which):
        return client.get(page(which)).context["row"]["sentence"]

    assert sentence(experiment).startswith(
        "B is better: share of helpful votes, +30.0 points (+"
    )
    assert sentence(young) == (
        f"Too early to say anything: each version needs {SMALLEST_ARM} votes; A has 0, "
        "B 0."
    )
    assert "60 of 200 readers saw B, where about 100 were to" in sentence(unfair)
    assert sentence(bad).startswith(
        "B is worse than allowed: share of helpful votes, −65"
    )


def test_page_draws_the_course_with_its_table(client):
    experiment = make_experiment()
    fill(experiment, a=(60, 100), b=(70, 100))
    read(experiment, "b", "late", at=START + timedelta(days=2), helpful=True)

    answer = signed_in(client).get(page(experiment))

    assert [(day["b"].good, day["b"].readers) for day in answer.context["course"]] == [
        (70, 100), (71, 101),
    ]  # fmt: skip
    assert answer.context["chart"].effect.startswith("M0.0 ")
    assert 'class="plot"' in answer.content.decode()


def test_course_of_one_day_has_no_picture():
    experiment = make_experiment()
    fill(experiment, a=(60, 100), b=(70, 100))
    course = course_of(standing_of(experiment, at=NOW), "HELPFUL")

    assert len(course) == 1
    assert chart(course, guardrail=0.1) is None


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_was_read(
    client, count, django_assert_num_queries
):
    experiment = make_experiment(created_by=UserFactory())
    for number in range(count):
        read(experiment, "a", f"a{number}", at=START, helpful=True)
    signed_in(client).get(page(experiment))

    with django_assert_num_queries(7):
        client.get(page(experiment))


# Acting -----------------------------------------------------------------------------------


def test_experiment_is_started_stopped_and_promoted_on_its_page(client):
    experiment = make_experiment(state="DRAFT")
    signed_in(client)

    text = act(client, experiment, "start").content.decode()
    assert "Started. Readers are split from now on." in text
    act(client, experiment, "stop", note="Enough")
    act(client, experiment, "promote")

    experiment.refresh_from_db()
    assert (experiment.state, experiment.ended, experiment.note) == (
        "STOPPED", "PERSON", "Enough",
    )  # fmt: skip
    assert experiment.promoted
    assert experiment.article.published.body == "Another text."


def test_draft_is_discarded(client):
    experiment = make_experiment(state="DRAFT")

    act(signed_in(client), experiment, "discard")

    assert not Experiment.objects.exists()


def test_refusal_is_told(client):
    experiment = make_experiment()

    text = act(signed_in(client), experiment, "start").content.decode()

    assert "It was started before." in text


def test_unknown_verb_is_nothing(client):
    assert act(signed_in(client), make_experiment(), "delete").status_code == 404


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        (roles.AGENT, False, False),
        (roles.QA_REVIEWER, False, False),
        (roles.WORKFORCE_MANAGER, True, False),
        (roles.EXECUTIVE, True, False),
        (roles.TEAM_LEAD, True, True),
        (roles.SUPPORT_LEAD, True, True),
    ],
)
def test_roles_see_and_act_as_granted(client, role, sees, acts):
    experiment = make_experiment()
    signed_in(client, role)

    assert client.get(LIST).status_code == (200 if sees else 403)
    assert client.get(page(experiment)).status_code == (200 if sees else 403)
    assert client.get(NEW).status_code == (200 if acts else 403)
    assert act(client, experiment, "stop").status_code == (200 if acts else 403)
    experiment.refresh_from_db()
    assert experiment.state == ("STOPPED" if acts else "RUNNING")


def test_who_only_looks_is_offered_no_action(client):
    experiment = make_experiment()

    text = signed_in(client, roles.EXECUTIVE).get(page(experiment)).content.decode()

    assert 'name="verb"' not in text


def test_strangers_are_sent_to_sign_in(client):
    answer = client.get(page(make_experiment()))

    assert answer.status_code == 302


# A new one --------------------------------------------------------------------------------


def test_new_asks_for_a_published_article_first(client):
    assert "No published article yet" in signed_in(client).get(NEW).content.decode()


def test_article_without_another_version_says_what_to_do(client):
    article = published_article()

    text = signed_in(client).get(NEW, {"article": article.pk}).content.decode()

    assert "There is no other version to try" in text
    assert f"/kb/articles/{article.pk}/edit/" in text


def test_working_copy_is_tried_without_being_published(client):
    article = published_article()
    Article.objects.filter(pk=article.pk).update(body="Shorter.")
    signed_in(client)

    text = client.get(NEW, {"article": article.pk}).content.decode()
    answer = client.post(f"{NEW}?article={article.pk}&b=copy", RULE)

    assert "<ins>" in text
    experiment = Experiment.objects.get()
    assert answer.url == page(experiment)
    assert (experiment.version_b.number, experiment.version_b.body) == (2, "Shorter.")
    assert (experiment.state, float(experiment.guardrail_drop)) == ("DRAFT", 0.1)
    article.refresh_from_db()
    assert article.published.number == 1


def test_older_version_is_tried(client):
    article = published_article()
    older = add_version(article)

    signed_in(client).post(f"{NEW}?article={article.pk}&b={older.pk}", RULE)

    assert Experiment.objects.get().version_b == older


@pytest.mark.parametrize(
    "wrong", [{"share": "0"}, {"alpha": "100"}, {"guardrail": "x"}, {"name": ""}]
)
def test_rule_that_cannot_be_used_is_told(client, wrong):
    article = published_article()
    add_version(article)

    answer = signed_in(client).post(f"{NEW}?article={article.pk}", {**RULE, **wrong})

    assert answer.status_code == 422
    assert not Experiment.objects.exists()


def test_new_without_article_creates_nothing(client):
    published_article()

    assert signed_in(client).post(NEW, RULE).status_code == 422
    assert not Experiment.objects.exists()


# How long ---------------------------------------------------------------------------------


def test_outlook_follows_the_articles_own_readers():
    article = published_article(at=START - timedelta(days=40))
    experiment = make_experiment(article=article)
    fill(experiment, a=(21, 28), b=(0, 28))

    found = outlook(article, "HELPFUL", at=NOW)

    assert (found.rate.good, found.rate.known, found.rate.of_all) == (21, 56, False)
    assert (found.daily_readers, found.daily_known) == (2.0, 2.0)
    assert [each.effect for each in found.needed] == [0.05, 0.1, 0.2]
    assert found.needed[1].days == -(-found.needed[1].in_all // 2)


def test_outlook_of_an_unread_article_assumes_the_most_cautious_rate():
    found = outlook(published_article(), "HELPFUL", at=NOW)

    assert (found.rate.known, found.rate.share) == (0, 0.5)
    assert {each.days for each in found.needed} == {None}


def test_larger_differences_need_fewer_readers():
    small, middle, large = needed(0.6, share_b=0.5, alpha=0.05, seen=100, daily=10)

    assert small.in_all > middle.in_all > large.in_all
    assert middle.missing == middle.in_all - 100
