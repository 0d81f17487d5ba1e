from kb.core.search.text import (
    fold,
    grams,
    is_particle,
    plain,
    tokens_of,
    without_accents,
    words_of,
)


def test_words_are_folded_and_punctuation_dropped():
    assert words_of("Reset: YOUR password!") == ["reset", "your", "password"]


def test_single_letter_before_a_dash_belongs_to_the_word():
    words = [plain(word) for word in words_of("E-mail, sign-on and a non-e-mail")]
    assert words == ["email", "sign", "on", "and", "a", "non", "email"]


def test_ascii_and_other_texts_are_cut_the_same_way():
    text = "Can't open E-mail v2.1 user's file_name x-1 a-bc"
    assert words_of(text + " é")[:-1] == words_of(text)


def test_underscore_parts_words():
    assert words_of("reset_password") == ["reset", "password"]


def test_full_width_letters_are_the_usual_ones():
    assert words_of("Ｐａｓｓｗｏｒｄ　ＳＳＯ") == ["password", "sso"]


def test_combining_marks_stay_in_their_word():
    assert words_of("re\u0301sume\u0301 हिन्दी") == ["résumé", "हिन्दी"]


def test_unspaced_run_stands_apart_from_latin_letters():
    assert words_of("SSOの設定") == ["sso", "の設定"]


def test_tokens_stand_where_they_were_typed():
    text = "Ｅ-mail ﬁle パス"
    tokens = list(tokens_of(text))
    assert [text[each.start : each.end] for each in tokens] == [
        "Ｅ-mail",
        "ﬁle",
        "パス",
    ]
    assert [each.text for each in tokens] == ["e-mail", "file", "パス"]


def test_apostrophes_go_and_possessives_with_them():
    assert [plain(word) for word in ("user's", "don't", "user’s")] == [
        "user",
        "dont",
        "user",
    ]


def test_elided_article_goes_in_french_only():
    assert plain("l'adresse", "fr") == "adresse"
    assert plain("l'adresse", "en") == "ladresse"


def test_accents_go_but_japanese_voicing_stays():
    assert without_accents("réinitialisé") == "reinitialise"
    assert without_accents(fold("ガ")) == "ガ"


def test_grams_of_japanese_go_by_two_and_one_for_an_index():
    assert grams("再設定", short=False) == [(0, "再設"), (1, "設定")]
    assert [piece for _at, piece in grams("再設定", short=True)] == [
        "再設",
        "設定",
        "再",
        "設",
        "定",
    ]


def test_grams_of_thai_go_by_three():
    assert grams("รหัส", short=False) == [(0, "รหั"), (1, "หัส")]


def test_short_run_is_its_own_piece():
    assert grams("鍵", short=False) == [(0, "鍵")]


def test_only_hiragana_is_a_particle():
    assert is_particle("です")
    assert not is_particle("設で")
    assert not is_particle("パス")
