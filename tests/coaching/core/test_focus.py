"""One focus: the weakest criterion, and the playbook that fits."""

from qa.coaching.core.focus import (
    CriterionMean,
    Play,
    commonest,
    fitting,
    strongest,
    weakest,
)

TONE = CriterionMean("tone", "Tone", 60, 4)
SOLUTION = CriterionMean("solution", "Solution", 90, 4)
ONCE = CriterionMean("process", "Process", 10, 1)
FULL = CriterionMean("speed", "Speed", 100, 6)


def test_weakest_leaves_aside_what_was_seen_once():
    assert weakest([TONE, SOLUTION, ONCE]) == TONE


def test_weakest_takes_what_was_seen_once_when_there_is_no_other():
    assert weakest([ONCE, FULL]) == ONCE


def test_weakest_is_nothing_at_full_marks():
    assert weakest([FULL]) is None


def test_strongest_are_the_best_that_deserve_it():
    assert strongest([TONE, SOLUTION, FULL]) == [FULL, SOLUTION]
    assert strongest([TONE]) == []


def test_commonest_cause_wins_and_ties_go_by_name():
    assert commonest(["SKILL", "TOOL", "SKILL"]) == "SKILL"
    assert commonest(["TOOL", "SKILL"]) == "SKILL"
    assert commonest([]) == ""


PLAYS = [
    Play(1, "solution", "KNOWLEDGE"),
    Play(2, "tone", "SKILL"),
    Play(3, "", "WILL"),
]


def test_playbook_fits_the_criterion_before_the_cause():
    chosen = fitting(PLAYS, criterion_key="tone", root_cause_kind="KNOWLEDGE")
    assert chosen is PLAYS[1]


def test_playbook_fits_the_cause_when_no_criterion_does():
    chosen = fitting(PLAYS, criterion_key="unknown", root_cause_kind="WILL")
    assert chosen is PLAYS[2]


def test_no_playbook_without_a_reason():
    assert fitting(PLAYS, criterion_key="", root_cause_kind="") is None
