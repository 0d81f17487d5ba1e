"""Triggers that keep published rows, on the table of scorecard versions."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from qa.models import ScorecardVersion
from tests.factories.quality import published_card
from tests.factories.tickets import MONDAY_9AM

STAYS = {
    "scorecard_id": "42",
    "number": "7",
    "definition": "'{}'",
    "reason": "'Another'",
    "published_at": "'2020-01-01 00:00:00+00:00'",
    "state": "'DRAFT'",
}


def run(statement: str, pk: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [pk])


@pytest.mark.django_db
@pytest.mark.parametrize("column", STAYS)
@pytest.mark.parametrize("state", ["PUBLISHED", "ARCHIVED"])
def test_the_database_keeps_what_a_published_version_says(column, state):
    version = published_card()
    ScorecardVersion.objects.filter(pk=version.pk).update(state=state)
    before = ScorecardVersion.objects.filter(pk=version.pk).values().get()
    change = f"SET {column} = {STAYS[column]} WHERE id = %s"

    with pytest.raises(IntegrityError, match="a published scorecard version never"):
        run("UPDATE qa_scorecardversion " + change, version.pk)

    assert ScorecardVersion.objects.filter(pk=version.pk).values().get() == before


@pytest.mark.django_db
def test_the_database_refuses_to_delete_a_published_version():
    version = published_card()

    with pytest.raises(IntegrityError, match="a published scorecard version never"):
        run("DELETE FROM qa_scorecardversion WHERE id = %s", version.pk)

    assert ScorecardVersion.objects.filter(pk=version.pk).exists()


@pytest.mark.django_db
def test_the_database_lets_a_published_version_end_and_people_leave():
    version = published_card()

    ScorecardVersion.objects.filter(pk=version.pk).update(
        state="ARCHIVED", archived_at=MONDAY_9AM + timedelta(days=1), published_by=None
    )

    version.refresh_from_db()
    assert version.state == "ARCHIVED"


@pytest.mark.django_db
def test_the_database_lets_a_draft_change_and_go():
    version = published_card()
    draft = ScorecardVersion.objects.create(
        scorecard=version.scorecard, number=2, created_at=MONDAY_9AM
    )

    ScorecardVersion.objects.filter(pk=draft.pk).update(definition={"pass_mark": 70})
    ScorecardVersion.objects.filter(pk=draft.pk).delete()

    assert not ScorecardVersion.objects.filter(pk=draft.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_table_and_the_refusal_stays():
    published_card()

    # Numbers go on: rows that migrations made come back with theirs after this test.
    call_command(
        "flush",
        interactive=False,
        verbosity=0,
        inhibit_post_migrate=True,
        reset_sequences=False,
    )

    assert not ScorecardVersion.objects.exists()
    version = published_card()
    with pytest.raises(IntegrityError, match="a published scorecard version never"):
        run("DELETE FROM qa_scorecardversion WHERE id = %s", version.pk)
