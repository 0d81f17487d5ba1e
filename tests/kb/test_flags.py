"""Agents' flags: raised, decided, answered."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kb.models import Flag
from kb.services import flags
from supportops.notifications.models import Notification
from tests.factories.kb import published_article
from tests.factories.kb_work import make_flag
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def agent():
    return UserFactory(role="Agent")


@pytest.fixture
def lead():
    return UserFactory(role="Team lead")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def raised(agent, **fields):
    columns = {"kind": "MISSING", "text": "Okta", "actor": agent, "at": NOW, **fields}
    return flags.raise_flag(**columns)


def decided(flag, lead, state="DONE", answer=""):
    return flags.decide_flag(
        flag_id=flag.pk, state=state, answer=answer, actor=lead, at=NOW
    )


def test_a_flag_keeps_who_what_and_where(agent):
    ticket, article = open_ticket(), published_article()
    flag = raised(
        agent, kind="WRONG", text="  Moved   away ", ticket_id=ticket.pk,
        article_id=article.pk,
    )  # fmt: skip
    assert (flag.text, flag.ticket, flag.article) == ("Moved away", ticket, article)
    assert (flag.flagged_by, flag.flagged_at, flag.state) == (agent, NOW, "OPEN")


@pytest.mark.parametrize(
    "fields", [{"text": "  "}, {"kind": "BURN"}, {"kind": "WRONG"}]
)
def test_a_flag_that_says_too_little_is_refused(agent, fields):
    with pytest.raises(flags.FlagRefused):
        raised(agent, **fields)
    assert not Flag.objects.exists()


def test_the_same_flag_twice_is_refused_while_the_first_is_open(agent, lead):
    ticket = open_ticket()
    first = raised(agent, ticket_id=ticket.pk)
    with pytest.raises(flags.FlagRefused, match="already"):
        raised(agent, ticket_id=ticket.pk)
    raised(UserFactory(role="Agent"), ticket_id=ticket.pk)
    raised(agent, ticket_id=ticket.pk, kind="WORKAROUND")
    decided(first, lead)
    raised(agent, ticket_id=ticket.pk)
    assert Flag.objects.count() == 4


def test_the_database_refuses_a_wrong_article_that_is_not_named(agent):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_flag(agent, kind="WRONG")


def test_who_flagged_is_told_the_answer(agent, lead):
    flag = raised(agent)
    decided(flag, lead, "DECLINED", "We do not sell Okta")
    flag.refresh_from_db()
    assert (flag.state, flag.closed_by, flag.closed_at) == ("DECLINED", lead, NOW)
    told = Notification.objects.get()
    assert (told.recipient, told.body) == (agent, "We do not sell Okta")
    assert told.title == "Declined: “Okta”"


def test_nobody_is_told_of_an_own_decision(lead):
    decided(raised(lead), lead)
    assert not Notification.objects.exists()


def test_refused_decisions_write_nothing(agent, lead):
    flag = raised(agent)
    for state, answer in (("DECLINED", " "), ("OPEN", "x"), ("", "x")):
        with pytest.raises(flags.FlagStateRefused):
            decided(flag, lead, state, answer)
    flag.refresh_from_db()
    assert (flag.state, flag.closed_by) == ("OPEN", None)
    decided(flag, lead)
    with pytest.raises(flags.FlagStateRefused, match="closed already"):
        decided(flag, lead)
    assert Notification.objects.count() == 1


def test_the_page_shows_open_flags_by_kind_and_own(agent, lead):
    make_flag(agent, "First")
    make_flag(lead, "Second", kind="WORKAROUND")
    make_flag(agent, "Third", state="DONE")
    client = client_of(agent)

    def shown(**query):
        page = client.get(reverse("kb:flags"), query)
        return sorted(flag.text for flag, _chip in page.context["lines"])

    assert shown() == ["First", "Second"]
    assert shown(kind="WORKAROUND") == ["Second"]
    assert shown(state="all") == ["First", "Second", "Third"]
    assert shown(state="all", mine="1") == ["First", "Third"]


def test_an_agent_flags_and_a_lead_decides(agent, lead):
    client = client_of(agent)
    assert client.post(reverse("kb:flags"), {"kind": "MISSING"}).status_code == 422
    client.post(reverse("kb:flags"), {"kind": "MISSING", "text": "Okta"})
    flag = Flag.objects.get()
    address = reverse("kb:flag-decide", args=[flag.pk])
    assert client.post(address, {"state": "DONE"}).status_code == 403
    client_of(lead).post(address, {"state": "DONE", "answer": "Written"})
    flag.refresh_from_db()
    assert (flag.state, flag.answer) == ("DONE", "Written")


def test_who_may_not_flag_is_refused():
    client = client_of(UserFactory(role="Executive"))
    assert client.get(reverse("kb:flags")).status_code == 200
    answer = client.post(reverse("kb:flags"), {"kind": "MISSING", "text": "Okta"})
    assert answer.status_code == 403
    assert not Flag.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries(lead, rows, django_assert_num_queries):
    for number in range(rows):
        make_flag(
            UserFactory(), article=published_article(f"Article {number}"),
            ticket=open_ticket(),
        )  # fmt: skip
    client = client_of(lead)
    client.get(reverse("kb:flags"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("kb:flags"))


PAGE_QUERIES = 6


def test_the_empty_page_says_where_flags_come_from(lead):
    page = client_of(lead).get(reverse("kb:flags")).content.decode()
    assert "Agents flag on the ticket page" in page
