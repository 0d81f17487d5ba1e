"""A decision on paper: whole, on few pages, without what only a screen needs."""

import re

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.factories.weighing import compute, weighable


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_computed_decision_is_printed_whole_on_few_pages(
    page: Page, sign_in, live_server
) -> None:
    decision = weighable()
    compute(decision)
    sign_in(page, decision.owner)
    page.emulate_media(media="print")
    page.goto(reverse("capacity:decision-print", args=[decision.pk]))

    expect(page.get_by_role("heading", level=1, name=decision.title)).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings[:2] == ["Summary", "1. Objective and decision question"]
    assert headings[-2:] == ["Approvals", "Evidence log"]
    charts = page.locator(".cw-chart svg")
    assert charts.count() > 1
    sizes = [chart.bounding_box()["height"] for chart in charts.all()]
    assert min(sizes) > 100
    printed = page.pdf(prefer_css_page_size=True)
    assert pages_of(printed) <= 6
