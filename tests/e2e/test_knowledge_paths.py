"""What the staff do for the help centre: write, publish, answer with articles, mend gaps."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from kb import search
from kb.models import Article, AssistantRules, Flag, GapTask, TicketArticle
from tests.e2e import help_world
from tests.factories.kb import make_article
from tests.factories.kb_work import make_gap
from tests.factories.people import TeamFactory
from tests.factories.tickets import open_ticket
from tickets.models import Ticket
from workforce.people.models import User

TITLE = "How do I print an invoice?"
FIRST = "## Quick answer\n\nOpen *Billing* and choose **Print**.\n\n> **Tip:** On paper of size A4."
SECOND = "## Quick answer\n\nNobody prints any more."


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def who(live_server) -> help_world.People:
    search.forget()
    cache.clear()
    help_world.rules()
    return help_world.people()


@pytest.fixture
def found(who) -> help_world.Centre:
    return help_world.centre(timezone.now())


def enter(page: Page, sign_in, person: User) -> None:
    page.context.clear_cookies()
    sign_in(page, person)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


# An article -------------------------------------------------------------------------------


def test_article_is_written_reviewed_published_and_reverted(
    page: Page, sign_in, who, found
) -> None:
    sign_in(page, who.agent)
    article = begin(page)
    write(page, FIRST)
    send(page, article)
    enter(page, sign_in, who.lead)
    publish(page, article, "Asked often")
    read_as_customer(page, article, "Open Billing and choose Print.")

    page.goto(reverse("kb:article-edit", args=[article.pk]))
    write(page, SECOND)
    publish(page, article, "Out of use")
    read_as_customer(page, article, "Nobody prints any more.")
    revert(page, article)
    read_as_customer(page, article, "Open Billing and choose Print.")
    assert list(article.versions.values_list("number", "body").order_by("number")) == [
        (1, FIRST),
        (2, SECOND),
        (3, FIRST),
    ]


def begin(page: Page) -> Article:
    """Start from the template of its purpose, which the editor then holds."""
    page.goto(reverse("kb:articles"))
    page.get_by_role("link", name="New article").first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Purpose").select_option(label="How-to guides")
    page.get_by_label("Topic").select_option(label="Invoices")
    press(page, "Start writing")
    text = page.get_by_label("Text, in Markdown")
    expect(text).to_have_value(re.compile(r"## Step by step"))
    expect(page.get_by_text("Left from the template:")).to_be_visible()
    # From then on its script follows what is typed.
    page.wait_for_load_state()
    return Article.objects.get(title=TITLE)


def write(page: Page, body: str) -> None:
    """Type a text: the preview follows and it is saved without a button."""
    text = page.get_by_label("Text, in Markdown")
    text.fill(body)
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("Quick answer")
    expect(preview).not_to_contain_text("Step by step")
    # What is left of the template is said of the text as it stands, before it is saved.
    summary = page.get_by_label("Summary")
    summary.fill("[What the article covers, in one or two sentences.]")
    expect(page.locator("[data-place]")).to_have_count(1)
    summary.fill("An invoice on paper, from the page of your bills.")
    expect(page.get_by_text("Left from the template:")).to_be_hidden()
    word = page.locator("#ka-word")
    word.fill("hard copy")
    word.press("Enter")
    expect(page.get_by_role("button", name="Remove: hard copy")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator("[data-status]")).to_contain_text("Saved")
    press(page, "Save and close")


def send(page: Page, article: Article) -> None:
    expect(page.get_by_text("Open Billing and choose Print.")).to_be_visible()
    # An agent writes and does not publish.
    expect(page.get_by_role("link", name="Publish…")).to_have_count(0)
    press(page, "Send for review")
    expect(page.get_by_text("It is in review.")).to_be_visible()
    article.refresh_from_db()
    assert (article.state, article.keywords) == (Article.State.REVIEW, ["hard copy"])


def publish(page: Page, article: Article, note: str) -> None:
    page.goto(reverse("kb:article", args=[article.pk]))
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_text("Nothing found", exact=True)).to_be_visible()
    page.get_by_label("What changed, for the list of versions").fill(note)
    press(page, "Publish")
    expect(page.get_by_text("is published.")).to_be_visible()
    article.refresh_from_db()


def read_as_customer(page: Page, article: Article, words: str) -> None:
    """The new text is shown and found at once."""
    page.goto(reverse("help:search") + "?q=hard+copy")
    page.locator(".help-results").get_by_role("link", name=TITLE).click()
    expect(page.locator("article.so-article")).to_contain_text(words)


def revert(page: Page, article: Article) -> None:
    page.goto(reverse("kb:article-versions", args=[article.pk]))
    difference = page.get_by_role("region", name="Version 1 and version 2")
    expect(difference.locator("del").first).to_be_visible()
    page.get_by_text("Publish an old text again").click()
    page.get_by_role("combobox", name="Version").select_option("1")
    page.get_by_label("Why").fill("They do print")
    press(page, "Publish it again")
    expect(page.get_by_text("Version 3 is published.")).to_be_visible()


def test_writer_finds_an_article_to_link_to_by_the_keyboard(
    page: Page, sign_in, who, found
) -> None:
    sign_in(page, who.agent)
    page.goto(reverse("kb:article-edit", args=[make_article("Pay", slug="pay").pk]))
    text = page.get_by_label("Text, in Markdown")
    text.fill("See ")
    text.press("Control+End")
    press(page, "Article")
    picker = page.get_by_role("dialog", name="Link to an article")
    page.keyboard.type("change your pass")
    expect(picker.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(text).to_have_value(
        "See [Change your password](article:change-your-password)"
    )
    page.keyboard.type(" and ")
    page.keyboard.press("Control+k")
    page.keyboard.type("our site")
    page.keyboard.press("Enter")
    expect(page.get_by_text("An address begins with")).to_be_visible()
    page.keyboard.type("example.com")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r" and \[our site]\(https://example.com\)$"))
    page.keyboard.press("Control+s")
    expect(page.locator("[data-status]")).to_contain_text("Saved")


# A ticket ---------------------------------------------------------------------------------


@pytest.fixture
def ticket(who) -> Ticket:
    return open_ticket(
        at=timezone.now(),
        subject="I forgot my password",
        body="Nothing comes.",
        team=TeamFactory(lead=who.team_lead),
        assignee=who.agent,
    )


def test_agent_answers_with_an_article_and_flags_a_missing_one(
    page: Page, sign_in, who, found, ticket
) -> None:
    sign_in(page, who.agent)
    page.goto(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    panel = page.locator("#articles")
    expect(panel.locator(".da-found li").first).to_contain_text("Change your password")
    panel.get_by_text("More", exact=True).first.click()
    panel.get_by_role("button", name="Insert with the passage").first.click()
    reply = page.get_by_label("Message")
    expect(reply).to_have_value(
        re.compile("Change your password\n.*/help/en/change-your-password/\n\n> ")
    )
    expect(panel.locator(".da-used")).to_contain_text("Put into the reply box")
    panel.get_by_label("Search articles").fill("take off second factor")
    panel.get_by_role("button", name="Search").click()
    staff_only = panel.locator(".da-found li", has_text="off a customer")
    expect(staff_only).to_contain_text("Not for this customer")
    expect(staff_only.get_by_role("button", name="Insert")).to_have_count(0)
    press(page, "Reply")
    expect(page.locator(".so-message.out")).to_contain_text("change-your-password")

    panel.get_by_text("Flag missing or wrong content").click()
    panel.get_by_label("In a few words").fill("What to do when no letter comes")
    panel.get_by_role("button", name="Flag", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text("The flag is on the worklist.")
    uses = TicketArticle.objects.order_by("use")
    assert [(use.article, use.use, use.used_by) for use in uses] == [
        (found.password, "INSERTED", who.agent),
        (found.password, "SENT", who.agent),
    ]
    flag = Flag.objects.get()
    assert (flag.kind, flag.ticket, flag.flagged_by) == ("MISSING", ticket, who.agent)


# Gaps and the assistant -------------------------------------------------------------------


def test_lead_takes_a_gap_on_and_sets_from_when_the_assistant_answers(
    page: Page, sign_in, who, found
) -> None:
    gap = make_gap("Okta without an administrator", searches=6)
    sign_in(page, who.lead)
    take_on(page, who)
    task = GapTask.objects.get(key=gap.key)
    assert (task.state, task.owner) == (GapTask.State.TAKEN, who.team_lead)
    assert task.due_on == timezone.now().date()
    set_threshold(page)
    rules = AssistantRules.objects.get()
    assert (str(rules.threshold), rules.mode) == ("0.925", "FIXED")
    assert rules.history.latest().history_user == who.lead


def take_on(page: Page, who: help_world.People) -> None:
    page.goto(reverse("kb:work"))
    page.get_by_role("link", name="Okta without an administrator").first.click()
    page.locator("summary", has_text="Take on").click()
    page.get_by_label("Owner").select_option(label=str(who.team_lead))
    page.get_by_label("Due").fill(str(timezone.now().date()))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main .so-chip", has_text="Taken on").first).to_be_visible()
    page.goto(reverse("kb:work"))
    row = page.locator("#gaps tbody tr", has_text="Okta")
    expect(row.first).to_contain_text(str(who.team_lead))


def set_threshold(page: Page) -> None:
    page.goto(reverse("kb:assistant"))
    page.get_by_role("link", name="Change the rules").click()
    page.get_by_label("Fixed confidence, %").fill("92.5")
    page.get_by_label("Why it is changed").fill("Too many wrong answers")
    press(page, "Save")
    expect(
        page.get_by_text("Shown from 92.5 % confidence on, as fixed.")
    ).to_be_visible()
    expect(page.get_by_role("cell", name="Too many wrong answers")).to_be_visible()
