"""Changes of a record in words, and what keeps an input from being validated."""

from datetime import date

import pytest

from workforce.capacity.core.decisions import (
    Change,
    Flaw,
    InputState,
    automation_rises,
    changed_facts,
    changes,
    distinct_facts,
    flaws,
)

DAY = date(2026, 3, 10)


def section(key, title="Scope", **facts):
    return {"key": key, "title": title, "data": {"facts": facts, "rows": [1]}}


def state(**fields):
    columns = {
        "name": "Mix", "has_value": True, "has_source": True, "has_owner": True,
        "as_of": date(2026, 3, 1), "refresh_due_on": DAY, **fields,
    }  # fmt: skip
    return InputState(**columns)


def test_changes_name_what_came_went_and_differs():
    before = [section("a", Owner="Ada", Gone="x"), section("old", title="Old", It="1")]
    after = [section("new", title="New", That="2"), section("a", Owner="Ben", Come="y")]

    assert changes(before, after) == [
        Change("new", "New", "That", "", "2"),
        Change("a", "Scope", "Owner", "Ada", "Ben"),
        Change("a", "Scope", "Gone", "x", ""),
        Change("a", "Scope", "Come", "", "y"),
        Change("old", "Old", "It", "1", ""),
    ]


def test_changes_pass_over_live_figures():
    now = section("a", Owner="Ada")
    later = {**now, "data": {**now["data"], "rows": [2]}}
    assert changes([now], [later]) == []


def test_changed_facts_take_an_empty_text_for_none():
    assert changed_facts({"A": ""}, {}) == []


def test_distinct_facts_number_labels_that_repeat():
    found = distinct_facts([("Risk", "a"), ("Risk", "b"), ("Risk", "c")])
    assert found == {"Risk": "a", "Risk (2)": "b", "Risk (3)": "c"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"has_value": False}, [Flaw.NO_VALUE]),
        ({"has_source": False, "has_owner": False}, [Flaw.NO_SOURCE, Flaw.NO_OWNER]),
        ({"as_of": None, "refresh_due_on": None}, [Flaw.NO_DATE]),
        ({"refresh_due_on": date(2026, 3, 9)}, [Flaw.STALE]),
        ({"refresh_due_on": None}, [Flaw.NO_REFRESH]),
    ],
)
def test_flaws_name_everything_that_is_missing(fields, expected):
    assert flaws(state(**fields), DAY) == expected


def test_automation_rises_from_nothing_when_it_is_unknown():
    assert automation_rises(None, 0.1)
    assert not automation_rises(0.3, 0.3)
    assert not automation_rises(None, 0)
    assert automation_rises(0.3, 0.31)
