"""Calendars as values: equality, hashing, pickling and JSON."""

import json
import pickle
from datetime import date, time

import pytest

from sla.core.calendar import BusinessCalendar
from tests.sla.core.calendar_samples import CHRISTMAS_WEEK, MIDNIGHT, office


def test_equal_definitions_are_equal_hashable_and_survive_json_and_pickle() -> None:
    text = json.dumps(CHRISTMAS_WEEK.to_dict())
    for copy in (
        BusinessCalendar.from_dict(json.loads(text)),
        pickle.loads(pickle.dumps(CHRISTMAS_WEEK)),  # noqa: S301
    ):
        assert copy == CHRISTMAS_WEEK
        assert hash(copy) == hash(CHRISTMAS_WEEK)
        assert copy.open_seconds_on(date(2026, 12, 24)) == 5400
    assert office() != office("Europe/Berlin")
    assert office() != "office"


def test_order_of_writing_makes_no_difference() -> None:
    first = BusinessCalendar(
        "UTC", {0: [(time(13), time(17)), (time(9), time(12))], 1: []}
    )
    second = BusinessCalendar("UTC", {0: [(time(9), time(12)), (time(13), time(17))]})
    assert first == second
    assert len({first, second}) == 1


def test_json_writes_the_end_of_the_day_as_24_00() -> None:
    calendar = BusinessCalendar(
        "UTC", {0: [(time(22, 0, 30), MIDNIGHT)]}, [date(2026, 1, 1)]
    )
    assert calendar.to_dict() == {
        "timezone": "UTC",
        "weekly": {"0": [["22:00:30", "24:00"]]},
        "holidays": {"2026-01-01": ""},
        "exceptions": {},
        "breaks": {},
    }


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"weekly": {"0": [["25:00", "26:00"]]}}, "25:00"),
        ({"weekly": {"0": [["09:00"]]}}, "09:00"),
        ({"weekly": {"9": []}}, "9"),
        ({"holidays": ["25.12.2026"]}, "25.12.2026"),
        ({"exceptions": {"tomorrow": []}}, "tomorrow"),
        ({"timezone": None}, "None"),
    ],
)
def test_unreadable_json_is_refused_by_name(change: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        BusinessCalendar.from_dict(office().to_dict() | change)
