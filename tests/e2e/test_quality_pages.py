"""Every page of quality and coaching in a real browser, by the people whose page it is."""

from collections.abc import Iterator

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from playwright.sync_api import Page

from qa.coaching.urls import urlpatterns as coaching_addresses
from qa.urls import urlpatterns as qa_addresses
from tests.e2e import quality_world as quality
from tests.e2e.looking import LAPTOP, PHONE, barriers, cut_cards, overflow

OPENED_BY_NOBODY = {
    "qa:home",  # leads on to another page
    "qa:scoring-state",  # what the scoring room's script asks for
    "qa:calibration-step",  # these three show a refused form in the room's own page
    "qa:calibration-gold",
    "qa:calibration-decide",
    "qa:calibration-minutes-file",  # a file
}


@pytest.fixture
def who(live_server) -> quality.People:
    return quality.people()


@pytest.fixture
def rows(who) -> quality.Rows:
    return quality.build(who, timezone.now())


def pages(who: quality.People, rows: quality.Rows) -> dict[str, list[str]]:
    """Return the addresses of all pages by the field of ``People`` who opens them."""
    return {
        "lead": list(lead_pages(who, rows)),
        "reviewer": [
            reverse("qa:inbox"),
            reverse("qa:review-new"),
            reverse("qa:score", args=[rows.draft.pk]),
            reverse("qa:review", args=[rows.submitted.pk]),
            reverse("qa:calibration", args=[rows.calibrations["scoring"]]),
            reverse(
                "qa:sampling-replace",
                args=[rows.draw.items.filter(reviewer=who.reviewer).last().pk],
            ),
            reverse("coaching:audit-new"),
            reverse("coaching:audit", args=[rows.audit.pk]),
        ],
        "team_lead": [
            reverse("qa:overview"),
            reverse("qa:agent", args=[who.agent.pk]),
            reverse("coaching:board"),
            reverse("coaching:session-new"),
            reverse("coaching:session", args=[rows.talks["held"]]),
            reverse("coaching:session-edit", args=[rows.talks["planned"]]),
            reverse("coaching:session-print", args=[rows.talks["held"]]),
            reverse("coaching:plans"),
            reverse("coaching:plan-new"),
            reverse("coaching:plan", args=[rows.improvement["issued"]]),
            reverse("coaching:plan-edit", args=[rows.improvement["draft"]]),
            reverse("coaching:plan-print", args=[rows.improvement["issued"]]),
        ],
        "agent": [
            reverse("admin:index"),
            reverse("qa:me"),
            reverse("qa:reviews"),
            reverse("qa:review", args=[rows.released.pk]),
            reverse("qa:review-dispute", args=[rows.released.pk]),
            reverse("qa:dispute", args=[rows.dispute]),
            reverse("qa:scorecard-version", args=[rows.scorecard, 1]),
            reverse("coaching:mine"),
            reverse("coaching:session", args=[rows.talks["held"]]),
            reverse("coaching:wall"),
        ],
        "other": [reverse("coaching:plan", args=[rows.improvement["issued"]])],
        "executive": [reverse("qa:overview"), reverse("coaching:audits")],
    }


def lead_pages(who: quality.People, rows: quality.Rows) -> Iterator[str]:
    yield reverse("qa:overview")
    yield reverse("qa:reviews")
    yield reverse("qa:review-void", args=[rows.released.pk])
    yield reverse("qa:disputes")
    yield reverse("qa:dispute", args=[rows.dispute])
    yield reverse("qa:dispute", args=[rows.settled])
    for name in ("", "-describe", "-draft", "-publish", "-archive"):
        yield reverse(f"qa:scorecard{name}", args=[rows.scorecard])
    yield reverse("qa:scorecard-new")
    yield reverse("qa:scorecard-compare", args=[rows.scorecard]) + "?from=1&to=2"
    yield reverse("qa:sampling-plan", args=[rows.plan.pk])
    yield reverse("qa:sampling-preview", args=[rows.plan.pk])
    yield reverse("qa:sampling-draw", args=[rows.draw.pk])
    yield reverse("qa:sampling-coverage")
    yield reverse("qa:sampling-replacements")
    yield reverse("qa:sampling-precision")
    yield reverse("qa:calibrations")
    yield reverse("qa:calibration-new")
    yield reverse("qa:calibration-draft", args=[rows.calibrations["draft"]])
    for state in ("scoring", "opened", "closed"):
        yield reverse("qa:calibration", args=[rows.calibrations[state]])
    yield reverse("qa:calibration-minutes", args=[rows.calibrations["closed"]])
    yield reverse("qa:reliability")
    yield reverse("qa:rubric-change", args=[rows.change])
    yield reverse("admin:qa_scorecard_changelist")
    yield reverse("admin:qa_samplingplan_changelist")
    yield reverse("admin:qa_samplingplan_change", args=[rows.plan.pk])
    yield reverse("admin:qa_rootcause_changelist")
    yield reverse("admin:qa_calibrationdecision_changelist")


def faults(page: Page, address: str) -> list[str]:
    """What is wrong with a page on a laptop in light and on a phone in the dark."""
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    response = page.goto(address)
    if response is None or response.status != 200:
        return [f"answered {response and response.status}"]
    found = [f"laptop: {fault}" for fault in overflow(page) + barriers(page)]
    page.set_viewport_size(PHONE)
    # What the page does itself when it is loaded in the dark, without loading it again.
    page.evaluate("document.documentElement.classList.add('dark')")
    return found + [
        f"phone: {fault}" for fault in overflow(page) + cut_cards(page) + barriers(page)
    ]


def names_of_pages() -> set[str]:
    """Names of the addresses of quality and coaching that can be read."""
    entries = [("qa", entry) for entry in qa_addresses]
    entries += [("coaching", entry) for entry in coaching_addresses]
    return {
        f"{namespace}:{entry.name}"
        for namespace, entry in entries
        if entry.name and hasattr(entry.callback.view_class, "get")
    }


def test_pages_fit_and_have_no_barriers(page: Page, sign_in, who, rows) -> None:
    by_person = pages(who, rows)
    opened = {
        resolve(address.partition("?")[0]).view_name
        for addresses in by_person.values()
        for address in addresses
    }
    assert names_of_pages() - opened == OPENED_BY_NOBODY

    found = {}
    for name, addresses in by_person.items():
        page.context.clear_cookies()
        sign_in(page, getattr(who, name))
        found |= {f"{name} {each}": faults(page, each) for each in addresses}

    assert {each: words for each, words in found.items() if words} == {}
