"""Reviews by keyboard alone: score, pin, submit, lose nothing, settle two tabs."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qa.core.scorecard import Check, Criterion, Section
from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Pin, Review, RootCause, SampleItem
from supportops.common import roles
from tests.factories.people import UserFactory
from tests.factories.quality import CARD, agent, published_card
from tests.qa.sampled import sample_item, worked_ticket
from workforce.people.models import User

BOXES = Criterion(
    "boxes",
    "Boxes",
    weight=0,
    kind="checklist",
    checks=(
        Check("greets", "Greets by name", "greeting"),
        Check("solved", "Solved"),
    ),
)
WITH_BOXES = Card(
    sections=(*CARD.sections, Section("checklist", "Checklist", 0, (BOXES,)))
)


@pytest.fixture
def writer(live_server) -> User:
    return UserFactory(role=roles.QA_REVIEWER)


@pytest.fixture
def items(writer) -> list[SampleItem]:
    """Three drawn tickets of one agent, due one after the other."""
    RootCause.objects.all().delete()
    RootCause.objects.create(name="Did not look it up", kind="KNOWLEDGE")
    RootCause.objects.create(name="Was in a hurry", kind="WILL")
    version = published_card(WITH_BOXES)
    worked_by = agent()
    first = sample_item(version=version, reviewed_by=writer, agent=worked_by)
    rest = [
        SampleItem.objects.create(
            draw=first.draw,
            ticket=worked_ticket(worked_by),
            agent=worked_by,
            why="RANDOM",
            reviewer=writer,
            due_at=first.due_at + timedelta(hours=number),
        )
        for number in (1, 2)
    ]
    return [first, *rest]


@pytest.fixture
def room(page: Page, sign_in, writer, items) -> Page:
    """The first review, opened from the inbox by its key."""
    sign_in(page, writer)
    page.goto("/quality/inbox/")
    page.keyboard.press("n")
    expect(page.locator("#room-title")).to_contain_text(f"#{items[0].ticket_id}")
    return page


class Errors(list):
    """What went wrong in a page, without the requests that are made to fail here.

    A page that is left tells of its last one only after the test.
    """

    EXPECTED = ("ERR_", "status of 409")

    def append(self, error: str) -> None:
        if not any(words in error for words in self.EXPECTED):
            super().append(error)


@pytest.fixture
def page_errors() -> list[str]:
    return Errors()


def saved(page: Page) -> None:
    expect(page.locator("#room-saved")).to_have_attribute("data-status", "saved")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def score_whole(page: Page) -> None:
    """Both criteria at their best, and every box that a rule judged confirmed."""
    press(page, "4", "j", "4", "j", "Shift+Enter")
    saved(page)


def test_three_reviews_in_a_row_by_keyboard_alone(room: Page, items, page) -> None:
    page.evaluate("window.isSamePage = true")

    expect(page.locator("#room-place")).to_have_text("0 done, 3 to do")
    score_whole(page)
    press(page, "Control+Enter")
    expect(page.locator("#room-place")).to_have_text("1 done, 2 to do")
    expect(page.locator("#room-title")).to_contain_text(f"#{items[1].ticket_id}")

    # A low level asks for words and a cause: nothing is submitted without them.
    press(page, "1", "j", "n", "j", "Shift+Enter")
    press(page, "Control+Enter")
    missing = page.locator("#criterion-solution .qr-missing")
    expect(missing).to_have_text("Say why in a comment. Choose a root cause.")
    expect(page.locator("#room-alert")).to_contain_text("not finished yet")
    press(page, "c")
    page.keyboard.type("Answered another question.")
    press(page, "Escape", "r", "1", "ArrowDown", "Space", "Escape")
    expect(page.locator("#room-alert")).to_be_hidden()
    press(page, "s")
    page.keyboard.type("Quick.")
    press(page, "Escape", "f")
    page.keyboard.type("Read twice.")
    press(page, "Escape", "Control+Enter")
    expect(page.locator("#room-place")).to_have_text("2 done, 1 to do")

    score_whole(page)
    assert page.evaluate("window.isSamePage") is True
    press(page, "Control+Enter")
    expect(page).to_have_url(page.url.split("/quality/")[0] + "/quality/inbox/")
    expect(page.get_by_text("Submitted, not released yet")).to_be_visible()

    first, second, third = Review.objects.order_by("pk")
    assert [each.state for each in (first, second, third)] == ["SUBMITTED"] * 3
    assert (first.score, second.score, third.score) == (100, 25, 100)
    assert (second.strengths, second.focus) == ("Quick.", "Read twice.")
    solution = second.answers.get(criterion_key="solution")
    assert solution.comment == "Answered another question."
    assert solution.root_causes.count() == 2
    boxes = first.answers.get(criterion_key="boxes")
    assert (boxes.checked, boxes.source) == (["greets"], "CONFIRMED")
    assert set(SampleItem.objects.values_list("state", flat=True)) == {"DONE"}


def test_a_passage_is_pinned_without_a_mouse(room: Page, page) -> None:
    press(page, "m", "m", "v")
    assert page.evaluate("getSelection().toString()") == "Hi Marta,"
    press(page, "ArrowRight")
    sentence = "I understand that the export of your invoices is empty."
    assert page.evaluate("getSelection().toString()") == sentence

    press(page, "p")
    expect(page.locator("#room-pin-quote")).to_have_text(sentence)
    page.keyboard.type("Says it back.")
    press(page, "Enter")

    expect(page.locator(".qr-pin-line")).to_contain_text("Says it back.")
    expect(page.locator(".qr-body .qr-pin")).to_have_text(sentence)
    pin = Pin.objects.get()
    assert (pin.quote, pin.text, pin.tone) == (sentence, "Says it back.", "PRAISE")
    assert pin.criterion_key == "solution"


def test_a_customers_passage_is_a_note_of_no_criterion(room: Page, page) -> None:
    press(page, "m", "v", "p")
    praise = page.get_by_role("radio", name="well done")
    expect(praise).to_be_disabled()
    expect(page.get_by_role("radio", name="a note")).to_be_checked()
    page.keyboard.type("Asks twice.")
    press(page, "Enter")

    expect(page.locator(".qr-pin-line")).to_contain_text("Asks twice.")
    pin = Pin.objects.get()
    assert (pin.message.direction, pin.tone, pin.criterion_key) == ("IN", "NOTE", "")


def test_a_pin_is_not_preset_to_a_checklist(room: Page, page) -> None:
    press(page, "j", "j", "m", "m", "v", "p")

    expect(page.locator("#room-pin-criterion")).to_have_value("")
    expect(page.get_by_role("radio", name="well done")).to_be_enabled()


def test_a_criterion_that_must_be_answered_says_so(room: Page, page) -> None:
    press(page, "j", "j", "n")

    said = page.locator("#room-saved")
    expect(said).to_have_text("This criterion must be answered.")
    saved(page)


def test_a_list_of_causes_opens_above_the_footer(room: Page, page) -> None:
    page.set_viewport_size({"width": 1280, "height": 560})
    press(page, "j", "r")
    causes = page.locator("#causes-tone").bounding_box()
    footer = page.locator(".qr-foot").bounding_box()

    assert causes["y"] + causes["height"] <= footer["y"] + 1


def test_a_wrong_key_is_undone(room: Page, page) -> None:
    press(page, "4", "j", "3", "2")
    tone = page.locator("#criterion-tone")
    expect(tone.get_by_role("radio", name="2 points")).to_be_checked()

    press(page, "u")
    expect(tone.get_by_role("radio", name="3 points")).to_be_checked()
    press(page, "u")
    expect(tone.locator("input:checked")).to_have_count(0)
    saved(page)

    levels = dict(Answer.objects.values_list("criterion_key", "level"))
    assert levels["solution"] == "p4"
    assert levels["tone"] == ""


def test_nothing_is_lost_by_reloading_in_the_middle_of_a_word(room: Page, page) -> None:
    # The server is never reached before the page goes away.
    page.route("**/save/", lambda route: route.abort())
    press(page, "3", "c")
    page.keyboard.type("Half a sent")
    page.reload()
    expect(page.locator("#criterion-solution textarea")).to_have_value("Half a sent")
    assert not Answer.objects.filter(criterion_key="solution").exists()

    page.unroute("**/save/")
    saved(page)
    answer = Answer.objects.get(criterion_key="solution")
    assert (answer.level, answer.comment) == ("p3", "Half a sent")


def test_a_save_without_a_network_is_sent_again(room: Page, page) -> None:
    page.context.set_offline(True)
    press(page, "4")
    status = page.locator("#room-saved")
    expect(status).to_have_attribute("data-status", "offline")
    expect(status).to_contain_text("kept on this device")
    assert not Answer.objects.filter(criterion_key="solution").exists()

    page.context.set_offline(False)
    saved(page)
    assert Answer.objects.get(criterion_key="solution").level == "p4"


def test_two_tabs_are_laid_side_by_side(room: Page, page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#room-title")).to_contain_text("#")

    # Another answer joins silently; the same one asks.
    press(page, "4")
    saved(page)
    press(other, "j", "2")
    saved(other)
    levels = dict(Answer.objects.values_list("criterion_key", "level"))
    assert (levels["solution"], levels["tone"]) == ("p4", "p2")
    expect(
        other.locator("#criterion-solution").get_by_role("radio", name="4 points")
    ).to_be_checked()

    page.bring_to_front()
    press(page, "j", "1")
    conflict = page.locator("#room-conflict")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("Tone: Level")
    expect(conflict).to_contain_text("1 points")
    expect(conflict).to_contain_text("2 points")
    press(page, "Enter")  # "Keep mine" has the focus
    expect(conflict).to_be_hidden()
    saved(page)
    assert Answer.objects.get(criterion_key="tone").level == "p1"

    other.bring_to_front()
    press(other, "3")
    expect(other.locator("#room-conflict")).to_be_visible()
    press(other, "Tab", "Enter")  # "Take theirs"
    expect(other.locator("#room-conflict")).to_be_hidden()
    saved(other)
    expect(
        other.locator("#criterion-tone").get_by_role("radio", name="1 points")
    ).to_be_checked()
    assert Answer.objects.get(criterion_key="tone").level == "p1"


def test_boxes_of_a_rule_are_asked_about_once(room: Page, page) -> None:
    press(page, "4", "j", "4")
    press(page, "Control+Enter")
    expect(page.locator("#room-alert")).to_contain_text("1 box was ticked")
    assert not Review.objects.filter(state="SUBMITTED").exists()

    press(page, "Control+Enter")
    expect(page.locator("#room-place")).to_have_text("1 done, 2 to do")
    assert Answer.objects.get(
        review__state="SUBMITTED", criterion_key="boxes"
    ).source == ("RULE")


def test_a_skipped_ticket_says_why(room: Page, page, items) -> None:
    press(page, "S")
    expect(page.locator("#room-skipping")).to_be_visible()
    press(page, "Enter")  # from the reason to its words
    page.keyboard.type("Two words only")
    press(page, "Control+Enter")

    expect(page.locator("#room-title")).to_contain_text(f"#{items[1].ticket_id}")
    skipped = Review.objects.get(state="SKIPPED")
    assert skipped.reason == "Two words only"


def test_time_counts_while_somebody_works(room: Page, page) -> None:
    expect(page.locator("#room-timer")).to_have_text("0:02")
    press(page, "4")
    saved(page)

    assert Review.objects.get().active_seconds >= 2


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}])
def test_the_room_fits_a_phone(room: Page, page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    card = page.locator("#room-card").bounding_box()
    talk = page.locator("#room-talk").bounding_box()
    assert card["y"] >= talk["y"] + talk["height"]
