"""Calendars as they are stored, turned into arithmetic, and still used by policies."""

from datetime import UTC, date, datetime

import pytest

from sla.core.public_holidays import country_names, public_holidays
from sla.models import (
    Calendar,
    CalendarException,
    CalendarHolidays,
    CalendarInterval,
)
from sla.selectors import calendars as selectors
from sla.services import calendars as services
from tests.factories import sla as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EPIPHANY = date(2026, 1, 6)


def content(**values) -> services.CalendarContent:
    return services.CalendarContent(
        **{"name": "Office", "weekly": make.NINE_TO_SIX, **values}
    )


def save(calendar: Calendar, **values) -> Calendar:
    return services.save_calendar(
        calendar_id=calendar.pk,
        content=content(**values),
        actor=None,
        at=NOW,
        expected_changed_at=calendar.changed_at,
    )


def hours_of(calendar: Calendar):
    row = selectors.calendars_with_parts().get(pk=calendar.pk)
    return selectors.business_calendar(row, at=NOW)


def test_migrations_ship_business_hours_and_around_the_clock():
    names = dict(Calendar.objects.values_list("name", "is_always_open"))

    assert names == {"Business hours": False, "24/7": True}
    monday = date(2026, 3, 2)
    hours = hours_of(Calendar.objects.get(name="Business hours"))
    assert hours.open_seconds_on(monday) == 9 * 3600
    assert hours_of(Calendar.objects.get(name="24/7")).open_seconds_on(monday) == 86_400


def test_several_intervals_and_midnight_reach_the_arithmetic():
    office = make.business_hours(weekly={0: [(540, 720), (1320, 1440)]})

    assert hours_of(office).to_dict()["weekly"] == {
        "0": [["09:00", "12:00"], ["22:00", "24:00"]]
    }


def test_holidays_of_a_country_and_its_part_close_the_day():
    bavaria = hours_of(make.business_hours(name="A", places=[("DE", "BY")]))
    germany = hours_of(make.business_hours(name="B", places=[("DE", "")]))

    assert bavaria.holiday_name(EPIPHANY) == "Epiphany"
    assert germany.day_kind(EPIPHANY) == "open"
    assert bavaria.day_kind(date(2031, 12, 25)) == "holiday"  # five years ahead
    assert bavaria.day_kind(date(2012, 12, 25)) == "holiday"  # imported histories


def test_an_exception_wins_over_a_public_holiday():
    hours = hours_of(
        make.business_hours(
            places=[("DE", "BY")],
            exceptions=[
                (EPIPHANY, "Open house", [(600, 660)]),
                (date(2026, 1, 7), "Inventory", []),
            ],
        )
    )

    assert hours.open_seconds_on(EPIPHANY) == 3600
    assert hours.holiday_name(date(2026, 1, 7)) == "Inventory"
    assert hours.open_seconds_on(date(2026, 1, 7)) == 0


def test_save_replaces_only_what_differs_and_names_who_did_it():
    lead = UserFactory()
    office = make.business_hours(places=[("DE", "")])
    kept = set(CalendarInterval.objects.filter(calendar=office, weekday__lt=4))
    services.save_calendar(
        calendar_id=office.pk,
        content=content(
            weekly={**make.NINE_TO_SIX, 4: [(540, 960)]}, places=[("DE", "BY")]
        ),
        actor=lead,
        at=NOW,
        expected_changed_at=office.changed_at,
    )

    assert kept <= set(CalendarInterval.objects.filter(calendar=office))
    changes = CalendarInterval.history.filter(calendar=office, history_user=lead)
    assert sorted(changes.values_list("history_type", "ends_minute")) == [
        ("+", 960),
        ("-", 1080),
    ]


def test_save_refuses_what_somebody_changed_meanwhile_and_writes_nothing():
    office = make.business_hours()
    save(office, name="Changed")

    with pytest.raises(services.CalendarChangedMeanwhile):
        save(office, name="Mine")

    assert Calendar.objects.get(pk=office.pk).name == "Changed"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"weekly": {0: [(540, 720), (700, 800)]}}, "overlap"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"places": [("XX", "")]}, "XX"),
        ({"places": [("DE", "ZZ")]}, "ZZ"),
    ],
)
def test_save_refuses_what_cannot_be_and_writes_nothing(values, message):
    office = make.business_hours()

    with pytest.raises(services.CalendarUnreadable, match=message):
        save(office, **values)

    assert CalendarInterval.objects.filter(calendar=office).count() == 5
    assert not CalendarHolidays.objects.filter(calendar=office).exists()


def test_save_refuses_a_taken_name():
    make.business_hours(name="Office")

    with pytest.raises(services.CalendarNameTaken, match="“Office”"):
        make.business_hours(name="Office")


def test_delete_is_refused_while_a_draft_or_a_policy_in_force_names_it():
    office = make.business_hours()
    make.published(priority_calendars={"P1": str(office.pk)})

    with pytest.raises(services.CalendarInUse, match="Promises count on it"):
        services.delete_calendar(calendar_id=office.pk, actor=None)

    unused = make.business_hours(name="Unused", exceptions=[(EPIPHANY, "X", [])])
    services.delete_calendar(calendar_id=unused.pk, actor=None)
    assert not CalendarException.objects.filter(name="X").exists()
    assert Calendar.objects.filter(pk=office.pk).exists()


def test_policies_with_former_hours_are_named_until_hours_agree_again():
    office = make.business_hours()
    version = make.published(calendar=str(office.pk))
    row = selectors.calendars_with_parts().get(pk=office.pk)
    assert selectors.versions_with_former_hours(row, at=NOW) == []

    office = save(office, weekly={0: [(600, 660)]})
    row = selectors.calendars_with_parts().get(pk=office.pk)
    assert selectors.versions_with_former_hours(row, at=NOW) == [version]

    save(office)
    row = selectors.calendars_with_parts().get(pk=office.pk)
    assert selectors.versions_with_former_hours(row, at=NOW) == []


def test_a_year_passing_by_is_no_change_of_hours():
    office = make.business_hours(places=[("DE", "")])
    make.published(calendar=str(office.pk), at=NOW)
    row = selectors.calendars_with_parts().get(pk=office.pk)

    later = datetime(2027, 3, 1, tzinfo=UTC)
    assert selectors.versions_with_former_hours(row, at=later) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_calendars_costs_four_queries(rows, django_assert_num_queries):
    Calendar.objects.all().delete()
    for number in range(rows):
        make.business_hours(
            name=f"Office {number}",
            places=[("DE", "")],
            exceptions=[(EPIPHANY, "X", [])],
        )

    with django_assert_num_queries(4):
        named = selectors.named_calendars(at=NOW)

    assert len(named) == rows


def test_every_country_has_a_name_and_computes():
    assert country_names()["DE"] == "Germany"
    assert country_names()["US"] == "United States"
    assert date(2026, 7, 4) in public_holidays("US", "", 2026, 2026)
    with pytest.raises(ValueError, match="XX"):
        public_holidays("XX", "", 2026, 2026)
