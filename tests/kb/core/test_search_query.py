from kb.core.search.query import MOST_WORDS, parse, with_words


def found(text: str) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    query = parse(text)
    return [word.text for word in query.words], query.phrases, query.excluded


def test_plain_words_are_looked_for_once_each():
    assert found("reset the reset") == (["reset", "the"], (), ())


def test_quotes_make_a_phrase_whose_words_count_too():
    assert found('cannot "sign in" now') == (
        ["cannot", "sign", "in", "now"],
        ("sign in",),
        (),
    )


def test_japanese_and_typographic_quotes_work():
    assert found("「再設定」")[1] == ("再設定",)
    assert found("“sign in”")[1] == ("sign in",)


def test_dash_before_a_word_leaves_it_out():
    assert found("invoice -refund") == (["invoice"], (), ("refund",))


def test_dash_before_quotes_leaves_the_phrase_out():
    assert found('invoice -"credit note"') == (["invoice"], (), ("credit note",))


def test_dash_inside_a_word_or_quotes_leaves_nothing_out():
    assert found('sign-on "a -b"') == (["sign", "on", "a", "b"], ("a -b",), ())


def test_lone_exclusion_is_looked_for():
    assert found("-1073741819") == (["1073741819"], (), ())


def test_open_or_empty_quotes_mean_nothing():
    assert found('say "hello') == (["say", "hello"], (), ())
    assert found('"" "!!"') == ([], (), ())


def test_long_text_is_read_up_to_a_bound():
    text = " ".join(f"word{number}" for number in range(5_000))
    assert len(parse(text).words) == MOST_WORDS


def test_corrections_are_put_where_the_words_stand():
    better = with_words("My PASWORD, pasword!", {"pasword": "password"})
    assert better == "My password, password!"
