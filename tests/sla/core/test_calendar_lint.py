"""Calendar lint: which doubts are found, with which values, and which are not."""

from datetime import date
from typing import Any

import pytest

from sla.core.calendar import BusinessCalendar
from sla.core.calendar_lint import MESSAGES, finding, lint

TODAY = date(2026, 1, 10)
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}


def daily(*hours: str) -> dict[str, list[list[str]]]:
    return {str(day): [pair.split("-") for pair in hours] for day in range(7)}


def found(today: date = TODAY, **definition: Any) -> dict[str, dict[str, str | int]]:
    content = {"timezone": "Europe/Berlin", "weekly": OFFICE} | definition
    return {item.code: dict(item.params) for item in lint(content, today=today)}


def test_plain_office_calendar_has_no_findings() -> None:
    assert lint({"timezone": "Europe/Berlin", "weekly": OFFICE}, today=TODAY) == []


def test_published_calendar_can_be_linted_as_it_is() -> None:
    calendar = BusinessCalendar.always_open("America/Sao_Paulo")
    assert lint(calendar.to_dict(), today=date(2015, 9, 1)) == []


def test_unknown_zone_is_an_error() -> None:
    assert found(timezone="Europe/Atlantis") == {
        "unknown_zone": {"timezone": "Europe/Atlantis"}
    }


@pytest.mark.parametrize(
    ("weekly", "place"),
    [({"0": [["25:00", "26:00"]]}, "0"), ({"9": []}, "9"), ({"0": [["09:00"]]}, "0")],
)
def test_unreadable_hours_are_an_error_with_their_place(
    weekly: dict, place: str
) -> None:
    assert found(weekly=weekly)["unreadable"]["place"] == place


def test_unreadable_dates_are_an_error() -> None:
    assert found(holidays=["25.12.2026"])["unreadable"]["place"] == "25.12.2026"
    assert found(exceptions={"soon": []})["unreadable"]["place"] == "soon"
    assert found(breaks={"soon": []})["unreadable"]["place"] == "soon"


def test_overlaps_are_found_on_weekdays_and_dates() -> None:
    clash = [["09:00", "12:00"], ["11:00", "17:00"]]
    named = {"first": "09:00-12:00", "second": "11:00-17:00"}
    assert found(weekly={"2": clash}) == {"overlap": {"place": "2", **named}}
    assert found(exceptions={"2026-05-04": clash}) == {
        "overlap": {"place": "2026-05-04", **named}
    }


def test_overlapping_breaks_are_harmless() -> None:
    assert found(breaks={"2026-05-04": [["09:00", "12:00"], ["11:00", "17:00"]]}) == {}


def test_adjacent_intervals_could_be_one() -> None:
    hours = {"0": [["09:00", "12:00"], ["12:00", "17:00"]]}
    assert found(weekly=hours) == {
        "adjacent_intervals": {
            "place": "0",
            "first": "09:00-12:00",
            "second": "12:00-17:00",
        }
    }


def test_closing_a_minute_before_midnight_is_doubtful() -> None:
    assert found(weekly=daily("08:00-23:59")) == {
        "closes_before_midnight": {
            "place": "6",
            "hours": "08:00-23:59",
            "closed_seconds": 60,
        }
    }
    assert found(weekly=daily("08:00-24:00")) == {}
    assert found(weekly=daily("08:00-23:58")) == {}


def test_zero_open_hours_is_an_error() -> None:
    assert found(weekly={}) == {"never_open": {}}
    assert found(weekly={"0": []}) == {"never_open": {}}


def test_hours_that_holidays_and_closures_swallow_are_an_error() -> None:
    content = {
        "timezone": "UTC",
        "weekly": {"0": [["09:00", "17:00"]]},
        "exceptions": {"2026-01-12": []},
    }
    codes = [item.code for item in lint(content, today=TODAY, horizon_days=9)]
    assert codes == ["closed_ahead"]
    assert lint(content, today=TODAY, horizon_days=10) == []


def test_own_holidays_need_this_year_and_next() -> None:
    assert found(holidays={"2026-12-25": "Christmas"}) == {
        "holidays_missing": {"year": 2027}
    }
    assert found(holidays=["2026-12-25", "2027-12-25"]) == {}
    assert found(holidays=[]) == {}


def test_country_holidays_are_checked_by_the_years_loaded() -> None:
    content = {"timezone": "UTC", "weekly": OFFICE, "holidays": ["2026-12-25"]}
    items = lint(
        content, today=TODAY, countries_years={"DE": [2026], "FR": [2026, 2027]}
    )
    assert [(item.code, dict(item.params)) for item in items] == [
        ("country_holidays_missing", {"country": "DE", "year": 2027})
    ]
    assert items[0].message == "No holidays of DE are loaded for 2027."


def test_hours_inside_a_gap_name_the_date_and_the_loss() -> None:
    assert found(weekly={"6": [["02:15", "02:45"]]})["skipped_hours"] == {
        "date": "2026-03-29",
        "hours": "02:15-02:45",
        "skipped": "02:00-03:00",
        "lost_seconds": 1800,
        "full_seconds": 1800,
    }


def test_hours_shown_twice_name_the_date_and_the_gain() -> None:
    assert found(weekly={"6": [["01:00", "02:30"]]})["repeated_hours"] == {
        "date": "2026-10-25",
        "hours": "01:00-02:30",
        "repeated": "02:00-03:00",
        "extra_seconds": 1800,
    }


def test_hours_that_run_through_a_change_of_the_clocks_are_no_finding() -> None:
    assert found(weekly=daily("00:00-24:00")) == {}
    assert found(weekly=daily("00:00-08:00", "22:00-24:00")) == {}
    assert found(weekly=daily("01:00-02:00", "03:00-09:00")) == {}


def test_gap_at_midnight_matters_only_when_the_evening_before_is_closed() -> None:
    def in_sao_paulo(weekly: dict) -> dict:
        return found(date(2015, 9, 1), timezone="America/Sao_Paulo", weekly=weekly)

    assert in_sao_paulo(daily("00:00-08:00"))["skipped_hours"]["date"] == "2015-10-18"
    assert in_sao_paulo(daily("00:00-08:00", "20:00-24:00")) == {}


def test_half_hour_changes_are_measured() -> None:
    findings = found(timezone="Australia/Lord_Howe", weekly=daily("02:00-05:00"))
    assert findings["skipped_hours"]["lost_seconds"] == 1800
    assert found(timezone="UTC", weekly=daily("02:00-05:00")) == {}


def test_dated_hours_on_a_holiday_have_no_effect() -> None:
    findings = found(
        holidays=["2026-12-25", "2027-12-25"],
        exceptions={"2026-12-25": [["09:00", "12:00"]]},
    )
    assert findings == {"exception_on_holiday": {"date": "2026-12-25"}}


def test_break_outside_hours_has_no_effect() -> None:
    assert found(breaks={"2026-05-04": [["18:00", "19:00"]]}) == {
        "break_without_effect": {"date": "2026-05-04", "hours": "18:00-19:00"}
    }
    assert found(breaks={"2026-05-04": [["16:00", "19:00"]]}) == {}


def test_dated_changes_only_in_the_past_are_told() -> None:
    hours = [["09:00", "12:00"]]
    assert found(exceptions={"2025-01-02": hours, "2025-03-04": []}) == {
        "exceptions_all_past": {"date": "2025-03-04"}
    }
    assert found(breaks={"2025-01-02": hours}) == {
        "breaks_all_past": {"date": "2025-01-02"}
    }
    assert found(exceptions={"2025-01-02": hours, "2026-03-04": []}) == {}


def test_errors_come_first() -> None:
    content = {
        "timezone": "UTC",
        "weekly": {"0": [["09:00", "12:00"], ["12:00", "23:59"]], "1": [["9", "10"]]},
        "holidays": ["2026-01-01"],
    }
    severities = [item.severity for item in lint(content, today=TODAY)]
    assert severities == ["error", "warning", "warning", "info"]


def test_every_wording_takes_values_that_its_finding_carries() -> None:
    assert (
        finding("holidays_missing", year=2027).message
        == "No holidays are loaded for 2027."
    )
    assert {severity for severity, _ in MESSAGES.values()} == {
        "error",
        "warning",
        "info",
    }
