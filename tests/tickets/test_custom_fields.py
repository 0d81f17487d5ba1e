"""Answers and hands-on minutes as imports write them."""

import pytest

from tickets.custom_fields import handle_seconds, satisfaction


@pytest.mark.parametrize(
    ("value", "stars"),
    [(5, 5), ("4", 4), (3.4, 3), (0, 0), (6, 0), ("good", 0), (None, 0), ("nan", 0)],
)
def test_satisfaction_is_one_to_five_or_nothing(value, stars):
    assert satisfaction({"csat": value}) == stars


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [(2, 120), ("7.5", 450), (0.001, 1), (0, 0), (-4, 0), (43201, 0), ("inf", 0)],
)
def test_handle_time_is_whole_seconds_or_nothing(minutes, seconds):
    assert handle_seconds({"handle_minutes": minutes}) == seconds


def test_fields_that_a_ticket_lacks_say_nothing():
    assert satisfaction(None) == 0
    assert handle_seconds({}) == 0


def test_other_fields_can_be_named(settings):
    settings.SATISFACTION_FIELD, settings.HANDLE_TIME_FIELD = "stars", "worked"

    assert satisfaction({"stars": 2, "csat": 5}) == 2
    assert handle_seconds({"worked": 1}) == 60
