import numpy as np
import pytest

from kb.core.search import Document, Index, Synonym

ARTICLES = (
    Document(
        "reset",
        "Reset your password",
        keywords=("login",),
        body="Choose Forgot password. You get an e-mail.",
        audience="public",
    ),
    Document(
        "sso",
        "Set up single sign-on",
        body="SAML and OIDC are supported.",
        audience="plan",
    ),
    Document("invoice", "Download an invoice", body="Open Billing.", audience="public"),
    Document(
        "再設定",
        "パスワードを再設定する",
        body="ログイン画面で「パスワードを忘れた場合」を選びます。",
        language="ja",
        audience="public",
    ),
    Document(
        "請求書",
        "請求書をダウンロードする",
        body="設定から請求を開き、PDFを選びます。",
        language="ja",
        audience="public",
    ),
    Document("รหัส", "รีเซ็ตรหัสผ่าน", body="ไปที่หน้าเข้าสู่ระบบ", language="th"),
    Document("비밀", "비밀번호를 재설정하는 방법", language="ko"),
    Document("密码", "如何重置密码", language="zh"),
    Document("Passwort", "Passwörter zurücksetzen", language="de"),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ARTICLES)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How do I change my login, please?", "reset"),
        ("パスワードを忘れました", "再設定"),
        ("請求書のPDFが欲しい", "請求書"),
        ("PDFの請求書 invoice", "請求書"),
        ("รหัสผ่าน", "รหัส"),
        ("비밀번호 재설정", "비밀"),
        ("重置密码", "密码"),
        ("passwort zurucksetzen", "Passwort"),
        ("ＳＡＭＬ", "sso"),
        ("忘", "再設定"),
    ],
)
def test_question_finds_its_article_in_any_language(index, question, article):
    assert index.search(question).keys[0] == article


def test_whole_sentence_finds_without_every_word_there(index):
    result = index.search("hi, i cannot get into my account since i lost the password")
    assert result.keys[0] == "reset"


def test_search_of_stop_words_alone_still_finds(index):
    assert index.search("set up").keys == ["sso"]
    assert index.search("you get").keys == ["reset"]


def test_hidden_documents_never_show(index):
    assert "sso" in index.search("saml").keys
    mask = index.mask({"public"})
    assert index.search("saml", allowed=mask).keys == []
    assert index.search("single sign-on", allowed={"reset"}).keys == []
    assert index.search("password", allowed=set()).keys == []


def test_filter_comes_before_the_limit():
    documents = [Document(number, "Invoice") for number in range(50)]
    index = Index(documents)
    assert index.search("invoice", allowed={47, 48}, limit=2).keys == [47, 48]


def test_equal_scores_keep_the_given_order():
    index = Index([Document(number, "Invoice") for number in (5, 3, 9, 1)])
    assert index.search("invoice").keys == [5, 3, 9, 1]
    assert index.search("invoice", limit=2).keys == [5, 3]


def test_phrase_must_stand_so(index):
    assert index.search('"forgot password"').keys == ["reset"]
    assert not index.search('"forgot password"').is_relaxed
    assert index.search("「パスワードを忘れた」").keys == ["再設定"]


def test_phrase_that_nobody_wrote_is_searched_by_its_words(index):
    result = index.search('"password forgot"')
    assert result.is_relaxed
    assert result.keys[0] == "reset"


def test_excluded_words_leave_documents_out(index):
    both = index.search("download password").keys
    assert {"reset", "invoice"} <= set(both)
    assert index.search("download password -billing").keys == ["reset"]
    assert index.search('download password -"forgot password"').keys == ["invoice"]


def test_reader_s_language_comes_first():
    index = Index(
        [Document("en", "SSO", language="en"), Document("de", "SSO", language="de")]
    )
    assert index.search("sso", language="de").keys == ["de", "en"]
    assert index.search("sso", language="en-GB").keys == ["en", "de"]


def test_synonyms_find_both_ways():
    index = Index(ARTICLES[:3], synonyms=[Synonym("SSO", ("single sign-on", "SAML"))])
    assert index.search("our sso login broke").keys[0] == "sso"
    index = Index(
        [Document(1, "SSO for teams")], synonyms=[Synonym("SSO", ("single sign-on",))]
    )
    assert index.search("single sign on").keys == [1]


def test_one_way_synonym_finds_one_way():
    documents = [Document("bill", "Bill"), Document("invoice", "Invoice")]
    index = Index(documents, synonyms=[Synonym("bill", ("invoice",), is_one_way=True)])
    assert index.search("bill").keys == ["bill", "invoice"]
    assert index.search("invoice").keys == ["invoice"]


def test_synonym_of_several_words_needs_all_of_them():
    documents = [Document(1, "Single seat"), Document(2, "Single sign-on")]
    index = Index(documents, synonyms=[Synonym("SSO", ("single sign-on",))])
    assert index.search("sso").keys == [2]


def test_japanese_synonym_is_found_inside_a_run():
    index = Index(
        [Document(1, "シングルサインオン", language="ja")],
        synonyms=[Synonym("SSO", ("シングルサインオン",), language="ja")],
    )
    assert index.search("SSOの設定").keys == [1]


def test_suggestions_complete_the_last_word(index):
    assert [hit.key for hit in index.suggest("passw")] == ["reset", "Passwort"]
    assert [hit.key for hit in index.suggest("downl")] == ["invoice"]
    assert [hit.key for hit in index.suggest("pasw")][:1] == ["reset"]
    assert index.suggest("xyzzy") == ()
    assert index.suggest("") == ()


def test_suggestions_know_no_hidden_words(index):
    assert index.suggest("sam", allowed=index.mask({"public"})) == ()
    assert [hit.key for hit in index.suggest("sam")] == ["sso"]


def test_japanese_suggestions_need_no_space(index):
    assert [hit.key for hit in index.suggest("請求")] == ["請求書"]


def test_title_weighs_more_than_body():
    index = Index(
        [
            Document("body", "Other things", body="invoice number"),
            Document("title", "Invoice number", body="other things"),
        ]
    )
    assert index.search("invoice").keys == ["title", "body"]


def test_author_s_keywords_and_headings_are_searched():
    index = Index(
        [
            Document(1, "Billing", keywords=("money back",)),
            Document(2, "Seats", headings=("Add a colleague",)),
        ]
    )
    assert index.search("money back").keys == [1]
    assert index.search("colleagues").keys == [2]


def test_meaning_finds_what_shares_no_word():
    places = {"Reset your password": 0, "Download an invoice": 1}

    def embed(texts):
        rows = np.zeros((len(texts), 2))
        for row, text in zip(rows, texts, strict=True):
            near = [place for title, place in places.items() if title in text]
            row[near[0] if near else 0] = 1
        return rows

    documents = [Document(1, "Reset your password"), Document(2, "Download an invoice")]
    index = Index(documents, embed=embed)
    assert index.search("credentials forgotten").keys == [1]
    assert index.search("credentials forgotten", allowed={2}).keys == []
    assert index.search("credentials", allowed=set()).hits == ()
    newer = index.updated([Document(3, "Download an invoice")], removed=[2])
    assert newer.search("Download an invoice").keys == [3]


def test_wrong_limit_or_mask_is_refused(index):
    with pytest.raises(ValueError, match="at least one"):
        index.search("password", limit=0)
    with pytest.raises(ValueError, match="at least one"):
        index.suggest("pass", limit=0)
    with pytest.raises(ValueError, match="mask"):
        index.search("password", allowed=np.ones(3, dtype=bool))


def test_empty_index_finds_nothing():
    index = Index([])
    result = index.search("password")
    assert (result.hits, result.is_good) == ((), False)
    assert (
        Index([], embed=lambda texts: np.zeros((len(texts), 4))).search("x").hits == ()
    )
    assert index.updated([Document(1, "Password")]).search("password").keys == [1]


def test_an_ordered_update_equals_an_index_made_so() -> None:
    documents = [Document(key, "Change a plan", body="Plan.") for key in "bdac"]
    ordered = Index(sorted(documents, key=lambda each: str(each.key)))
    index = Index(documents[:1])
    for document in documents[1:]:
        index = index.updated([document], order=lambda each: each.key)

    assert index.search("plan").keys == ["a", "b", "c", "d"]
    assert index.search("plan").hits == ordered.search("plan").hits


def test_an_ordered_update_keeps_each_document_its_meaning() -> None:
    def embed(texts):
        return np.array([[text.count("x"), text.count("y"), 1.0] for text in texts])

    documents = [Document(1, "yyy"), Document(2, "xxx")]
    index = Index(documents[1:], embed=embed)
    index = index.updated(documents[:1], order=lambda each: each.key)
    emptied = index.updated(removed=[1, 2], order=lambda each: each.key)

    assert index.search("x x x", limit=1).keys == [2]
    assert index.search("y y y", limit=1).keys == [1]
    assert emptied.search("x").keys == []
