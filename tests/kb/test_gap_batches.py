"""Several gaps decided at once: what changes, what stays, who may, and the way back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kb.models import GapTask
from kb.services import gap_batches, gaps
from kb.services.gaps import GapRefused
from tests.factories.kb_work import make_gap
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
DUE = date(2026, 4, 30)


@pytest.fixture
def lead():
    return UserFactory(role="Support lead")


@pytest.fixture
def client(lead):
    client = Client()
    client.force_login(lead)
    return client


def take_on(keys, lead, *, owner=None, due_on=None, at=NOW):
    return gap_batches.take_on_many(
        keys=keys, owner=owner, due_on=due_on, actor=lead, at=at
    )


def states():
    rows = GapTask.objects.order_by("title")
    return [(task.title, task.state, task.owner, task.due_on) for task in rows]


def test_ticked_gaps_get_an_owner_and_those_gone_are_counted(lead):
    keys = [make_gap(name).key for name in ("A", "B")]
    batch = take_on([*keys, "gone"], lead, owner=lead, due_on=DUE)
    assert (batch.keys, batch.left) == (tuple(sorted(keys)), 1)
    assert states() == [("A", "TAKEN", lead, DUE), ("B", "TAKEN", lead, DUE)]
    assert GapTask.history.filter(history_user=lead).count() == 2


def test_giving_to_somebody_else_keeps_the_day(lead):
    gap, other = make_gap("A"), UserFactory(role="Team lead")
    gaps.take_on(key=gap.key, owner=lead, due_on=DUE, actor=lead, at=NOW)
    take_on([gap.key], lead, owner=other, at=LATER)
    assert states() == [("A", "TAKEN", other, DUE)]


def test_taken_back_each_is_as_it_was(lead):
    new, taken = make_gap("A"), make_gap("B")
    gaps.take_on(key=taken.key, owner=lead, due_on=DUE, actor=lead, at=NOW)
    batch = gap_batches.dismiss_many(
        keys=[new.key, taken.key], reason="Too rare", actor=lead, at=LATER
    )
    assert [state for _title, state, *_ in states()] == ["DISMISSED"] * 2
    undone = gap_batches.take_back(
        keys=batch.keys,
        decided_at=batch.at,
        actor=lead,
        at=LATER + timedelta(minutes=1),
    )
    assert (len(undone.keys), undone.left) == (2, 0)
    assert states() == [("B", "TAKEN", lead, DUE)]
    assert GapTask.objects.get().reason == ""


def test_what_changed_since_is_not_taken_back(lead):
    keys = [make_gap(name).key for name in ("A", "B")]
    batch = take_on(keys, lead, owner=lead)
    gaps.finish(key=keys[0], actor=lead, at=LATER)
    undone = gap_batches.take_back(keys=keys, decided_at=batch.at, actor=lead, at=LATER)
    assert (undone.keys, undone.left) == ((keys[1],), 1)
    assert [(title, state) for title, state, *_ in states()] == [("A", "DONE")]


def test_a_started_article_stays_with_the_task_that_is_taken_back(lead):
    gap = make_gap("A")
    gaps.take_on(key=gap.key, owner=lead, due_on=None, actor=lead, at=NOW)
    batch = take_on([gap.key], lead, owner=None, at=LATER)
    assert GapTask.objects.get().owner is None
    gap_batches.take_back(keys=batch.keys, decided_at=batch.at, actor=lead, at=LATER)
    assert GapTask.objects.get().owner == lead


@pytest.mark.parametrize(
    ("count", "reason"), [(0, "x"), (1, "  "), (gap_batches.MOST_AT_ONCE + 1, "x")]
)
def test_refused_batches_write_nothing(lead, count, reason):
    keys = [make_gap(f"Gap {number}").key for number in range(count)]
    with pytest.raises(GapRefused):
        gap_batches.dismiss_many(keys=keys, reason=reason, actor=lead, at=NOW)
    assert not GapTask.objects.exists()


def test_by_page_the_last_decision_is_told_once_with_its_undo(client, lead):
    gap = make_gap("A")
    make_gap("B")
    data = {"verb": "take", "ids": [gap.pk], "owner": lead.pk, "shown": "state=TAKEN"}
    answer = client.post(reverse("kb:work-decide"), data)
    assert answer.url == reverse("kb:work") + "?state=TAKEN"
    page = client.get(answer.url).content.decode()
    assert "1 gap taken on." in page
    at = page.partition('name="at" value="')[2].partition('"')[0]
    assert "taken on." not in client.get(answer.url).content.decode()
    client.post(
        reverse("kb:work-decide"), {"verb": "undo", "at": at, "keys": [gap.key]}
    )
    assert not GapTask.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"verb": "take"}, "Tick at least one gap."),
        ({"verb": "dismiss", "reason": ""}, "Say why nothing is to be done."),
        ({"verb": "take", "owner": "0"}, "Choose an owner from the list, and a day."),
    ],
)
def test_what_cannot_be_done_is_said(client, data, said):
    page = client.post(reverse("kb:work-decide"), data, follow=True).content.decode()
    assert said in page
    assert not GapTask.objects.exists()


def test_who_only_reads_ticks_nothing_and_decides_nothing(client):
    gap = make_gap("A")
    assert "data-bulk" in client.get(reverse("kb:work")).content.decode()
    reader = Client()
    reader.force_login(UserFactory(role="Executive"))
    page = reader.get(reverse("kb:work")).content.decode()
    assert "data-bulk" not in page
    assert 'name="ids"' not in page
    data = {"verb": "take", "ids": [gap.pk]}
    assert reader.post(reverse("kb:work-decide"), data).status_code == 403
    assert client.post(reverse("kb:work-decide"), {"verb": "burn"}).status_code == 403
    bad = {"verb": "undo", "at": "never", "keys": [gap.key]}
    assert client.post(reverse("kb:work-decide"), bad).status_code == 403
    assert not GapTask.objects.exists()
