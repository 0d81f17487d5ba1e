"""Every page of capacity in a real browser, by the people whose page it is."""

from collections.abc import Iterator

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e import capacity_world as capacity
from tests.e2e.looking import LAPTOP, PHONE, barriers, cut_cards, overflow, pale_texts
from workforce.capacity.forms.decisions.parts import editor_of
from workforce.capacity.selectors.decisions import sections_of
from workforce.capacity.urls import urlpatterns

OPENED_BY_NOBODY = {
    "capacity:staffing-answer",  # what the script of the sliders asks for
    "capacity:event-preview",  # what the script of the form asks for
    # Files.
    "capacity:volumes-csv",
    "capacity:volumes-queue-days",
    "capacity:volumes-queue-intervals",
    "capacity:outliers-csv",
    "capacity:volume-template",
    "capacity:volume-import-refused",
    "capacity:forecast-csv",
    "capacity:staffing-csv",
    "capacity:staffing-list-csv",
    "capacity:staffing-planned-csv",
    "capacity:calculation-export",
}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def who(live_server) -> capacity.People:
    return capacity.people()


@pytest.fixture
def rows(who) -> capacity.Rows:
    return capacity.build(who, timezone.now())


def pages(who: capacity.People, rows: capacity.Rows) -> dict[str, list[str]]:
    """Return the addresses of all pages by the field of ``People`` who opens them."""
    phone = rows.phone.pk
    return {
        "manager": [
            *volume_pages(rows),
            *forecast_pages(rows),
            *staffing_pages(rows),
            *plan_pages(rows),
            *decision_pages(who, rows),
        ],
        "lead": [
            reverse("admin:index"),
            reverse("capacity:forecasts"),  # with the job that runs
            reverse("capacity:decision", args=[rows.decisions["proposed"].pk]),
            reverse("capacity:investigation", args=[rows.investigations["open"]]),
        ],
        "team_lead": [
            reverse("admin:index"),
            reverse("capacity:volumes-queue", args=[phone]),
            reverse("capacity:forecast", args=[phone]),
            reverse("capacity:staffing-queue", args=[phone]),
            reverse("capacity:staffing-planned", args=[phone]),
            reverse("capacity:planning"),
        ],
        "executive": [
            reverse("admin:index"),
            reverse("capacity:forecasts-months"),
            reverse("capacity:hiring"),
            reverse("capacity:calculation", args=[rows.calculations[0]]),
            reverse("capacity:decision", args=[rows.decisions["reopened"].pk]),
        ],
    }


def volume_pages(rows: capacity.Rows) -> Iterator[str]:
    yield reverse("capacity:volumes")
    yield reverse("capacity:volumes-queue", args=[rows.phone.pk])
    yield reverse("capacity:volumes-queue", args=[rows.empty.pk])
    yield reverse("capacity:outliers")
    yield reverse("capacity:volume-imports")
    yield reverse("capacity:volume-import-mapping", args=[rows.imports["waiting"]])
    yield reverse("capacity:volume-import", args=[rows.imports["done"]])
    yield reverse("capacity:volume-import", args=[rows.imports["failed"]])
    yield reverse("admin:capacity_queue_changelist")
    yield reverse("admin:capacity_queue_add")
    yield reverse("admin:capacity_queue_change", args=[rows.phone.pk])


def forecast_pages(rows: capacity.Rows) -> Iterator[str]:
    phone = rows.phone.pk
    yield reverse("capacity:forecasts")
    yield reverse("capacity:forecast", args=[phone])
    yield reverse("capacity:forecast", args=[phone]) + "?show=draft"
    yield reverse("capacity:forecast", args=[rows.empty.pk])
    yield reverse("capacity:forecast-publish", args=[phone])
    yield reverse("capacity:forecasts-publish") + f"?queue={phone}"
    yield reverse("capacity:forecasts-months")
    yield reverse("capacity:accuracy")
    for grain in ("week", "day", "interval"):
        address = reverse("capacity:accuracy-queue", args=[phone])
        yield f"{address}?grain={grain}"
    yield reverse("capacity:today")
    yield reverse("capacity:today-queue", args=[phone])
    yield reverse("capacity:events")
    yield reverse("capacity:event-new")
    yield reverse("capacity:event", args=[rows.event.pk])
    yield reverse("capacity:investigations")
    for state in ("open", "closed"):
        yield reverse("capacity:investigation", args=[rows.investigations[state]])
    yield reverse("admin:capacity_overlay_changelist")


def staffing_pages(rows: capacity.Rows) -> Iterator[str]:
    yield reverse("capacity:staffing")
    for queue in (rows.phone, rows.chat, rows.mail, rows.empty):
        yield reverse("capacity:staffing-queue", args=[queue.pk])
    keep = reverse("capacity:staffing-keep", args=[rows.phone.pk])
    yield f"{keep}?handle_seconds=500"
    for queue in (rows.phone, rows.mail):
        yield reverse("capacity:staffing-planned", args=[queue.pk])


def plan_pages(rows: capacity.Rows) -> Iterator[str]:
    yield reverse("capacity:hiring")
    yield reverse("capacity:hiring-new")
    yield reverse("capacity:hiring-plan", args=[rows.plan])
    yield reverse("capacity:hiring-plan-edit", args=[rows.plan])
    yield reverse("capacity:hiring-plan-hire", args=[rows.plan])
    yield reverse("capacity:hire", args=[rows.hire])
    yield reverse("capacity:costs")
    yield reverse("capacity:calculation-new")
    for each in rows.calculations:
        yield reverse("capacity:calculation", args=[each])
    for name in ("reference", "remove", "print", "history"):
        yield reverse(f"capacity:calculation-{name}", args=[rows.calculations[0]])
    yield reverse("capacity:planning")
    yield reverse("admin:capacity_planningtask_changelist")


def decision_pages(who: capacity.People, rows: capacity.Rows) -> Iterator[str]:
    draft, segments = rows.decisions["draft"], rows.decisions["segments"]
    yield reverse("admin:index")
    yield reverse("capacity:decisions")
    yield reverse("capacity:decision-new")
    for decision in rows.decisions.values():
        yield reverse("capacity:decision", args=[decision.pk])
    for decision, known in ((draft, set()), (segments, keys(draft, who))):
        address = reverse("capacity:decision", args=[decision.pk])
        for key in keys(decision, who) - known:
            yield f"{address}?edit={key}"
    reopened = rows.decisions["reopened"].pk
    yield reverse("capacity:decision-version", args=[reopened, 1])
    yield reverse("capacity:decision-print", args=[reopened])
    yield reverse("capacity:decision-print", args=[reopened]) + "?version=1"


def keys(decision: capacity.Decision, who: capacity.People) -> set[str]:
    """Names of the sections of a decision that have a form."""
    sections = sections_of(decision, who.manager)
    return {each.key for each in sections if each.is_editable and editor_of(each.key)}


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
        f"phone: {fault}"
        for fault in overflow(page) + cut_cards(page) + pale_texts(page)
    ]


def names_of_pages() -> set[str]:
    """Names of the addresses of capacity that can be read."""
    return {
        f"capacity:{entry.name}"
        for entry in urlpatterns
        if hasattr(entry.callback.view_class, "get")
        and "get" in entry.callback.view_class.http_method_names
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


def test_chosen_file_fills_no_other_field(page: Page, sign_in, who, rows) -> None:
    sign_in(page, who.manager)
    sent = {"name": "Calls.csv", "mimeType": "text/csv", "buffer": b"start,offered\n"}
    for address in (
        reverse("capacity:volume-imports"),
        reverse("capacity:staffing-planned", args=[rows.phone.pk]),
    ):
        page.goto(address)
        fields = page.locator("main input[type=text]:not([hidden]), main textarea")
        before = [field.input_value() for field in fields.all()]
        page.set_input_files("main input[type=file]", sent)
        assert [field.input_value() for field in fields.all()] == before
        hidden = page.locator("main input[type=text][hidden]")
        assert hidden.get_attribute("value") == "Calls.csv"
    page.goto(reverse("capacity:volume-imports"))
    page.set_input_files("main input[type=file]", sent)
    assert page.locator("[name=time_zone]").input_value() == "UTC"
