from datetime import timedelta

import pytest

from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import (
    MONDAY_9AM,
    CategoryFactory,
    OrganisationFactory,
    ProductAreaFactory,
    open_ticket,
)
from tickets import services
from tickets.models import Tag, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

LATER = MONDAY_9AM + timedelta(hours=1)


def fresh(ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def last(ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).latest("seq")


def call(verb, ticket, **values):
    return verb(ticket_id=ticket.pk, at=LATER, actor=None, **values)


def test_change_priority_without_answers_needs_no_reason():
    ticket = open_ticket(priority="P3")

    call(services.change_priority, ticket, priority="P2")

    assert fresh(ticket).priority == "P2"
    assert (last(ticket).kind, last(ticket).from_value, last(ticket).to_value) == (
        "PRIORITY",
        "P3",
        "P2",
    )


def test_change_priority_against_the_matrix_needs_a_reason():
    ticket = open_ticket(impact="SINGLE", urgency="MINOR")

    with pytest.raises(services.ReasonRequired, match="matrix says P4"):
        call(services.change_priority, ticket, priority="P1", reason="  ")
    assert fresh(ticket).priority == "P4"
    assert fresh(ticket).last_seq == 2

    call(services.change_priority, ticket, priority="P1", reason="Their launch day")
    assert fresh(ticket).priority == "P1"
    assert last(ticket).reason == "Their launch day"


def test_change_priority_back_to_the_matrix_needs_no_reason():
    ticket = open_ticket(impact="SINGLE", urgency="MINOR")
    call(services.change_priority, ticket, priority="P1", reason="Launch day")

    call(services.change_priority, ticket, priority="P4")

    assert fresh(ticket).priority == "P4"


def test_change_severity_against_the_matrix_needs_a_reason():
    ticket = open_ticket()
    call(services.change_fields, ticket, users_affected="ALL", impairment="COMPLETE")
    assert fresh(ticket).severity == "SEV1"

    with pytest.raises(services.ReasonRequired, match="matrix says SEV1"):
        call(services.change_severity, ticket, severity="SEV4")

    assert fresh(ticket).severity == "SEV1"


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        (services.change_priority, {"priority": "P3"}),
        (services.change_severity, {"severity": "SEV3"}),
        (services.change_level, {"level": "L1"}),
        (services.set_tags, {"tags": ["billing"]}),
        (services.change_fields, {"subject": "Cannot sign in"}),
        (services.assign, {"assignee": None}),
        (services.move_to_team, {"team": None}),
    ],
)
def test_setting_the_same_value_changes_nothing(verb, values):
    ticket = open_ticket(priority="P3", severity="SEV3", level="L1", tags=["billing"])
    seq = ticket.last_seq

    call(verb, ticket, **values)

    assert fresh(ticket).last_seq == seq
    assert fresh(ticket).updated_at == MONDAY_9AM


@pytest.mark.parametrize(
    ("verb", "values", "refusal"),
    [
        (services.change_priority, {"priority": "P0"}, services.UnknownValue),
        (services.change_severity, {"severity": "BAD"}, services.UnknownValue),
        (services.change_level, {"level": "L9"}, services.UnknownValue),
        (services.set_tags, {"tags": ["ok", "not ok"]}, services.UnknownValue),
        (services.change_fields, {"impact": "HUGE"}, services.UnknownValue),
        (services.change_fields, {"subject": " "}, services.MissingFields),
        (services.change_fields, {"subject": "x" * 301}, services.TextTooLong),
    ],
)
def test_a_refused_value_writes_nothing(verb, values, refusal):
    ticket = open_ticket()

    with pytest.raises(refusal):
        call(verb, ticket, **values)

    assert fresh(ticket).last_seq == 1
    assert fresh(ticket).updated_at == MONDAY_9AM
    assert not Tag.objects.exists()


def test_change_fields_refuses_a_field_it_does_not_keep():
    with pytest.raises(TypeError, match="no field 'status'"):
        call(services.change_fields, open_ticket(), status="closed")


def test_change_fields_appends_one_event_for_each_field():
    ticket = open_ticket()
    category, area = CategoryFactory(name="Login"), ProductAreaFactory(name="Web")
    organisation = OrganisationFactory(name="Acme")
    former = ticket.organisation

    call(
        services.change_fields,
        ticket,
        category=category,
        product_area=area,
        organisation=organisation,
        subject="SSO  fails",
    )

    events = TicketEvent.objects.filter(ticket=ticket, seq__gt=1).order_by("seq")
    assert [(e.kind, e.from_value, e.to_value, e.details) for e in events] == [
        ("FIELD", "Cannot sign in", "SSO fails", {"field": "subject"}),
        (
            "FIELD",
            former.name,
            "Acme",
            {"field": "organisation", "id": organisation.pk},
        ),
        ("CATEGORY", "", "Login", {"id": category.pk}),
        ("FIELD", "", "Web", {"field": "product_area", "id": area.pk}),
    ]
    ticket = fresh(ticket)
    assert (ticket.category, ticket.product_area) == (category, area)


def test_clearing_a_field_records_that_it_is_empty():
    ticket = open_ticket(category=CategoryFactory(name="Login"))

    call(services.change_fields, ticket, category=None)

    assert (last(ticket).from_value, last(ticket).to_value) == ("Login", "")
    assert last(ticket).details == {"id": None}


def test_a_priority_that_followed_the_matrix_follows_it_further():
    ticket = open_ticket(impact="SINGLE", urgency="PARTIAL")

    call(services.change_fields, ticket, impact="MULTIPLE", urgency="SIGNIFICANT")

    assert fresh(ticket).priority == "P2"
    assert last(ticket).reason == "By the matrix."


def test_an_overridden_priority_stays_when_the_answers_change():
    ticket = open_ticket(impact="SINGLE", urgency="PARTIAL")
    call(services.change_priority, ticket, priority="P5", reason="They can wait")

    call(services.change_fields, ticket, impact="MULTIPLE", urgency="SIGNIFICANT")

    assert fresh(ticket).priority == "P5"


def test_set_tags_replaces_them_and_creates_new_ones():
    ticket = open_ticket(tags=["billing", "refund"])

    call(services.set_tags, ticket, tags=["Refund", "vip", "vip"])

    assert sorted(tag.name for tag in ticket.tags.all()) == ["refund", "vip"]
    event = last(ticket)
    assert (event.from_value, event.to_value) == ("billing refund", "refund vip")
    assert event.details == {"tags": ["refund", "vip"]}


def test_set_tags_keeps_the_whole_list_when_the_value_is_cut():
    tags = [f"tag-number-{number:02d}" for number in range(30)]
    ticket = open_ticket()

    call(services.set_tags, ticket, tags=tags)

    assert len(last(ticket).to_value) == 200
    assert last(ticket).details == {"tags": tags}


def test_assign_and_move_to_team_record_names_and_numbers():
    ticket = open_ticket()
    first, second = UserFactory(last_name="One"), UserFactory(last_name="Two")
    team = TeamFactory(name="Billing")

    call(services.assign, ticket, assignee=first)
    call(services.assign, ticket, assignee=second, reason="Shift ends")
    assert (last(ticket).from_value, last(ticket).to_value) == ("Ada One", "Ada Two")
    assert last(ticket).details == {"id": second.pk}
    assert last(ticket).reason == "Shift ends"

    call(services.assign, ticket, assignee=None)
    assert last(ticket).details == {"id": None}
    call(services.move_to_team, ticket, team=team)
    assert (last(ticket).kind, last(ticket).details) == ("TEAM", {"id": team.pk})
    assert (fresh(ticket).team, fresh(ticket).assignee) == (team, None)


def test_assign_refuses_somebody_who_cannot_sign_in():
    ticket = open_ticket()

    with pytest.raises(services.AssigneeInactive):
        call(services.assign, ticket, assignee=UserFactory(is_active=False))

    assert fresh(ticket).assignee is None
    assert fresh(ticket).last_seq == 1
