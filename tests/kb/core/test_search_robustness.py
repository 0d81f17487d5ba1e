"""Whatever is typed or written, a search answers and marks what is there."""

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.core.search import Document, Index, Synonym

DOCUMENTS = [
    Document(
        1, "Reset your password", body="Choose Forgot password.\n\nIt’s easy – naïve."
    ),
    Document(
        2, "パスワードを再設定する", body="ログイン画面、ＳＳＯ、ﾊﾟｽﾜｰﾄﾞ。", language="ja"
    ),
    Document(3, "รีเซ็ตรหัสผ่าน 🎉", body="हिन्दी résumé", language="th"),
]
INDEX = Index(DOCUMENTS, synonyms=[Synonym("SSO", ("single sign-on", "シングル"))])
ALPHABET = "aeprstw -\"'’“”「」.!\n\t\0é\u0301\u0e31รหัส再設定パスワードﾊﾟ가İßﬁ🎉👩‍💻\u202e\ud7ff²"
TEXTS = st.one_of(st.text(), st.text(ALPHABET, max_size=60))


def checked(index: Index, text: str) -> None:
    result = index.search(text)
    assert result.original == text
    for hit in result.hits:
        assert 0 <= hit.confidence <= 1
        assert np.isfinite(hit.score)
        document = index.collection.documents[index.collection.places[hit.key]]
        assert "".join(piece.text for piece in hit.title) == document.title
        inside = hit.text.removeprefix("… ").removesuffix(" …")
        assert inside in document.body
        assert all(piece.text for piece in (*hit.title, *hit.passage))
    index.suggest(text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("")
@example("   ")
@example("!?.,;:—…")
@example('"')
@example('-"" --- -')
@example("a" * 10_000)
@example("pasword " * 1_250)
@example("再" * 10_000)
@example("🎉👩‍💻")
@example("pa\u0301ssword \u0301\u0301")
@example("パスワードpasswordรหัสผ่าน")
@example("İstanbul ﬁle ²")
def test_any_search_is_answered(text):
    checked(INDEX, text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["en", "ja", "fr", "th", "xx", ""]))
@example("ﾊﾟ" * 30, "ﾊﾟ", "ﾊﾟ", "ja")
def test_any_article_can_be_searched(title, body, text, language):
    document = Document(
        9, title, headings=(text,), keywords=(body,), body=body, language=language
    )
    index = Index([*DOCUMENTS, document], synonyms=[Synonym(title, (body,))])
    checked(index, text)
    checked(index, title)
    checked(index.updated([document], removed=[1]), body)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sets(st.integers(1, 3)))
def test_no_search_shows_what_is_not_allowed(text, allowed):
    assert set(INDEX.search(text, allowed=allowed).keys) <= allowed
    assert {hit.key for hit in INDEX.suggest(text, allowed=allowed)} <= allowed
