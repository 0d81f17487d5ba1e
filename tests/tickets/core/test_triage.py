import pytest

from tickets.core.triage import QUESTIONS, decide, next_question


@pytest.mark.parametrize(
    ("answers", "priority", "decided_by"),
    [
        ({"outage": True}, "P1", "outage"),
        ({"outage": False, "revenue_or_data": True}, "P2", "revenue_or_data"),
        (
            {"outage": False, "revenue_or_data": False, "core_blocked": True},
            "P3",
            "core_blocked",
        ),
        (dict.fromkeys(QUESTIONS, False) | {"how_to": True}, "P5", "how_to"),
        (dict.fromkeys(QUESTIONS, False), "P4", ""),
    ],
)
def test_decide_follows_the_tree(answers, priority, decided_by):
    verdict = decide(answers)

    assert (verdict.priority, verdict.decided_by) == (priority, decided_by)
    assert verdict.asked == tuple(answers)


def test_decide_does_not_look_past_the_first_yes():
    assert decide(dict.fromkeys(QUESTIONS, True)).asked == ("outage",)


def test_decide_needs_an_answer_to_each_question_it_asks():
    with pytest.raises(ValueError, match="'revenue_or_data' has no answer"):
        decide({"outage": False, "core_blocked": True})


def test_decide_refuses_a_question_it_does_not_ask():
    with pytest.raises(ValueError, match="does not ask 'mood'"):
        decide({"outage": True, "mood": False})


def test_next_question_asks_in_order_and_stops_at_a_yes():
    assert next_question({}) == "outage"
    assert next_question({"outage": False}) == "revenue_or_data"
    assert next_question({"outage": True}) is None
    assert next_question(dict.fromkeys(QUESTIONS, False)) is None
