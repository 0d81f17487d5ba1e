"""The five formulas: printed examples, their lines, intervals and what moves them."""

import math
from itertools import product

import numpy as np
import pytest

from workforce.capacity.core.cost import (
    DEFINITIONS,
    KINDS,
    Expression,
    InputRefused,
    evaluate,
    interval,
    is_one_way,
    swings,
)


def test_capacity_gives_the_printed_example():
    worked = evaluate(
        "CAPACITY",
        {"volume": 500, "handle_minutes": 20, "hours": 8, "utilisation": 0.75},
    )

    assert worked.results["work"] == 10_000
    assert worked.results["agent_minutes"] == 360
    assert worked.results["exact"] == pytest.approx(27.7777777)
    assert (worked.value, worked.unit) == (28, "people")


def test_cost_per_ticket_gives_the_printed_example():
    worked = evaluate("COST_PER_TICKET", {})

    assert worked.results == pytest.approx(
        {
            "agent_cost": 75_000, "agent_tickets": 6_000, "cost_per_ticket": 12.50,
            "handle_saving": 1.25, "avoided": 300, "fcr_saving": 3_750,
        }
    )  # fmt: skip
    assert worked.value == 12.50


def test_self_service_gives_the_printed_example_and_takes_investment_off():
    printed = evaluate("SELF_SERVICE", {})
    invested = evaluate("SELF_SERVICE", {"running": 2_500, "once": 100_000})

    assert (printed.results["deflected"], printed.value) == (3_500, 52_500)
    assert printed.results["payback"] == 0
    assert invested.value == 50_000
    assert invested.results["total"] == 500_000
    assert invested.results["payback"] == 2


def test_automation_counts_everything_it_takes_against_what_it_replaces():
    worked = evaluate(
        "AUTOMATION",
        {
            "contacts": 1_000, "automated_share": 0.5, "human_cost": 10, "horizon": 10,
            "integration": 8_000, "training": 2_000, "licences": 500,
            "infrastructure": 100, "usage": 1, "maintenance": 200,
            "oversight_hours": 10, "oversight_hour": 20, "leakage": 0.2,
            "leak_cost": 5, "quality_loss": 0.5,
        },
    )  # fmt: skip

    # 500 automated; a month 500 + 100 + 200 + 200 + 500 = 1,500 and 500 × 1.50 = 750.
    assert worked.results["ownership"] == 10_000 + 10 * 2_250
    assert worked.results["replaced"] == 50_000
    assert worked.value == 17_500
    assert worked.results["break_even"] == pytest.approx(10_000 / 2_750)
    assert worked.results["per_automated"] == 6.5
    # Half at 6.50, half at 10.
    assert worked.results["hybrid"] == 8.25
    # At its break-even volume an automation neither saves nor costs.
    volume = worked.results["break_even_volume"]
    at_volume = evaluate("AUTOMATION", {**worked.inputs, "contacts": volume})
    assert at_volume.value == pytest.approx(0, abs=1e-6)


def test_automation_that_costs_more_than_it_saves_never_breaks_even():
    worked = evaluate("AUTOMATION", {"human_cost": 1})

    assert worked.value < 0
    assert math.isinf(worked.results["break_even"])
    assert math.isinf(worked.results["break_even_volume"])


@pytest.mark.parametrize("minimum", [0, 5_000])
def test_outsourcing_breaks_even_at_its_volume(minimum):
    worked = evaluate("OUTSOURCING", {"minimum": minimum})
    volume = worked.results["break_even_volume"]

    at_volume = evaluate("OUTSOURCING", {"minimum": minimum, "volume": volume})
    above = evaluate("OUTSOURCING", {"minimum": minimum, "volume": volume + 10})

    assert at_volume.value == pytest.approx(0, abs=1e-5)
    assert above.value > 0


def test_outsourcing_compares_both_sides_in_full():
    worked = evaluate(
        "OUTSOURCING",
        {
            "volume": 1_000, "horizon": 12, "agent_tickets": 6_000, "headroom": 0,
            "salary": 40_000, "benefits": 10_000, "training": 1_000,
            "management": 4_000, "tools": 3_000, "attrition": 0.5,
            "replacement": 4_000, "ticket_price": 5, "hour_price": 12,
            "handle_minutes": 15, "minimum": 1_500, "transition": 6_000,
            "oversight": 1_000, "reopened_now": 0.05, "reopened_then": 0.10,
            "escalated": 0.1, "escalation_cost": 30, "exit_cost": 6_000,
        },
    )  # fmt: skip

    assert worked.results["agents"] == 2
    assert worked.results["agent_cost"] == 60_000
    assert worked.results["inhouse"] == 120_000
    assert worked.results["price"] == 8
    # 0.05 × 8 + 0.1 × 30 = 3.40 a ticket; 1,500 billed although 1,000 came.
    assert worked.results["vendor_month"] == pytest.approx(12_000 + 1_000 + 3_400)
    assert worked.results["outsourced"] == pytest.approx(12_000 + 12 * 16_400)
    assert worked.value == pytest.approx(120_000 - 208_800)


@pytest.mark.parametrize("kind", KINDS)
def test_each_line_is_what_its_text_says(kind):
    worked = evaluate(kind, {})
    known = dict(worked.inputs)
    scope = {"ceil": math.ceil, "max": max, "payback": lambda o, e: o / e if o else 0}

    for line in worked.lines:
        expected = eval(line.expression.text, scope, known)  # noqa: S307 -- our own text
        assert line.value == pytest.approx(expected), line.key
        known[line.key] = line.value


@pytest.mark.parametrize("kind", KINDS)
def test_each_input_and_line_is_used(kind):
    definition = DEFINITIONS[kind]
    used = {name for step in definition.steps for name in step.expression.names}
    shown = {definition.result, *definition.headlines}

    assert {each.key for each in definition.inputs} <= used
    assert {step.key for step in definition.steps} >= shown


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_takes_itself_for_what_was_measured(kind):
    definition = DEFINITIONS[kind]

    for each in definition.inputs:
        if each.live:
            measured = set(Expression.parse(each.live).names) - set(definition.by_key)
            assert len(measured) == 1, each.key


@pytest.mark.parametrize(
    ("key", "value"),
    [("utilisation", 1.2), ("hours", 0), ("volume", float("nan")), ("colour", 1)],
)
def test_input_out_of_its_limits_is_refused_by_name(key, value):
    with pytest.raises(InputRefused) as refused:
        evaluate("CAPACITY", {key: value})

    assert refused.value.key == key


def test_missing_input_takes_its_default():
    assert evaluate("CAPACITY", {"volume": None}).inputs["volume"] == 500


# Ranges -----------------------------------------------------------------------------------


def test_interval_of_cost_per_ticket_is_exact_by_its_corners():
    found = interval(
        "COST_PER_TICKET",
        {},
        {"salary": (55_000, 70_000), "tickets_a_day": (20, 25)},
    )

    assert found is not None
    assert found.is_exact
    assert (found.n, found.share) == (4, 1.0)
    assert found.low == pytest.approx(70_000 / 6_000)
    assert found.high == pytest.approx(85_000 / 4_800)


@pytest.mark.parametrize("kind", KINDS)
def test_corners_hold_every_point_between_them(kind):
    """Each pair of inputs, on a grid: nothing lies outside what the corners say."""
    definition = DEFINITIONS[kind]
    middle = {each.key: each.default for each in definition.inputs}
    tried = 0
    for first, second in product(definition.inputs, repeat=2):
        if first.key >= second.key:
            continue
        ranges = {
            each.key: (
                max(each.low, 0.4 * each.default), min(each.high, 1.8 * each.default + 1)
            )
            for each in (first, second)
        }  # fmt: skip
        if not is_one_way(definition, definition.result, ranges):
            continue
        found = interval(kind, middle, ranges)
        assert found is not None
        tried += 1
        for a, b in product(*(np.linspace(*ends, 7) for ends in ranges.values())):
            value = evaluate(kind, middle | {first.key: a, second.key: b}).value
            assert found.low - 1e-6 <= value <= found.high + 1e-6
    assert tried > 2


def test_interval_that_bends_is_simulated_and_repeats():
    # Below the minimum more volume costs nothing more, above it does: not one way.
    ranges = {"volume": (1_000.0, 4_000.0)}
    definition = DEFINITIONS["OUTSOURCING"]

    assert not is_one_way(definition, "difference", ranges)
    first = interval("OUTSOURCING", {}, ranges, seed=7)
    again = interval("OUTSOURCING", {}, ranges, seed=7)

    assert first == again
    assert first is not None
    assert (first.is_exact, first.share, first.n) == (False, 0.90, 20_000)
    # Uniform between the ends, so nine tenths lie between 1,150 and 3,850 tickets.
    values = [evaluate("OUTSOURCING", {"volume": v}).value for v in (1_150, 3_850)]
    assert first.low == pytest.approx(min(values), rel=0.02, abs=2_000)


def test_more_ranges_than_corners_can_be_tried_for_are_simulated():
    ranges = {
        each.key: (0.9 * each.default, min(1.1 * each.default, each.high))
        for each in DEFINITIONS["AUTOMATION"].inputs
        if each.default
    }

    found = interval("AUTOMATION", {}, ranges)

    assert len(ranges) == 14
    assert found is not None
    assert not found.is_exact
    assert found.low < evaluate("AUTOMATION", {}).value < found.high


def test_interval_without_a_range_is_nothing():
    assert interval("CAPACITY", {}, {}) is None
    assert interval("CAPACITY", {}, {"volume": (500, 500)}) is None


def test_range_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="above"):
        interval("CAPACITY", {}, {"volume": (600, 500)})


def test_interval_says_never_where_a_corner_never_pays_back():
    found = interval(
        "SELF_SERVICE",
        {"once": 1_000, "visits": 100, "ticket_cost": 10},
        {"running": (100, 400)},
        result="payback",
    )

    assert found is not None
    assert (found.low, found.high) == (4.0, math.inf)


def test_swings_name_the_input_that_moves_it_most():
    rows = swings("SELF_SERVICE", {}, {"deflection": (0.2, 0.5)})

    assert [row.key for row in rows] == ["deflection", "visits", "ticket_cost"]
    assert (rows[0].result_low, rows[0].result_high) == (30_000, 75_000)
    assert rows[1].size == pytest.approx(0.2 * 52_500)


# Text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a - (b - c)", "A − (B − C)"),
        ("a / (b * c)", "A ÷ (B × C)"),
        ("(a + b) * c", "(A + B) × C"),
        ("a + b * c", "A + B × C"),
        ("a * (b / c)", "A × B ÷ C"),
        ("ceil(a / 2)", "ceil[A ÷ 2]"),
    ],
)
def test_expression_is_shown_with_the_parentheses_it_needs(text, shown):
    expression = Expression.parse(text)

    written = expression.shown(str.upper, lambda name, parts: f"{name}[{parts[0]}]")

    assert written == shown


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a ** b", "a.b", "open(a)", "'a'"]
)
def test_expression_that_is_not_arithmetic_is_refused(text):
    with pytest.raises(ValueError, match="not arithmetic"):
        Expression.parse(text)


def test_division_by_nothing_is_undefined():
    assert math.isnan(float(Expression.parse("a / b").value({"a": 1.0, "b": 0.0})))
