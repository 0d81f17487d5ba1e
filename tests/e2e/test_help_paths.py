"""A customer's way through the help centre, from a question to an answer or a person."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from kb import search
from kb.models import Conversation, FormVisit, Reading, Search, Turn, Vote
from tests.e2e import help_world
from tests.e2e.looking import LAPTOP
from tickets.models import Message, Ticket

HOME = reverse("help:home")
MISSPELT = "chnage my pasword"
ADDRESS = "kim@example.com"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def found(live_server) -> help_world.Centre:
    """Publish the articles; nothing kept of another test may name other ones."""
    search.forget()
    cache.clear()
    help_world.rules()
    return help_world.centre(timezone.now())


@pytest.fixture
def plain_page(browser: Browser, live_server, found) -> Iterator[Page]:
    """Open a page in which no script runs."""
    context = browser.new_context(
        base_url=live_server.url, viewport=LAPTOP, java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def test_customer_finds_the_answer_or_reaches_a_person(page: Page, found) -> None:
    page.goto(HOME)
    choose_a_suggestion(page, found)
    search_with_a_mistake(page, found)
    read(page)
    say_that_it_did_not_help(page, found)
    ask_the_assistant(page, found)
    reach_a_person(page, found)
    write_to_us(page, found)


def choose_a_suggestion(page: Page, found: help_world.Centre) -> None:
    """Type half a question, walk through the list by keyboard and open its first entry."""
    box = page.get_by_role("combobox", name="Search the help centre")
    box.focus()
    page.keyboard.type("download an inv")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("Download an invoice")
    expect(page.locator("form [role=status]")).to_contain_text("Suggestions: 1.")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = options.first.get_attribute("id")
    assert active is not None
    expect(box).to_have_attribute("aria-activedescendant", active)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Download an invoice")
    assert Reading.objects.get().article == found.invoice


def search_with_a_mistake(page: Page, found: help_world.Centre) -> None:
    page.get_by_role("combobox", name="Search the help centre").fill(MISSPELT)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Showing results for change my password.")).to_be_visible()
    expect(
        page.get_by_role("link", name=f"Search instead for {MISSPELT}")
    ).to_be_visible()
    page.locator(".help-results").get_by_role(
        "link", name="Change your password"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")
    search_row = Search.objects.get()
    assert (search_row.corrected, search_row.clicked) == (
        "change my password",
        found.password,
    )


def read(page: Page) -> None:
    """Use the contents, see table, callout, code and picture, and follow a link."""
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="If you forgot it").click()
    expect(page).to_have_url(re.compile("#s-if-you-forgot-it$"))
    expect(page.get_by_role("heading", name="If you forgot it")).to_be_in_viewport()
    text = page.locator("article.so-article")
    expect(text.get_by_role("cell", name="12 characters", exact=True)).to_be_visible()
    expect(text).to_contain_text("Changing it signs you out on every other device.")
    expect(text.locator("pre code")).to_contain_text("curl --request PATCH")
    picture = text.get_by_role("img", name="The security page")
    picture.scroll_into_view_if_needed()
    # A picture that did not come has no width of its own.
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") == 40
    text.get_by_role("link", name="how to turn on the second factor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Turn on the second factor"
    )
    page.go_back()


def test_reader_of_another_language_is_shown_what_there_is(page: Page, found) -> None:
    """The page's words are German, the text English; a slash leads to the search."""
    page.goto(reverse("help:article", args=["de", found.factor.slug]))

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("Dieser Artikel ist noch nicht übersetzt.")).to_be_visible()
    expect(page.locator("article")).to_have_attribute("lang", "en")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Die Hilfe durchsuchen")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_wide_table_says_that_it_scrolls(page: Page, found) -> None:
    page.goto(reverse("help:article", args=["en", found.password.slug]))
    expect(page.get_by_text("Table: scroll sideways")).to_be_hidden()
    page.locator("article table").evaluate("each => { each.style.minWidth = '1500px' }")
    page.set_viewport_size({"width": 390, "height": 844})

    table = page.get_by_role("region", name="Table: scroll sideways")
    expect(table).to_have_attribute("tabindex", "0")
    expect(table).to_have_attribute("data-more-after", "")
    table.evaluate("each => { each.scrollLeft = 5000 }")
    expect(table).not_to_have_attribute("data-more-after", "")
    expect(table).to_have_attribute("data-more-before", "")


def say_that_it_did_not_help(page: Page, found: help_world.Centre) -> None:
    """Vote no with a reason, then change it to yes."""
    press(page, "No")
    expect(page.get_by_text("Sorry that this did not help.")).to_be_visible()
    page.get_by_label("Something is missing").check()
    page.get_by_label("What would have helped?").fill("How to do it on the phone.")
    page.locator("#vote").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Noted. You can change it.")).to_be_visible()
    vote = Vote.objects.get()
    assert (vote.article, vote.is_helpful, vote.reason, vote.comment) == (
        found.password,
        False,
        "INCOMPLETE",
        "How to do it on the phone.",
    )
    press(page, "It helped after all")
    expect(page.get_by_text("Thank you. Good that it helped.")).to_be_visible()
    vote.refresh_from_db()
    assert (vote.is_helpful, vote.reason) == (True, "")


def ask_the_assistant(page: Page, found: help_world.Centre) -> None:
    """Get a passage with its source and how sure it is; say that it was no answer."""
    page.get_by_role("link", name="Ask the assistant").click()
    expect(page.get_by_role("heading", name="Ask the assistant")).to_be_visible()
    # Before the script has come, Enter begins a new line.
    page.wait_for_load_state()
    question = page.get_by_label("Your question", exact=True).last
    question.fill("I forgot my password")
    question.press("Enter")
    turn = page.locator("#log .help-turn")
    expect(turn.locator("blockquote")).to_contain_text(
        "Choose Forgot password on the sign-in page."
    )
    expect(
        turn.get_by_role("link", name="Change your password › If you forgot it")
    ).to_have_attribute("href", re.compile("/change-your-password/#s-if-you-forgot-it"))
    expect(turn).to_contain_text(re.compile(r"sure \(\d+ %\)"))
    turn.get_by_role("button", name="No", exact=True).click()
    expect(turn).to_contain_text("You said: it did not answer the question.")
    row = Turn.objects.get()
    assert (row.article, row.was_shown, row.is_right) == (found.password, True, False)


def reach_a_person(page: Page, found: help_world.Centre) -> None:
    person = page.locator("#person")
    person.get_by_label("What is still missing?").fill("No letter came.")
    person.get_by_label("Your e-mail address").fill(ADDRESS)
    person.get_by_role("button", name="Hand over to a person").click()
    expect(page.get_by_role("heading", name="A person takes over")).to_be_visible()
    talk = Conversation.objects.get()
    assert talk.state == Conversation.State.HANDED_OVER
    ticket = talk.ticket
    assert ticket is not None
    assert ticket.requester.addresses.get().value == ADDRESS
    asked, note = ticket.messages.order_by("at", "pk")
    assert asked.body == "I forgot my password\n\nNo letter came."
    assert (note.direction, note.is_public) == (Message.Direction.INTERNAL, False)
    assert "> Choose Forgot password on the sign-in page." in note.body
    assert "said that this did not answer the question." in note.body


def write_to_us(page: Page, found: help_world.Centre) -> None:
    """Type a subject, see articles for it, and send the form all the same."""
    page.get_by_role("banner").get_by_role("link", name="Contact us").click()
    page.get_by_label("What is it about?").press_sequentially("Invoice of last year")
    suggested = page.locator(".help-found").get_by_role("link")
    expect(suggested.first).to_have_text("Download an invoice")
    page.get_by_label("What happened?").fill("Only eleven of twelve came.")
    page.get_by_label("Your name").fill("Kim Ode")
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    press(page, "Send")
    number = page.locator(".help-number")
    expect(number).to_be_visible()
    ticket = Ticket.objects.latest("pk")
    expect(number).to_have_text(f"#{ticket.pk}")
    assert (ticket.subject, ticket.channel.code) == ("Invoice of last year", "web")
    visit = FormVisit.objects.get()
    assert (visit.was_sent, visit.ticket) == (True, ticket)
    assert found.invoice.pk in visit.suggested


def test_customer_finds_votes_and_writes_without_scripts(
    plain_page: Page, found
) -> None:
    page = plain_page
    page.goto(HOME)
    page.get_by_role("searchbox", name="Search the help centre").fill(MISSPELT)
    press(page, "Search")
    expect(page.get_by_text("Showing results for change my password.")).to_be_visible()
    page.locator(".help-results").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="If you forgot it")).to_be_visible()
    press(page, "No")
    page.get_by_label("It is wrong or out of date").check()
    page.locator("#vote").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Noted. You can change it.")).to_be_visible()
    assert Vote.objects.get().reason == "WRONG"

    page.get_by_role("link", name="Ask the assistant").click()
    page.get_by_label("Your question", exact=True).fill("I forgot my password")
    press(page, "Ask")
    expect(page.locator("blockquote")).to_contain_text("Choose Forgot password")

    page.get_by_role("banner").get_by_role("link", name="Contact us").click()
    page.get_by_label("What is it about?").fill("It does not work")
    press(page, "Send")
    # The browser asks for what is missing before anything is sent.
    expect(page.get_by_label("What happened?")).to_be_focused()
    page.get_by_label("What happened?").fill("Nothing happens.")
    page.get_by_label("Your name").fill("Kim Ode")
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    press(page, "Send")
    number = page.locator(".help-number")
    expect(number).to_be_visible()
    ticket = Ticket.objects.get()
    expect(number).to_have_text(f"#{ticket.pk}")
    assert FormVisit.objects.get().ticket == ticket
