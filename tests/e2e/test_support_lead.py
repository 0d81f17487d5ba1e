"""The support lead's path: from a file of old tickets to a figure and back to its reason."""

import csv
import json
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.models import PolicyVersion
from supportops.common import roles
from supportops.metrics import services as metrics
from tests.factories.people import UserFactory
from tickets.models import Ticket

MAPPING = {
    "name": "old-desk",
    "mode": "snapshot",
    "case_id": "id",
    "timestamp": "at",
    "timestamp_format": "iso",
    "fields": {"status": "status", "group": "team", "assignee": "who"},
    "actor": "who",
    "status_map": {"New": "new", "Work": "open", "Done": "solved"},
    "priority_from": {"field": "prio", "map": {"1": "urgent", "2": "normal"}},
}
HEADER = "id,at,status,team,who,prio"
PER_DAY = 4
# Monday to Friday; every fourth ticket of a day is taken up late in the evening.
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06")


def history() -> str:
    """Twenty tickets of one week, on a clock that names no zone."""
    rows = []
    for day_number, day in enumerate(DAYS):
        for index in range(PER_DAY):
            ticket = day_number * PER_DAY + index + 1
            priority = 1 if index % 2 else 2
            taken = "20:00" if index == PER_DAY - 1 else "10:00"
            for at, status in (("09:00", "New"), (taken, "Work"), ("21:00", "Done")):
                rows.append(f"{ticket},{day} {at},{status},Desk,Bo,{priority}")
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.fixture
def lead(live_server):
    return UserFactory(username="nora", role=roles.SUPPORT_LEAD)


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
    log, mapping = tmp_path / "tickets.csv", tmp_path / "mapping.json"
    log.write_text(history())
    mapping.write_text(json.dumps(MAPPING))
    return log, mapping


def test_from_a_file_to_the_reason_of_a_figure(page: Page, lead, files) -> None:
    sign_in_by_form(page)
    import_history(page, *files)
    write_calendar(page)
    publish_policy(page)
    metrics.refresh(at=timezone.now())
    read_compliance(page)
    read_the_ledger(page)


def sign_in_by_form(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Username").fill("nora")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Compliance")).to_be_visible()


def import_history(page: Page, log: Path, mapping: Path) -> None:
    page.goto(reverse("admin:ticket_imports_importrun_changelist"))
    page.locator(
        f"a[href*='{reverse('admin:ticket_imports_importrun_add')}']"
    ).first.click()
    page.set_input_files("#id_file", log)
    page.set_input_files("#id_mapping_file", mapping)
    page.get_by_label("Source").fill("old-desk")
    page.get_by_role("button", name="Upload and look at it").click()

    expect(page.get_by_text("say which one its clock ran in").first).to_be_visible()
    start = page.get_by_role("button", name="Start the import")
    expect(start).to_have_count(0)
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Read it again with this").click()
    # 09:00 in Berlin in March
    expect(page.get_by_role("cell", name="2026-03-02 08:00:00").first).to_be_visible()
    start.click()

    expect(page.get_by_text("20 created")).to_be_visible()
    assert Ticket.objects.filter(source="old-desk").count() == 20


def write_calendar(page: Page) -> None:
    """Two intervals a day and the holidays of a country, looked at before saving."""
    page.goto(reverse("sla:calendar-new"))
    page.get_by_label("Name", exact=True).first.fill("Berlin desk")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Monday").fill("09:00-12:30, 13:30-18:00")
    page.get_by_role("button", name="Copy Monday to Tuesday–Friday").click()
    page.get_by_label("Add a country").select_option("DE")
    expect(page.get_by_label("Friday")).to_have_value("09:00-12:30, 13:30-18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#calendar-check")).to_be_visible()
    expect(page.get_by_label("Monday")).to_have_value("09:00-12:30, 13:30-18:00")


def publish_policy(page: Page) -> None:
    page.goto(reverse("sla:policy-new"))
    page.get_by_label("Name", exact=True).fill("Old desk")
    page.get_by_role("button", name="Create the draft").click()
    page.locator("[name=calendar]").select_option(label="Berlin desk")
    page.locator("[name=c-P1]").select_option(label="as above")
    page.locator("[name=t-P1-first_response]").fill("2 h")
    page.locator("[name=t-P2-first_response]").fill("soon")
    check = page.locator("#policy-check")
    expect(page.locator("[data-error-for=t-P2-first_response]")).to_contain_text(
        "is no duration"
    )
    page.locator("[name=t-P2-first_response]").fill("4 h")
    page.get_by_label("an agent taking charge").check()
    expect(check).to_contain_text("Every ticket")
    page.get_by_role("button", name="Save and publish…").click()

    page.get_by_label("In force for tickets created from").fill("2026-01-01T00:00")
    page.get_by_label("Reason").fill("What the contract says since January")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Tickets are being judged again")).to_be_visible()
    version = PolicyVersion.objects.get(policy__name="Old desk")
    assert version.state == PolicyVersion.State.PUBLISHED
    assert version.reason == "What the contract says since January"


def read_compliance(page: Page) -> None:
    """Follow a figure to the promises behind it, and take them along as a file."""
    page.goto(reverse("sla:compliance"))
    page.get_by_role("link", name="Show the latest days that have any").click()
    figure = page.locator("a.so-figure", has_text="Response SLA")
    # The fourth ticket of each day is a P1 taken up after 8 open hours, not 2.
    expect(figure.locator(".value")).to_have_text("75.0 %")
    expect(figure).to_contain_text("of 20 promises")
    page.wait_for_load_state()
    line = page.evaluate(
        "() => { const canvas = document.querySelector('canvas[data-chart]');"
        " const [line] = Chart.getChart(canvas).data.datasets;"
        " return [line.spanGaps, ...new Set(line.pointBackgroundColor)]; }"
    )
    # Days without promises are gaps; days with so few are drawn hollow.
    assert line == [False, "#ffffff"]
    figure.click()
    expect(page.get_by_role("heading", name="Promises missed")).to_be_visible()
    expect(page.locator("table.cards tbody tr")).to_have_count(5)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    with Path(download.value.path()).open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5


def read_the_ledger(page: Page) -> None:
    """The last line of "Why then?" that counts time comes to the target."""
    page.locator("table.cards tbody tr a").first.click()
    promise = page.locator(".so-ledger").first
    promise.get_by_text("Why then?").click()
    promised = promise.locator("tfoot td").last.inner_text()
    due = promise.locator("tbody tr", has=page.get_by_text("due", exact=True))
    assert due.locator("td").last.inner_text() == promised
