"""The arithmetic of one review: worked examples, then what holds for every scorecard."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.core.scorecard import (
    AS_FULL,
    CHECKLIST,
    EXCLUDE,
    NOT_ALLOWED,
    TEXT,
    ZERO_SCORE,
    Check,
    Criterion,
    Level,
    Scorecard,
    Section,
)
from qa.core.scorecard_standard import support_quality
from qa.core.scoring import Given, asks_for_comment, score, shown_criteria
from tests.qa.core.cards import (
    answers_to,
    best_answers,
    by_a_plain_loop,
    cards,
    scaled,
)

LEVELS = tuple(Level(f"p{points}", str(points), points) for points in (4, 3, 2, 1, 0))


def levels(key: str, weight: float = 1, **settings) -> Criterion:
    return Criterion(key, key.title(), weight, levels=LEVELS, **settings)


def boxes(key: str, weight: float = 1, **settings) -> Criterion:
    checks = (Check("one", "One"), Check("two", "Two"), Check("three", "Three"))
    return Criterion(
        key, key.title(), weight, kind=CHECKLIST, checks=checks, **settings
    )


def card(*criteria: Criterion, **settings) -> Scorecard:
    return Scorecard((Section("work", "Work", 100, criteria),), **settings)


def at(points: int) -> Given:
    return Given(level=f"p{points}")


NA = Given(is_na=True)


# Worked examples --------------------------------------------------------------------------


def test_standard_scorecard_weighs_thirty_twenty_five_twenty_fifteen_ten():
    given_ = {
        "solution_quality": Given(level="good"),  # 25 of 30
        "communication": Given(level="adequate"),  # 15 of 25
        "process_adherence": Given(level="perfect"),  # 20 of 20
        "efficiency": Given(level="poor"),  # 3 of 15
        "customer_experience": Given(level="needs_work"),  # 4 of 10
    }

    result = score(support_quality(), given_, {})

    assert result.score == Decimal("67.00")
    assert (result.passed, result.failed, result.missing) == (False, (), ())
    assert "checklist" not in result.points


def test_lowest_level_fails_the_review_and_keeps_the_score():
    given_ = best_answers(support_quality()) | {
        "communication": Given(level="fail"),
    }

    result = score(support_quality(), given_, {})

    assert (result.raw, result.score) == (Decimal("75.00"), Decimal("75.00"))
    assert (result.passed, result.failed) == (False, ("communication",))


def test_not_applicable_leaves_its_weight_to_the_others():
    given_ = {"a": at(2), "b": NA}

    result = score(card(levels("a", 60), levels("b", 40, na_allowed=True)), given_, {})

    assert result.score == Decimal("50.00")
    assert result.points == {"a": Fraction(1, 2)}


def test_not_applicable_counts_as_full_marks_where_the_policy_says_so():
    judged = card(levels("a", 60), levels("b", 40, na_allowed=True), na_policy=AS_FULL)

    assert score(judged, {"a": at(2), "b": NA}, {}).score == Decimal("70.00")


@pytest.mark.parametrize(
    "judged",
    [
        card(levels("a"), levels("b", na_allowed=True), na_policy=NOT_ALLOWED),
        card(levels("a"), levels("b", na_allowed=False), na_policy=AS_FULL),
    ],
    ids=["by the policy", "by the criterion"],
)
def test_not_applicable_is_no_answer_where_it_is_not_allowed(judged):
    result = score(judged, {"a": at(4), "b": NA}, {})

    assert result.missing == ("b",)
    assert result.points == {"a": 1}


def test_a_checklist_with_nothing_ticked_is_worth_nothing_and_is_not_left_out():
    judged = card(levels("a"), boxes("b"))

    result = score(judged, {"a": at(4)}, {})

    assert result.score == Decimal("50.00")
    assert result.missing == ()


def test_a_checklist_is_worth_the_ticked_share_of_its_own_boxes():
    ticked = Given(checked=frozenset({"one", "three", "removed_long_ago"}))

    result = score(card(boxes("a")), {"a": ticked}, {})

    assert result.score == Decimal("66.67")


def test_a_critical_criterion_without_weight_still_fails_the_review():
    gate = levels("gate", 0, critical="all", critical_below=1)
    judged = card(levels("a"), gate, fail_policy=ZERO_SCORE)

    result = score(judged, {"a": at(4), "gate": at(0)}, {})

    assert (result.raw, result.score) == (Decimal("100.00"), Decimal("0.00"))
    assert (result.passed, result.failed) == (False, ("gate",))


def test_fail_section_takes_the_points_of_its_section_only():
    judged = Scorecard(
        (
            Section(
                "law",
                "Law",
                25,
                (levels("data", 1, critical="section", critical_below=2),
                 levels("tone", 1)),
            ),
            Section("rest", "Rest", 75, (levels("speed"),)),
        )
    )  # fmt: skip

    result = score(judged, {"data": at(1), "tone": at(4), "speed": at(4)}, {})

    assert result.raw == Decimal(
        "90.62"
    )  # 75 + 25 · (1/4 + 1)/2 = 90.625, half to even
    assert result.score == Decimal("75.00")
    assert result.failed == ("data",)


def test_rounding_is_half_to_even_and_happens_once():
    # One of 800 points is 0.125, seven are 0.875; two steps would give 0.13 and 0.88.
    for gained, expected in ((1, "0.12"), (3, "0.38"), (5, "0.62"), (7, "0.88")):
        fine = Criterion(
            "a", "A", 1, levels=(Level("top", "T", 800), Level("x", "X", gained))
        )
        assert score(card(fine), {"a": Given(level="x")}, {}).score == Decimal(expected)


def test_a_hidden_criterion_never_counts_though_it_was_answered():
    chat_only = levels("b", show_when={"ticket": {"channel": ["chat"]}})
    judged = card(levels("a"), replace(chat_only, critical="all", critical_below=1))
    given_ = {"a": at(4), "b": at(0)}

    mail = score(judged, given_, {"channel": {"email"}})
    chat = score(judged, given_, {"channel": {"chat"}})

    assert (mail.score, mail.failed, mail.passed) == (Decimal("100.00"), (), True)
    assert (chat.score, chat.failed, chat.passed) == (Decimal("50.00"), ("b",), False)


def test_a_condition_looks_at_answers_that_are_asked_and_apply():
    first = levels("a", show_when={"ticket": {"tier": ["vip"]}}, na_allowed=True)
    second = levels("b", show_when={"answers": {"a": ["p0", "p1"]}})
    judged = card(first, second)

    def asked(given_: Given, tier: str) -> list[str]:
        shown = shown_criteria(judged, {"a": given_}, {"tier": {tier}})
        return [each.key for each in shown]

    assert asked(at(1), "vip") == ["a", "b"]
    assert asked(at(3), "vip") == ["a"]
    assert asked(at(1), "free") == []
    assert asked(Given(level="p1", is_na=True), "vip") == ["a"]


def test_text_is_never_scored_nor_required():
    words = Criterion("words", "Words", 50, kind=TEXT)

    result = score(card(levels("a"), words), {"words": Given(text="Good")}, {})

    assert result.score is None
    assert result.missing == ("a",)


def test_an_unknown_level_is_an_error():
    with pytest.raises(KeyError, match="p9"):
        score(card(levels("a")), {"a": Given(level="p9")}, {})


def test_low_answers_ask_for_a_comment():
    criterion = levels("a", comment_below=2)

    assert [asks_for_comment(criterion, at(points)) for points in (4, 2, 1, 0)] == [
        False,
        False,
        True,
        True,
    ]
    assert not asks_for_comment(criterion, NA)
    assert asks_for_comment(boxes("b", comment_below=3), Given(checked=frozenset("x")))


# For every scorecard ----------------------------------------------------------------------


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_score_is_what_a_plain_loop_gives(data):
    judged = data.draw(cards())
    given_ = data.draw(answers_to(judged))

    assert score(judged, given_, {}).raw == by_a_plain_loop(judged, given_)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_not_applicable_never_lowers_a_full_mark_review(data):
    judged = data.draw(cards())
    full = best_answers(judged)
    skipped = data.draw(st.sets(st.sampled_from(sorted(full)))) if full else set()

    result = score(judged, full | dict.fromkeys(skipped, NA), {})

    assert result.raw in {None, Decimal("100.00")}


@given(st.data(), st.integers(2, 1000))
@settings(max_examples=200, deadline=None)
def test_scaling_all_weights_changes_nothing(data, factor):
    judged = data.draw(cards())
    given_ = data.draw(answers_to(judged))

    assert score(scaled(judged, factor), given_, {}) == score(judged, given_, {})


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_order_changes_nothing(data):
    judged = data.draw(cards())
    given_ = data.draw(answers_to(judged))
    mixed = replace(
        judged,
        sections=tuple(
            replace(
                section, criteria=tuple(data.draw(st.permutations(section.criteria)))
            )
            for section in data.draw(st.permutations(judged.sections))
        ),
    )

    before, after = score(judged, given_, {}), score(mixed, given_, {})

    assert (after.raw, after.score, after.passed) == (
        before.raw,
        before.score,
        before.passed,
    )
    assert set(after.failed) == set(before.failed)


@given(cards(na_policy=EXCLUDE))
@settings(max_examples=100, deadline=None)
def test_nothing_applicable_gives_no_score(judged):
    result = score(judged, {each.key: NA for each in judged.criteria()}, {})

    assert (result.raw, result.score, result.passed) == (None, None, None)
    assert (result.missing, result.failed) == ((), ())


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_hidden_criteria_never_count(data):
    judged = data.draw(cards())
    given_ = data.draw(answers_to(judged))
    keys = sorted(given_)
    hidden = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    never = {"ticket": {"channel": ["pigeon"]}}

    def with_rows(keep):
        return replace(
            judged,
            sections=tuple(
                replace(
                    section, criteria=tuple(filter(None, map(keep, section.criteria)))
                )
                for section in judged.sections
            ),
        )

    conditional = with_rows(
        lambda each: replace(each, show_when=never) if each.key in hidden else each
    )
    without = with_rows(lambda each: None if each.key in hidden else each)

    assert score(conditional, given_, {}) == score(without, given_, {})


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_scores_stay_within_bounds_and_a_failure_never_raises_them(data):
    judged = data.draw(cards())
    result = score(judged, data.draw(answers_to(judged)), {})

    if result.raw is not None:
        assert 0 <= result.score <= result.raw <= 100
    fails_all = [
        key for key in result.failed if judged.criterion(key).critical == "all"
    ]
    if fails_all:
        assert result.passed is False
        if judged.fail_policy == ZERO_SCORE:
            assert result.score == 0


@given(cards())
@settings(max_examples=100, deadline=None)
def test_shares_of_the_whole_sum_to_one_or_nothing_counts(judged):
    shares = judged.shares()

    assert sum(shares.values()) in {0, 1}
    assert set(shares) == {each.key for each in judged.criteria()}


@given(cards())
@settings(max_examples=100, deadline=None)
def test_a_scorecard_survives_being_written_down(judged):
    assert Scorecard.from_dict(judged.to_dict()) == judged


@pytest.mark.parametrize(
    ("definition", "error", "words"),
    [
        ({"na_policy": "maybe"}, ValueError, "'maybe' is none of exclude"),
        ({"pass_mark": float("nan")}, ValueError, "pass_mark must be at least 0"),
        ({"colour": "red"}, TypeError, "colour"),
        (
            {"sections": [{"key": "a", "title": "A", "weight": "30"}]},
            TypeError,
            "weight of a is no number: '30'",
        ),
        (
            {
                "sections": [
                    {
                        "key": "a",
                        "title": "A",
                        "weight": 1,
                        "criteria": [
                            {
                                "key": "b",
                                "title": "B",
                                "levels": [{"key": "c", "label": "C", "points": -1}],
                            }
                        ],
                    }
                ]
            },
            ValueError,
            "points of b c must be at least 0: -1",
        ),
    ],
)
def test_from_dict_refuses_what_is_no_scorecard(definition, error, words):
    with pytest.raises(error, match=words):
        Scorecard.from_dict(definition)
