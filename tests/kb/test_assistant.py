"""Questions to the assistant, its answers, and what goes to a person."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.core.markdown import render
from kb.models import Article, AssistantRules, Conversation, Place, Search, Turn
from kb.selectors.assistant import (
    current_rules,
    hours_of,
    open_conversation,
    shown_turns,
    trust_by,
)
from kb.selectors.readers import ANYBODY, STAFF
from kb.services import assistant
from kb.services.indexing import touch_index
from tests.factories.kb import published_article
from tests.factories.people import UserFactory
from tests.factories.sla import business_hours
from tests.factories.tickets import ContactAddressFactory, ContactFactory
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
VISITOR = "a" * 32
BODY = """Passwords keep your account yours.

## If you forgot it

Choose *Forgot password* on the sign-in page. The link works for one hour.

## If you know it

1. Open **Settings**.
2. Type the old one, then the new one.
"""
FORGOTTEN = "Choose Forgot password on the sign-in page. The link works for one hour."


@pytest.fixture
def password() -> Article:
    return published_article("Change your password", body=BODY)


def set_rules(**values) -> AssistantRules:
    rules = AssistantRules.objects.first() or AssistantRules()
    for key, value in values.items():
        setattr(rules, key, value)
    rules.save()
    return rules


def ask(question="I forgot my password", **values) -> Turn:
    wanted = {
        "conversation_id": None, "visitor": VISITOR, "audience": ANYBODY,
        "language": "en", "at": NOW,
    }  # fmt: skip
    return assistant.ask(question=question, **{**wanted, **values})


def judged(right, confidence=0.9, *, count=1, **values) -> list[Turn]:
    talk = Conversation.objects.create(visitor=VISITOR, language="en", started_at=NOW)
    return [
        Turn.objects.create(
            conversation=talk, question="q", passage="p", is_right=right,
            confidence=confidence, search_confidence=confidence, at=NOW, **values,
        )
        for _ in range(count)
    ]  # fmt: skip


def test_ask_shows_the_passage_word_for_word(password) -> None:
    turn = ask()

    assert turn.was_shown
    assert (turn.article, turn.version) == (password, password.published)
    assert (turn.passage, turn.heading) == (FORGOTTEN, "If you forgot it")
    assert turn.anchor == "s-if-you-forgot-it"
    assert turn.confidence == turn.search_confidence >= 0.85
    assert turn.conversation.state == Conversation.State.OPEN
    search = Search.objects.get()
    assert (search.place, search.visitor) == (Place.ASSISTANT, VISITOR)
    assert search.shown == [password.pk]


def test_ask_reads_synonymous_keywords_and_quotes_the_opening(password) -> None:
    published_article("Parental leave", body="Weeks.", keywords=["newborn"])

    turn = ask("newborn")

    assert turn.passage == "Weeks."


def test_ask_below_the_threshold_offers_links_and_claims_nothing() -> None:
    first = published_article("Export tickets as CSV", body="Open the list, export.")
    second = published_article("Export invoices as CSV", body="Open the list, export.")

    turn = ask("export csv")

    assert not turn.was_shown
    assert turn.confidence < 0.85
    assert set(turn.suggested) == {first.pk, second.pk}
    [shown] = shown_turns([turn], audience=ANYBODY)
    assert (shown.passage, shown.article) == ("", None)
    assert [each.pk for each in shown.links] == turn.suggested


def test_ask_without_a_match_says_nothing(password) -> None:
    turn = ask("zebra crossing in Lisbon")

    assert (turn.was_shown, turn.article, turn.passage) == (False, None, "")
    assert (turn.confidence, turn.search_confidence, turn.suggested) == (0.0, None, [])


def test_threshold_is_reached_by_an_equal_confidence(password) -> None:
    sure = ask().search_confidence
    rules = set_rules(threshold=Decimal("0.999"))
    rules.threshold = sure
    assert trust_by(rules).shows(sure)
    rules.threshold = sure + 1e-9
    assert not trust_by(rules).shows(sure)


def test_assistant_that_is_off_shows_nothing(password) -> None:
    set_rules(is_on=False)

    assert not ask().was_shown


def test_internal_articles_are_never_shown_to_visitors() -> None:
    published_article(
        "Refund without a receipt", body="Say yes up to 50 EUR.", audience="INTERNAL"
    )

    turn = ask("refund without a receipt")

    assert (turn.passage, turn.article, turn.suggested) == ("", None, [])
    assert ask("refund without a receipt", audience=STAFF).was_shown


def test_answer_is_withdrawn_when_its_article_is(password) -> None:
    turn = ask()
    Article.objects.filter(pk=password.pk).update(audience="INTERNAL")

    [shown] = shown_turns([turn], audience=ANYBODY)

    assert (shown.passage, shown.article, shown.is_withdrawn) == ("", None, True)
    assert shown_turns([turn], audience=STAFF)[0].passage == FORGOTTEN


def test_draft_text_is_never_quoted(password) -> None:
    Article.objects.filter(pk=password.pk).update(
        body="## Forgot\n\nforgot password draft"
    )
    touch_index(at=NOW)

    assert ask().passage == FORGOTTEN


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    question=st.lists(
        st.sampled_from(
            [
                "forgot",
                "password",
                "link",
                "hour",
                "settings",
                "old",
                "new",
                "one",
                "account",
                "zebra",
                "'",
                '"',
                "-",
                "<b>",
                "設定",
            ]
        ),
        min_size=1,
        max_size=8,
    ).map(" ".join),
    is_staff=st.booleans(),
)
def test_text_is_never_invented(db, question, is_staff) -> None:
    if not Article.objects.exists():
        published_article("Change your password", body=BODY)
        published_article("パスワードの設定", body="設定を開く。", language="ja")
        published_article(
            "Old password rules", body="One old rule.", audience="INTERNAL"
        )

    turn = ask(question, audience=STAFF if is_staff else ANYBODY)

    if turn.passage:
        assert turn.passage in render(turn.version.body).plain
        assert turn.version == turn.article.published
        assert is_staff or turn.article.audience == Article.Audience.PUBLIC
    assert not turn.was_shown or turn.passage


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 501])
def test_ask_refuses_no_question_and_too_long_ones(question) -> None:
    with pytest.raises(assistant.QuestionRefused):
        ask(question)
    assert not Conversation.objects.exists()
    assert not Search.objects.exists()


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script> password",
        "password\x00 forgot",
        "'; DROP TABLE kb_turn; -- password",
        '((((( "" password AND OR NOT *',
        "\u202epassword\u0000",
        "😀 password " * 30,
    ],
)
def test_hostile_questions_are_kept_as_text(password, question) -> None:
    turn = ask(question)

    assert turn.question == " ".join(question.replace("\x00", "").split())
    assert turn.passage == "" or turn.passage in render(BODY).plain


def test_ask_goes_on_in_the_conversation(password) -> None:
    first = ask()
    assistant.judge(turn_id=first.pk, is_right=True, visitor=VISITOR, at=NOW)

    second = ask("link hour", conversation_id=first.conversation_id)

    assert second.conversation_id == first.conversation_id
    assert Conversation.objects.get().state == Conversation.State.OPEN


def test_ask_refuses_another_visitors_conversation(password) -> None:
    first = ask()

    with pytest.raises(assistant.ConversationRefused):
        ask(conversation_id=first.conversation_id, visitor="b" * 32)
    assert Turn.objects.count() == 1


@pytest.fixture
def vip():
    contact = ContactFactory(is_vip=True)
    ContactAddressFactory(contact=contact, value="vip@example.com")
    return contact


def test_important_customers_go_straight_to_a_person(password, vip) -> None:
    turn = ask(email=" VIP@example.com ")

    assert not turn.was_shown
    assert turn.conversation.state == Conversation.State.HANDED_OVER
    ticket = turn.conversation.ticket
    assert ticket.requester == vip
    assert "marked as VIP" in ticket.messages.get(direction="INTERNAL").body


def test_important_customers_are_answered_where_the_rules_say_so(password, vip) -> None:
    set_rules(skips_vip=False)

    assert ask(email="vip@example.com").was_shown
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("is_tagged", "tags"), [(True, ["assistant", "vip"]), (False, ["assistant"])]
)
def test_what_important_customers_hand_over_is_marked(
    password, vip, is_tagged, tags
) -> None:
    set_rules(skips_vip=is_tagged)

    ticket = ask("zebra", email=" VIP@example.com ").conversation.ticket

    assert ticket.requester == vip
    assert sorted(ticket.tags.values_list("name", flat=True)) == tags
    assert "marked as VIP" in ticket.messages.get(direction="INTERNAL").body


def test_what_others_hand_over_is_not_marked(password) -> None:
    ticket = ask("zebra", email="known@example.com").conversation.ticket

    assert [tag.name for tag in ticket.tags.all()] == ["assistant"]


def test_others_with_an_address_are_answered(password) -> None:
    ContactAddressFactory(value="known@example.com")

    assert ask(email="known@example.com").was_shown
    assert ask(email="unknown@example.com").was_shown
    assert not Ticket.objects.exists()


def test_nothing_sure_goes_to_a_person_at_once_with_an_address(password) -> None:
    turn = ask("zebra", email="new@example.com", name="Zoe")

    assert turn.conversation.ticket.requester.name == "Zoe"
    assert turn.conversation.state == Conversation.State.HANDED_OVER


def test_ask_refuses_what_is_no_address(password) -> None:
    with pytest.raises(assistant.AddressRefused):
        ask(email="nobody")
    assert not Turn.objects.exists()


# A person ---------------------------------------------------------------------------------


def test_hand_over_carries_the_whole_conversation(password) -> None:
    first = ask()
    assistant.judge(turn_id=first.pk, is_right=False, visitor=VISITOR, at=NOW)
    ask("zebra", conversation_id=first.conversation_id, at=NOW + timedelta(minutes=1))

    ticket = assistant.hand_over(
        conversation_id=first.conversation_id,
        visitor=VISITOR,
        name="Zoe",
        email="zoe@example.com",
        missing="The link never comes.",
        at=NOW + timedelta(minutes=2),
    )

    assert ticket.subject == "I forgot my password"
    assert (ticket.channel.code, ticket.language) == ("chat", "en")
    said, note = ticket.messages.order_by("pk")
    assert said.direction == Message.Direction.IN
    assert said.body == "I forgot my password\n\nzebra\n\nThe link never comes."
    assert note.direction == Message.Direction.INTERNAL
    assert (note.author, note.author_name) == (None, "Assistant")
    percent = int(100 * first.confidence + 0.5)
    assert (
        f"Shown, {percent} % sure: “Change your password”, section “If you forgot it”"
        in note.body
    )
    assert f"> {FORGOTTEN}" in note.body
    assert "2. At 10:31 UTC the visitor asked: zebra\nNo article fitted." in note.body
    assert "said that this did not answer" in note.body
    talk = Conversation.objects.get()
    assert (talk.state, talk.ticket) == (Conversation.State.HANDED_OVER, ticket)
    assert not Search.objects.filter(ticket=None).exists()
    assert list(ticket.tags.values_list("name", flat=True)) == ["assistant"]


def test_hand_over_happens_once(password) -> None:
    turn = ask()
    values = {
        "conversation_id": turn.conversation_id, "visitor": VISITOR, "name": "",
        "email": "zoe@example.com", "at": NOW,
    }  # fmt: skip
    assistant.hand_over(**values)

    with pytest.raises(assistant.ConversationRefused):
        assistant.hand_over(**values)
    with pytest.raises(assistant.ConversationRefused):
        ask(conversation_id=turn.conversation_id)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"email": "nobody"}, assistant.AddressRefused),
        ({"email": ""}, assistant.AddressRefused),
        ({"visitor": "b" * 32}, assistant.ConversationRefused),
        ({"conversation_id": None}, assistant.QuestionRefused),
        ({"missing": "x" * 5001}, assistant.QuestionRefused),
    ],
)
def test_hand_over_refuses_and_writes_nothing(password, changes, refusal) -> None:
    turn = ask()
    values = {
        "conversation_id": turn.conversation_id, "visitor": VISITOR, "name": "Zoe",
        "email": "zoe@example.com", "at": NOW,
    }  # fmt: skip

    with pytest.raises(refusal):
        assistant.hand_over(**{**values, **changes})
    assert not Ticket.objects.exists()
    assert Conversation.objects.get().state == Conversation.State.OPEN


def test_hand_over_without_a_question_needs_words() -> None:
    ticket = assistant.hand_over(
        conversation_id=None, visitor=VISITOR, name="", email="zoe@example.com",
        missing="Call me.", at=NOW,
    )  # fmt: skip

    assert ticket.subject == "Call me."
    assert "before asking" in ticket.messages.get(direction="INTERNAL").body


# Hours ------------------------------------------------------------------------------------


def berlin(**values) -> AssistantRules:
    calendar = business_hours(name="Berlin", time_zone="Europe/Berlin", **values)
    return set_rules(calendar=calendar)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        # Friday evening before the clocks go forward on Sunday, 29 March 2026.
        (datetime(2026, 3, 27, 20, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        # Friday evening before they go back on Sunday, 25 October 2026.
        (datetime(2026, 10, 23, 20, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
        # A Wednesday before the doors open.
        (datetime(2026, 3, 4, 5, 0, tzinfo=UTC), datetime(2026, 3, 4, 8, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_hours_say_when_people_answer(at, opens) -> None:
    hours = hours_of(berlin(), at=at)

    assert not hours.is_open
    assert hours.opens_at == opens
    assert f"{hours.opens_at:%H:%M}" == "09:00"
    assert hours.zone == "Europe/Berlin"


def test_hours_while_people_answer_and_without_a_calendar() -> None:
    assert hours_of(current_rules(), at=NOW) is None
    assert hours_of(berlin(), at=NOW).is_open


# Judgements -------------------------------------------------------------------------------


def test_a_yes_ends_the_conversation_and_a_no_opens_it_again(password) -> None:
    turn = ask()

    assistant.judge(turn_id=turn.pk, is_right=True, visitor=VISITOR, at=NOW)
    talk = Conversation.objects.get()
    assert (talk.state, talk.ended_at) == (Conversation.State.ANSWERED, NOW)

    assistant.judge(turn_id=turn.pk, is_right=False, visitor=VISITOR, at=NOW)
    talk.refresh_from_db()
    assert (talk.state, talk.ended_at) == (Conversation.State.OPEN, None)


def test_staff_judge_what_was_not_shown_and_their_word_stays(password) -> None:
    lead = UserFactory()
    set_rules(is_on=False)
    hidden = ask()
    set_rules(is_on=True)
    shown = ask()

    assistant.judge(turn_id=hidden.pk, is_right=True, actor=lead, at=NOW)
    assistant.judge(turn_id=shown.pk, is_right=False, actor=lead, at=NOW)
    assistant.judge(turn_id=shown.pk, is_right=True, visitor=VISITOR, at=NOW)

    hidden.refresh_from_db()
    shown.refresh_from_db()
    assert (hidden.is_right, hidden.judged_by) == (True, lead)
    assert (shown.is_right, shown.judged_by) == (False, lead)


def test_visitors_judge_only_what_they_were_shown(password) -> None:
    unsure = ask("zebra")
    shown = ask()

    for turn, visitor in ((unsure, VISITOR), (shown, "b" * 32), (shown, "")):
        with pytest.raises(assistant.JudgementRefused):
            assistant.judge(turn_id=turn.pk, is_right=True, visitor=visitor, at=NOW)
    assert not Turn.objects.exclude(is_right=None).exists()


def test_withdrawn_judgements_count_no_more(password) -> None:
    [turn] = judged(True)

    assistant.withdraw_judgement(turn_id=turn.pk, actor=UserFactory())

    assert trust_by(current_rules()).judged == 0
    with pytest.raises(assistant.JudgementRefused):
        assistant.withdraw_judgement(turn_id=turn.pk, actor=UserFactory())


# Trust ------------------------------------------------------------------------------------


def test_precision_leaves_the_fixed_threshold_while_answers_are_few() -> None:
    rules = set_rules(mode="PRECISION", threshold=Decimal("0.850"))
    judged(True, count=50)

    trust = trust_by(rules)

    assert (trust.threshold, trust.choice.needed, trust.judged) == (0.85, 51, 50)


def test_precision_lowers_the_threshold_where_answers_were_right() -> None:
    rules = set_rules(mode="PRECISION")
    judged(True, 0.6, count=51)

    trust = trust_by(rules)

    assert trust.choice.threshold == 0.6
    assert trust.shows(0.6)
    assert not trust.shows(0.59)


def test_precision_that_is_not_reached_shows_nothing() -> None:
    rules = set_rules(mode="PRECISION")
    judged(True, 0.9, count=40)
    judged(False, 0.9, count=40)

    trust = trust_by(rules)

    assert trust.threshold is None
    assert not trust.shows(1.0)


def test_confidence_is_corrected_by_what_came_true(password) -> None:
    judged(True, 0.9, count=15)
    judged(False, 0.9, count=35)
    judged(True, 0.9999, count=30)
    judged(False, 0.9999, count=30)

    turn = ask()

    assert turn.search_confidence > 0.9
    assert turn.confidence < 0.8
    assert not turn.was_shown


# The end ----------------------------------------------------------------------------------


def test_conversations_left_for_a_day_are_closed(password) -> None:
    old = ask()
    handed = ask("zebra", email="zoe@example.com")
    later = NOW + timedelta(hours=23)
    fresh = ask(at=later)

    assert assistant.close_left(at=NOW + timedelta(hours=25)) == 1
    assert assistant.close_left(at=NOW + timedelta(hours=25)) == 0

    states = dict(Conversation.objects.values_list("pk", "state"))
    assert states == {
        old.conversation_id: "LEFT",
        handed.conversation_id: "HANDED_OVER",
        fresh.conversation_id: "OPEN",
    }


def test_visitor_comes_back_to_the_newest_conversation(password) -> None:
    first = ask()
    assert open_conversation(VISITOR, at=NOW) == first.conversation
    assert open_conversation("", at=NOW) is None
    assert open_conversation(VISITOR, at=NOW + timedelta(hours=24)) is None

    assistant.leave(conversation_id=first.conversation_id, visitor="b" * 32, at=NOW)
    assert open_conversation(VISITOR, at=NOW) == first.conversation
    assistant.leave(conversation_id=first.conversation_id, visitor=VISITOR, at=NOW)
    assert open_conversation(VISITOR, at=NOW) is None


# Rules ------------------------------------------------------------------------------------


def content(**changes) -> assistant.RulesContent:
    values = {
        "is_on": True, "mode": "FIXED", "threshold": Decimal("0.900"),
        "precision": Decimal("0.900"), "skips_vip": True, "calendar": None,
        "holdout": Decimal("0.100"),
    }  # fmt: skip
    return assistant.RulesContent(**{**values, **changes})


def test_rules_are_kept_with_who_changed_them() -> None:
    lead = UserFactory()
    rules = assistant.save_rules(content=content(), actor=lead, at=NOW, reason="Trial")
    assistant.save_rules(content=content(), actor=lead, at=NOW)

    assert AssistantRules.objects.get() == rules
    record = rules.history.first()
    assert (record.history_user, record.history_change_reason) == (lead, "Trial")
    assert record.threshold == Decimal("0.900")
    assert rules.history.filter(history_user=lead).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"holdout": Decimal("0.600")},
        {"threshold": Decimal("1.001")},
        {"threshold": Decimal("-0.1")},
        {"mode": "SOMETIMES"},
        {"mode": "PRECISION", "precision": Decimal("1.000")},
    ],
)
def test_rules_that_cannot_be_are_refused(changes) -> None:
    before = AssistantRules.objects.count()
    with pytest.raises(assistant.RulesRefused):
        assistant.save_rules(content=content(**changes), actor=None, at=NOW)
    assert AssistantRules.objects.count() == before
    assert current_rules().threshold == Decimal("0.850")
