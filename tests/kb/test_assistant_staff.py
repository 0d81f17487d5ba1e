"""The assistant's staff pages: how right it is, its rules, and conversations."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kb.models import AssistantRules, Conversation, Turn
from kb.selectors.assistant import current_rules, trust_by
from kb.selectors.assistant.figures import past_questions, preview, standing, summary
from kb.tasks.assistant import close_conversations
from tests.factories.kb import published_article
from tests.factories.kb_assistant import make_conversation, make_turn
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket

pytestmark = pytest.mark.django_db

LEAD, MANAGER, AGENT = "Support lead", "Workforce manager", "Agent"
OVERVIEW, TALKS, TALK = 11, 6, 7
"""Queries of the pages."""


def sign_in(client, role=LEAD):
    user = UserFactory(role=role)
    client.force_login(user)
    return user


def text_of(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


@pytest.fixture
def talk() -> Conversation:
    talk = make_conversation(at=timezone.now() - timedelta(hours=1))
    make_turn(talk, published_article())
    return talk


def judged(*answers: tuple[float, bool | None, bool]) -> None:
    """Write turns of ``(confidence, is_right, was_shown)``."""
    talk = make_conversation(at=timezone.now() - timedelta(days=1))
    for confidence, is_right, was_shown in answers:
        make_turn(
            talk, confidence=confidence, search_confidence=confidence,
            is_right=is_right, was_shown=was_shown,
        )  # fmt: skip


# Figures ----------------------------------------------------------------------------------


def test_summary_counts_the_last_28_days() -> None:
    judged((0.9, True, True), (0.9, False, True), (0.9, None, True), (0.4, True, False))
    make_conversation({}, at=timezone.now() - timedelta(days=29))
    make_conversation(
        at=timezone.now() - timedelta(hours=1),
        state="HANDED_OVER",
        ticket=open_ticket(),
    )

    found = summary(at=timezone.now())

    assert (found.questions, found.shown.hits, found.shown.value) == (4, 3, 0.75)
    assert (found.right.hits, found.right.n) == (1, 2)
    assert (found.conversations, found.handed_over.hits) == (2, 1)


def test_preview_counts_what_a_threshold_shows() -> None:
    judged((0.9, True, True), (0.8, False, False), (0.7, None, False))
    make_turn(
        Conversation.objects.get(), passage="", confidence=0, search_confidence=None
    )
    trust = trust_by(current_rules())
    questions = past_questions(trust, at=timezone.now())

    found = preview(questions, 0.8)

    assert (found.shown.hits, found.shown.n) == (2, 4)
    assert (found.right.hits, found.right.n) == (1, 2)
    assert (found.linked, found.unanswered) == (1, 1)
    nothing = preview(questions, None)
    assert (nothing.shown.hits, nothing.linked, nothing.unanswered) == (0, 3, 1)


def test_standing_compares_what_was_said_not_what_would_be_said() -> None:
    talk = make_conversation(at=timezone.now())
    make_turn(talk, confidence=0.65, search_confidence=0.95, is_right=True)

    found = standing(trust_by(current_rules()))

    assert [each.n for each in found.bins] == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert found.error == pytest.approx(0.35)
    assert [point.threshold for point in found.points] == [0.95]


def test_closing_conversations_is_a_task() -> None:
    make_conversation({}, at=timezone.now() - timedelta(days=2))

    assert (close_conversations(), close_conversations()) == (1, 0)


# Overview ---------------------------------------------------------------------------------


def test_overview_is_empty_at_first(client) -> None:
    sign_in(client)

    page = text_of(client.get(reverse("kb:assistant")))

    assert "Shown from 85.0 % confidence on, as fixed." in page
    assert "No answer has been judged yet" in page
    assert "Nobody has asked the assistant" in page


def test_overview_shows_the_chosen_point_with_its_certainty(client) -> None:
    sign_in(client)
    judged(*[(0.6 + n / 1000, True, True) for n in range(60)])
    AssistantRules.objects.update(mode="PRECISION")

    page = text_of(client.get(reverse("kb:assistant"), {"threshold": "62,5"}))

    assert "there 60 of 60 judged answers were right" in page
    assert "is at least 91.5 %" in page
    assert page.count('<svg class="ka-chart"') == 2
    assert "62.5 %" in page


def test_overview_says_how_many_answers_are_needed(client) -> None:
    sign_in(client)
    judged((0.9, True, True))
    AssistantRules.objects.update(mode="PRECISION")

    assert "About 51 at or above one threshold would." in text_of(
        client.get(reverse("kb:assistant"))
    )


@pytest.mark.parametrize("text", ["", "abc", "-1", "101", "nan", "1e999"])
def test_overview_takes_any_threshold_text(client, text) -> None:
    sign_in(client)
    judged((0.9, True, True))

    response = client.get(reverse("kb:assistant"), {"threshold": text})

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_overview_takes_as_many_queries_for_one_answer_as_for_three(
    client, rows, django_assert_num_queries
) -> None:
    sign_in(client)
    judged(*[(0.5 + n / 10, True, True) for n in range(rows)])
    client.get(reverse("kb:assistant"))

    with django_assert_num_queries(OVERVIEW):
        client.get(reverse("kb:assistant"))


# Rules ------------------------------------------------------------------------------------


RULES = {
    "is_on": "on", "mode": "PRECISION", "threshold": "87.5", "precision": "95",
    "skips_vip": "on", "calendar": "", "holdout": "20", "reason": "Pilot",
}  # fmt: skip


def test_rules_are_saved_in_per_cent_with_who_and_why(client) -> None:
    lead = sign_in(client)
    form = text_of(client.get(reverse("kb:assistant-rules")))
    assert 'name="threshold" value="85"' in form

    named = {"name": " Lumen  Ledger ", "welcome": "What is it?"}
    response = client.post(reverse("kb:assistant-rules"), RULES | named, follow=True)

    rules = current_rules()
    assert (rules.name, rules.welcome) == ("Lumen Ledger", "What is it?")
    assert (rules.mode, rules.threshold) == ("PRECISION", Decimal("0.875"))
    assert (rules.precision, rules.holdout) == (Decimal("0.950"), Decimal("0.200"))
    record = rules.history.first()
    assert (record.history_user, record.history_change_reason) == (lead, "Pilot")
    assert "Pilot" in text_of(response)


@pytest.mark.parametrize(
    "changes",
    [{"holdout": "51"}, {"threshold": "101"}, {"precision": "100"}, {"mode": "NO"}],
)
def test_rules_that_cannot_be_are_shown_again(client, changes) -> None:
    sign_in(client)

    response = client.post(reverse("kb:assistant-rules"), {**RULES, **changes})

    assert response.status_code == 400
    assert "Pilot" in text_of(response)
    assert current_rules().mode == "FIXED"


# Conversations ----------------------------------------------------------------------------


def test_conversations_are_empty_at_first(client) -> None:
    sign_in(client)
    assert "Nobody has asked the assistant yet" in text_of(
        client.get(reverse("kb:assistant-talks"))
    )


def test_conversations_are_filtered(client, talk) -> None:
    sign_in(client)
    now = timezone.now()
    make_conversation(
        {"question": "Old one", "is_right": True}, at=now - timedelta(days=60)
    )
    make_conversation(
        {"question": "Handed one", "is_right": False}, at=now, state="HANDED_OVER",
        ticket=open_ticket(),
    )  # fmt: skip

    def found(**query):
        page = text_of(client.get(reverse("kb:assistant-talks"), query))
        return [q for q in ("How do I", "Old one", "Handed one") if q in page]

    assert found() == ["How do I", "Handed one"]
    assert found(days="90") == ["How do I", "Old one", "Handed one"]
    assert found(state="HANDED_OVER") == ["Handed one"]
    assert found(judged="no") == ["How do I"]
    assert found(judged="wrong") == ["Handed one"]
    assert found(judged="right", days="365") == ["Old one"]
    assert found(state="NONE", days="x", page="99") == ["How do I", "Handed one"]


def test_conversations_as_a_table_run_no_formula(client, talk) -> None:
    sign_in(client)
    make_turn(talk, question="=1+1", passage="", confidence=0, was_shown=False)

    table = text_of(client.get(reverse("kb:assistant-talks"), {"csv": "1"}))

    lines = table.splitlines()
    assert len(lines) == 3
    assert "Change your password,Steps,Open Settings.,0.9,yes,," in lines[1]
    assert "'=1+1" in lines[2]


@pytest.mark.parametrize("rows", [1, 3])
def test_conversations_take_as_many_queries_for_one_as_for_three(
    client, rows, django_assert_num_queries
) -> None:
    sign_in(client)
    for _ in range(rows):
        make_conversation(
            {}, {}, at=timezone.now(), state="HANDED_OVER", ticket=open_ticket()
        )
    client.get(reverse("kb:assistant-talks"))

    with django_assert_num_queries(TALKS):
        client.get(reverse("kb:assistant-talks"))


@pytest.mark.parametrize("rows", [1, 3])
def test_conversation_takes_as_many_queries_for_one_turn_as_for_three(
    client, rows, django_assert_num_queries
) -> None:
    lead = sign_in(client)
    talk = make_conversation(at=timezone.now())
    for n in range(rows):
        other = published_article(f"Other {n}")
        article = published_article(f"Article {n}")
        make_turn(talk, article, suggested=[other.pk], is_right=True, judged_by=lead)
    address = reverse("kb:assistant-talk", args=[talk.pk])
    client.get(address)

    with django_assert_num_queries(TALK):
        page = text_of(client.get(address))
    assert page.count("ka-passage") == rows


def test_staff_judge_and_take_it_back(client, talk) -> None:
    lead = sign_in(client)
    turn = Turn.objects.get()
    address = reverse("kb:assistant-answer-judge", args=[turn.pk])

    page = text_of(client.post(address, {"verdict": "wrong"}, follow=True))
    turn.refresh_from_db()
    assert (turn.is_right, turn.judged_by) == (False, lead)
    assert f"said by: {lead}" in page

    client.post(address, {"verdict": "none"})
    turn.refresh_from_db()
    assert (turn.is_right, turn.judged_by) == (None, None)
    assert "Nobody has judged" in text_of(
        client.post(address, {"verdict": "none"}, follow=True)
    )
    assert "right or wrong" in text_of(
        client.post(address, {"verdict": "x"}, follow=True)
    )


def test_unknown_conversations_and_answers_are_not_found(client) -> None:
    sign_in(client)
    assert client.get(reverse("kb:assistant-talk", args=[1])).status_code == 404
    address = reverse("kb:assistant-answer-judge", args=[1])
    assert client.post(address, {"verdict": "right"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (LEAD, "overview rules talks talk judge"),
        ("Team lead", "overview talks talk judge"),
        (MANAGER, "overview talks talk"),
        ("Executive", "overview talks talk"),
        (AGENT, ""),
        ("QA reviewer", ""),
    ],
)
def test_roles_reach_what_is_theirs(client, talk, role, allowed) -> None:
    sign_in(client, role)
    turn = Turn.objects.get()
    calls = {
        "overview": lambda: client.get(reverse("kb:assistant")),
        "rules": lambda: client.post(reverse("kb:assistant-rules"), RULES),
        "talks": lambda: client.get(reverse("kb:assistant-talks")),
        "talk": lambda: client.get(reverse("kb:assistant-talk", args=[talk.pk])),
        "judge": lambda: client.post(
            reverse("kb:assistant-answer-judge", args=[turn.pk]), {"verdict": "right"}
        ),
    }

    reached = [name for name, call in calls.items() if call().status_code in {200, 302}]

    assert reached == allowed.split()
    turn.refresh_from_db()
    assert (turn.is_right is True) == ("judge" in allowed)
    assert (current_rules().mode == "PRECISION") == ("rules" in allowed)
