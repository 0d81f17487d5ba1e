import json

import pytest

from tickets.imports.core.mapping import MappingRefused, parse_mapping
from tickets.imports.services.opening import shipped_mappings

LEAST = {"case_id": "id", "timestamp": "at", "fields": {"status": "s"}}


def problems(**changes):
    with pytest.raises(MappingRefused) as refusal:
        parse_mapping({**LEAST, **changes})
    return refusal.value.problems


def test_mapping_with_the_least_has_the_defaults():
    mapping = parse_mapping(LEAST)
    assert mapping.encoding == "utf-8-sig"
    assert mapping.delimiter == ","
    assert mapping.mode == "snapshot"
    assert mapping.zone is None
    assert mapping.columns() == ["id", "at", "s"]


def test_mapping_names_every_problem_at_once():
    with pytest.raises(MappingRefused) as refusal:
        parse_mapping({"mode": "sideways", "timezone": "Mars", "delimiter": ";;"})
    text = str(refusal.value)
    for part in ("case_id", "timestamp", "mode", "Mars", "delimiter", "status"):
        assert part in text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"timezon": "UTC"}, "did you mean “timezone”"),
        ({"status_map": {"a": "finished"}}, "none of new, open"),
        ({"priority_map": {"a": "huge"}}, "none of urgent"),
        ({"priority_from": {"map": {}}}, ""),
        ({"priority_from": {"map": {"1": "low"}}}, "needs “field”"),
        ({"fields": {"status": 3}}, "column or a list"),
        ({"fields": ["status"]}, "must be an object"),
        ({"encoding": "klingon"}, "no encoding"),
        ({"encoding": "base64"}, "does not encode text"),
        ({"encoding": 7}, "must be a text"),
        ({"mode": "activity"}, "needs the column “activity”"),
    ],
)
def test_mapping_says_what_is_wrong(changes, part):
    assert any(part in problem for problem in problems(**changes))


@pytest.mark.parametrize("source", [None, [], "text", 3])
def test_mapping_must_be_an_object(source):
    with pytest.raises(MappingRefused):
        parse_mapping(source)


def test_mapping_notes_a_key_it_does_not_know():
    assert parse_mapping({**LEAST, "remarks": "x"}).notices == (
        "key “remarks” is not used",
    )


def test_mapping_reads_words_of_other_tools():
    mapping = parse_mapping({**LEAST, "status_map": {"R": "resolved", "?": "unknown"}})
    assert mapping.status_of("R") == "solved"
    assert mapping.status_of("?") == "unknown"
    assert mapping.status_of("on_hold") == "on_hold"
    assert mapping.status_of("Zzz") == "unknown"


@pytest.mark.parametrize("name", ["bpi2013", "helpdesk_italy"])
def test_shipped_mapping_is_valid(name):
    mapping = parse_mapping(json.loads(shipped_mappings()[name].read_text()))
    assert mapping.automation
    assert mapping.notices == ()


def test_mapping_of_an_incident_table_reads_its_claims_beside_the_fields():
    mapping = parse_mapping(
        {
            "case_id": "number",
            "timestamp": "sys_updated_at",
            "timestamp_format": "%d/%m/%Y %H:%M",
            "null_values": ["?", ""],
            "status": "incident_state",
            "group": "assignment_group",
            "priority": "priority",
            "priority_map": {"1 - Critical": "urgent"},
            "requester": "caller_id",
            "created_at": "opened_at",
            "counters": {"reopens": "reopen_count"},
            "sla": {"met": "made_sla"},
            "organisation": "company",
        }
    )
    assert mapping.fields["group"] == ("assignment_group",)
    assert mapping.custom == ("reopen_count", "opened_at", "made_sla")
    assert mapping.attributes["organization"] == ("company",)
    assert mapping.priority_of("1 - Critical") == "urgent"
