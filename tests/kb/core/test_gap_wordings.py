"""Other words taken from what customers typed."""

from kb.core.gaps import telling_wordings


def wordings(*texts, title="Export", language="en", most=8):
    return telling_wordings(texts, title=title, language=language, most=most)


def test_filler_goes_and_the_same_stems_come_once():
    assert wordings(
        "why scheduled report",
        "scheduled report not possible",
        "how do i schedule report",
        "scheduled report did not arrive ?",
    ) == ["scheduled report", "scheduled report arrive"]


def test_what_the_title_says_is_left_out():
    asked = ("schedule reports not working", "mail report")
    assert wordings(*asked, title="How do I schedule a report?") == ["mail report"]


def test_nothing_but_filler_leaves_nothing():
    assert wordings("does not work", "why ?", "") == []


def test_german_filler_goes():
    assert wordings("Rechnung nicht möglich", language="de") == ["rechnung"]


def test_no_more_than_asked_for():
    assert wordings("alpha", "beta", "gamma", most=2) == ["alpha", "beta"]
