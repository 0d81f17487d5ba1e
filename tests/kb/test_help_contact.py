"""The ticket form: suggestions, what is sent, and who is held out."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone, translation

from kb.models import AssistantRules, FormVisit, Place, Reading, Search
from kb.selectors.help.promises import moment_in_words, promise_for, promised_answer
from kb.services import forms
from sla.models import PolicyVersion
from tests.factories import sla as make_sla
from tests.factories.kb import AT, published_article
from tests.factories.tickets import (
    CategoryFactory,
    ContactAddressFactory,
    ProductAreaFactory,
)
from tickets.models import Contact, Message, Status, StatusMove, Ticket

pytestmark = pytest.mark.django_db

FORM, SUGGEST = "/help/contact/", "/help/contact/suggest/"
GOOD = {
    "subject": "I cannot change my password",
    "body": "The button is grey.",
    "name": "Ada Byron",
    "email": "ada@example.com",
}


def hold_out(share: str) -> None:
    rules = AssistantRules.objects.first() or AssistantRules()
    rules.holdout = Decimal(share)
    rules.save()


def nobody_held_out() -> None:
    hold_out("0")


def visit_of(client: Client) -> int:
    return client.get(FORM).context["form"]["visit"].value()


def suggest(client: Client, subject: str, visit: int | str) -> list[dict[str, str]]:
    sent = {"subject": subject, "visit": visit, "language": "en"}
    return client.post(SUGGEST, sent).json()["hits"]


# Sending ----------------------------------------------------------------------------------


def test_sent_form_becomes_a_ticket_of_the_web_form(client):
    category, area = CategoryFactory(), ProductAreaFactory()
    sent = {**GOOD, "category": category.pk, "product_area": area.pk}

    answer = client.post(FORM, sent, follow=True)

    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel.code) == (GOOD["subject"], "web")
    assert (ticket.category, ticket.product_area) == (category, area)
    assert ticket.requester.name == "Ada Byron"
    assert Message.objects.get().body == GOOD["body"]
    page = answer.content.decode()
    assert f"#{ticket.pk}" in page
    assert "What happens next" in page
    assert "You get the answer by e-mail." in page


def test_form_begins_with_what_was_searched(client):
    assert (
        'value="reset password"'
        in client.get(FORM, {"q": "reset password"}).content.decode()
    )


def test_page_with_the_number_needs_its_own_address(client):
    assert client.get("/help/contact/sent/1/").status_code == 404
    assert client.get("/help/contact/sent/MQ:x:y/").status_code == 404


def test_promise_is_told_where_one_is_published(client):
    make_sla.publish(
        PolicyVersion.objects.get(policy__name="Standard support"),
        effective_from=timezone.now() - timedelta(days=1),
    )

    page = client.get(FORM).content.decode()

    assert re.search(r"We answer by \w+day \d+ \w+, \d\d:\d\d \(UTC\)\.", page)
    assert re.search(r"That is within \d+ h of opening hours: Mon–Fri 09:00", page)


@pytest.mark.parametrize(
    ("language", "by"),
    [
        ("en", "Tuesday 24 Nov, 12:00 (UTC)"),
        ("de", "Dienstag, 24. November, 12:00 (UTC)"),
        ("ja", "11月24日（火曜日）12:00 (UTC)"),
    ],
)
def test_promise_names_the_moment_in_the_hours_of_those_who_answer(language, by):
    at = datetime(2026, 11, 20, 17, tzinfo=UTC)  # a Friday; open until 18:00
    version = PolicyVersion.objects.get(policy__name="Standard support")
    make_sla.publish(version, effective_from=at - timedelta(days=1))
    promise = promise_for(channel="web", at=at)
    assert promise is not None
    # One hour of the Friday, nine of the Monday, three of the Tuesday.
    assert promise.calendar.add(at, timedelta(hours=13)) == datetime(
        2026, 11, 24, 12, tzinfo=UTC
    )

    with translation.override(language):
        assert moment_in_words(at + timedelta(hours=91), promise.calendar) == by


def test_promise_on_the_page_with_the_number_is_that_of_the_request(client):
    make_sla.publish(
        PolicyVersion.objects.get(policy__name="Standard support"),
        effective_from=timezone.now() - timedelta(days=9),
    )
    sent = client.post(FORM, GOOD)["Location"]
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    Ticket.objects.update(created_at=max(at, timezone.now() - timedelta(days=8)))

    first = client.get(sent).context["promise"]["by"]
    promised = promised_answer(channel="web", at=Ticket.objects.get().created_at)

    assert promised is not None
    assert first == promised.by
    assert first != promised_answer(channel="web", at=timezone.now()).by


def test_ticket_has_the_priority_that_the_promise_is_for(client):
    make_sla.publish(
        PolicyVersion.objects.get(policy__name="Standard support"),
        effective_from=timezone.now() - timedelta(days=1),
    )
    client.post(FORM, GOOD)

    promise = promise_for(channel="web", at=timezone.now())
    assert promise is not None
    assert Ticket.objects.get().priority == promise.priority != ""


def test_ticket_has_no_priority_where_nothing_is_promised(client):
    client.post(FORM, GOOD)

    assert Ticket.objects.get().priority == ""


def test_promise_does_not_tell_who_is_a_customer(client):
    make_sla.publish(
        PolicyVersion.objects.get(policy__name="Standard support"),
        effective_from=timezone.now() - timedelta(days=1),
    )
    ContactAddressFactory(value="known@example.com")
    pages = []
    for email in ("known@example.com", "unknown@example.com"):
        answer = Client().post(FORM, {**GOOD, "email": email}, follow=True)
        number = Ticket.objects.order_by("pk").last().pk
        pages.append(answer.content.decode().replace(f"#{number}", "#"))

    assert pages[0] == pages[1]


def test_known_contact_keeps_the_name_it_has(client):
    known = ContactAddressFactory(value="ada@example.com").contact
    name = known.name
    client.post(FORM, {**GOOD, "name": "Somebody else"})

    known.refresh_from_db()
    assert Ticket.objects.get().requester == known
    assert (known.name, Contact.objects.count()) == (name, 1)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("subject", "", "Say in a few words what it is about."),
        ("subject", "x" * 301, "at most 300 characters"),
        ("body", " ", "Describe it, so that we can answer."),
        ("body", "x" * 20_001, "at most 20000 characters"),
        ("name", "", "Say whom we write to."),
        ("email", "", "Without an address the answer cannot reach you."),
        ("email", "ada at example", "Write an address such as name@example.com."),
        ("email", "a@example.com\nBcc: b@example.com", "Write an address such as"),
        ("category", "999999", "Select a valid choice."),
        ("product_area", "x", "Select a valid choice."),
        ("website", "http://spam.example", "This field is a trap for programs."),
        ("subject", "nul\x00", "Null characters are not allowed."),
    ],
)
def test_wrong_form_says_what_is_wrong_and_keeps_the_rest(
    client, field, value, message
):
    CategoryFactory()
    ProductAreaFactory()

    answer = client.post(FORM, {**GOOD, field: value})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert message in page
    for name, typed in GOOD.items():
        if name != field:
            assert typed in page
    assert not Ticket.objects.exists()
    assert not Contact.objects.exists()


def test_typed_html_comes_back_as_text(client):
    page = client.post(FORM, {**GOOD, "email": "", "body": "</textarea><script>x"})

    assert "</textarea><script>x" not in page.content.decode()


def test_form_needs_its_own_page():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(FORM, GOOD).status_code == 403
    assert not Ticket.objects.exists()


def test_same_form_sent_twice_is_one_ticket(client):
    sent = {**GOOD, "visit": visit_of(client)}
    first = client.post(FORM, sent, follow=True)
    second = client.post(FORM, sent, follow=True)

    assert Ticket.objects.count() == 1
    assert f"#{Ticket.objects.get().pk}" in second.content.decode()
    assert first.status_code == second.status_code == 200


def test_another_request_from_an_old_page_is_another_ticket(client):
    visit = visit_of(client)
    for subject in ("One", "Two"):
        client.post(FORM, {**GOOD, "subject": subject, "visit": visit})

    assert Ticket.objects.count() == 2
    assert FormVisit.objects.filter(was_sent=True).count() == 2


def test_visit_of_somebody_else_is_not_taken(client):
    foreign = forms.open_form(visitor="0" * 32, at=timezone.now())
    client.post(FORM, {**GOOD, "visit": foreign.pk})

    foreign.refresh_from_db()
    assert (foreign.was_sent, Ticket.objects.count()) == (False, 1)


def test_too_many_tickets_are_refused_and_wrong_forms_do_not_count(client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "contact": "1/hour"}
    client.get(FORM)  # from here on the browser has a key
    for _attempt in range(3):
        assert client.post(FORM, {**GOOD, "email": ""}).status_code == 400
    assert client.post(FORM, GOOD).status_code == 302

    refused = client.post(FORM, {**GOOD, "subject": "Another"})

    assert refused.status_code == 429
    assert "Try again in" in refused.content.decode()
    assert Ticket.objects.count() == 1


# Suggestions ------------------------------------------------------------------------------


def test_suggestions_are_kept_with_the_subject_and_the_one_opened(client):
    nobody_held_out()
    article = published_article()
    visit = visit_of(client)

    [hit] = suggest(client, "change password", visit)
    page = client.get(hit["url"])

    kept = FormVisit.objects.get()
    assert (hit["title"], kept.arm) == ("Change your password", "SHOWN")
    assert (kept.subject, kept.suggested) == ("change password", [article.pk])
    assert kept.opened == article
    assert page.status_code == 200
    assert Reading.objects.get().place == Place.FORM


def test_description_finds_what_the_subject_does_not(client):
    nobody_held_out()
    published_article()
    published_article("Export invoices", body="Export all invoices as one file.")
    visit = visit_of(client)
    sent = {"subject": "Export invoices", "visit": visit, "language": "en"}

    alone = client.post(SUGGEST, {**sent, "subject": "Question"}).json()["hits"]
    told = client.post(
        SUGGEST, {**sent, "subject": "Question", "body": "change my password"}
    ).json()["hits"]
    both = client.post(SUGGEST, {**sent, "body": "change my password"}).json()["hits"]

    assert alone == []
    assert [hit["title"] for hit in told] == ["Change your password"]
    assert both[0]["title"] == "Export invoices"


def test_held_out_visitor_sees_no_suggestions(client):
    article = published_article()
    hold_out("0.5")
    visitor = next(
        key
        for key in (f"{number:032x}" for number in range(100))
        if forms.arm_of(key) == FormVisit.Arm.HELD_OUT
    )
    client.cookies["help_visitor"] = visitor
    visit = visit_of(client)

    assert suggest(client, "change password", visit) == []
    kept = FormVisit.objects.get()
    assert (kept.arm, kept.subject, kept.suggested) == (
        "HELD_OUT",
        "change password",
        [],
    )
    assert article.pk not in kept.suggested


def test_arm_is_the_same_on_every_visit_and_has_its_share():
    hold_out("0.100")
    arms = [forms.arm_of(f"{number:032x}") for number in range(2000)]

    assert arms == [forms.arm_of(f"{number:032x}") for number in range(2000)]
    # 200 are expected; five standard deviations are 67.
    assert 133 <= arms.count("HELD_OUT") <= 267


@pytest.mark.parametrize("visit", ["", "x", "0", "-1", "9" * 30, "١"])
def test_suggestions_need_a_visit_of_ones_own(client, visit):
    nobody_held_out()
    published_article()
    client.get(FORM)

    assert suggest(client, "change password", visit) == []
    assert FormVisit.objects.get().subject == ""


def test_coming_back_from_a_suggestion_is_the_same_visit():
    first = forms.open_form(visitor="v", at=AT)

    assert forms.open_form(visitor="v", at=AT + timedelta(minutes=59)) == first
    assert forms.open_form(visitor="v", at=AT + timedelta(hours=1)) != first
    assert forms.open_form(visitor="w", at=AT) != first


def test_search_and_reading_before_the_form_get_its_ticket(client):
    published_article()
    page = client.get("/help/search/", {"q": "password"})
    client.get(page.context["results"][0]["url"])
    client.post(FORM, GOOD)

    ticket = Ticket.objects.get()
    assert Search.objects.get().ticket == ticket
    assert Reading.objects.get().ticket == ticket
    assert FormVisit.objects.get().ticket == ticket


def test_refused_ticket_leaves_nothing_behind(client):
    StatusMove.objects.all().delete()
    Status.objects.all().delete()

    answer = client.post(FORM, GOOD)

    assert answer.status_code == 400
    assert "status" in answer.content.decode()
    assert GOOD["body"] in answer.content.decode()
    assert not Contact.objects.exists()
