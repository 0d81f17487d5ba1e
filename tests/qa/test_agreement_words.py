"""Agreement in sentences: what may be concluded, and what not."""

import pytest

from qa.views.reliability.words import figure_row


def figure(**values):
    return {
        "method": "ALPHA_NOMINAL",
        "criterion": "",
        "tickets": 60,
        "reviewers": 4,
        "ratings": 120,
        "value": 0.0,
        "low": -0.02,
        "high": 0.0,
        "note": "",
        **values,
    }


@pytest.mark.parametrize("method", ["ALPHA_NOMINAL", "AC1"])
def test_hardly_any_critical_failure_has_no_verdict(method):
    row = figure_row(figure(method=method, note="rare_class"), "Critical failure")

    assert row["words"] == "Too few critical failures to tell."
    assert (row["chip"], row["shown"], row["interval"]) == (
        "idle", "0.00", "-0.02 … 0.00",
    )  # fmt: skip


def test_enough_failures_without_agreement_are_told_so():
    row = figure_row(figure(high=0.3), "Critical failure")

    assert row["words"].startswith("Reviewers do not agree, and that is sure")
    assert row["chip"] == "late"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reviewers": 4}, "by drawing tickets and reviewers again"),
        ({"reviewers": 10}, "by drawing tickets again"),
        ({"reviewers": 2}, "by drawing tickets again"),
        ({"method": "AC1"}, "by drawing tickets again"),
        ({"low": None}, ""),
    ],
)
def test_interval_says_how_it_was_made(values, words):
    assert figure_row(figure(**values), "Total score")["resampling"] == words


@pytest.mark.parametrize(
    ("value", "low", "high", "words", "chip"),
    [
        (0.70, -0.50, 0.94, "Cannot be told yet: the interval is too wide.", "idle"),
        (0.20, 0.05, 0.70, "Cannot be told yet: the interval is too wide.", "idle"),
        (0.86, 0.80, 0.91, "Reviewers agree well.", "ok"),
        (0.86, 0.55, 0.95, "Enough agreement for tentative conclusions.", "watch"),
        (0.70, 0.45, 0.80, "Enough agreement for tentative conclusions.", "watch"),
        (0.50, 0.30, 0.62, "Too little agreement to compare people by.", "watch"),
        (0.25, 0.10, 0.45, "Hardly any agreement beyond chance.", "late"),
        (0.86, None, None, "Reviewers agree well.", "ok"),
    ],
)
def test_verdict_follows_the_interval_and_not_the_value_alone(
    value, low, high, words, chip
):
    given = figure(method="ALPHA_ORDINAL", value=value, low=low, high=high)

    row = figure_row(given, "Efficiency")

    assert (row["words"], row["chip"]) == (words, chip)
