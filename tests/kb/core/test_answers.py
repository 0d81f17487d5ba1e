import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.answers import LONGEST_PASSAGE, Passage, best, cut, find, score
from kb.core.markdown import Section, render

ARTICLE = """Change or reset the password of your account.

## If you know your password

To change it:

1. Open **Settings**.
2. Choose *Password*.
3. Type the old one, then the new one twice.

## If you forgot it

Choose *Forgot password* on the sign-in page. We send a link to your address.

The link works for one hour and once.

> **Note:** Accounts with single sign-on have no password here.
"""

LONG = "Sentence number one is here. " * 40


def words(text):
    return re.findall(r"\w+", text.lower())


def texts(plain, longest=LONGEST_PASSAGE):
    return [passage.text for passage in cut([Section("H", "s-h", plain)], longest)]


def answer(question, stop=("the", "my", "i", "do", "is", "how", "long", "a")):
    weights = {word: 1.0 for word in words(question) if word not in stop}
    return best(cut(render(ARTICLE).sections, 200), weights, words)


def test_passages_follow_headings():
    passages = cut(render(ARTICLE).sections)

    assert [passage.heading for passage in passages] == [
        "",
        "If you know your password",
        "If you forgot it",
    ]
    assert passages[1] == Passage(
        "If you know your password",
        "s-if-you-know-your-password",
        "To change it:\n\n1. Open Settings.\n2. Choose Password.\n"
        "3. Type the old one, then the new one twice.",
    )


def test_paragraphs_are_kept_whole():
    assert texts("a" * 50 + "\n\n" + "b" * 50 + "\n\n" + "c" * 50, 110) == [
        "a" * 50 + "\n\n" + "b" * 50,
        "c" * 50,
    ]


def test_steps_stay_together_with_the_line_before_them():
    plain = "x" * 60 + "\n\nDo this:\n\n1. aaaa\n2. bbbb\n\n" + "y" * 60

    assert texts(plain, 80) == ["x" * 60, "Do this:\n\n1. aaaa\n2. bbbb", "y" * 60]


def test_long_list_is_cut_between_steps():
    steps = [f"{n}. Open the page with the number {n}" for n in range(1, 9)]

    pieces = texts("\n".join(steps), 120)

    assert "\n".join(pieces) == "\n".join(steps)
    assert all(re.match(r"\d\. ", piece) for piece in pieces)
    assert len(pieces) == 3


def test_line_before_a_long_list_stays_with_its_first_steps():
    steps = [f"{n}. Open the page with the number {n}" for n in range(1, 9)]

    pieces = texts("Do this:\n\n" + "\n".join(steps), 120)

    assert pieces[0] == "Do this:\n\n" + "\n".join(steps[:3])


def test_long_paragraph_is_cut_between_sentences():
    pieces = texts(LONG.strip())

    assert len(pieces) == 2
    assert all(piece.endswith("here.") for piece in pieces)


def test_japanese_paragraph_is_cut_between_sentences():
    pieces = texts("設定を開きます。" * 100)

    assert all(piece.endswith("。") for piece in pieces)
    assert "".join(pieces) == "設定を開きます。" * 100


def test_text_without_any_break_is_cut_at_the_limit():
    assert [len(piece) for piece in texts("a" * 1500)] == [600, 600, 300]


def test_last_line_with_a_colon_is_not_lost():
    assert texts("Text.\n\nSee also:") == ["Text.\n\nSee also:"]


@given(
    st.lists(st.text(st.sampled_from("ab. :\n1-。設"), max_size=40), max_size=8),
    st.integers(1, 60),
)
def test_passages_are_the_text_word_for_word(blocks, longest):
    plain = "\n\n".join(blocks)
    pieces = texts(plain, longest)

    assert all(piece in plain and len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(plain.split())


@given(st.text(max_size=300))
def test_any_text_can_be_cut(plain):
    assert "".join("".join(texts(plain, 50)).split()) == "".join(plain.split())


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("how do i change my old password", "To change it:"),
        ("i forgot my password", "Choose Forgot password"),
        ("how long is the link valid one hour", "Choose Forgot password"),
        ("single sign-on", "Choose Forgot password"),
    ],
)
def test_best_passage_answers_the_question(question, start):
    found = answer(question)

    assert found.passage.text.startswith(start)


def test_best_passage_says_where_it_stands():
    found = answer("forgot")

    assert found.passage.anchor == "s-if-you-forgot-it"
    assert found.coverage == 1.0
    assert found.passage.text in render(ARTICLE).sections[2].plain


def test_question_without_a_word_in_common_has_no_passage():
    assert answer("invoice") is None
    assert best([], {"a": 1.0}, words) is None
    assert best([Passage("", "", "a")], {}, words) is None


def test_coverage_is_by_weight():
    passage = Passage("", "", "export the report")
    (found,) = score([passage], {"export": 3.0, "invoice": 1.0}, words)

    assert found.coverage == 0.75


def test_telling_words_outweigh_common_ones():
    passages = [Passage("", "", "open the page"), Passage("", "", "export as csv")]

    assert best(passages, {"open": 0.2, "csv": 4.0}, words).passage is passages[1]


def test_covering_the_question_beats_repeating_a_word():
    passages = [
        Passage("", "", "export export export export"),
        Passage("", "", "export a report"),
    ]

    assert best(passages, {"export": 1.0, "report": 1.0}, words).passage is passages[1]


def test_heading_counts():
    passages = [
        Passage("Reports", "s-a", "click it"),
        Passage("Export", "s-b", "click it"),
    ]

    assert best(passages, {"export": 1.0, "click": 1.0}, words).passage is passages[1]


def test_earlier_passage_is_the_best_of_equals():
    passages = [Passage("", "", "click it"), Passage("", "", "click it")]

    assert best(passages, {"click": 1.0}, words).passage is passages[0]


def test_score_by_hand():
    passages = [Passage("", "", "a b"), Passage("a", "", "c d")]
    one, two = score(passages, {"a": 2.0, "x": 2.0}, words)

    assert one.score == pytest.approx(2.0 * 1 * 2.2 / (1 + 1.2) * 0.5)
    assert two.score == pytest.approx(2.0 * 0.6 * 2.2 / (0.6 + 1.2) * 0.5)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        cut([], 0)
    with pytest.raises(ValueError, match="above 0"):
        score([Passage("", "", "a")], {"a": 0.0}, words)


def found(question, **values):
    wanted = {"title": "Change your password", "language": "en", **values}
    return find(question, cut(render(ARTICLE).sections, 200), **wanted)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("I forgot my password", "If you forgot it"),
        ("how long does the password link work?", "If you forgot it"),
        ("I want to type the old one and the new one", "If you know your password"),
    ],
)
def test_find_takes_the_section_that_answers(question, heading):
    assert found(question).heading == heading


@pytest.mark.parametrize(
    "question", ["how do I change my password?", "PASSWORD", "changing passwords today"]
)
def test_find_begins_at_the_beginning_when_only_the_title_is_asked(question):
    assert found(question).text.startswith("Change or reset the password")


def test_find_returns_nothing_without_a_word_in_common():
    assert found("parental leave") is None
    assert found("how do I") is None
    assert find("password", [], title="Password", language="en") is None


def test_find_cuts_scripts_without_spaces():
    passages = cut(
        [
            Section("請求", "s-1", "請求書は毎月届きます。"),
            Section("設定", "s-2", "パスワードの変更は設定から。"),
        ]
    )
    question = "パスワードを変更したい"

    assert find(question, passages, title="口座", language="ja").anchor == "s-2"


@given(st.text(max_size=60), st.text(max_size=400), st.text(max_size=40))
def test_find_quotes_word_for_word(question, body, title):
    rendered = render(body)
    passages = cut(rendered.sections, 80)
    passage = find(question, passages, title=title, language="en")

    assert passage is None or passage.text in rendered.plain


def test_a_section_that_describes_the_problem_is_no_answer():
    passages = [
        Passage("Problem", "problem", "The account is locked after many tries."),
        Passage("Quick answer", "quick-answer", "Wait 30 minutes, then sign in."),
    ]
    found = find(
        "account locked", passages, title="An account is locked", language="en"
    )
    assert found == passages[1]


def test_a_problem_is_shown_where_an_article_has_nothing_else():
    passages = [Passage("Problem", "problem", "The account is locked.")]
    found = find("account", passages, title="Locked", language="en")
    assert found == passages[0]
