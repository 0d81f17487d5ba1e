from datetime import UTC

import pytest

from tickets.imports.core.clock import ZoneMissing
from tickets.imports.core.facts import Facts
from tickets.imports.core.jsonl import (
    pack_record,
    read_ticket,
    unpack_record,
)
from tickets.imports.core.neutral import RecordRefused

BASE = {"schema": "ticket-import/1", "source": "x", "external_id": "A1"}
NINE, TEN, NOON = (f"2024-01-01T{hour}:00:00Z" for hour in ("09", "10", "12"))


def read(**ticket):
    return read_ticket({**BASE, **ticket}, None, 1)


def change(seq, at, field, to, before=None, **more):
    return {
        "seq": seq,
        "at": at,
        "type": "change",
        "field": field,
        "to": to,
        "from": before,
        **more,
    }


def report(record):
    facts = Facts()
    facts.add(record.rows)
    return facts.report()


def test_events_of_one_save_are_one_row():
    record = read(
        events=[
            change(1, NINE, "status", "new"),
            change(1, NINE, "group", "Desk"),
            change(2, TEN, "status", "solved"),
        ],
    )
    assert [row.weight for row in record.rows] == [2, 1]
    assert record.rows[0].values == {"status": "new", "group": "Desk"}
    assert report(record)["median_hours_to_resolve"] == 1.0


def test_order_is_seq_not_time():
    record = read(
        events=[change(2, NINE, "status", "closed"), change(1, NINE, "status", "new")]
    )
    assert [row.status for row in record.rows] == ["new", "closed"]


def test_what_a_field_was_before_its_first_change_counts():
    record = read(
        created_at=NINE,
        events=[
            change(1, NINE, "status", "new"),
            change(2, TEN, "group", "Net", "Desk"),
            change(3, NOON, "group", "Desk", "Net"),
        ],
    )
    found = report(record)
    assert found["handoffs"]["group"] == 2
    assert found["ping_pongs"]["group"] == {"count": 1, "tickets": 1}
    assert sum(row.weight for row in record.rows) == 3


def test_what_no_event_ever_changed_was_so_from_the_beginning():
    record = read(
        priority="high",
        group="Desk",
        assignee="Bob",
        events=[
            change(1, NINE, "status", "open"),
            change(2, TEN, "assignee", "Eve", before="Ann"),
        ],
    )

    first = record.rows[0].values
    assert (first["priority"], first["group"]) == ("high", "Desk")
    assert first["assignee"] == "Ann"
    assert report(record)["handoffs"] == {"group": 0, "assignee": 1, "level": 0}


def test_messages_stand_between_events_by_time():
    record = read(
        created_at=NINE,
        events=[change(1, NINE, "status", "new"), change(2, NOON, "status", "solved")],
        messages=[{"at": TEN, "author": "Bo", "direction": "out", "body_text": "hi"}],
    )
    assert [bool(row.texts) for row in record.rows] == [False, True, False]


def test_a_ticket_without_history_tells_its_dates():
    record = read(
        created_at=NINE,
        first_response_at=TEN,
        resolved_at=NOON,
        status="closed",
        priority="high",
        group="Desk",
    )
    assert [row.status for row in record.rows] == ["", "", "solved", "closed"]
    assert record.rows[1].texts[0].body is None
    assert report(record)["median_hours_to_resolve"] == 3.0
    assert report(record)["by_priority"] == {"high": 1}


def test_raw_words_are_kept_and_unknown_ones_told():
    record = read(events=[change(1, NINE, "status", None, to_raw="Zzz")])
    assert record.rows[0].status == "unknown"
    assert record.rows[0].values["status"] == "Zzz"


@pytest.mark.parametrize(
    ("ticket", "reason"),
    [
        ({"schema": "other"}, "schema"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": {}}, "external_id"),
        ({"external_id": "x" * 121}, "external_id"),
        ({}, "has neither"),
        ({"created_at": "soon"}, "does not fit"),
        ({"events": "many"}, "list of objects"),
        ({"events": [3]}, "list of objects"),
        ({"events": [{"seq": 1, "field": "status"}]}, "no time"),
        ({"created_at": NINE, "subject": "a\x00b"}, "NUL"),
        ({"created_at": NINE, "custom": {"k": ["\ud800"]}}, "surrogate"),
        ({"created_at": "2024-01-01 10:00", "timezone": "Mars"}, "no time zone"),
    ],
)
def test_a_ticket_that_cannot_be_read_is_refused_with_the_reason(ticket, reason):
    with pytest.raises(RecordRefused, match=reason):
        read(**ticket)


@pytest.mark.parametrize("ticket", [None, [], "x", 3])
def test_what_is_no_object_is_refused(ticket):
    with pytest.raises(RecordRefused):
        read_ticket(ticket, None, 1)


def test_a_time_without_zone_refuses_the_file_or_takes_the_ticket_zone():
    with pytest.raises(ZoneMissing):
        read(created_at="2024-01-01 10:00")
    record = read(created_at="2024-01-01 10:00", timezone="+01:00")
    assert record.rows[0].at == 1_704_099_600_000_000
    with_zone = read_ticket({**BASE, "created_at": "2024-01-01 10:00"}, UTC, 1)
    assert with_zone.rows[0].at == 1_704_103_200_000_000


def test_packing_a_record_loses_nothing():
    record = read(
        created_at=NINE,
        requester={"name": "Ann", "email": "a@x.org"},
        organization={"external_id": "7", "name": "Acme"},
        tags=["a", "b"],
        category=["HW", "Printer"],
        custom={"k": 1},
        counters={"reopens": 3},
        messages=[{"at": TEN, "author": "Ann", "direction": "in", "body_text": "help"}],
    )
    again = unpack_record("A1", 1, pack_record(record))
    assert again == record
    assert record.attributes["organization_name"] == "Acme"
    assert record.rows[0].values == {"category": "HW / Printer", "tags": "a b"}
    assert record.custom == {"k": 1, "claimed": {"reopens": 3}}
