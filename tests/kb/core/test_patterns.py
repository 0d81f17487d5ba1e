"""The five ticket patterns: each just below and just at its threshold."""

from datetime import date, timedelta

import pytest

from kb.core.patterns import HIGH, RULES, Release, TicketFact, find_patterns

DAY = date(2026, 3, 2)


def facts(*days, **fields):
    return [
        TicketFact(number, DAY + timedelta(days=day), **fields)
        for number, day in enumerate(days, 1)
    ]


def codes(found):
    return [one.code for one in found]


def test_ten_tickets_in_seven_days_fire_and_nine_do_not():
    nine = facts(0, 1, 1, 2, 3, 4, 5, 6, 6)
    assert find_patterns(nine) == []
    (found,) = find_patterns([*nine, TicketFact(99, DAY + timedelta(days=6))])
    assert (found.code, found.count) == ("many", 10)
    assert (found.first, found.last) == (DAY, DAY + timedelta(days=6))
    assert find_patterns([*nine, TicketFact(99, DAY + timedelta(days=7))]) == []


def test_many_shows_the_fullest_week_and_of_equals_the_latest():
    first, second = [0] * 10, [20] * 11
    (found,) = find_patterns(facts(*first, *second))
    assert (found.count, found.first) == (11, DAY + timedelta(days=20))
    (found,) = find_patterns(facts(*[0] * 10, *[20] * 10))
    assert found.first == DAY + timedelta(days=20)


def test_many_equals_counting_every_window():
    days = [0, 0, 1, 3, 3, 3, 4, 8, 8, 9, 9, 9, 9, 10, 10, 13, 14, 14, 14, 14]
    best = max(sum(start <= day < start + 7 for day in days) for start in range(15))
    (found,) = find_patterns(facts(*days))
    assert found.count == best


def test_three_escalations_fire_even_of_one_ticket():
    assert find_patterns(facts(0, 1, escalations=1)) == []
    assert codes(find_patterns(facts(0, 1, 2, escalations=1))) == ["escalations"]
    (found,) = find_patterns([*facts(0, escalations=3), *facts(0, 1)])
    assert (found.count, found.tickets) == (3, (1,))


def test_three_long_replies_fire():
    assert find_patterns(facts(0, 1, 2, longest_reply=899)) == []
    assert find_patterns(facts(0, 1, longest_reply=900)) == []
    assert codes(find_patterns(facts(0, 1, 2, longest_reply=900))) == ["explanations"]


def test_two_workarounds_fire():
    assert find_patterns(facts(0, is_workaround=True)) == []
    assert codes(find_patterns(facts(0, 3, is_workaround=True))) == ["workaround"]


TOPIC = frozenset({"dark", "invoic"})
NOTES = Release("Dark invoices", DAY, frozenset({"dark", "templat"}))


@pytest.mark.parametrize(
    ("days", "fires"),
    [
        ((0, 1, 2, 3, 13), True),
        ((0, 1, 2, 3, 14), False),
        ((-1, -1, 0, 1, 2, 3, 13), True),
        ((-1, -2, -14, 0, 1, 2, 3, 13), False),
        ((-1, -2, -15, 0, 1, 2, 3, 13), True),
    ],
)
def test_questions_after_a_release_fire_against_the_days_before(days, fires):
    found = find_patterns(facts(*days, terms=TOPIC), [NOTES])
    assert codes(found) == (["release"] if fires else [])


def test_a_release_that_does_not_speak_of_the_topic_does_not_fire():
    other = Release("Faster search", DAY, frozenset({"search"}))
    assert find_patterns(facts(0, 1, 2, 3, 4, terms=TOPIC), [other]) == []
    assert find_patterns(facts(0, 1, 2, 3, 4), [NOTES]) == []


def test_high_rules_come_first_and_match_the_handbook():
    assert {code: rule.priority for code, rule in RULES.items()} == {
        "many": "HIGH", "escalations": "HIGH", "release": "HIGH",
        "explanations": "MEDIUM", "workaround": "MEDIUM",
    }  # fmt: skip
    found = find_patterns(
        facts(*[0] * 10, escalations=1, longest_reply=2000, is_workaround=True)
    )
    assert codes(found) == ["many", "escalations", "explanations", "workaround"]
    assert RULES[found[0].code].priority == HIGH
    assert find_patterns([]) == []
