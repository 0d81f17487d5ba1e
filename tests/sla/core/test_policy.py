"""What a policy definition says, matches, promises and refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core.calendar import BusinessCalendar
from sla.core.clock import ClockEvent, run_clocks
from sla.core.default_policy import standard_support
from sla.core.history import METRICS
from sla.core.policy import (
    PRIORITIES,
    NamedCalendar,
    PolicyDefinition,
    TicketFacts,
)

STANDARD = PolicyDefinition.from_dict(
    standard_support(business_hours="1", around_the_clock="2")
)
MINUTE, HOUR = 60, 3600


def test_definition_survives_json():
    complete = STANDARD.with_calendars(
        {
            "1": NamedCalendar(
                "Office",
                BusinessCalendar.from_dict(
                    {
                        "timezone": "Europe/Berlin",
                        "weekly": {"0": [["09:00", "24:00"]]},
                        "holidays": {"2026-12-25": "Christmas"},
                        "exceptions": {"2026-12-24": [["09:00", "12:00"]]},
                    }
                ),
            ),
            "2": NamedCalendar("24/7", BusinessCalendar.always_open("UTC")),
            "3": NamedCalendar("not named", BusinessCalendar.always_open("UTC")),
        }
    )
    stored = json.loads(json.dumps(complete.to_dict()))

    assert PolicyDefinition.from_dict(stored) == complete
    assert set(stored["calendars"]) == {"1", "2"}


# The table "SLA by Customer Tier" of the standard policy: P1 response and resolution.
@pytest.mark.parametrize(
    ("tier", "response", "resolution"),
    [
        ("enterprise", 7 * MINUTE, 2 * HOUR),
        ("business", 15 * MINUTE, 4 * HOUR),
        ("professional", 30 * MINUTE, 6 * HOUR),
        ("starter", 1 * HOUR, 8 * HOUR),
        ("free", 4 * HOUR, 24 * HOUR),
    ],
)
def test_standard_policy_gives_the_tier_table(tier, response, resolution):
    targets = STANDARD.targets_for(tier)

    assert targets["first_response"]["P1"] == response
    assert targets["resolution"]["P1"] == resolution


@pytest.mark.parametrize(
    ("priority", "response", "update", "resolution"),
    [
        ("P1", 15 * MINUTE, 30 * MINUTE, 4 * HOUR),
        ("P2", 1 * HOUR, 2 * HOUR, 8 * HOUR),
        ("P3", 4 * HOUR, 8 * HOUR, 24 * HOUR),
        ("P4", 8 * HOUR, 24 * HOUR, 72 * HOUR),
        ("P5", 24 * HOUR, None, 45 * HOUR),
    ],
)
def test_standard_policy_gives_the_priority_table(
    priority, response, update, resolution
):
    targets = STANDARD.targets_for("business")

    assert targets["first_response"][priority] == response
    assert targets["periodic_update"][priority] == update
    assert targets["resolution"][priority] == resolution


def test_explicit_value_wins_over_multiplier_even_when_it_promises_nothing():
    definition = PolicyDefinition(
        targets={"P1": {"first_response": 900, "resolution": 7200}},
        multipliers={"free": 4},
        tier_targets={"free": {"P1": {"first_response": None}}},
    )

    assert definition.target("free", "P1", "first_response") is None
    assert definition.target("free", "P1", "resolution") == 28_800
    assert definition.target("other", "P1", "first_response") == 900


def test_tickets_without_priority_are_promised_the_row_of_their_own():
    definition = PolicyDefinition(targets={"": {"resolution": 3600}})
    [clock] = run_clocks(
        [ClockEvent(0, "created", "")],
        {"resolution": definition.targets_for("")["resolution"]},
        definition.clock_calendars,
        now=60,
        rules=definition.clock_rules,
    )

    assert clock.due_at == 3600
    assert definition.targets_for("")["resolution"]["P1"] is None


def test_priority_calendar_counts_for_its_priority_only():
    office = BusinessCalendar.from_dict(
        {"timezone": "UTC", "weekly": {"0": [["09:00", "18:00"]]}}
    )
    definition = PolicyDefinition(
        calendar="1",
        priority_calendars={"P1": "always"},
        calendars={"1": NamedCalendar("Office", office)},
    )

    calendars = definition.clock_calendars
    assert calendars[""] == office
    assert calendars["P1"].between_seconds(0, 86_400) == 86_400
    assert definition.calendar_for("P2") == office


def test_a_calendar_without_hours_is_an_error_not_a_guess():
    with pytest.raises(ValueError, match="'7'"):
        PolicyDefinition(calendar="7").calendar_for("P1")


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        ({}, True),
        ({"tier": ["free", "business"]}, True),
        ({"tier": ["free"]}, False),
        ({"category": ["Billing"]}, True),
        ({"category": ["Billing / Refund"]}, True),
        ({"category": ["Bill"]}, False),
        ({"category": ["Billing / Refund / Late"]}, False),
        ({"tag": ["x", "vip"]}, True),
        ({"tag": ["x"]}, False),
        ({"organisation": [7]}, True),
        ({"channel": ["email"], "priority": ["P1"]}, False),
    ],
)
def test_conditions_are_or_inside_and_between(conditions, matches):
    facts = TicketFacts(
        tier="business",
        priority="P2",
        category="Billing / Refund",
        channel="email",
        organisation=7,
        tags=frozenset({"vip"}),
    )

    assert PolicyDefinition.from_dict({"conditions": conditions}).matches(facts) is (
        matches
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"surprise": 1}, "surprise"),
        ({"conditions": {"weather": ["rain"]}}, "weather"),
        ({"conditions": {"priority": ["P9"]}}, "P9"),
        ({"conditions": {"tier": "free"}}, "list"),
        ({"conditions": {"organisation": ["7"]}}, "'7'"),
        ({"targets": {"P1": {"first_response": 0}}}, "0"),
        ({"targets": {"P1": {"first_response": 1.5}}}, "1.5"),
        ({"targets": {"P1": {"first_response": True}}}, "True"),
        ({"targets": {"P9": {}}}, "P9"),
        ({"targets": {"P1": {"coffee": 60}}}, "coffee"),
        ({"multipliers": {"free": 0}}, "free"),
        ({"multipliers": {"free": "4"}}, "free"),
        ({"rules": {"first_response": ["smile"]}}, "smile"),
        ({"rules": {"reopen": "never"}}, "never"),
        ({"rules": {"pause_after_followups": 0}}, "0"),
        ({"rules": {"manual_pauses": 1}}, "manual_pauses"),
        ({"rules": {"other": 1}}, "other"),
        ({"calendars": {"1": {"timezone": "Mars", "weekly": {}}}}, "Mars"),
    ],
)
def test_from_dict_names_what_cannot_be(content, message):
    with pytest.raises(ValueError, match=message):
        PolicyDefinition.from_dict(content)


seconds = st.one_of(st.none(), st.integers(1, 10**7))
rows = st.dictionaries(
    st.sampled_from([*PRIORITIES, ""]),
    st.dictionaries(st.sampled_from(METRICS), seconds),
)


@given(
    targets=rows,
    explicit=st.dictionaries(st.sampled_from(["free", "gold"]), rows),
    factors=st.dictionaries(
        st.sampled_from(["free", "gold"]), st.floats(0.01, 100, allow_nan=False)
    ),
)
def test_any_definition_round_trips_and_targets_for_agrees_with_target(
    targets, explicit, factors
):
    definition = PolicyDefinition(
        targets=targets, multipliers=factors, tier_targets=explicit
    )

    again = PolicyDefinition.from_dict(json.loads(json.dumps(definition.to_dict())))
    assert again == definition
    table = again.targets_for("free")
    for metric in METRICS:
        for row in (*PRIORITIES, ""):
            assert table[metric][row] == definition.target("free", row, metric)
