"""Events: what forecasting is told, who may change them, what their pages show."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from supportops.common import roles
from tests.factories.capacity import MONDAY, fill_days, make_queue
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.core.forecast import CalendarEvent
from workforce.capacity.models import Event
from workforce.capacity.selectors.events import calendar_events, event_rows, key_of
from workforce.capacity.services import events as services

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
PAGE = "/capacity/forecasts/events/"


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planner(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


def make_event(name="Release", queues=(), **fields):
    columns = {
        "kind": Event.Kind.RELEASE,
        "starts_on": date(2026, 3, 10),
        "ends_on": date(2026, 3, 11),
        **fields,
    }
    event = Event.objects.create(name=name, **columns)
    event.queues.set(queues)
    return event


def form_data(**fields):
    return {
        "name": "Release 7",
        "kind": "RELEASE",
        "starts_on": "2026-03-24",
        "ends_on": "2026-03-25",
        "repeats": "NEVER",
        "treatment": "REPEAT",
        "is_active": "on",
        **fields,
    }


# What forecasting is told ---------------------------------------------------------------


def test_calendar_events_are_the_occurrences_of_own_and_common_events():
    queue, other = make_queue(), make_queue()
    own = make_event(queues=[queue], percent=Decimal("12.5"))
    make_event(
        "End of month",
        kind=Event.Kind.END_OF_MONTH,
        starts_on=date(2026, 1, 29),
        ends_on=date(2026, 1, 31),
        repeats=Event.Repeats.MONTHLY,
    )
    make_event("Of another queue", queues=[other])
    make_event("Off", is_active=False)

    found = calendar_events(queue, date(2026, 2, 1), date(2026, 4, 1))

    assert found == [
        CalendarEvent(
            "END_OF_MONTH:end of month",
            date(2026, 2, 26),
            date(2026, 2, 28),
            "repeat",
            None,
        ),
        CalendarEvent(
            "END_OF_MONTH:end of month",
            date(2026, 3, 29),
            date(2026, 3, 31),
            "repeat",
            None,
        ),
        CalendarEvent(
            key_of(own), date(2026, 3, 10), date(2026, 3, 11), "repeat", 12.5
        ),
    ]


def test_events_of_one_kind_and_name_teach_each_other():
    queue = make_queue()
    first = make_event("Release", kind=Event.Kind.RELEASE, queues=[queue])
    again = make_event(
        " release",
        kind=Event.Kind.RELEASE,
        starts_on=date(2026, 6, 9),
        ends_on=date(2026, 6, 11),
        queues=[queue],
    )
    other = make_event("Release", kind=Event.Kind.OWN, queues=[queue])

    assert key_of(first) == key_of(again)
    assert key_of(first) != key_of(other)


def test_event_of_two_queues_is_told_once(django_assert_num_queries):
    queue = make_queue()
    make_event(queues=[queue, make_queue(), make_queue()])

    with django_assert_num_queries(1):
        found = calendar_events(queue, date(2026, 3, 1), date(2026, 4, 1))

    assert len(found) == 1


def test_effect_is_measured_over_the_queues_of_the_event():
    queue, other = make_queue(), make_queue()
    first = date(2026, 1, 5)
    fill_days(queue, [150 if k == 36 else 100 for k in range(70)], first=first)
    fill_days(other, [999] * 70, first=first)
    event = make_event(
        queues=[queue], starts_on=date(2026, 2, 10), ends_on=date(2026, 2, 10)
    )

    row = event_rows([event], [queue, other], date(2026, 3, 18))[0]

    assert row.queues == [queue]
    assert row.effect.n == 1
    assert row.effect.percent == pytest.approx(49.8, abs=0.3)
    assert row.next is None


# Writing ------------------------------------------------------------------------------


def test_create_event_refuses_days_out_of_order_and_writes_nothing():
    with pytest.raises(services.EventUnusable, match="not before the first"):
        services.create_event(
            values={
                "name": "Release",
                "kind": "RELEASE",
                "starts_on": date(2026, 3, 5),
                "ends_on": date(2026, 3, 4),
            }
        )

    assert not Event.objects.exists()


def test_adjusting_without_a_percentage_is_refused():
    event = make_event()

    with pytest.raises(services.EventUnusable, match="how many percent"):
        services.change_event(
            event_id=event.pk, values={"treatment": "ADJUST"}, queues=[]
        )

    event.refresh_from_db()
    assert event.treatment == "REPEAT"


def test_copy_is_not_active_and_keeps_the_queues():
    queue = make_queue()
    event = make_event(name="R" * 120, queues=[queue], percent=Decimal(20))

    copy = services.copy_event(event_id=event.pk)

    assert copy.name.startswith("Copy of RRR")
    assert len(copy.name) == 120
    assert not copy.is_active
    assert list(copy.queues.all()) == [queue]
    assert copy.percent == 20


def test_switching_off_twice_writes_history_once():
    event = make_event()

    for _ in range(2):
        services.set_event_active(event_id=event.pk, is_active=False)

    assert event.history.count() == 2


# Pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_query_count_does_not_grow(
    client, planner, rows, django_assert_num_queries
):
    for n in range(rows):
        queue = make_queue(country="DE")
        fill_days(queue, [10] * 15)
        make_event(f"Event {n}", queues=[queue])
    client.get(PAGE)

    with django_assert_num_queries(8):
        text = client.get(PAGE).content.decode()

    assert all(f"Event {n}" in text for n in range(rows))


def test_calendar_shows_repeats_holidays_and_what_is_not_learnt(client, planner):
    make_queue(country="DE")
    make_event(
        "Month end",
        starts_on=date(2026, 1, 29),
        ends_on=date(2026, 1, 31),
        repeats=Event.Repeats.MONTHLY,
    )

    text = client.get(PAGE, {"year": "2027"}).content.decode()

    assert "26–28 Feb 2027" in text
    assert "Public holiday (DE)" in text
    assert "not learnt yet" in text


def test_calendar_without_an_event_leads_to_the_first_step(client, planner):
    text = client.get(PAGE).content.decode()

    assert "No event is entered" in text
    assert "new/?preset=month-end" in text


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("release", "2026-03-18", "2026-03-20"),
        ("renewals", "2026-03-01", "2026-03-31"),
        ("month-end", "2026-03-29", "2026-03-31"),
        ("tax-season", "2026-04-01", "2026-04-30"),
        ("holiday", "2026-04-03", "2026-04-03"),
        ("eve", "2026-04-02", "2026-04-02"),
    ],
)
def test_preset_fills_the_form(client, planner, preset, first, last):
    fill_days(make_queue(country="DE"), [10] * 5, first=MONDAY)

    text = client.get(f"{PAGE}new/", {"preset": preset}).content.decode()

    assert f'value="{first}"' in text
    assert f'value="{last}"' in text


def test_event_is_entered_and_changed(client, planner):
    queue = make_queue()

    client.post(f"{PAGE}new/", form_data(queues=[queue.pk]))
    event = Event.objects.get()
    client.post(f"{PAGE}{event.pk}/", form_data(name="Release 8"))

    event.refresh_from_db()
    assert event.name == "Release 8"
    assert event.starts_on == date(2026, 3, 24)
    assert not event.queues.exists()


def test_refused_form_keeps_what_was_typed(client, planner):
    answer = client.post(f"{PAGE}new/", form_data(treatment="ADJUST", name="Kept"))

    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    assert "how many percent" in answer.content.decode()
    assert not Event.objects.exists()


def test_preview_lists_the_coming_days(client, planner):
    values = {"starts_on": "2026-01-29", "ends_on": "2026-01-31", "repeats": "MONTHLY"}

    text = client.get(f"{PAGE}preview/", values).content.decode()
    nonsense = client.get(f"{PAGE}preview/", {"starts_on": "x"}).content.decode()

    assert text.index("29–31 Jan 2026") < text.index("29–31 Mar 2026")
    assert "26–28 Feb 2026" not in text
    assert "in order" in nonsense


def test_copy_and_switch_off_from_the_calendar(client, planner):
    event = make_event()

    client.post(f"{PAGE}{event.pk}/copy/")
    client.post(f"{PAGE}{event.pk}/active/", {"active": "0"})

    event.refresh_from_db()
    assert not event.is_active
    assert Event.objects.count() == 2


@pytest.mark.parametrize("act", ["", "copy/", "active/"])
def test_reader_changes_nothing(client, act):
    client.force_login(UserFactory(role=roles.SUPPORT_LEAD))
    event = make_event()

    answer = client.post(f"{PAGE}{event.pk}/{act}", form_data())

    assert answer.status_code == 403
    assert Event.objects.count() == 1


def test_team_lead_sees_events_of_own_queues_and_common_ones(client):
    lead = UserFactory(role=roles.TEAM_LEAD)
    team = TeamFactory(lead=lead)
    own, other = make_queue(), make_queue()
    own.teams.add(team)
    make_event("Ours", queues=[own])
    make_event("Common")
    make_event("Theirs", queues=[other])
    client.force_login(lead)

    text = client.get(PAGE).content.decode()

    assert "Ours" in text
    assert "Common" in text
    assert "Theirs" not in text


def test_agent_sees_no_calendar(client):
    client.force_login(UserFactory(role=roles.AGENT))

    assert client.get(reverse("capacity:events")).status_code == 403
