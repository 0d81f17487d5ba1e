import pytest

from qa.core.calibration.matrix import (
    NOT_APPLICABLE,
    Mark,
    agreed_values,
    cells,
    given_of,
    value_of,
    values_of,
    weights_of,
)
from qa.core.scorecard import CHECKLIST, Check, Criterion, Level, Scorecard, Section
from qa.core.scoring import Given

LEVELS = (Level("full", "Full", 4), Level("half", "Half", 2), Level("none", "None", 0))
CARD = Scorecard(
    sections=(
        Section(
            "work",
            "Work",
            80,
            (
                Criterion("solution", "Solution", 3, levels=LEVELS),
                Criterion("tone", "Tone", 1, levels=LEVELS, na_allowed=True),
            ),
        ),
        Section(
            "form",
            "Form",
            20,
            (
                Criterion(
                    "boxes",
                    "Boxes",
                    1,
                    kind=CHECKLIST,
                    checks=(Check("a", "A"), Check("b", "B")),
                ),
            ),
        ),
    )
)


def mark(criterion, reviewer, value, share, ticket=1):
    return Mark(ticket, criterion, reviewer, value, share)


def test_weights_are_points_of_the_total():
    assert weights_of(CARD) == {"solution": 60.0, "tone": 20.0, "boxes": 20.0}


def test_gap_is_in_points_of_the_total_and_the_largest_comes_first():
    found = cells(
        CARD,
        [
            mark("tone", 1, "full", 1.0),
            mark("tone", 2, "none", 0.0),
            mark("solution", 1, "full", 1.0),
            mark("solution", 2, "half", 0.5),
            mark("boxes", 1, "1-of-2", 0.5),
            mark("boxes", 2, "1-of-2", 0.5),
        ],
    )

    assert [(each.criterion, each.gap, each.differs) for each in found] == [
        ("solution", 30.0, True),
        ("tone", 20.0, True),
        ("boxes", 0.0, False),
    ]


def test_not_applicable_differs_from_a_level_without_a_gap():
    (cell,) = cells(
        CARD, [mark("tone", 1, "full", 1.0), mark("tone", 2, NOT_APPLICABLE, None)]
    )

    assert (cell.gap, cell.differs) == (0.0, True)


def test_unanswered_marks_are_left_out():
    assert cells(CARD, [mark("tone", 1, "", None)]) == []


@pytest.mark.parametrize(
    ("criterion", "given", "value"),
    [
        ("solution", Given(level="half"), "half"),
        ("tone", Given(is_na=True), NOT_APPLICABLE),
        ("boxes", Given(checked=frozenset({"b"})), "1-of-2"),
        ("solution", Given(), ""),
    ],
)
def test_value_is_one_comparable_key(criterion, given, value):
    assert value_of(CARD.criterion(criterion), given) == value


def test_values_are_what_can_be_agreed_on():
    keys = [value for value, _label in values_of(CARD.criterion("tone"))]
    assert keys == ["full", "half", "none", NOT_APPLICABLE]
    boxes = [value for value, _label in values_of(CARD.criterion("boxes"))]
    assert boxes == ["2-of-2", "1-of-2", "0-of-2"]


@pytest.mark.parametrize("value", ["", "best", NOT_APPLICABLE])
def test_unknown_value_is_refused(value):
    with pytest.raises(ValueError, match="solution"):
        given_of(CARD.criterion("solution"), value)


def test_agreed_is_what_all_gave_or_what_was_decided():
    compared = cells(
        CARD,
        [
            mark("solution", 1, "full", 1.0),
            mark("solution", 2, "half", 0.5),
            mark("tone", 1, "full", 1.0),
            mark("tone", 2, "full", 1.0),
        ],
    )

    assert agreed_values(compared, {}) == {1: None}
    assert agreed_values(compared, {(1, "solution"): "half"}) == {
        1: {"solution": "half", "tone": "full"}
    }
    # An empty value: found unclear.
    assert agreed_values(compared, {(1, "solution"): ""}) == {1: None}


def test_one_step_is_flagged_by_its_gap_alone():
    (cell,) = cells(CARD, [mark("tone", 1, "full", 1.0), mark("tone", 2, "half", 0.5)])

    assert (cell.gap, cell.is_far) == (10.0, False)
    assert cell.is_flagged(10.0)
    assert not cell.is_flagged(10.5)


def test_more_than_one_step_is_flagged_whatever_the_gap():
    (cell,) = cells(CARD, [mark("tone", 1, "full", 1.0), mark("tone", 2, "none", 0.0)])

    assert (cell.gap, cell.is_far, cell.is_flagged(100.0)) == (20.0, True, True)


def test_does_not_apply_against_a_level_is_flagged_without_a_gap():
    (cell,) = cells(
        CARD, [mark("tone", 1, "full", 1.0), mark("tone", 2, NOT_APPLICABLE, None)]
    )

    assert (cell.gap, cell.is_flagged(5.0)) == (0.0, True)


def test_same_answers_are_never_flagged():
    same = [
        mark("tone", 1, NOT_APPLICABLE, None),
        mark("tone", 2, NOT_APPLICABLE, None),
    ]
    (cell,) = cells(CARD, same)

    assert not cell.is_flagged(0.0)


def test_ticks_of_a_checklist_are_flagged_by_their_gap_alone():
    (cell,) = cells(
        CARD, [mark("boxes", 1, "0-of-2", 0.0), mark("boxes", 2, "2-of-2", 1.0)]
    )

    assert (cell.gap, cell.is_far) == (20.0, False)


def test_critical_failure_that_not_everybody_saw_is_flagged_without_points():
    gate = Criterion("gate", "Gate", 0, levels=LEVELS, critical="all", critical_below=1)
    card = Scorecard(sections=(Section("work", "Work", 100, (gate,)),))

    (split,) = cells(card, [mark("gate", 1, "half", 0), mark("gate", 2, "none", 0)])
    (fine,) = cells(card, [mark("gate", 1, "full", 0), mark("gate", 2, "half", 0)])

    assert (split.gap, split.is_flagged(5.0), fine.is_flagged(5.0)) == (0, True, False)
