"""Every page of quality and coaching, by the people whose page it is, in a real browser."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e import quality_world as quality
from tests.e2e.looking import LAPTOP, PHONE, barriers, overflow

NOT_A_PAGE = {
    "coaching:RedirectView",
    "qa:scoring-state",
    "qa:calibration-minutes-file",
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
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.classList.contains('dark')")
    return found + [f"phone: {fault}" for fault in overflow(page) + barriers(page)]


def test_pages_fit_and_have_no_barriers(page: Page, sign_in, who, rows) -> None:
    found = {}
    for name, addresses in pages(who, rows).items():
        page.context.clear_cookies()
        sign_in(page, getattr(who, name))
        found |= {f"{name} {each}": faults(page, each) for each in addresses}

    assert {each: words for each, words in found.items() if words} == {}
