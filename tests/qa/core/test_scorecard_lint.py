"""Findings about scorecards, each on the smallest scorecard that has it."""

from dataclasses import replace

import pytest

from qa.core.scorecard import (
    CHECKLIST,
    NOT_ALLOWED,
    TEXT,
    Check,
    Criterion,
    Level,
    Scorecard,
    Section,
)
from qa.core.scorecard_lint import (
    WARNINGS,
    Finding,
    has_problems,
    lint_scorecard,
)
from qa.core.scorecard_standard import support_quality
from qa.scorecard_phrases import FINDINGS, finding_sentence

TWO = (Level("yes", "Yes", 1, "It is there."), Level("no", "No", 0, "It is not."))
FINE = Criterion("fine", "Fine", 1, levels=TWO)


def card(*criteria: Criterion, weight: float = 100, **settings) -> Scorecard:
    return Scorecard((Section("work", "Work", weight, criteria),), **settings)


def with_levels(*levels: Level) -> Scorecard:
    return card(replace(FINE, levels=levels))


def text(**settings) -> Criterion:
    return Criterion("words", "Words", 1, kind=TEXT, **settings)


def boxes(*checks: Check, **settings) -> Criterion:
    return Criterion("boxes", "Boxes", 1, kind=CHECKLIST, checks=checks, **settings)


WRONG = [
    ("no_criterion", Scorecard()),
    ("nothing_scored", card(replace(FINE, weight=0))),
    ("nothing_scored", card(FINE, weight=0)),
    ("only_conditional", card(replace(FINE, show_when={"ticket": {"tag": ["a"]}}))),
    ("pass_mark_above_100", card(FINE, pass_mark=101)),
    ("no_dispute", card(FINE, dispute_hours=0)),
    ("many_criteria", card(*(replace(FINE, key=f"c{n}") for n in range(21)))),
    (
        "duplicate_section",
        Scorecard((Section("a", "A", 1, (FINE,)), Section("a", "B", 1))),
    ),
    ("duplicate_criterion", card(FINE, replace(FINE, title="Another"))),
    ("section_without_title", Scorecard((Section("a", " ", 1, (FINE,)),))),
    (
        "empty_section",
        Scorecard((Section("a", "A", 1, (FINE,)), Section("b", "B", 1))),
    ),
    (
        "section_scores_nothing",
        Scorecard((Section("a", "A", 1, (FINE,)), Section("b", "B", 1, (text(),)))),
    ),
    (
        "weight_without_effect",
        Scorecard(
            (
                Section("a", "A", 1, (FINE,)),
                Section("b", "B", 0, (replace(FINE, key="b"),)),
            )
        ),
    ),
    ("criterion_without_title", card(replace(FINE, title=""))),
    ("too_few_levels", with_levels(TWO[0])),
    ("duplicate_level", with_levels(TWO[0], replace(TWO[1], key="yes"))),
    ("level_without_label", with_levels(TWO[0], replace(TWO[1], label=""))),
    ("same_points", with_levels(replace(TWO[0], points=0), TWO[1])),
    ("not_descending", with_levels(TWO[1], TWO[0])),
    ("no_points", with_levels(replace(TWO[0], points=0), TWO[1])),
    ("floor", with_levels(replace(TWO[0], points=4), replace(TWO[1], points=1))),
    ("no_anchor", with_levels(TWO[0], replace(TWO[1], anchor=" "))),
    ("no_checks", card(FINE, boxes())),
    ("duplicate_check", card(boxes(Check("a", "A"), Check("a", "B")))),
    ("check_without_text", card(boxes(Check("a", "")))),
    ("text_cannot_fail", card(FINE, text(critical="all", critical_below=1))),
    ("critical_without_threshold", card(replace(FINE, critical="all"))),
    ("critical_never", card(replace(FINE, critical="all", critical_below=0))),
    ("critical_always", card(replace(FINE, critical="all", critical_below=2))),
    (
        "section_cannot_fail",
        Scorecard(
            (
                Section("a", "A", 1, (FINE,)),
                Section(
                    "b",
                    "B",
                    0,
                    (
                        replace(
                            FINE, key="b", critical="section", critical_below=1
                        ),
                    ),
                ),
            )
        ),
    ),
    ("comment_never", card(replace(FINE, comment_below=0))),
    ("comment_always", card(replace(FINE, comment_below=2))),
    ("na_without_policy", card(replace(FINE, na_allowed=True), na_policy=NOT_ALLOWED)),
    ("unknown_field", card(FINE, replace(FINE, key="b", show_when={"ticket": {"mood": ["x"]}}))),
    (
        "unknown_value",
        card(FINE, replace(FINE, key="b", show_when={"ticket": {"channel": ["fax"]}})),
    ),
    (
        "condition_unknown",
        card(FINE, replace(FINE, key="b", show_when={"answers": {"gone": ["yes"]}})),
    ),
    (
        "condition_later",
        card(FINE, replace(FINE, key="b", show_when={"answers": {"b": ["yes"]}})),
    ),
    (
        "condition_unknown_level",
        card(FINE, replace(FINE, key="b", show_when={"answers": {"fine": ["maybe"]}})),
    ),
]  # fmt: skip


def codes(judged: Scorecard) -> set[str]:
    return {each.code for each in lint_scorecard(judged, {"channel": {"email"}})}


@pytest.mark.parametrize(("code", "judged"), WRONG, ids=[code for code, _ in WRONG])
def test_each_finding_is_found_and_can_be_said(code, judged):
    found = [
        each
        for each in lint_scorecard(judged, {"channel": {"email"}})
        if each.code == code
    ]

    assert len(found) == 1
    assert has_problems(found) is (code not in WARNINGS)
    assert "%" not in finding_sentence(found[0]).replace(" %", "")


def test_every_code_is_tried_above_and_has_words():
    assert {code for code, _card in WRONG} == set(FINDINGS)
    assert set(FINDINGS) >= WARNINGS


def test_what_is_shipped_has_nothing_to_complain_about():
    assert lint_scorecard(support_quality()) == []


def test_a_fine_scorecard_has_no_finding():
    assert lint_scorecard(card(FINE, dispute_hours=72)) == []


def test_problems_come_before_doubts_and_name_their_place():
    judged = card(
        replace(FINE, comment_below=0),
        replace(FINE, key="b", title="Second", critical="all"),
    )

    assert lint_scorecard(judged) == [
        Finding("critical_without_threshold", "work", "b", {"criterion": "Second"}),
        Finding("comment_never", "work", "fine", {"criterion": "Fine", "value": 0}),
    ]


def test_values_that_nobody_listed_are_not_called_unknown():
    judged = card(FINE, replace(FINE, key="b", show_when={"ticket": {"tag": ["vip"]}}))

    assert codes(judged) == set()
