"""What a decision makes of an answer."""

import pytest

from qa.core.disputes import CannotDecide, choices_of, decide, level_of
from qa.core.scorecard import Check, Criterion, Level
from qa.core.scoring import Given

TONE = Criterion(
    "tone",
    "Tone",
    levels=(Level("warm", "Warm", 4), Level("curt", "Curt", 1)),
    na_allowed=True,
)
FORM = Criterion(
    "form", "Form", kind="checklist", checks=(Check("a", "A"), Check("b", "B"))
)
NOTE = Criterion("note", "Note", kind="text", na_allowed=True)
CURT = Given(level="curt")


def ruled(criterion=TONE, before=CURT, *, proposed="", **ruling):
    return decide(criterion, before, proposed=proposed, **ruling)


def test_choices_are_the_levels_and_not_applicable_where_it_is_allowed():
    strict = Criterion("tone", "Tone", levels=TONE.levels)

    assert choices_of(TONE) == ("warm", "curt", "_na")
    assert choices_of(strict) == ("warm", "curt")
    assert choices_of(FORM) == ()
    assert choices_of(NOTE) == ()


def test_keep_leaves_the_answer():
    found = ruled(outcome="KEEP", level="warm")

    assert (found.outcome, found.given, found.is_change) == ("KEEP", CURT, False)


def test_proposed_takes_the_agents_level():
    found = ruled(outcome="PROPOSED", proposed="warm")

    assert (found.outcome, found.level, found.is_change) == ("PROPOSED", "warm", True)


def test_not_applicable_is_a_level_like_any():
    found = ruled(outcome="OTHER", level="_na")

    assert found.given == Given(is_na=True)
    assert level_of(found.given) == "_na"


def test_other_is_named_for_what_it_comes_to():
    assert ruled(outcome="OTHER", level="curt").outcome == "KEEP"
    assert ruled(outcome="OTHER", level="warm", proposed="warm").outcome == "PROPOSED"
    assert ruled(outcome="OTHER", level="warm", proposed="_na").outcome == "OTHER"


def test_checklist_takes_boxes_and_none_is_an_answer():
    before = Given(checked=frozenset({"a"}))

    both = ruled(FORM, before, outcome="OTHER", checked=["a", "b"])
    none = ruled(FORM, before, outcome="OTHER", checked=[])
    same = ruled(FORM, before, outcome="OTHER", checked=["a"])

    assert both.given.checked == {"a", "b"}
    assert none.given.checked == frozenset()
    assert same.outcome == "KEEP"


@pytest.mark.parametrize(
    ("criterion", "ruling"),
    [
        (TONE, {"outcome": "MAYBE"}),
        (TONE, {"outcome": ""}),
        (TONE, {"outcome": "PROPOSED"}),
        (TONE, {"outcome": "PROPOSED", "proposed": "cold"}),
        (TONE, {"outcome": "OTHER"}),
        (TONE, {"outcome": "OTHER", "level": "cold"}),
        (FORM, {"outcome": "OTHER", "level": "_na"}),
        (FORM, {"outcome": "OTHER", "checked": ["c"]}),
    ],
)
def test_what_the_criterion_does_not_have_cannot_be_decided(criterion, ruling):
    with pytest.raises(CannotDecide):
        ruled(criterion, **ruling)
