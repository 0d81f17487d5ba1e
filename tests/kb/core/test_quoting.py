"""Passages that go into replies, and replies that hold them."""

import pytest

from kb.core.quoting import (
    Span,
    addresses_in,
    excerpt,
    names,
    quoted,
    readable,
    repeats,
)

STEPS = "Ask for it so:\n\n1. Open Bills.\n2. Choose Refund.\n3. Type the amount."
TABLE = "Plan | Price\nFree | 0\nTeam | 12"


def window_of(body, words):
    start = body.index(words)
    return Span(start, start + len(words))


def test_a_cut_sentence_comes_whole():
    body = "We pay it back within five days. It never left our account. Ask us."
    window = window_of(body, "pay it back within five days. It never left")
    assert excerpt(body, window, []) == (
        "We pay it back within five days. It never left our account.",
    )


def test_an_abbreviation_ends_no_sentence():
    body = "Use a number, e.g. that of the order. Then save."
    assert excerpt(body, window_of(body, "e.g. that"), []) == (
        "Use a number, e.g. that of the order.",
    )


def test_a_step_brings_its_list_and_the_line_before():
    found = excerpt(STEPS, window_of(STEPS, "Choose Ref"), [])
    assert found == (
        "Ask for it so:", "1. Open Bills.", "2. Choose Refund.", "3. Type the amount.",
    )  # fmt: skip


def test_steps_of_a_list_too_long_keep_their_numbers():
    found = excerpt(STEPS, window_of(STEPS, "Choose Ref"), [], limit=40)
    assert found == ("2. Choose Refund.",)


def test_table_rows_come_only_where_there_is_nothing_else():
    body = f"We pay it back.\n\n{TABLE}"
    assert excerpt(body, Span(0, len(body)), []) == ("We pay it back.",)
    assert excerpt(TABLE, window_of(TABLE, "Team | 1"), []) == ("Team: 12",)


def test_boxes_of_tasks_and_empty_blocks_leave_nothing():
    body = "Do this.\n\n\n\n- ☐ Look for the mail.\n- ☑ Open it."
    found = excerpt(body, Span(0, len(body)), [])
    assert found == ("Do this.", "- Look for the mail.", "- Open it.")
    assert quoted(found) == "> Do this.\n> - Look for the mail.\n> - Open it."
    assert readable(found) == "Do this. Look for the mail. Open it."


def test_the_section_with_the_searched_words_is_quoted_alone():
    body = "The old way is over.\n\nRefunds take five days.\n\nWrite to us."
    second, third = body.index("Refunds"), body.index("Write")
    found = excerpt(
        body, Span(0, len(body)), [window_of(body, "Refunds")], [second, third]
    )
    assert found == ("Refunds take five days.",)


def test_what_is_farthest_from_the_searched_words_goes_first():
    body = "One is here. Two is here. A refund is here. Four is here."
    matches = [window_of(body, "refund")]
    assert excerpt(body, Span(0, len(body)), matches, limit=45) == (
        "Two is here. A refund is here. Four is here.",
    )
    assert excerpt(body, Span(0, len(body)), matches, limit=5) == ("A refund is here.",)


def test_code_keeps_its_lines():
    body = "def rows(get):\n    return get()"
    assert excerpt(body, Span(0, len(body)), []) == (
        "def rows(get):",
        "    return get()",
    )


@pytest.mark.parametrize("body", ["", "   \n\n  "])
def test_nothing_gives_nothing(body):
    assert excerpt(body, Span(0, len(body)), []) == ()
    assert quoted(()) == readable(()) == ""


def test_numbers_of_steps_stay_in_running_text():
    assert readable(["1. Open Bills.", "2. Pay."]) == "1. Open Bills. 2. Pay."


def test_addresses_lose_the_stop_of_the_sentence():
    text = "See https://a.example/help/en/x/. Or (https://b.example/y), https://b.example/y"
    assert addresses_in(text) == ["https://a.example/help/en/x/", "https://b.example/y"]


def test_a_reply_repeats_an_article_by_whole_lines():
    body = "Open Bills.\n\n2. Choose Refund beside the bill and type the amount."
    assert repeats(
        "Hello\n> 2.  Choose refund beside the bill and type the amount.", body
    )
    assert not repeats("> Choose Refund beside the bill.", body)
    assert not repeats("Open Bills.", body)
    assert not repeats("", body)


def test_a_title_counts_on_a_line_of_its_own():
    assert names("Please read:\nRefunds for you\nBest, Ana", "Refunds for you")
    assert not names("Please read Refunds for you", "Refunds for you")
