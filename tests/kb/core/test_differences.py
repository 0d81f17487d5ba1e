import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.core.differences import Change, compare

EQUAL, ADDED, REMOVED, CHANGED = (
    Change.EQUAL,
    Change.ADDED,
    Change.REMOVED,
    Change.CHANGED,
)
words = st.lists(st.sampled_from(["open", "the", "menu", "save", "a", ".", "設", "定"]), max_size=12)  # fmt: skip
texts = st.lists(words.map(" ".join), max_size=6).map("\n\n".join)


def kinds(before, after):
    return [paragraph.change for paragraph in compare(before, after).paragraphs]


def runs(before, after):
    (paragraph,) = compare(before, after).paragraphs
    return [(run.change, run.text) for run in paragraph.runs]


def side(found, change):
    """Put one of the two texts together again."""
    paragraphs = (
        "".join(run.text for run in each.runs if run.change in {EQUAL, change})
        for each in found.paragraphs
        if each.change in {EQUAL, CHANGED, change}
    )
    return "\n\n".join(paragraphs)


def test_changed_word_is_shown_inside_its_paragraph():
    assert runs("Open the menu.", "Open the page.") == [
        (EQUAL, "Open the "),
        (REMOVED, "menu"),
        (ADDED, "page"),
        (EQUAL, "."),
    ]


def test_words_are_added_and_removed():
    assert runs("Save the file now.", "Save the file.") == [
        (EQUAL, "Save the file"),
        (REMOVED, " now"),
        (EQUAL, "."),
    ]
    assert (ADDED, "new ") in runs("Save the file.", "Save the new file.")


def test_changes_that_only_a_space_keeps_apart_are_one():
    assert runs("Click on red button to go.", "Click on blue switch to go.") == [
        (EQUAL, "Click on "),
        (REMOVED, "red button"),
        (ADDED, "blue switch"),
        (EQUAL, " to go."),
    ]


def test_short_word_between_long_changes_is_part_of_them():
    before = "To begin, open your profile page and choose the large green button there."
    after = "To begin, sign in with email and enter six digits there."

    assert [change for change, _ in runs(before, after)] == [
        EQUAL,
        REMOVED,
        ADDED,
        EQUAL,
    ]


def test_japanese_is_compared_by_character():
    assert runs("設定を開く。", "設定を閉じる。") == [
        (EQUAL, "設定を"),
        (REMOVED, "開く"),
        (ADDED, "閉じる"),
        (EQUAL, "。"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("a", "a", [EQUAL]),
        ("", "a\n\nb", [ADDED, ADDED]),
        ("a\n\nb", "", [REMOVED, REMOVED]),
        ("a\n\nb\n\nc", "a\n\nc", [EQUAL, REMOVED, EQUAL]),
        ("a\n\nc", "a\n\nb\n\nc", [EQUAL, ADDED, EQUAL]),
        ("x y z", "p q r", [REMOVED, ADDED]),
        ("one two three\n\nb", "new\n\none two four\n\nb", [ADDED, CHANGED, EQUAL]),
        ("a\r\n\r\nb\n\n\n\nc\n", "a\n\nb\n \nc", [EQUAL, EQUAL, EQUAL]),
    ],
)
def test_paragraphs_are_matched(before, after, expected):
    assert kinds(before, after) == expected


def test_list_item_that_was_added_is_shown_alone():
    before = "1. Open Settings\n2. Click Save"
    after = "1. Open Settings\n2. Choose a name\n3. Click Save"

    assert "".join(text for change, text in runs(before, after) if change is ADDED) in (
        "Choose a name\n3. ",
        "2. Choose a name\n3",
    )


def test_summary_counts_paragraphs_and_words():
    found = compare(
        "Open the menu.\n\nThis goes away entirely.\n\nStays.",
        "Open the page.\n\nStays.\n\nNew one, here.",
    ).summary

    assert (found.paragraphs_changed, found.paragraphs_removed) == (1, 1)
    assert found.paragraphs_added == 1
    assert (found.words_added, found.words_removed) == (1 + 3, 1 + 4)


def test_equal_texts_have_no_difference():
    found = compare("a b\n\nc", "a b\n\n\nc")

    assert found.is_empty
    assert (found.summary.words_added, found.summary.words_removed) == (0, 0)
    assert not compare("a b", "a c").is_empty


@settings(deadline=None)
@given(texts, texts)
def test_both_texts_can_be_put_together_again(before, after):
    found = compare(before, after)
    clean = ["\n\n".join(p for p in text.split("\n\n") if p.strip()) for text in (before, after)]  # fmt: skip

    assert [side(found, REMOVED), side(found, ADDED)] == clean


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(before, after):
    found = compare(before, after)

    assert compare(before, before).is_empty
    for paragraph in found.paragraphs:
        has = {run.change for run in paragraph.runs}
        assert has == {paragraph.change} or paragraph.change is CHANGED


@settings(deadline=None)
@given(texts, texts)
def test_runs_alternate(before, after):
    for paragraph in compare(before, after).paragraphs:
        changes = [run.change for run in paragraph.runs]
        assert all(one is not other for one, other in pairwise(changes))
        assert all(run.text for run in paragraph.runs)


def long_text(seed, length, between):
    draw = random.Random(seed)
    vocabulary = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(400)]
    return between.join(
        " ".join(draw.choices(vocabulary, k=40)) for _ in range(length // 280)
    )


@pytest.mark.parametrize("between", ["\n\n", " "], ids=["paragraphs", "one paragraph"])
def test_fifty_thousand_characters_take_little_time(between):
    before = long_text(1, 50_000, between)
    after = " ".join(w for n, w in enumerate(before.split(" ")) if n % 50) + " end"
    started = time.process_time()
    edited, unrelated = (
        compare(before, after),
        compare(before, long_text(2, 50_000, between)),
    )

    assert time.process_time() - started < 5
    assert edited.summary.words_removed < 400
    assert not unrelated.is_empty


def test_texts_too_long_to_weigh_are_compared_at_their_ends():
    found = compare("あ" + "い" * 30_000 + "う", "あ" + "え" * 30_000 + "う")

    assert found.summary.words_added == 30_002
    assert kinds("設" * 30_000 + "い", "設" * 30_000 + "う") == [CHANGED]
