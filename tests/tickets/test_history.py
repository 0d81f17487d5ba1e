from datetime import UTC, datetime, timedelta

import pytest

from tickets.models import Message, Tag, Ticket, TicketEvent
from tickets.services.history import (
    HistoricEvent,
    HistoricMessage,
    TicketHistory,
    append_histories,
)
from tickets.services.refusals import UnknownStatus
from tickets.signals import tickets_changed

pytestmark = pytest.mark.django_db

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def events(*more: HistoricEvent) -> list[HistoricEvent]:
    listed = [HistoricEvent(START, "CREATED", to_value="new", state="OPEN"), *more]
    for hour, event in enumerate(listed):
        event.at = START + timedelta(hours=hour)
    return listed


def message(direction: str, body: str) -> HistoricEvent:
    return HistoricEvent(
        START, "MESSAGE", direction=direction, message=HistoricMessage(body)
    )


def test_append_histories_writes_ticket_log_messages_and_tags():
    story = events(
        message("IN", "help"),
        message("OUT", "done"),
        HistoricEvent(START, "TAGS", to_value="vpn billing"),
        HistoricEvent(
            START, "STATUS", from_value="new", to_value="resolved", state="RESOLVED"
        ),
    )
    [written] = append_histories([TicketHistory("VPN", story, custom={"k": 1})], at=NOW)
    assert (written.is_new, written.events, written.messages) == (True, 5, 2)
    ticket = Ticket.objects.get(pk=written.ticket_id)
    assert (ticket.status.code, ticket.is_open, ticket.last_seq) == (
        "resolved",
        False,
        5,
    )
    assert ticket.first_response_at == START + timedelta(hours=2)
    assert ticket.resolved_at == ticket.updated_at == START + timedelta(hours=4)
    assert set(ticket.tags.values_list("name", flat=True)) == {"vpn", "billing"}
    rows = ticket.events.order_by("seq").values_list("seq", "kind", "message__body")
    assert list(rows) == [
        (1, "CREATED", None),
        (2, "MESSAGE", "help"),
        (3, "MESSAGE", "done"),
        (4, "TAGS", None),
        (5, "STATUS", None),
    ]
    assert ticket.custom == {"k": 1}


def test_append_histories_continues_a_ticket_after_what_is_written():
    story = events(message("IN", "help"))
    [first] = append_histories([TicketHistory("VPN", story)], at=NOW)
    TicketEvent.objects.create(
        ticket_id=first.ticket_id, seq=3, at=NOW, kind="ESCALATION", reason="late"
    )
    Ticket.objects.filter(pk=first.ticket_id).update(last_seq=3, updated_at=NOW)
    longer = events(message("IN", "help"), message("OUT", "done"))
    [second] = append_histories(
        [TicketHistory("VPN", longer, ticket_id=first.ticket_id, written=2)], at=NOW
    )
    assert (second.is_new, second.events, second.messages, second.last_seq) == (
        False,
        1,
        1,
        4,
    )
    ticket = Ticket.objects.get(pk=first.ticket_id)
    assert ticket.first_response_at == START + timedelta(hours=2)
    assert ticket.updated_at == NOW
    kinds = ticket.events.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["CREATED", "MESSAGE", "ESCALATION", "MESSAGE"]


def test_append_histories_announces_once_a_batch(django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, ticket_ids, at, **_):
        heard.append((len(ticket_ids), at))

    tickets_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            append_histories(
                [TicketHistory(f"T{n}", events()) for n in range(3)], at=NOW
            )
    finally:
        tickets_changed.disconnect(listen)
    assert heard == [(3, NOW)]


def test_append_histories_refuses_an_unknown_status_and_writes_nothing():
    wrong = [HistoricEvent(START, "CREATED", to_value="nowhere", state="OPEN")]
    with pytest.raises(UnknownStatus, match="nowhere"):
        append_histories(
            [TicketHistory("A", events()), TicketHistory("B", wrong)], at=NOW
        )
    assert not Ticket.objects.exists()
    assert not TicketEvent.objects.exists()


def test_append_histories_of_nothing_does_nothing():
    assert append_histories([], at=NOW) == []


@pytest.mark.parametrize("count", [1, 3])
def test_append_histories_asks_as_much_for_three_as_for_one(
    count, django_assert_num_queries
):
    stories = [
        TicketHistory(
            f"T{n}",
            events(message("IN", "x"), HistoricEvent(START, "TAGS", to_value="a")),
        )
        for n in range(count)
    ]
    # savepoint, statuses, tickets, messages, events, tags (in, out), links, release
    with django_assert_num_queries(9):
        append_histories(stories, at=NOW)
    assert Message.objects.count() == count
    assert Tag.objects.filter(name="a").count() == 1


def test_append_histories_cuts_what_is_too_long_for_its_column():
    story = events(
        HistoricEvent(START, "ACTIVITY", to_value="x" * 500, reason="y" * 900)
    )
    [written] = append_histories([TicketHistory("s" * 900, story)], at=NOW)
    event = TicketEvent.objects.get(ticket_id=written.ticket_id, seq=2)
    assert (len(event.to_value), len(event.reason)) == (200, 500)
    assert len(event.ticket.subject) == 300
