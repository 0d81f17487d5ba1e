"""An article counts as used when a reply with it goes out, and not before."""

from datetime import UTC, datetime

import pytest

from kb.models import TicketArticle
from kb.selectors.articles.standing import uses_of
from kb.selectors.gaps.tickets import answered_by_article
from kb.services.ticket_articles import ArticleNotUsable, unlink_article, use_article
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket
from tickets.models import CustomerTier
from tickets.services import reply

pytestmark = pytest.mark.django_db
AT = datetime(2099, 3, 1, 9, tzinfo=UTC)
TEXT = "Choose Forgot password on the sign-in page. A link to reset it arrives by mail."
LINK = "https://help.example.com/help/en/reset-your-password/"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://help.example.com/"


@pytest.fixture
def agent():
    return UserFactory(role="Agent")


@pytest.fixture
def ticket():
    return open_ticket(subject="Reset password does not arrive")


@pytest.fixture
def article():
    return published_article("Reset your password", body=TEXT)


def say(ticket, agent, body, *, public=True):
    return reply(ticket_id=ticket.pk, at=AT, actor=agent, body=body, public=public)


def insert(ticket, article, agent, use="INSERTED"):
    return use_article(
        ticket_id=ticket.pk, article_id=article.pk, use=use, actor=agent, at=AT
    )


def sent():
    return set(
        TicketArticle.objects.filter(use="SENT").values_list("article", flat=True)
    )


def test_a_reply_with_the_address_sends_the_article(ticket, article, agent):
    message = say(ticket, agent, f"See {LINK}.")
    use = TicketArticle.objects.get()
    assert (use.use, use.article, use.message) == ("SENT", article, message)
    assert (use.used_by, use.used_at) == (agent, AT)
    say(ticket, agent, f"Again: {LINK}")
    assert TicketArticle.objects.get().message == message


def test_the_box_alone_is_no_use(ticket, article, agent):
    insert(ticket, article, agent)
    assert uses_of(article).put_into_replies == 0
    assert answered_by_article(ticket.created_at) == set()
    say(ticket, agent, "I looked into it and will call you.")
    assert sent() == set()
    say(ticket, agent, LINK)
    assert uses_of(article).put_into_replies == 1
    assert answered_by_article(ticket.created_at) == {ticket.pk}


def test_its_passage_counts_only_where_it_was_put_into_the_box(ticket, article, agent):
    other = open_ticket(subject="Other")
    insert(ticket, article, agent)
    for one in (ticket, other):
        say(one, agent, "> A link to reset it arrives by mail.")
    assert list(
        TicketArticle.objects.filter(use="SENT").values_list("ticket", flat=True)
    ) == [ticket.pk]


@pytest.mark.parametrize(
    "body",
    [
        "https://elsewhere.example.com/help/en/reset-your-password/",
        "https://help.example.com/help/en/no-such-article/",
        "https://help.example.com/help/",
        "https://[help.example.com/help/en/reset-your-password/",
        "Reset your password",
    ],
)
def test_other_addresses_and_words_send_nothing(ticket, article, agent, body):
    say(ticket, agent, body)
    assert sent() == set()


def test_notes_automations_and_customers_send_nothing(ticket, article, agent):
    say(ticket, agent, LINK, public=False)
    say(ticket, UserFactory(is_automation=True), LINK)
    say(ticket, None, LINK)
    assert not TicketArticle.objects.exists()


def test_an_address_it_had_before_counts(ticket, article, agent):
    article.slug = "new-password"
    article.save()
    say(ticket, agent, LINK)
    assert sent() == {article.pk}


def test_staff_articles_and_unpublished_ones_are_not_sent(ticket, agent):
    inside = published_article("Reset your password", body=TEXT, audience="INTERNAL")
    gone = published_article("Old password", body=TEXT)
    for article in (inside, gone):
        insert(ticket, article, agent, "LINKED")
    gone.state = "ARCHIVED"
    gone.save()
    old = LINK.replace("reset-your", "old")
    say(ticket, agent, f"{LINK}\n{old}\n> A link to reset it arrives by mail.")
    assert sent() == set()


def test_a_tiers_article_is_sent_by_its_title(ticket, agent):
    tier = CustomerTier.objects.get(code="business")
    article = published_article(
        "Raised limits", body=TEXT, audience="PLAN", tiers=[tier]
    )
    insert(ticket, article, agent)
    say(ticket, agent, "We have written about Raised limits.")
    assert sent() == set()
    say(ticket, agent, "Please read:\nRaised limits")
    assert sent() == {article.pk}


def test_sent_cannot_be_claimed_and_is_never_taken_off(ticket, article, agent):
    with pytest.raises(ArticleNotUsable):
        insert(ticket, article, agent, "SENT")
    assert not TicketArticle.objects.exists()
    say(ticket, agent, LINK)
    assert unlink_article(ticket_id=ticket.pk, article_id=article.pk) == 0
    assert sent() == {article.pk}


def test_a_refused_reply_leaves_no_trace(ticket, article, agent):
    with pytest.raises(Exception, match="no text"):
        say(ticket, agent, "  ")
    assert not TicketArticle.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_reply_asks_the_same_questions(
    ticket, agent, rows, django_assert_num_queries
):
    words = []
    for number in range(rows):
        article = published_article(f"Reset {number}", body=TEXT)
        insert(ticket, article, agent)
        words.append(f"https://help.example.com/help/en/{article.slug}/")
    with django_assert_num_queries(REPLY_QUERIES):
        say(ticket, agent, "\n".join(words))
    assert len(sent()) == rows


REPLY_QUERIES = 9
