"""Capitals of a gap's title."""

import pytest

from kb.core.gaps import sentence_case, written_forms


def test_acronyms_are_taken_as_most_people_write_them():
    texts = ["SSO with Okta", "sso broken", "Set up SSO", "VAT-ID wrong", "QuickBooks"]
    assert written_forms(texts) == {
        "sso": "SSO",
        "vat-id": "VAT-ID",
        "quickbooks": "QuickBooks",
    }


def test_shouting_is_no_acronym_and_a_common_word_stays_common():
    texts = ["INVOICE IS WRONG", "IT department", "is it down", "does it work", "API"]
    assert written_forms(texts) == {"api": "API"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("sso with okta", "SSO with okta"),
        ("charged twice", "Charged twice"),
        ("api key, vat", "API key, VAT"),
        ("INVOICE IS WRONG", "Invoice is wrong"),
        ("VAT", "VAT"),
        ("ios crash", "iOS crash"),
        ("", ""),
        ("ключ api", "Ключ API"),
    ],
)
def test_title_has_a_capital_first_and_acronyms_as_written(text, title):
    forms = {"sso": "SSO", "api": "API", "vat": "VAT", "ios": "iOS"}
    assert sentence_case(text, forms) == title
