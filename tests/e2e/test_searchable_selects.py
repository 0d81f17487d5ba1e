"""Searchable selects of the admin's forms, for those who hear the page and in the dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from supportops.common import roles
from tests.e2e.looking import barriers
from tests.factories.capacity import make_queue
from tests.factories.people import TeamFactory, UserFactory


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_and_filled_selects_have_no_barriers(
    page: Page, sign_in, live_server, scheme
) -> None:
    TeamFactory(name="Billing")
    queue = make_queue()
    sign_in(page, UserFactory(role=roles.WORKFORCE_MANAGER))
    page.emulate_media(color_scheme=scheme)
    page.goto(reverse("admin:capacity_queue_change", args=[queue.pk]))
    options = page.locator(".select2-results__option[role=option]")
    found = barriers(page)

    page.get_by_role("searchbox", name="Teams").click()
    expect(options.first).to_have_text("Billing")
    found += barriers(page)
    options.first.click()
    chosen = page.locator(".select2-selection__choice", has_text="Billing")
    expect(chosen).to_have_count(1)
    found += barriers(page)

    page.get_by_role("combobox", name="Staffed hours").click()
    expect(page.locator(".select2-dropdown [role=searchbox]")).to_be_focused()
    found += barriers(page)

    assert found == []
