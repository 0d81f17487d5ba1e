"""Every page of knowledge and of the help centre in a real browser, by its readers."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.core.cache import cache
from django.urls import URLPattern, resolve, reverse
from django.utils import timezone
from playwright.sync_api import Page

from kb import search
from kb.models import Vote
from kb.urls import help as help_urls
from kb.urls import urlpatterns
from kb.views.help.contact import SALT
from kb.visitors import COOKIE
from tests.e2e import help_world
from tests.e2e.looking import LAPTOP, PHONE, barriers, cut_cards, overflow, pale_texts
from tests.factories.kb_assistant import VISITOR

OPENED_BY_NOBODY = {
    # Files, and what the scripts of pages ask for.
    "kb:articles-export",
    "kb:article-choices",
    "kb:image",
    "help:suggest",
    "help:sitemap",
    "help:sitemap-part",
    "help:feed",
    "help:topic-feed",
}
SENT_ONLY = {
    "kb:articles-bulk", "kb:article-step", "kb:article-links", "kb:article-save",
    "kb:article-preview", "kb:article-revert", "kb:article-translate", "kb:topic-new",
    "kb:topic", "kb:image-upload", "kb:work-compute", "kb:gap-decide", "kb:duty",
    "kb:duty-owner", "kb:work-decide", "kb:flag-decide", "kb:assistant-answer-judge",
    "kb:experiment-act", "kb:question-active", "help:contact-suggest", "help:vote",
    "help:assistant-person", "help:assistant-new", "help:assistant-judge",
}  # fmt: skip
NOT_FOUND, TOO_MUCH = 404, 429


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


@pytest.fixture
def rows(who, found) -> help_world.Rows:
    return help_world.build(who, found, timezone.now())


def at(name: str, *args: object, **query: object) -> str:
    """Return the address of a name, with a query."""
    address = reverse(name, args=args)
    return f"{address}?{urlencode(query)}" if query else address


# Addresses --------------------------------------------------------------------------------


def pages(found: help_world.Centre, rows: help_world.Rows) -> dict[str, list[str]]:
    """Return all pages by the field of ``People`` who opens them, "" for a visitor."""
    return {
        "lead": [
            *article_pages(found, rows),
            *work_pages(rows),
            *figure_pages(),
            *assistant_pages(rows),
            *experiment_pages(found, rows),
            *search_pages(rows),
            *staff_reading_pages(found),
        ],
        "agent": [
            reverse("admin:tickets_ticket_change", args=[rows.ticket.pk]),
            reverse("admin:tickets_ticket_articles", args=[rows.ticket.pk]),
            at("kb:article-edit", rows.articles["draft"].pk),
        ],
        "": help_pages(found, rows),
    }


def article_pages(found: help_world.Centre, rows: help_world.Rows) -> Iterator[str]:
    changed = rows.articles["changed"].pk
    yield at("kb:articles")
    yield at("kb:article-new")
    yield at("kb:articles-import")
    yield at("kb:broken-links")
    yield at("kb:translations")
    yield at("kb:topics")
    yield at("kb:article", found.password.pk)
    for name in ("review", "changed", "archived"):
        yield at("kb:article", rows.articles[name].pk)
    yield at("kb:article-edit", found.password.pk)
    yield at("kb:article-settings", found.plan.pk)
    yield at("kb:article-publish", changed)
    yield at("kb:article-versions", changed)


def work_pages(rows: help_world.Rows) -> Iterator[str]:
    yield at("kb:work")
    for row in rows.gaps.values():
        yield at("kb:gap", row.pk)
    yield at("kb:duties")
    yield at("kb:flags", state="all")


def figure_pages() -> Iterator[str]:
    for name in ("", "-searches", "-articles", "-coverage", "-value"):
        yield at(f"kb:figures{name}")
    yield at("kb:figures-search", text="change password")


def assistant_pages(rows: help_world.Rows) -> Iterator[str]:
    yield at("kb:assistant")
    yield at("kb:assistant-rules")
    yield at("kb:assistant-talks")
    for name in ("handed", "answered"):
        yield at("kb:assistant-talk", rows.talks[name].pk)


def experiment_pages(found: help_world.Centre, rows: help_world.Rows) -> Iterator[str]:
    yield at("kb:experiments")
    for experiment in rows.experiments.values():
        yield at("kb:experiment", experiment.pk)
    yield at("kb:experiment-new", article=rows.articles["changed"].pk)


def search_pages(rows: help_world.Rows) -> Iterator[str]:
    yield at("kb:search", q="chnage my pasword")
    yield at("kb:questions")
    yield at("kb:question-new")
    yield at("kb:question", rows.question.pk)
    yield at("kb:synonyms")
    yield at("kb:synonym-new")
    yield at("kb:synonym", rows.synonym.pk)
    yield at("kb:synonym-delete", rows.synonym.pk)


def staff_reading_pages(found: help_world.Centre) -> Iterator[str]:
    """What staff see of the help centre and nobody else."""
    for article in (found.internal, found.plan):
        yield at("help:article", article.language, article.slug)
    yield at("help:search", q="second factor")


def help_pages(found: help_world.Centre, rows: help_world.Rows) -> list[str]:
    return [
        at("help:home"),
        at("help:language", "de"),
        at("help:topic", "en", found.topic.slug),
        at("help:topic", "en", found.below.slug),
        at("help:article", "en", found.password.slug),
        at("help:article", "en", found.invoice.slug),  # with a vote that has a form
        at("help:article", "de", found.german.slug),
        at("help:search", q="chnage my pasword"),
        at("help:search", q="zebra crossing"),
        at("help:contact", q="zebra crossing"),
        at("help:contact-sent", signing.dumps(rows.ticket.pk, salt=SALT)),
        at("help:assistant"),  # with a conversation
        at("help:assistant", new=1),
    ]


# Looking ----------------------------------------------------------------------------------


def faults(
    page: Page, address: str, status: int = 200, part: str = "html"
) -> list[str]:
    """What is wrong with a page on a laptop in light and on a phone in the dark."""
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    response = page.goto(address)
    if response is None or response.status != status:
        return [f"answered {response and response.status}"]
    found = [f"laptop: {fault}" for fault in overflow(page) + barriers(page, part)]
    page.set_viewport_size(PHONE)
    # The help centre follows the browser; of the portal, what it does itself when it is
    # loaded in the dark.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate("document.documentElement.classList.add('dark')")
    return found + [
        f"phone: {fault}"
        for fault in overflow(page) + cut_cards(page) + pale_texts(page, part)
    ]


def names_of(prefix: str, entries: list[URLPattern]) -> set[str]:
    return {f"{prefix}:{entry.name}" for entry in entries}


def be_a_visitor(page: Page, live_server, found: help_world.Centre) -> None:
    """Have the browser be the one that talked to the assistant and voted."""
    page.context.clear_cookies()
    address = live_server.url + reverse("help:home")
    page.context.add_cookies([{"name": COOKIE, "value": VISITOR, "url": address}])
    Vote.objects.create(
        visitor=VISITOR, article=found.invoice, version=found.invoice.published,
        is_helpful=False, reason="UNCLEAR", at=timezone.now(),
    )  # fmt: skip


def test_pages_fit_and_have_no_barriers(
    page: Page, live_server, sign_in, who, found, rows
) -> None:
    by_person = pages(found, rows)
    opened = {
        resolve(address.partition("?")[0]).view_name
        for addresses in by_person.values()
        for address in addresses
    }
    named = names_of("kb", urlpatterns) | names_of("help", help_urls.urlpatterns)
    assert named - opened == OPENED_BY_NOBODY | SENT_ONLY

    wrong = {}
    for name, addresses in by_person.items():
        if name:
            page.context.clear_cookies()
            sign_in(page, getattr(who, name))
        else:
            be_a_visitor(page, live_server, found)
        for address in addresses:
            # What stands around the pages of the portal is the same on all of them.
            is_again = name and address != addresses[0] and "/help/" not in address
            part = "main" if is_again else "html"
            wrong[f"{name} {address}"] = faults(page, address, part=part)

    assert {each: words for each, words in wrong.items() if words} == {}


def test_refusals_fit_and_have_no_barriers(
    page: Page, settings, page_errors, found
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "0/min"}
    missing = at("help:article", "en", "change-the-password")

    assert faults(page, missing, NOT_FOUND) == []
    assert faults(page, at("help:search", q="password"), TOO_MUCH) == []

    # Chromium writes the status of both pages to its console as an error.
    assert [re.findall(r"status of (\d+)", each) for each in page_errors] == [
        [str(NOT_FOUND)],
        [str(TOO_MUCH)],
    ]
    page_errors.clear()
