"""Gaps are called what people typed, unless the search found what it took that for."""

from datetime import timedelta

import pytest

from kb.models import WorklistRow
from kb.selectors.gaps.asked import Asked, asked_in_vain
from kb.selectors.gaps.existing import topic_for
from kb.selectors.gaps.topics import _queries
from tests.factories.kb import AT, make_article, make_topic
from tests.factories.kb_work import search_in_vain
from tests.factories.tickets import CategoryFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_correction_that_found_nothing_is_no_title():
    search_in_vain("export my report", 3, corrected="expect my repeat")

    asked = asked_in_vain(AT - DAY, AT + DAY)

    assert [(each.text, each.failed) for each in asked] == [("export my report", 3)]


def test_correction_that_found_something_counts_as_understood():
    search_in_vain("chnage pasword", 2, corrected="change password", results=4)

    asked = asked_in_vain(AT - DAY, AT + DAY)

    assert [(each.text, each.unopened) for each in asked] == [("change password", 2)]


def test_one_wording_in_two_languages_is_listed_once_with_its_sum():
    asked = [
        Asked("SSO", "en", failed=2, zero=1, unopened=1, refined=0, with_ticket=0),
        Asked("okta", "en", failed=4, zero=4, unopened=0, refined=0, with_ticket=1),
        Asked("sso", "de", failed=3, zero=2, unopened=1, refined=1, with_ticket=1),
    ]
    assert _queries(asked) == [["sso", 5, 3, 2, 1, 1], ["okta", 4, 4, 0, 0, 1]]


def test_a_gap_goes_to_the_topic_of_most_articles_of_its_category():
    category = CategoryFactory()
    few, many = make_topic("Few"), make_topic("Many")
    for title, topic in (("A", few), ("B", many), ("C", many)):
        make_article(title, topic=topic).categories.add(category)
    assert topic_for(WorklistRow(category=category)) == many.pk
    assert topic_for(WorklistRow(category=CategoryFactory())) is None
    assert topic_for(WorklistRow()) is None
