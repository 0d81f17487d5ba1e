from collections import defaultdict

from kb.core.search import Document, Index, Piece, document_of_sections
from kb.core.search.passages import best_passage, marked


def telling(*words):
    return defaultdict(float, dict.fromkeys(words, 1.0))


def test_matches_are_marked_and_nothing_is_lost():
    text = "Reset your PASSWORD, then sign in."
    found = marked(text, telling("password", "sign"))
    assert found == (
        Piece("Reset your ", is_match=False),
        Piece("PASSWORD", is_match=True),
        Piece(", then ", is_match=False),
        Piece("sign", is_match=True),
        Piece(" in.", is_match=False),
    )


def test_touching_japanese_pieces_are_one_match():
    found = marked("を再設定する", telling("再設", "設定"))
    assert found[1] == Piece("再設定", is_match=True)


def test_passage_is_where_most_words_stand():
    filler = "Nothing of use stands here at all. " * 30
    body = f"{filler}To get a refund, open the invoice and choose Refund. {filler}"
    _heading, found = best_passage(
        Document(1, "x", body=body), telling("refund", "invoice")
    )
    text = "".join(piece.text for piece in found)
    assert text.startswith("To get a refund, open the invoice")
    assert text.endswith(" …")


def test_without_a_match_the_opening_is_shown():
    heading, found = best_passage(Document(1, "x", body=" Hello there."), telling("zz"))
    assert (heading, found) == ("", (Piece("Hello there.", is_match=False),))


def test_empty_body_has_no_passage():
    assert best_passage(Document(1, "x", body="  \n"), telling("x")) == ("", ())


def test_heading_above_the_passage_is_told():
    document = document_of_sections(
        1,
        "Billing",
        [
            ("", "How you pay."),
            ("Refunds", "Ask us."),
            ("Cards", "Change the card here."),
        ],
    )
    (hit,) = Index([document]).search("change card").hits
    assert hit.heading == "Cards"
    assert hit.text == "Change the card here."
    (hit,) = Index([document]).search("pay").hits
    assert hit.heading == ""


def test_stem_of_the_search_marks_other_forms():
    (hit,) = (
        Index([Document(1, "Invoices", body="Your invoices.")]).search("invoice").hits
    )
    assert hit.title == (Piece("Invoices", is_match=True),)
    assert Piece("invoices", is_match=True) in hit.passage
