"""The difference of two scorecards, in words."""

from dataclasses import replace

import pytest

from qa.core.scorecard import Check, Criterion, Level, Scorecard, Section
from qa.core.scorecard_changes import diff
from qa.core.scorecard_standard import support_quality
from qa.scorecard_phrases import change_sentence

SOLUTION = Criterion(
    "solution",
    "Solution",
    60,
    levels=(Level("good", "Good", 4, "Solved."), Level("bad", "Bad", 0, "Not solved.")),
)
TONE = Criterion("tone", "Tone", 40, levels=SOLUTION.levels)
WORK = Section("work", "Work", 100, (SOLUTION, TONE))
CARD = Scorecard((WORK,))


def criterion(**settings) -> Scorecard:
    changed = replace(SOLUTION, **settings)
    return Scorecard((replace(WORK, criteria=(changed, TONE)),))


def words(old: Scorecard, new: Scorecard) -> list[str]:
    return [change_sentence(change) for change in diff(old, new)]


def test_nothing_changed_says_nothing():
    assert diff(support_quality(), support_quality()) == []
    assert diff(CARD, Scorecard.from_dict(CARD.to_dict())) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (replace(CARD, pass_mark=85), ["Pass mark: 80 → 85"]),
        (
            replace(CARD, na_policy="as_full"),
            ["“Does not apply”: leaves the criterion out → counts as full marks"],
        ),
        (
            Scorecard((replace(WORK, title="The work", weight=50),)),
            [
                "Section “Work” is called “The work”",
                "Section “The work”, weight: 100 → 50",
            ],
        ),
        (
            criterion(title="The solution", guidance="Was it right?"),
            [
                "Criterion “Solution” is called “The solution”",
                "The solution, guidance: none → “Was it right?”",
            ],
        ),
        (
            criterion(weight=40),
            [
                "Solution, weight: 60 → 40",
                "Tone counts 50 % of the whole instead of 40 %",
            ],
        ),
        (
            criterion(na_allowed=True, critical="all", critical_below=0.5),
            [
                "Solution, may not apply: no → yes",
                "Solution, critical: no → fails the whole review",
                "Solution, critical below: none → 0.5",
            ],
        ),
        (
            criterion(comment_below=0),
            ["Solution, comment asked for below: none → 0"],
        ),
        (
            criterion(show_when={"ticket": {"channel": ["chat", "phone"]}}),
            ["Solution, asked: always → when channel is chat or phone"],
        ),
        (
            criterion(
                levels=(
                    replace(SOLUTION.levels[0], label="Very good", points=5),
                    Level("fair", "Fair", 2, ""),
                )
            ),
            [
                "Solution: level “Bad” is removed",
                "Solution, “Very good”, name: “Good” → “Very good”",
                "Solution, “Very good”, points: 4 → 5",
                "Solution: new level “Fair” with 2 points",
            ],
        ),
        (
            criterion(kind="checklist", levels=(), checks=(Check("a", "Asked"),)),
            [
                "Solution, kind: levels → checklist",
                "Solution: level “Good” is removed",
                "Solution: level “Bad” is removed",
                "Solution: new box “Asked”",
            ],
        ),
        (
            Scorecard((replace(WORK, criteria=(TONE, SOLUTION)),)),
            ["New order: Tone, Solution"],
        ),
        (
            Scorecard((replace(WORK, criteria=(SOLUTION,)),)),
            [
                "Criterion “Tone” is removed",
                "Solution counts 100 % of the whole instead of 60 %",
            ],
        ),
        (
            Scorecard(
                (
                    replace(WORK, criteria=(SOLUTION,)),
                    Section("people", "People", 100, (TONE,)),
                )
            ),
            [
                "New section “People”",
                "Criterion “Tone” moves to section “People”",
                "Solution counts 50 % of the whole instead of 60 %",
                "Tone counts 50 % of the whole instead of 40 %",
            ],
        ),
    ],
)
def test_each_difference_in_words(new, expected):
    assert words(CARD, new) == expected


def test_the_difference_names_what_comes_and_goes():
    other = Section("other", "Other", 10, (replace(TONE, key="speed", title="Speed"),))

    assert words(CARD, Scorecard((WORK, other)))[:2] == [
        "New section “Other”",
        "New criterion “Speed” in section “Other”",
    ]
    assert words(Scorecard((WORK, other)), CARD)[:2] == [
        "Section “Other” is removed",
        "Criterion “Speed” is removed",
    ]
