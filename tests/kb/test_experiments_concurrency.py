"""Two at once: one article runs one experiment, one version is promoted once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from kb.models import Article, ArticleVersion, Experiment
from kb.services import experiments as services
from supportops.common.errors import OperationRefused
from tests.factories.kb import published_article
from tests.factories.kb_experiments import START, add_version, make_experiment

NOW = START + timedelta(days=7)
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """Run the calls at the same moment; return what each gave or was refused with."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call):
        try:
            gate.wait()
            found.append(call())
        except OperationRefused as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def codes(found):
    return [each.code for each in found if isinstance(each, OperationRefused)]


def test_one_of_two_experiments_of_an_article_is_started():
    one = make_experiment(state="DRAFT")
    two = make_experiment(
        article=one.article, version_b=add_version(one.article, "Third."), state="DRAFT"
    )

    found = at_once(
        *[
            lambda each=each: services.start_experiment(
                experiment_id=each.pk, actor=None, at=NOW
            )
            for each in (one, two)
        ]
    )

    assert codes(found) == ["kb_experiment_state_refused"]
    assert Experiment.objects.filter(state="RUNNING").count() == 1


def test_version_promoted_by_two_is_published_once():
    experiment = make_experiment()

    found = at_once(
        *[lambda: services.promote(experiment_id=experiment.pk, actor=None, at=NOW)] * 2
    )

    assert codes(found) == ["kb_experiment_state_refused"]
    numbers = ArticleVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_stop_by_a_person_and_by_the_daily_check_happens_once():
    experiment = make_experiment()
    Article.objects.update(state="ARCHIVED")

    found = at_once(
        lambda: services.stop_experiment(
            experiment_id=experiment.pk, actor=None, at=NOW
        ),
        lambda: services.stop_crossed(at=NOW),
    )

    experiment.refresh_from_db()
    assert experiment.state == "STOPPED"
    by_check = experiment.ended == "ARTICLE"
    assert codes(found) == (["kb_experiment_state_refused"] if by_check else [])


def test_candidate_saved_by_two_is_one_version():
    article = published_article()
    Article.objects.update(body="Shorter.")

    found = at_once(
        *[lambda: services.save_candidate(article_id=article.pk, actor=None, at=NOW)]
        * 2
    )

    assert {version.number for version in found} == {2}
    assert ArticleVersion.objects.count() == 2
