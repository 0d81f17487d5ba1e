from dataclasses import replace
from datetime import date, time

import pytest

from sla.core.calendar import BusinessCalendar
from sla.core.default_policy import standard_support
from sla.core.policy import NamedCalendar, PolicyDefinition, PolicyRules
from sla.core.policy_changes import diff
from sla.phrases import Names, change_sentence, conditions_sentence

STANDARD = PolicyDefinition.from_dict(
    standard_support(business_hours="1", around_the_clock="2")
)
TODAY = date(2026, 3, 2)
NAMES = Names(tiers={"free": "Free", "enterprise": "Enterprise"})


def monday(opens: str) -> BusinessCalendar:
    return BusinessCalendar.from_dict(
        {"timezone": "UTC", "weekly": {"0": [[opens, "18:00"]]}}
    )


def sentences(old: PolicyDefinition, new: PolicyDefinition) -> list[str]:
    return [change_sentence(change, NAMES, today=TODAY) for change in diff(old, new)]


def with_target(definition, priority, metric, seconds):
    row = {**definition.targets.get(priority, {}), metric: seconds}
    return replace(definition, targets={**definition.targets, priority: row})


def test_equal_definitions_differ_in_nothing():
    assert diff(STANDARD, STANDARD) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            with_target(STANDARD, "P2", "first_response", 2700),
            ["P2 first response: 1 h → 45 min"],
        ),
        (
            with_target(STANDARD, "", "resolution", 3600),
            ["No priority resolution: no promise → 1 h"],
        ),
        (
            replace(STANDARD, multipliers={**STANDARD.multipliers, "free": 3.0}),
            ["Free multiplier: 4 × → 3 ×"],
        ),
        (
            replace(
                STANDARD,
                tier_targets={
                    tier: rows
                    for tier, rows in STANDARD.tier_targets.items()
                    if tier != "enterprise"
                },
            ),
            ["Enterprise, P1 first response: 7 min → 7 min 30 s"],
        ),
        (
            replace(STANDARD, conditions={"tier": ("free", "enterprise")}),
            ["For tickets with tier: any → Free or Enterprise"],
        ),
        (
            replace(STANDARD, rules=PolicyRules(reopen="continue")),
            ["Reopening: starts a new period → goes on with the old period"],
        ),
        (
            replace(STANDARD, rules=PolicyRules(pause_after_followups=None)),
            ["Pause after unanswered follow-ups: 2 → never"],
        ),
        (
            replace(
                STANDARD, rules=PolicyRules(first_response=frozenset({"took_charge"}))
            ),
            [
                "Counts as a first response: a public reply → an agent taking charge",
            ],
        ),
        (
            replace(STANDARD, priority_calendars={}),
            ["P1 calendar: 2 → 1"],
        ),
    ],
)
def test_one_edit_is_one_sentence(new, expected):
    assert sentences(STANDARD, new) == expected


def test_changed_hours_of_the_same_calendar_are_told():
    old = PolicyDefinition(
        calendar="1", calendars={"1": NamedCalendar("Office", monday("09:00"))}
    )
    new = replace(old, calendars={"1": NamedCalendar("Office", monday("10:00"))})

    assert sentences(old, new) == [
        "Hours of “Office”: Mon 09:00–18:00 (UTC) → Mon 10:00–18:00 (UTC)"
    ]


def test_changed_days_of_a_calendar_are_named_from_today_on():
    weekly = {day: [(time(9), time(18))] for day in range(5)}
    christmas_eve, new_year = date(2026, 12, 24), date(2027, 1, 1)
    before = BusinessCalendar("UTC", weekly, {new_year: "New Year"})
    after = BusinessCalendar(
        "UTC",
        weekly,
        {
            date(2025, 12, 24): "Christmas Eve",
            date(2026, 12, 26): "a Saturday, closed anyway",
            christmas_eve: "Christmas Eve",
            new_year: "New Year",
        },
        exceptions={date(2026, 12, 31): [(time(9), time(12))]},
    )
    old = PolicyDefinition(
        calendar="1", calendars={"1": NamedCalendar("Office", before)}
    )
    new = replace(old, calendars={"1": NamedCalendar("Office", after)})

    assert sentences(old, new) == [
        "Hours of “Office”: 24 Dec 2026: closed (Christmas Eve); "
        "31 Dec 2026: 09:00–12:00; 1 past day"
    ]


def test_many_changed_days_are_counted_after_the_first_ones():
    weekly = {day: [(time(9), time(18))] for day in range(5)}
    closed = {date(2026, 6, day): "Strike" for day in range(1, 20)}
    old = PolicyDefinition(
        calendar="1",
        calendars={"1": NamedCalendar("Office", BusinessCalendar("UTC", weekly))},
    )
    shut = NamedCalendar("Office", BusinessCalendar("UTC", weekly, closed))

    [text] = sentences(old, replace(old, calendars={"1": shut}))

    assert text.count("Strike") == 12
    assert text.endswith("16 Jun 2026: closed (Strike); 3 later days")


def test_the_difference_turned_round_swaps_before_and_after():
    new = with_target(STANDARD, "P2", "first_response", 2700)

    [there], [back] = diff(STANDARD, new), diff(new, STANDARD)
    assert there.params["before"] == back.params["after"] == 3600
    assert there.params["after"] == back.params["before"] == 2700


def test_conditions_read_as_one_sentence():
    definition = PolicyDefinition(
        conditions={"tier": ("free",), "category": ("Billing", "Access")}
    )

    assert conditions_sentence(definition, NAMES) == (
        "Tickets whose tier is Free and whose category is Billing or Access."
    )
    assert conditions_sentence(PolicyDefinition()) == "Every ticket."
