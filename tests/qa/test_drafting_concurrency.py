"""Two pages with one draft, with real threads and real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from qa.models import Answer, Review, RootCause, SampleItem
from qa.services import drafting
from tests.factories.quality import agent, published_card, reviewer
from tests.factories.tickets import MONDAY_9AM, open_ticket
from tests.qa.sampled import sample_item

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT = MONDAY_9AM + timedelta(days=2)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Start all calls together; return what each gave or raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001 -- the test looks at what was raised
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_saves_at_once_one_is_kept_and_one_is_told():
    writer = reviewer()
    item = sample_item(version=published_card(), reviewed_by=writer)
    review = drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)

    def save(level):
        return drafting.save_answers(
            review_id=review.pk,
            reviewer=writer,
            revision=0,
            changes=[{"criterion": "tone", "level": level}],
            seconds=0,
            at=AT,
        )

    results = at_once(lambda: save("p4"), lambda: save("p1"))

    stale = [each for each in results if isinstance(each, drafting.StaleReview)]
    kept = [each for each in results if isinstance(each, Review)]
    assert (len(stale), len(kept)) == (1, 1)
    assert stale[0].revision == kept[0].revision == 1
    winner = "p4" if isinstance(results[0], Review) else "p1"
    assert Answer.objects.get().level == winner


def test_one_item_opened_twice_at_once_gives_one_draft():
    writer = reviewer()
    item = sample_item(version=published_card(), reviewed_by=writer)

    def start():
        return drafting.start_item(item_id=item.pk, reviewer=writer, at=AT)

    first, second = at_once(start, start)

    assert first == second == Review.objects.get()


def test_an_item_that_nobody_has_goes_to_one_of_two_who_ask():
    item = sample_item(version=published_card())
    people = [reviewer(), reviewer()]

    results = at_once(
        *(
            lambda person=person: drafting.start_item(
                item_id=item.pk, reviewer=person, at=AT
            )
            for person in people
        )
    )

    refused = [each for each in results if isinstance(each, drafting.NotYours)]
    assert len(refused) == 1
    assert SampleItem.objects.get().reviewer == Review.objects.get().reviewer


def test_one_review_submitted_twice_at_once_is_submitted_once():
    RootCause.objects.all().delete()
    writer, worked_by = reviewer(), agent()
    version = published_card()
    review = drafting.start_adhoc(
        ticket_id=open_ticket(assignee=worked_by).pk,
        agent_id=worked_by.pk,
        reviewer=writer,
        scorecard_id=version.scorecard_id,
        at=AT,
    )
    drafting.save_answers(
        review_id=review.pk,
        reviewer=writer,
        revision=0,
        changes=[{"criterion": key, "level": "p4"} for key in ("solution", "tone")],
        seconds=0,
        at=AT,
    )

    def submit():
        return drafting.submit_review(
            review_id=review.pk, reviewer=writer, revision=1, at=AT
        )

    results = at_once(submit, submit)

    refused = [each for each in results if isinstance(each, drafting.AlreadySubmitted)]
    assert len(refused) == 1
    assert Review.objects.get().events.filter(kind="SUBMITTED").count() == 1
