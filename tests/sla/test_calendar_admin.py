"""The pages of calendars: who may open them, what they show, what they do."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from sla.models import Calendar
from sla.selectors import policies as selectors
from supportops.common import roles
from tests.factories import sla as make
from tests.factories.pages import address, calendar_data
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
READERS = [role for role in roles.ROLES if role != roles.ADMINISTRATOR]
CALENDAR_LIST_QUERIES = 10
EDITORS = {roles.SUPPORT_LEAD}


@pytest.mark.parametrize("role", READERS)
def test_pages_of_calendars_by_role(client, role):
    client.force_login(UserFactory(role=role))
    office = make.business_hours()
    may = 200 if role in EDITORS else 403
    pages = {
        reverse("admin:sla_calendar_changelist"): 200,
        address("calendar", office.pk): 200,
        address("calendar-new"): may,
        address("calendar-publish", office.pk): may,
    }

    assert {page: client.get(page).status_code for page in pages} == pages


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_list_query_count_does_not_grow(
    client, lead, rows, django_assert_num_queries
):
    Calendar.objects.all().delete()
    for number in range(rows):
        make.business_hours(name=f"Office {number}", places=[("DE", "BY")])
    page = reverse("admin:sla_calendar_changelist")
    client.get(page)

    with django_assert_num_queries(CALENDAR_LIST_QUERIES):
        response = client.get(page)

    assert len(response.context["cl"].result_list) == rows
    assert "Mon–Fri 09:00–18:00 (UTC)" in response.content.decode()


def test_calendar_page_saves_hours_holidays_and_exceptions(client, lead):
    page = address("calendar-new")
    sent = calendar_data(client, page) | {
        "name": "Bavaria",
        "time_zone": "Europe/Berlin",
        "day_0": "09:00-12:30, 13:30-24:00",
        "places": "DE-BY, FR",
        "ex-0-date": "2026-12-24",
        "ex-0-hours": "9-12",
        "ex-0-name": "Christmas Eve",
    }

    response = client.post(page, sent)

    calendar = Calendar.objects.get(name="Bavaria")
    assert response.url == address("calendar", calendar.pk)
    again = calendar_data(client, response.url)
    assert again["day_0"] == "09:00-12:30, 13:30-24:00"
    assert again["places"] == "DE-BY, FR"
    saved = client.get(response.url).content.decode()
    assert 'value="09:00-12:30, 13:30-24:00"' in saved
    assert 'value="DE-BY, FR"' in saved
    assert "Christmas Eve" in saved


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"day_0": "18-9"}, "closes before it opens"),
        ({"places": "XX"}, "no holidays are known for country"),
        ({"time_zone": "Nowhere"}, "is no time zone"),
        ({"ex-0-date": "2026-12-24"}, "Say what day this is."),
        ({"ex-0-name": "Party"}, "A date is missing."),
        (
            {
                "ex-0-date": "2026-12-24",
                "ex-0-name": "A",
                "ex-1-date": "2026-12-24",
                "ex-1-name": "B",
            },
            "2026-12-24 is named twice.",
        ),
    ],
)
def test_calendar_page_names_what_is_wrong_and_saves_nothing(
    client, lead, typed, message
):
    page = address("calendar-new")
    sent = calendar_data(client, page) | {"name": "Wrong"} | typed

    response = client.post(page, sent)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Calendar.objects.filter(name="Wrong").exists()


def test_calendar_check_shows_the_year_and_the_doubts(client, lead):
    sent = calendar_data(client, address("calendar-new")) | {
        "name": "X",
        "day_0": "09:00-23:59",
        "places": "DE-BY",
        "year": "2026",
    }

    found = client.post(address("calendar-check"), sent).json()

    assert "Epiphany" in found["panel"]
    assert "24:00 is allowed" in found["panel"]
    assert found["week"][0] == [{"left": 37.5, "width": 62.43}]
    assert found["week"][1] == []


def test_new_hours_can_be_published_from_the_calendar(client, lead):
    office = make.business_hours()
    make.published(calendar=str(office.pk), effective_from=NOW)
    page = address("calendar", office.pk)
    client.post(page, calendar_data(client, page) | {"day_4": "9-12"})
    assert "Published policies still count on former hours" in (
        client.get(page).content.decode()
    )

    preview = client.get(address("calendar-publish", office.pk)).content.decode()
    assert "Fri 09:00–12:00" in preview
    done = client.post(
        address("calendar-publish", office.pk),
        {"effective_from": "2026-03-05T00:00", "reason": "short Fridays"},
        follow=True,
    )

    assert (
        "the new hours count for tickets created from 5 Mar 2026, 00:00 UTC on."
        in done.content.decode()
    )
    book = selectors.versions_in_force()
    [entry] = book.in_force_at(datetime(2026, 3, 6, tzinfo=UTC))
    friday = datetime(2026, 3, 6, tzinfo=UTC).date()
    assert entry.definition.calendar_for("P1").open_seconds_on(friday) == 3 * 3600
    assert "Published policies still count" not in client.get(page).content.decode()
