"""The assistant in the help centre: forms without script, and what visitors never see."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.models import Article, AssistantRules, Conversation, Turn
from kb.selectors.assistant import Hours
from kb.views.help_assistant.words import confidence_words, hours_words, moment_words
from kb.visitors import COOKIE
from tests.factories.kb import published_article
from tests.factories.kb_assistant import make_conversation, make_turn
from tests.factories.people import UserFactory
from tests.factories.sla import business_hours
from tests.factories.tickets import ContactAddressFactory, ContactFactory
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

BODY = "Start.\n\n## If you forgot it\n\nChoose *Forgot password* & wait <1 hour."
PASSAGE = "Choose Forgot password &amp; wait &lt;1 hour."
PAGE = "/help/assistant/"
QUERIES = 5


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def password() -> Article:
    return published_article("Change your password", body=BODY)


def ask(client, question="I forgot my password", **fields):
    return client.post(PAGE, {"question": question, **fields}, follow=True)


def text_of(response) -> str:
    return response.content.decode()


def test_page_begins_empty_and_sets_no_cookie(client) -> None:
    response = client.get(PAGE)

    assert response.status_code == 200
    assert "Talk to a person" in text_of(response)
    assert COOKIE not in response.cookies
    assert response["Cache-Control"] == "private, no-store"
    assert not Conversation.objects.exists()


def test_question_from_the_address_is_filled_in_but_not_asked(client) -> None:
    assert "my &lt;b&gt; question" in text_of(
        client.get(PAGE, {"q": "my <b> question"})
    )
    assert not Turn.objects.exists()


def test_answer_is_a_quotation_with_its_place_and_confidence(client, password) -> None:
    response = ask(client)
    turn = Turn.objects.get()
    page = text_of(response)

    assert response.redirect_chain == [(f"{PAGE}?language=en#turn-{turn.pk}", 302)]
    address = "/help/en/change-your-password/#s-if-you-forgot-it"
    assert f'<blockquote cite="{address}">{PASSAGE}</blockquote>' in page
    assert f'href="{address}"' in page
    assert confidence_words(turn.confidence) in page
    assert "Did this answer your question?" in page
    assert client.cookies[COOKIE].value == turn.conversation.visitor


def test_visitor_says_whether_it_answered(client, password) -> None:
    ask(client)
    turn = Turn.objects.get()
    judge = reverse("help:assistant-judge", args=[turn.pk])

    page = text_of(client.post(judge, {"right": "no"}, follow=True))
    assert "it did not answer the question" in page
    turn.refresh_from_db()
    assert (turn.is_right, turn.judged_by) == (False, None)

    client.post(judge, {"right": "yes"})
    assert Conversation.objects.get().state == Conversation.State.ANSWERED


def test_others_cannot_judge_or_see_it(client, password) -> None:
    ask(client)
    turn = Turn.objects.get()
    client.cookies.clear()

    response = client.post(
        reverse("help:assistant-judge", args=[turn.pk]), {"right": "yes"}
    )

    assert response.status_code == 409
    assert PASSAGE not in text_of(response)
    turn.refresh_from_db()
    assert turn.is_right is None


def test_handing_over_goes_on_with_the_conversation(client, password) -> None:
    ask(client)
    response = client.post(
        reverse("help:assistant-person"),
        {"missing": "No link comes.", "name": "Zoe", "email": "zoe@example.com"},
        follow=True,
    )

    page = text_of(response)
    ticket = Ticket.objects.get()
    assert "A person takes over" in page
    assert "zoe@example.com" not in page
    assert 'name="question"' not in page
    assert ticket.requester.name == "Zoe"
    assert ticket.messages.count() == 2


def test_conversation_begins_anew_after_a_person_took_over(client, password) -> None:
    ask(client, "zebra", email="zoe@example.com")
    response = client.post(reverse("help:assistant-new"), follow=True)
    page = text_of(response)
    assert "zebra" not in page
    assert 'name="new" value="1"' in page

    ask(client, new="1")
    assert Conversation.objects.count() == 2
    assert "zebra" not in text_of(client.get(PAGE))


def test_conversation_that_is_left_is_not_shown_again(client, password) -> None:
    ask(client)
    page = text_of(client.post(reverse("help:assistant-new"), follow=True))

    assert PASSAGE not in page
    assert Conversation.objects.get().state == Conversation.State.LEFT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "zoe@example.com", "missing": ""}, "Say what you need"),
        ({"email": "", "missing": "Call me"}, "the answer cannot reach you"),
        ({"email": "zoe", "missing": "Call me"}, "such as name@example.com"),
        (
            {"email": "zoe@example.com", "missing": "Call me", "website": "x"},
            "trap for programs",
        ),
    ],
)
def test_refused_hand_over_keeps_what_was_typed(client, fields, words) -> None:
    response = client.post(reverse("help:assistant-person"), fields)

    assert response.status_code == 400
    assert words in text_of(response)
    assert (fields["missing"] or fields["email"]) in text_of(response)
    assert not Ticket.objects.exists()
    assert not Conversation.objects.exists()


def test_refused_question_keeps_what_was_typed(client, password) -> None:
    assert ask(client, "").status_code == 400
    response = ask(client, "forgot password", email="nobody")
    assert response.status_code == 400
    assert "forgot password</textarea>" in text_of(response)
    assert not Turn.objects.exists()


def without_tokens(page: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"turn-\d+", "turn", page)


def test_nobody_learns_from_the_page_whose_address_is_known(client) -> None:
    """What is shown to a VIP is what anybody is shown whose question was not sure."""
    for topic in ("tickets", "invoices"):
        published_article(f"Export {topic} as CSV", body="Open the list, export.")
    ContactAddressFactory(contact=ContactFactory(is_vip=True), value="vip@example.com")
    ContactAddressFactory(value="known@example.com")

    pages = []
    for email in ("vip@example.com", "known@example.com", "unknown@example.com"):
        client.cookies.clear()
        page = without_tokens(text_of(ask(client, "export csv", email=email)))
        number = Ticket.objects.latest("pk").pk
        own = f'<span class="help-number">#{number}</span>'
        assert own in page
        pages.append(page.replace(own, ""))

    assert pages[0] == pages[1] == pages[2]
    assert "A person takes over" in pages[0]


def test_after_a_no_other_words_can_be_tried(client) -> None:
    published_article("Change your password", body="Open Security, then Change.")
    page = text_of(ask(client, "how do i change my password"))
    assert "Ask in other words" not in page
    turn = Turn.objects.get()
    assert turn.was_shown

    judge = reverse("help:assistant-judge", args=[turn.pk])
    page = text_of(client.post(judge, {"right": "no"}, follow=True))
    assert 'href="#ask-question">Ask in other words' in page
    assert 'id="ask-question"' in page
    # Nothing is left to say of it: no button stands alone.
    assert 'name="right"' not in page


def test_after_a_no_the_next_best_passage_is_offered_once(client) -> None:
    published_article("Change your password", body="Open Security, then Change.")
    published_article("Password rules", body="A password has twelve letters.")
    ask(client, "how do i change my password")
    turn = Turn.objects.get()
    assert len(turn.suggested) == 1

    judge = reverse("help:assistant-judge", args=[turn.pk])
    page = text_of(client.post(judge, {"right": "no"}, follow=True))

    assert "Perhaps this answers it:" in page
    assert page.count("A password has twelve letters.</blockquote>") == 1
    assert 'href="#person">Let a person answer this' in page
    assert Turn.objects.count() == 1


def test_after_a_no_an_article_no_longer_readable_is_not_offered(client) -> None:
    published_article("Change your password", body="Open Security, then Change.")
    other = published_article("Password rules", body="A password has twelve letters.")
    ask(client, "how do i change my password")
    turn = Turn.objects.get()
    other.audience = "INTERNAL"
    other.save(update_fields=["audience"])

    judge = reverse("help:assistant-judge", args=[turn.pk])
    page = text_of(client.post(judge, {"right": "no"}, follow=True))

    assert "twelve letters" not in page
    assert "Let a person answer this" in page


def test_a_passage_in_another_language_says_so(client) -> None:
    published_article("Change your password", body="Open Security, then Change.")
    article = published_article(
        "最初の請求書を送る", body="保存します。", language="ja"
    )
    assert article.language == "ja"
    asked = {"question": "change your password"}
    page = text_of(client.post(f"{PAGE}?language=ja", asked, follow=True))
    turn = Turn.objects.get()
    assert turn.conversation.language == "ja"
    assert '<span class="help-chip">English</span>' in page


def test_internal_articles_are_never_shown(client) -> None:
    article = published_article(
        "Refund without receipt", body="Say yes up to 50 EUR.", audience="INTERNAL"
    )
    assert "50 EUR" not in text_of(ask(client, "refund without receipt"))

    staff = UserFactory(role="Agent")
    client.force_login(staff)
    assert "50 EUR" in text_of(ask(client, "refund without receipt"))
    visitor = client.cookies[COOKIE].value
    client.logout()
    client.cookies[COOKIE] = visitor
    page = text_of(client.get(PAGE))
    assert "50 EUR" not in page
    assert article.title not in page
    assert "no longer available" in page


def test_script_in_questions_and_articles_stays_text(client) -> None:
    published_article(
        "Forgot <script>x</script>",
        slug="forgot",
        body="Forgot `<script>alert(1)</script>`",
    )

    page = text_of(ask(client, "forgot <script>alert(2)</script>"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_questions_are_limited(client, password, settings) -> None:
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS,
        "assistant": "2/h",
        "contact": "1/h",
    }
    # The first one came without a cookie and counts for the address alone.
    answers = [ask(client).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]

    cache.clear()
    mails = [
        ask(client, "zebra", email="zoe@example.com", new="1").status_code for _ in "12"
    ]
    assert mails == [200, 429]
    assert Ticket.objects.count() == 1


def test_forms_need_their_token(password) -> None:
    client = Client(enforce_csrf_checks=True)
    for name in ("assistant", "assistant-person", "assistant-new"):
        assert (
            client.post(reverse(f"help:{name}"), {"question": "x"}).status_code == 403
        )


def test_assistant_that_is_off_still_leads_to_a_person(client, password) -> None:
    AssistantRules.objects.update(is_on=False)

    page = text_of(client.get(PAGE))

    assert "switched off" in page
    assert 'name="question"' not in page
    assert 'name="missing"' in page


@pytest.mark.parametrize("turns", [1, 3])
def test_page_takes_as_many_queries_for_one_turn_as_for_three(
    client, turns, django_assert_num_queries
) -> None:
    talk = make_conversation(at=timezone.now())
    for n in range(turns):
        article = published_article(f"Answer {n}", body="Open Settings.")
        other = published_article(f"Other {n}")
        make_turn(talk, article, suggested=[other.pk])
    client.cookies[COOKIE] = talk.visitor
    client.get(PAGE)

    with django_assert_num_queries(QUERIES):
        page = text_of(client.get(PAGE))
    assert page.count("<blockquote") == turns


# Words ------------------------------------------------------------------------------------


def test_after_hours_the_page_says_when_a_person_answers(client) -> None:
    calendar = business_hours(name="Never", weekly={})
    AssistantRules.objects.update(calendar=calendar)
    assert "Nobody is here now" in text_of(client.get(PAGE))


def test_hours_name_day_time_and_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    monday = datetime(2026, 3, 30, 9, tzinfo=berlin)
    closed = Hours(is_open=False, opens_at=monday, zone="Europe/Berlin")
    assert hours_words(closed) == (
        "Nobody is here now. A person answers by e-mail from "
        "Monday 30 March, 09:00 (Berlin time, UTC+2)."
    )
    winter = datetime(2026, 10, 26, 9, tzinfo=berlin)
    assert moment_words(winter, "Europe/Berlin").endswith("(Berlin time, UTC+1)")
    nepal = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert moment_words(nepal, "Asia/Kathmandu").endswith("(Kathmandu time, UTC+5:45)")
    assert moment_words(datetime(2026, 1, 5, 9, tzinfo=UTC), "UTC").endswith("(UTC)")
    assert "People are here now" in hours_words(Hours(True, None, "UTC"))
    assert hours_words(None) == "A person answers by e-mail."


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.999, "Very sure (99 %)"),
        (0.95, "Very sure (95 %)"),
        (0.949, "Quite sure (94 %)"),
        (0.85, "Quite sure (85 %)"),
        (0.7, "Rather likely (70 %)"),
        (0.3, "Not sure (30 %)"),
    ],
)
def test_confidence_is_said_in_words_and_never_rounded_up(confidence, words) -> None:
    assert confidence_words(confidence) == words


def test_old_conversations_are_not_shown(client) -> None:
    talk = make_conversation({}, at=timezone.now() - timedelta(hours=25))
    client.cookies[COOKIE] = talk.visitor

    assert "Open Settings." not in text_of(client.get(PAGE))


def test_request_for_a_person_asks_for_nothing_but_the_address(
    client, password
) -> None:
    ask(client, "I forgot my password")

    page = text_of(ask(client, "can I talk to a human?"))

    assert "A person takes this over. Say where the answer goes" in page
    assert "can I talk to a human?</textarea>" in page
    assert Turn.objects.count() == 1
    assert not Ticket.objects.exists()


def test_request_for_a_person_with_an_address_is_handed_over_at_once(
    client, password
) -> None:
    ask(client, "I forgot my password")

    page = text_of(ask(client, "agent please", email="new@example.com"))

    assert "A person takes over" in page
    talk = Conversation.objects.get()
    assert talk.state == Conversation.State.HANDED_OVER
    sent = talk.ticket.messages.order_by("pk").first().body
    assert sent == "I forgot my password\n\nagent please"


def test_request_for_a_person_as_first_words_is_handed_over(client) -> None:
    ask(client, "ich möchte mit einem Menschen sprechen", email="new@example.com")

    ticket = Ticket.objects.get()
    assert ticket.subject == "ich möchte mit einem Menschen sprechen"
    assert not Turn.objects.exists()
