from dataclasses import replace
from datetime import date

import pytest

from sla.core.calendar import BusinessCalendar
from sla.core.default_policy import standard_support
from sla.core.policy import NamedCalendar, PolicyDefinition, PolicyRules
from sla.core.policy_lint import (
    SEVERITY_OF,
    Surroundings,
    has_errors,
    is_broader,
    lint_policy,
    working_day_seconds,
)
from sla.phrases import finding_sentence

TODAY = date(2026, 3, 2)
TIERS = ("enterprise", "business", "professional", "starter", "free")
OFFICE = BusinessCalendar.from_dict(
    {
        "timezone": "UTC",
        "weekly": {str(day): [["09:00", "18:00"]] for day in range(5)},
    }
)
ALL_ROWS = {
    row: {"first_response": 900, "resolution": 3600}
    for row in ("P1", "P2", "P3", "P4", "P5", "")
}
CLEAN = PolicyDefinition(targets=ALL_ROWS)


def codes(definition, **surroundings):
    found = lint_policy(
        definition, Surroundings(tiers=TIERS, **surroundings), today=TODAY
    )
    return [finding.code for finding in found]


def test_a_sound_policy_has_no_findings():
    assert codes(CLEAN) == []


def test_the_standard_policy_can_be_published_as_it_is():
    standard = PolicyDefinition.from_dict(
        standard_support(business_hours="1", around_the_clock="2")
    ).with_calendars(
        {
            "1": NamedCalendar("Office", OFFICE),
            "2": NamedCalendar("24/7", BusinessCalendar.always_open("UTC")),
        }
    )

    found = lint_policy(standard, Surroundings(tiers=TIERS), today=TODAY)

    assert not has_errors(found)
    # Its own table: five working days are less than 72 working hours.
    assert [finding_sentence(f) for f in found] == [
        "Tickets without a priority are promised nothing until they are triaged.",
        "P5 resolution is shorter than that of P4, which is more urgent.",
    ]


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        (PolicyDefinition(), "nothing_promised"),
        (replace(CLEAN, calendar="9"), "unknown_calendar"),
        (
            replace(CLEAN, rules=PolicyRules(first_response=frozenset())),
            "no_first_response",
        ),
        (
            replace(CLEAN, targets={"P1": {"resolution": 60}, "": {"resolution": 60}}),
            "missing_priority",
        ),
        (
            replace(CLEAN, targets={**ALL_ROWS, "P1": {"first_response": 20}}),
            "shorter_than_sweep",
        ),
        (
            replace(
                CLEAN,
                targets={
                    **ALL_ROWS,
                    "P5": {"first_response": 9000, "resolution": 3600},
                },
            ),
            "first_after_resolution",
        ),
        (
            replace(
                CLEAN,
                targets={**ALL_ROWS, "P5": {"next_reply": 9000, "resolution": 3600}},
            ),
            "next_after_resolution",
        ),
        (
            replace(
                CLEAN,
                targets={
                    **ALL_ROWS,
                    "P5": {"periodic_update": 9000, "resolution": 3600},
                },
            ),
            "update_after_resolution",
        ),
        (
            replace(CLEAN, targets={**ALL_ROWS, "P2": {"first_response": 9000}}),
            "faster_than_more_urgent",
        ),
        (
            replace(CLEAN, targets={k: v for k, v in ALL_ROWS.items() if k}),
            "no_priority_row",
        ),
        (replace(CLEAN, multipliers={"platinum": 0.1}), "unknown_tier"),
        (
            replace(
                CLEAN,
                rules=PolicyRules(
                    not_paused=frozenset(
                        {
                            "first_response",
                            "next_reply",
                            "periodic_update",
                            "resolution",
                        }
                    )
                ),
            ),
            "rule_without_effect",
        ),
        (
            replace(
                CLEAN,
                calendar="1",
                calendars={
                    "1": NamedCalendar(
                        "Never",
                        BusinessCalendar.from_dict({"timezone": "UTC", "weekly": {}}),
                    )
                },
            ),
            "calendar.never_open",
        ),
    ],
)
def test_each_doubt_is_found_alone_and_has_words(definition, code):
    found = lint_policy(definition, Surroundings(tiers=TIERS), today=TODAY)

    assert [finding.code for finding in found] == [code]
    assert finding_sentence(found[0])


def test_a_policy_behind_a_broader_one_is_unreachable():
    narrow = replace(CLEAN, conditions={"tier": ("free",), "category": ("A / B",)})
    broad = PolicyDefinition(conditions={"category": ("A",)})
    other = PolicyDefinition(conditions={"category": ("A / B / C",)})

    assert codes(narrow, earlier=[("Broad", broad)]) == ["unreachable"]
    assert codes(narrow, earlier=[("Other", other)]) == []
    assert "unreachable" in SEVERITY_OF


@pytest.mark.parametrize(
    ("broad", "narrow", "expected"),
    [
        ({}, {}, True),
        ({}, {"tier": ("free",)}, True),
        ({"tier": ("free",)}, {}, False),
        ({"tier": ("free", "starter")}, {"tier": ("free",)}, True),
        ({"tier": ("free",)}, {"tier": ("free", "starter")}, False),
        ({"tag": ("a", "b")}, {"tag": ("b",), "tier": ("free",)}, True),
    ],
)
def test_is_broader_compares_conditions(broad, narrow, expected):
    assert (
        is_broader(
            PolicyDefinition(conditions=broad), PolicyDefinition(conditions=narrow)
        )
        is expected
    )


def test_a_doubt_shared_by_tiers_is_told_once_and_names_them():
    definition = replace(
        CLEAN,
        multipliers={"enterprise": 0.01, "starter": 0.02},
    )

    found = lint_policy(definition, Surroundings(tiers=TIERS), today=TODAY)

    short = [f for f in found if f.code == "shorter_than_sweep"]
    assert {tuple(f.params["tiers"]) for f in short} == {
        ("enterprise", "starter"),
    }
    assert "enterprise and starter, P1 first response is shorter" in finding_sentence(
        short[0]
    )


def test_missing_holidays_of_next_year_are_told_with_the_calendar():
    definition = replace(
        CLEAN, calendar="1", calendars={"1": NamedCalendar("Office", OFFICE)}
    )

    found = lint_policy(
        definition,
        Surroundings(tiers=TIERS, holiday_years={"1": {"DE": [2025, 2026]}}),
        today=TODAY,
    )

    assert [finding_sentence(f) for f in found] == [
        "Calendar “Office”: no holidays of DE are loaded for 2027."
    ]


def test_working_day_is_the_most_common_length_of_a_day():
    uneven = BusinessCalendar.from_dict(
        {
            "timezone": "UTC",
            "weekly": {
                **{
                    str(day): [["09:00", "12:00"], ["13:00", "18:00"]]
                    for day in range(4)
                },
                "4": [["09:00", "16:00"]],
            },
        }
    )
    definition = PolicyDefinition(calendars={"1": NamedCalendar("Uneven", uneven)})

    assert working_day_seconds(definition, "1") == 8 * 3600
    assert working_day_seconds(definition, "always") == 86_400
    assert working_day_seconds(definition, "2") == 0
