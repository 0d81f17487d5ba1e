"""A manager's way from a file of volumes to a decision that watches itself."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from supportops.jobs import services as jobs
from supportops.jobs.models import Job
from tests.e2e import capacity_world as capacity
from tests.e2e.looking import overflow
from tests.factories.capacity import (
    fill_days,
    make_queue,
    plan_staff,
    published_forecast,
)
from workforce.capacity.models import Decision, Forecast, Investigation, Queue
from workforce.capacity.services import decisions, reviewing
from workforce.people.models import User

HOME = reverse("admin:index")
HOURS = range(8, 18)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def who(live_server) -> capacity.People:
    return capacity.people()


def enter(page: Page, sign_in, person: User) -> None:
    page.context.clear_cookies()
    sign_in(page, person)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def volumes_file(today: date, weeks: int = 10) -> bytes:
    """Calls of every open hour until yesterday, more of them on Mondays."""
    lines = ["queue,channel,start,offered,handled,handle_seconds"]
    first = today - timedelta(weeks=weeks)
    for ahead in range(7 * weeks):
        day = first + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        for hour in HOURS:
            calls = (30 if day.weekday() == 0 else 20) + (hour + ahead) % 5
            lines.append(f"Care,phone,{day} {hour:02}:00,{calls},{calls},{calls * 300}")
    return "\n".join(lines).encode()


# From a file to people --------------------------------------------------------------------


def test_manager_goes_from_a_file_to_planned_people(page: Page, sign_in, who) -> None:
    sign_in(page, who.manager)
    import_volumes(page)
    queue = Queue.objects.get(name="Care")
    compare_and_publish(page, queue)
    ask_what_if(page, queue)

    page.goto(reverse("capacity:staffing-planned", args=[queue.pk]))
    press(page, "Start from this template")
    expect(page.get_by_role("img", name=re.compile("Monday: "))).to_be_visible()
    assert queue.planned.exists()


def import_volumes(page: Page) -> None:
    page.goto(reverse("capacity:volume-imports"))
    page.locator("input[type=file]").set_input_files(
        {
            "name": "care.csv",
            "mimeType": "text/csv",
            "buffer": volumes_file(timezone.now().date()),
        }
    )
    press(page, "Upload and look at it")
    expect(page.get_by_role("heading", name="Names without a queue")).to_be_visible()
    page.get_by_label("Care · phone").select_option(label="make a queue of it")
    press(page, "Start the import")
    expect(page.get_by_text("New intervals")).to_be_visible()
    figures = page.locator(".so-figure")
    expect(figures.filter(has_text="Rows read")).to_contain_text("500")
    expect(figures.filter(has_text="New intervals")).to_contain_text("500")
    expect(figures.filter(has_text="Refused rows")).to_contain_text("0")


def compare_and_publish(page: Page, queue: Queue) -> None:
    address = reverse("capacity:forecast", args=[queue.pk])
    page.goto(address)
    press(page, "Compute a forecast")
    expect(page.get_by_text("Done", exact=True).first).to_be_visible()
    page.goto(address)
    methods = page.locator("#method tbody tr")
    expect(methods).to_have_count(7)
    moving = methods.filter(has_text="Moving average")
    expect(moving).to_contain_text(re.compile(r"\d+\.\d %"))
    moving.get_by_role("radio").check()
    press(page, "Choose and compute")
    page.goto(address)
    expect(moving).to_contain_text("Chosen")
    page.get_by_role("link", name="Publish the draft…").click()
    expect(page.get_by_text("What will hold, week by week")).to_be_visible()
    press(page, "Publish")
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    held = Forecast.objects.get(queue=queue, state=Forecast.State.PUBLISHED)
    assert held.method == "moving_average"


def ask_what_if(page: Page, queue: Queue) -> None:
    """Move a slider by the keyboard, and read the answer."""
    page.goto(reverse("capacity:staffing-queue", args=[queue.pk]))
    said = page.locator("#staffing-say")
    before = said.inner_text()
    slider = page.locator("input[type=range][data-for=id_shrinkage]")
    slider.focus()
    with page.expect_response(re.compile("/answer/")):
        for _each in range(12):
            slider.press("ArrowRight")
    expect(said).not_to_have_text(before)
    assert "shrinkage=" in page.url
    assert overflow(page) == []


# A decision -------------------------------------------------------------------------------


def test_decision_is_approved_printed_and_reopened_by_its_trigger(
    page: Page, sign_in, who
) -> None:
    now = timezone.now()
    queue = make_queue("Care")
    fill_days(queue, [320] * 35, first=now.date() - timedelta(days=35))
    plan_staff(queue, 6)
    enter(page, sign_in, who.manager)
    decision = begin(page)
    fill(page, decision)
    propose(page, decision, who)

    enter(page, sign_in, who.executive)
    page.goto(HOME)
    page.get_by_role("link", name=decision.title).first.click()
    page.get_by_label("Your words").fill("Agreed until the next release.")
    press(page, "Approve")
    expect(page.locator(".so-chip", has_text="Approved").first).to_be_visible()
    read_on_paper(page, decision)

    capacity.reopened_tickets(timezone.now())
    assert decisions.check_triggers(at=timezone.now())["fired"] == 1

    enter(page, sign_in, who.manager)
    page.goto(HOME)
    panel = page.locator("section", has_text="Decisions that need somebody")
    expect(panel).to_contain_text("a trigger fired")
    panel.get_by_role("link", name=decision.title).first.click()
    expect(page.locator(".so-chip", has_text="Reopened").first).to_be_visible()
    log = page.locator("#evidence")
    expect(log).to_contain_text("50.0 %")
    expect(log).to_contain_text("by itself")
    decision.refresh_from_db()
    assert decision.state == Decision.State.REOPENED


def begin(page: Page) -> Decision:
    page.goto(reverse("capacity:decision-new"))
    page.get_by_label("Title").fill("Who answers in the week of a release?")
    page.get_by_label("Decision question").fill("Two more people, or a bot?")
    page.locator("main form button[type=submit]").last.click()
    expect(
        page.get_by_text("Before it can be proposed, the record needs:")
    ).to_be_visible()
    return Decision.objects.get()


def edit(page: Page, decision: Decision, part: str) -> None:
    page.goto(f"{reverse('capacity:decision', args=[decision.pk])}?edit={part}")


def fill(page: Page, decision: Decision) -> None:
    day = timezone.now().date()
    edit(page, decision, "scope")
    page.get_by_role("textbox", name="Scope").fill("Phone, consumer app.")
    page.get_by_label("Care · phone").check()
    page.get_by_label("Horizon from").fill(str(day))
    page.get_by_label("Horizon to").fill(str(day + timedelta(days=91)))
    press(page, "Save")
    expect(page.get_by_text("Phone, consumer app.").first).to_be_visible()
    weigh(page, decision)
    edit(page, decision, "recommendation")
    page.get_by_label("Option chosen").select_option("A")
    page.get_by_role("textbox", name="Recommendation").fill(
        "Automation first would cost quality."
    )
    press(page, "Save")


def weigh(page: Page, decision: Decision) -> None:
    """Enter the inputs that nothing is known of, two options, and compute them."""
    edit(page, decision, "inputs")
    for row in page.locator("fieldset.cd-row:has(input[name$=-id][value])").all():
        for field, value in (("value", "10"), ("source", "Survey of May")):
            box = row.locator(f"input[name$=-{field}]")
            if not box.input_value():
                box.fill(value)
    press(page, "Save")
    press(page, "Add how it is today")
    expect(page.locator("#options")).to_contain_text("As it is today")


def propose(page: Page, decision: Decision, who: capacity.People) -> None:
    page.goto(reverse("capacity:decision", args=[decision.pk]))
    page.locator("#propose").get_by_label(str(who.executive)).check()
    page.locator("#propose").get_by_label("I propose on these inputs").check()
    page.locator("#propose").get_by_role("button", name="Propose").click()
    expect(page.locator(".so-chip", has_text="Proposed").first).to_be_visible()


def read_on_paper(page: Page, decision: Decision) -> None:
    page.goto(reverse("capacity:decision-print", args=[decision.pk]) + "?version=1")
    page.emulate_media(media="print")
    expect(page.get_by_text("Two more people, or a bot?").first).to_be_visible()
    expect(page.get_by_text("Agreed until the next release.").first).to_be_visible()
    expect(page.locator("nav:visible")).to_have_count(0)
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")


# Investigations and jobs ------------------------------------------------------------------


def missed_week(who: capacity.People) -> Investigation:
    """The week before this one brought twice as much as was published."""
    now = timezone.now()
    monday = now.date() - timedelta(days=now.weekday())
    queue = make_queue("Care")
    last = monday - timedelta(weeks=1)
    fill_days(queue, [400] * 7, first=last, opens=time(0), intervals=48)
    published_forecast(queue, [200.0] * 28, first=last, opens=time(0), intervals=48)
    Forecast.objects.update(published_by=who.manager)
    reviewing.open_investigations(at=now)
    return Investigation.objects.get()


def test_missed_week_is_investigated_and_closed(page: Page, sign_in, who) -> None:
    found = missed_week(who)
    sign_in(page, who.manager)

    page.goto(HOME)
    page.get_by_role("link", name="My investigations").click()
    page.get_by_role("link", name=re.compile("Care")).first.click()
    expect(page.get_by_text("The week was off by +100 %")).to_be_visible()
    page.get_by_label("Outcome").select_option(label="One-off event")
    page.get_by_label("What was found").fill("Payments were down for two days.")
    page.get_by_label("What is done about it").fill("An overlay for outages.")
    press(page, "Close it")

    expect(page.locator(".so-chip", has_text="Closed").first).to_be_visible()
    expect(page.get_by_text("Payments were down for two days.")).to_be_visible()
    found.refresh_from_db()
    assert (found.state, found.closed_by) == ("CLOSED", who.manager)


def test_manager_sees_how_far_forecasts_are_and_cancels(
    page: Page, sign_in, who
) -> None:
    queues = [make_queue(f"Care {each}") for each in range(3)]
    for queue in queues:
        fill_days(queue, [160] * 35, first=timezone.now().date() - timedelta(days=35))
    job = Job.objects.create(
        kind="capacity.forecast",
        title="Forecasts of 3 queues",
        params={"queue_ids": [queue.pk for queue in queues], "run": "one"},
        created_by=who.manager,
        created_at=timezone.now(),
    )
    sign_in(page, who.manager)
    page.goto(reverse("capacity:forecasts"))
    expect(page.get_by_text("Waiting for a free worker.")).to_be_visible()
    seen = []
    began = timezone.now()

    def clock() -> datetime:
        """Two seconds a look; after the first queue, the manager looks and cancels."""
        seen.append(Job.objects.get(pk=job.pk).done)
        if seen.count(1) == 1 and seen[-1] == 1:
            expect(page.get_by_text("1 of 3 (33 %)")).to_be_visible()
            press(page, "Cancel")
            expect(page.get_by_text("Stops at its next step.")).to_be_visible()
        return began + timedelta(seconds=2 * len(seen))

    assert jobs.run(job_id=job.pk, clock=clock) == Job.State.CANCELLED

    expect(page.get_by_text("Cancelled", exact=True).first).to_be_visible()
    assert 1 <= Forecast.objects.count() < len(queues)
