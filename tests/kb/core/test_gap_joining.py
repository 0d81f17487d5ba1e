"""Which wordings become one gap: by synonyms, spelling and stems, never across acts."""

import pytest

from kb.core.gaps import OneForm, Text, cluster, meanings, terms_of
from kb.core.gaps.intents import acts_of, may_be_one
from kb.core.search import Synonym

SYNONYMS = [
    Synonym("single sign-on", ("SSO", "Okta login")),
    Synonym("subscription", ("plan",)),
    Synonym("invoice", ("bill",)),
]
NOISE = [(f"topic{number} matter{number}", 1.0) for number in range(100)]


def joined(*written, synonyms=(), known=(), language="en"):
    forms = OneForm(synonyms)
    given = [
        Text(terms_of(forms.of(text, language), language), language, weight)
        for text, weight in [*written, *NOISE]
    ]
    found = cluster(given, known={language: frozenset(known)})
    sets = [set(one.members) & set(range(len(written))) for one in found]
    return sorted((sorted(one) for one in sets if one), key=lambda one: one[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sso for contractors", "single sign-on for contractors"),
        ("okta logins contractors", "SSO contractors"),
        ("print a bill", "printing invoices"),
        ("invoice numbering", "bill numbers"),
    ],
)
def test_synonyms_and_stems_join(one, other):
    assert joined((one, 5), (other, 4), synonyms=SYNONYMS) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("change plan", "cancel plan"),
        ("change subscription", "cancel plan"),
        ("export customers", "import customers"),
        ("add a user", "delete a user"),
        ("upgrade plan", "downgrade plan"),
        ("enable webhooks", "disable webhooks"),
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_different_acts_never_join(one, other, times):
    assert joined((one, times), (other, times), synonyms=SYNONYMS) == [[0], [1]]


def test_the_same_act_in_other_words_joins():
    assert joined(("change plan", 5), ("updating the plan", 4)) == [[0, 1]]
    assert joined(("export list of customers", 5), ("list of customers", 4)) == [[0, 1]]


def test_german_acts_are_kept_apart():
    given = (("Tarif ändern", 5), ("Tarif kündigen", 4))
    assert joined(*given, language="de") == [[0], [1]]
    assert may_be_one(acts_of({"x"}, "ja"), acts_of({"y"}, "ja"))


def test_a_slip_that_no_article_knows_joins_at_half_as_frequent():
    given = (
        ("webhook fires twice", 4),
        ("webhoook delivery", 2),
        ("delivery webhook", 2),
    )
    assert joined(*given) == [[0], [1], [2]]
    assert joined(*given, known={"webhook"}) == [[0], [1, 2]]


def test_a_word_that_articles_have_is_no_slip():
    weights = {"reciept": 6.0, "receipt": 20.0}
    assert meanings(weights, {"receipt"}) == {"reciept": "receipt"}
    assert meanings(weights, {"receipt", "reciept"}) == {}
    assert meanings(weights) == {}
    assert meanings({"reciept": 6.0, "receipt": 11.0}, {"receipt"}) == {}


def test_another_letter_may_be_another_word():
    assert meanings({"charge": 6.0, "change": 20.0}, {"change"}) == {}
    rare = {"charge": 2.0, "change": 20.0}
    assert meanings(rare, {"change"}) == {"charge": "change"}
    assert meanings(rare, {"change", "charge"}) == {}


def test_a_form_of_two_entries_stays_as_it_is():
    forms = OneForm([
        Synonym("subscription", ("plan",)), Synonym("floor map", ("plan",)),
    ])  # fmt: skip
    assert forms.of("my plan", "en") == "my plan"
    assert forms.of("subscriptions", "en") == "subscription"


def test_one_way_entries_and_other_languages_change_nothing():
    forms = OneForm([Synonym("a1", ("b1",), is_one_way=True), *SYNONYMS])
    assert forms.of("b1 SSO", "de") == "b1 SSO"
    assert forms.of("b1", "en") == "b1"
    assert OneForm().of("As Typed", "en") == "As Typed"


def test_the_longest_form_wins():
    forms = OneForm([Synonym("login", ("sign in",)), Synonym("sso", ("sign in once",))])
    assert forms.of("sign in once more", "en") == "sso more"
