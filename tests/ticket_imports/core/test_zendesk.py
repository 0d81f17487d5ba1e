import io
import json

import pytest

from tickets.imports.core.facts import Facts
from tickets.imports.core.staging import Staging
from tickets.imports.core.zendesk import ZendeskReader

T0, T1, T2, T3 = (f"2024-01-0{day}T00:00:00Z" for day in (1, 2, 3, 4))
USERS = [
    {"id": 1, "name": "Ann", "email": "ann@x.org", "role": "end-user"},
    {"id": 2, "name": "Bo", "email": "bo@us.org", "role": "agent"},
    {"id": 3, "name": "Cy", "email": "cy@us.org", "role": "agent"},
]
TICKET = {
    "id": 7,
    "url": "https://x.zendesk.com/api/v2/tickets/7.json",
    "subject": "Printer",
    "requester_id": 1,
    "status": "solved",
    "priority": "urgent",
    "created_at": T0,
    "updated_at": T3,
    "description": "It burns",
    "organization_id": 5,
    "tags": ["fire"],
    "via": {"channel": "email"},
}


def audit(number, at, author, *events, ticket_id=7):
    return {
        "id": number,
        "ticket_id": ticket_id,
        "created_at": at,
        "author_id": author,
        "events": list(events),
    }


def field(name, value, kind="Change", **more):
    return {"type": kind, "field_name": name, "value": value, **more}


def comment(body, author, *, public=True):
    return {
        "id": 1,
        "type": "Comment",
        "body": body,
        "author_id": author,
        "public": public,
    }


AUDITS = [
    audit(
        11,
        T0,
        1,
        field("status", "new", "Create"),
        field("group_id", "8", "Create"),
        comment("It burns", 1),
    ),
    audit(
        12,
        T1,
        2,
        field("assignee_id", "2"),
        field("status", "open"),
        comment("On it", 2),
        comment("hm", 2, public=False),
    ),
    audit(13, T2, 2, field("assignee_id", "3"), field("status", "solved")),
    audit(14, T3, 3, field("assignee_id", "2")),
]


def read(*documents, tmp_path):
    text = "\n".join(json.dumps(d) if not isinstance(d, str) else d for d in documents)
    refused = []
    with Staging(tmp_path) as staging:
        reader = ZendeskReader(
            io.StringIO(text), None, lambda line, reason, raw: refused.append(reason)
        )
        reader.stage(staging, lambda: None)
        records = [
            reader.assemble(external_id, parts, staging)
            for external_id, parts, _size in staging.records()
        ]
    return {record.external_id: record for record in records}, refused


def test_audits_tell_the_history(tmp_path):
    documents = [
        {"users": USERS, "groups": [{"id": 8, "name": "Desk"}]},
        {"tickets": [TICKET], "count": 1},
        {"audits": AUDITS, "next_page": None},
        {"organizations": [{"id": 5, "name": "Acme"}]},
    ]
    records, refused = read(*documents, tmp_path=tmp_path)
    assert refused == []
    record = records["7"]
    assert [row.status for row in record.rows] == ["new", "open", "solved", ""]
    assert [t.direction for row in record.rows for t in row.texts] == [
        "in",
        "out",
        "internal",
    ]
    assert [row.actor for row in record.rows] == ["", "2", "2", "3"]
    assert record.people["3"] == "Cy"
    assert record.groups == {"8": "Desk"}
    assert record.attributes["organization_name"] == "Acme"
    facts = Facts()
    facts.add(record.rows)
    report = facts.report()
    assert report["median_hours_to_resolve"] == 48.0
    assert report["handoffs"]["assignee"] == 2
    assert report["ping_pongs"]["assignee"] == {"count": 1, "tickets": 1}


def test_repeated_and_unordered_audits_count_once(tmp_path):
    once, _refused = read({"audits": AUDITS}, tmp_path=tmp_path)
    twice, _refused = read(
        {"audits": AUDITS[::-1]}, {"audits": AUDITS}, tmp_path=tmp_path
    )
    assert twice["7"].rows == once["7"].rows


def test_one_object_a_line_and_single_answers_are_known(tmp_path):
    records, refused = read(
        *USERS,
        TICKET,
        {
            "ticket": {**TICKET, "id": 8, "url": ""},
            "audit": audit(1, T0, 1, field("status", "open", "Create"), ticket_id=8),
        },
        tmp_path=tmp_path,
    )
    assert refused == []
    assert sorted(records) == ["7", "8"]


def test_a_ticket_without_audits_tells_its_dates(tmp_path):
    records, _refused = read(
        {"tickets": [{**TICKET, "metric_set": {"id": 1, "solved_at": T2}}]},
        tmp_path=tmp_path,
    )
    rows = records["7"].rows
    assert [row.status for row in rows] == ["new", "solved"]
    assert rows[0].texts[0].direction == "in"
    assert rows[0].values["tags"] == "fire"


def test_incremental_ticket_events_tell_the_history(tmp_path):
    events = [
        {
            "id": 1,
            "ticket_id": 9,
            "timestamp": 1_704_067_200,
            "updater_id": 2,
            "child_events": [{"status": "open", "previous_value": "new"}],
        },
        {
            "id": 2,
            "ticket_id": 9,
            "timestamp": 1_704_070_800,
            "updater_id": -1,
            "child_events": [{"status": "closed", "previous_value": "open"}],
        },
    ]
    records, _refused = read({"ticket_events": events}, tmp_path=tmp_path)
    assert [row.status for row in records["9"].rows] == ["new", "open", "closed"]


def test_hold_and_deleted_have_neutral_words(tmp_path):
    records, _refused = read(
        {
            "audits": [
                audit(1, T0, 2, field("status", "hold", "Create")),
                audit(2, T1, 2, field("status", "deleted")),
            ]
        },
        tmp_path=tmp_path,
    )
    assert [row.status for row in records["7"].rows] == ["on_hold", "deleted"]


def test_cut_document_gives_what_came_before(tmp_path):
    text = json.dumps({"tickets": [TICKET, {**TICKET, "id": 8}]})[:-30]
    records, refused = read(text, tmp_path=tmp_path)
    assert list(records) == ["7"]
    assert "cannot be read on" in refused[0]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"weather": "fine"}, "no Zendesk object"),
        ([3], "not a JSON object"),
        ({"audits": [{"id": 1, "events": []}]}, "which ticket"),
        ({"users": [{"id": 1, "name": "a\x00"}]}, "NUL"),
    ],
)
def test_what_is_not_zendesk_is_told(tmp_path, document, reason):
    records, refused = read(document, tmp_path=tmp_path)
    assert records == {}
    assert reason in refused[0]
