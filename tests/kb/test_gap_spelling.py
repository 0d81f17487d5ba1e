"""Gaps are called what people typed, unless the search found what it took that for."""

from datetime import timedelta

import pytest

from kb.selectors.gaps.asked import asked_in_vain
from tests.factories.kb import AT
from tests.factories.kb_work import search_in_vain

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
