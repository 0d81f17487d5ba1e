"""Articles on the ticket page: suggested, inserted, linked, flagged; and by whom."""

import pytest
from django.test import Client
from django.urls import reverse

from kb import search
from kb.models import Flag, TicketArticle
from kb.services.flags import decide_flag, raise_flag
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket
from tickets.models import CustomerTier

pytestmark = pytest.mark.django_db
FETCH = {"headers": {"X-Requested-With": "fetch"}}
TEXT = "Choose Forgot password on the sign-in page. A link to reset it arrives by mail."


@pytest.fixture(autouse=True)
def _fresh_index(settings):
    settings.SITE_URL = "https://help.example.com/"
    search.forget()


@pytest.fixture
def agent():
    return UserFactory(role="Agent")


@pytest.fixture
def client(agent):
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def ticket():
    return open_ticket(subject="Reset password does not arrive")


def address(ticket):
    return reverse("admin:tickets_ticket_articles", args=[ticket.pk])


def article_named(title="Reset your password", **fields):
    return published_article(title, body=TEXT, **fields)


def test_an_article_for_the_subject_is_suggested(client, ticket):
    article_named()
    published_article("Number your invoices", body="Settings, Numbering.")
    page = client.get(address(ticket), **FETCH).content.decode()
    assert "Reset your password" in page
    assert "Number your invoices" not in page
    assert "https://help.example.com/help/en/reset-your-password/" in page


def test_without_a_script_it_is_a_page_of_its_own(client, ticket):
    article_named()
    page = client.get(address(ticket)).content.decode()
    assert "<html" in page
    assert "Reset your password" in page
    assert "<html" not in client.get(address(ticket), **FETCH).content.decode()


def test_articles_that_are_not_sure_to_fit_are_marked(client, ticket):
    for number in range(4):
        article_named(f"Reset your password {number}")
    page = client.get(address(ticket), **FETCH).content.decode()
    assert "Perhaps none of these fits" in page
    assert page.count('value="insert"') == 3


def test_typed_words_are_searched(client, ticket):
    published_article("Number your invoices", body="Settings, Numbering.")
    page = client.get(address(ticket), {"q": "invoices"}, **FETCH).content.decode()
    assert "Number your invoices" in page


def test_words_that_nothing_answers_find_nothing_and_offer_the_flag(client, ticket):
    for number in range(4):
        article_named(f"Reset your password {number}")
    words = "zzzz qqqq password"
    page = client.get(address(ticket), {"q": words}, **FETCH).content.decode()
    assert f"Nothing found for “{words}”." in page
    assert f'value="{words}" required' in page
    assert '<details class="so-action" open>\n    <summary>Flag missing' in page
    before_the_fold, fold, folded = page.partition("3 articles that share a word")
    assert (fold != "", before_the_fold.count('value="insert"')) == (True, 0)
    assert folded.count('value="insert"') == 3
    none = client.get(address(ticket), {"q": "zebra"}, **FETCH).content.decode()
    assert "Nothing found for “zebra”." in none
    assert "share a word" not in none


def test_two_articles_are_shown_and_the_others_fold(client, ticket):
    for number in range(3):
        article_named(f"Reset your password {number}")
    page = client.get(address(ticket), **FETCH).content.decode()
    shown, _fold, folded = page.partition("1 more article")
    assert (shown.count('value="insert"'), folded.count('value="insert"')) == (2, 1)


def test_only_what_the_customer_may_read_is_offered_for_inserting(client, ticket):
    article_named("Reset password inside", audience="INTERNAL")
    page = client.get(address(ticket), **FETCH).content.decode()
    assert "Not for this customer" in page
    assert 'value="insert"' not in page
    assert 'value="link"' in page


def test_an_article_of_their_tier_is_inserted_without_an_address(client, ticket):
    tiers = {tier.code: tier for tier in CustomerTier.objects.all()}
    own = article_named("Reset password business", audience="PLAN",
                        tiers=[tiers["business"]])  # fmt: skip
    other = next(tier for code, tier in tiers.items() if code != "business")
    article_named("Reset password other", audience="PLAN", tiers=[other])
    page = client.get(address(ticket), **FETCH).content.decode()
    assert "Their tier only" in page
    assert page.count('value="insert"') == 1
    assert f'data-insert="{own.title}"' in page


def test_inserting_notes_the_use_and_fills_the_reply_without_sending(
    client, ticket, agent
):
    article = article_named()
    answer = client.post(
        address(ticket), {"verb": "insert_quote", "article": article.pk}
    )
    assert f"?insert={article.pk}&quote=1" in answer.url
    use = TicketArticle.objects.get()
    assert (use.use, use.used_by) == ("INSERTED", agent)
    page = client.get(answer.url.partition("#")[0]).content.decode()
    box = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert box.count("https://help.example.com/help/en/reset-your-password/") == 1
    assert box.rstrip().endswith(f"\n\n&gt; {TEXT}")
    assert not ticket.messages.exists()


def test_the_passage_is_quoted_in_whole_steps_without_debris(client, ticket):
    body = (
        "Reset it so:\n\n1. Choose **Reset password**.\n2. Open the mail.\n\n"
        "| Plan | Price |\n|---|---|\n| Free | 0 |\n\n- [ ] Look for spam\n"
    )
    published_article("Reset your password", body=body, summary="")
    page = client.get(address(ticket), **FETCH).content.decode()
    quote = page.partition('data-quote="')[2].partition('"')[0]
    assert "&gt; Reset it so:\n&gt; 1. Choose Reset password.\n&gt; 2. Open" in quote
    assert not {"|", "☐", "**"} & set(quote)
    assert "&gt; \n" not in quote
    preview = page.partition('<p class="so-note">Reset it so:')[2].partition("</p>")[0]
    assert preview.startswith(" 1. Choose Reset password. 2. Open the mail.")
    assert "☐" not in preview


def test_flags_of_the_ticket_say_who_when_and_what_came_of_it(client, ticket, agent):
    at = ticket.created_at
    raised = [
        raise_flag(kind="MISSING", text=text, actor=who, at=at, ticket_id=ticket.pk)
        for text, who in (("No word on filters", agent), ("No word on spam", UserFactory()))
    ]  # fmt: skip
    decide_flag(
        flag_id=raised[0].pk, state="DONE", answer="It is written.",
        actor=UserFactory(first_name="Nora", last_name="Keller"), at=at,
    )  # fmt: skip
    other = open_ticket(subject="Another")
    page = client.get(address(ticket), **FETCH).content.decode()
    assert page.count("Not answered yet") == 1
    for words in ("No word on filters", "It is written.", "Nora Keller", str(agent)):
        assert words in page
    assert "No word on" not in client.get(address(other), **FETCH).content.decode()


def test_inserting_what_the_customer_may_not_read_is_refused(client, ticket):
    article = article_named(audience="INTERNAL")
    answer = client.post(
        address(ticket), {"verb": "insert", "article": article.pk}, **FETCH
    )
    assert answer.status_code == 422
    assert "may not read this article" in answer.content.decode()
    assert not TicketArticle.objects.exists()
    page = reverse("admin:tickets_ticket_change", args=[ticket.pk])
    assert (
        article.title not in client.get(page, {"insert": article.pk}).content.decode()
    )


def test_linking_twice_is_once_and_unlinking_keeps_what_was_sent(client, ticket):
    article = article_named()
    for verb in ("link", "link", "insert"):
        client.post(address(ticket), {"verb": verb, "article": article.pk}, **FETCH)
    assert TicketArticle.objects.count() == 2
    page = client.post(
        address(ticket), {"verb": "unlink", "article": article.pk}, **FETCH
    )
    assert page.status_code == 200
    assert list(TicketArticle.objects.values_list("use", flat=True)) == ["INSERTED"]


def test_a_flag_carries_the_ticket(client, ticket, agent):
    data = {"verb": "flag", "kind": "MISSING", "text": "No article on mail filters"}
    page = client.post(address(ticket), data, **FETCH).content.decode()
    assert "The flag is on the worklist." in page
    flag = Flag.objects.get()
    assert (flag.ticket, flag.flagged_by) == (ticket, agent)
    again = client.post(address(ticket), data, **FETCH)
    assert again.status_code == 422
    assert 'value="No article on mail filters"' in again.content.decode()
    assert Flag.objects.count() == 1


def test_who_may_not_see_the_ticket_or_articles_sees_nothing(ticket):
    article = article_named()
    ticket.assignee = UserFactory(role="Agent")
    ticket.save()
    stranger, roleless = Client(), Client()
    stranger.force_login(UserFactory(role="Agent"))
    roleless.force_login(UserFactory())
    for client, status in ((stranger, 404), (roleless, 403)):
        assert client.get(address(ticket)).status_code == status
        data = {"verb": "link", "article": article.pk}
        assert client.post(address(ticket), data).status_code == status
    assert not TicketArticle.objects.exists()


def test_an_executive_reads_but_does_nothing(ticket):
    article = article_named()
    client = Client()
    client.force_login(UserFactory(role="Executive"))
    page = client.get(address(ticket), **FETCH).content.decode()
    assert "Reset your password" in page
    assert 'value="insert"' not in page
    for data in (
        {"verb": "link", "article": article.pk},
        {"verb": "flag", "kind": "MISSING", "text": "x"},
        {"verb": "burn"},
    ):
        assert client.post(address(ticket), data).status_code == 403


def test_a_drafts_link_and_a_bad_number_are_refused(client, ticket):
    article = article_named()
    article.state = "ARCHIVED"
    article.save()
    answer = client.post(
        address(ticket), {"verb": "link", "article": article.pk}, **FETCH
    )
    assert answer.status_code == 422
    assert client.post(address(ticket), {"verb": "link"}).status_code == 404
    assert not TicketArticle.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_takes_the_same_queries(
    client, ticket, agent, rows, django_assert_num_queries
):
    for number in range(rows):
        article = article_named(f"Reset your password {number}")
        TicketArticle.objects.create(
            ticket=ticket, article=article, use="LINKED", used_by=agent,
            used_at=article.created_at,
        )  # fmt: skip
        Flag.objects.create(
            kind="MISSING", text="x", ticket=ticket, article=article, flagged_by=agent,
            flagged_at=article.created_at,
        )  # fmt: skip
    client.get(address(ticket), **FETCH)
    with django_assert_num_queries(PANEL_QUERIES):
        client.get(address(ticket), **FETCH)


PANEL_QUERIES = 13


def test_the_ticket_page_only_names_the_panel(client, ticket):
    article_named()
    page = reverse("admin:tickets_ticket_change", args=[ticket.pk])
    text = client.get(page).content.decode()
    assert f'data-articles="{address(ticket)}"' in text
    assert "Reset your password" not in text


def test_without_a_set_address_the_link_is_of_the_host_in_use(client, ticket, settings):
    settings.SITE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["desk.lan"]
    article = article_named()
    page = reverse("admin:tickets_ticket_change", args=[ticket.pk])

    shown = client.get(page, {"insert": article.pk}, headers={"host": "desk.lan:9001"})

    box = shown.content.decode().partition("<textarea")[2].partition("</textarea>")[0]
    assert "http://desk.lan:9001/help/en/reset-your-password/" in box
