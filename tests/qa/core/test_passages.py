"""A text cut at the borders of remarks."""

from hypothesis import given
from hypothesis import strategies as st

from qa.core.passages import Piece, pieces


def test_text_without_remarks_is_one_piece():
    assert pieces("Hello", []) == [Piece("Hello")]
    assert pieces("", [(0, 5)]) == []


def test_passage_is_cut_out():
    assert pieces("Hello there", [(6, 11)]) == [Piece("Hello "), Piece("there", (0,))]


def test_overlapping_passages_share_what_they_share():
    assert pieces("abcdef", [(0, 4), (2, 6)]) == [
        Piece("ab", (0,)),
        Piece("cd", (0, 1)),
        Piece("ef", (1,)),
    ]


def test_passage_beyond_the_text_is_cut_off():
    assert pieces("abc", [(2, 9), (5, 9)]) == [Piece("ab"), Piece("c", (0,))]


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=5),
)
def test_pieces_are_the_text_and_each_character_has_its_remarks(text, passages):
    found = pieces(text, passages)

    assert "".join(piece.text for piece in found) == text
    marks = [piece.marks for piece in found for _character in piece.text]
    for place, numbers in enumerate(marks):
        assert set(numbers) == {
            number
            for number, (start, end) in enumerate(passages)
            if start <= place < end
        }
