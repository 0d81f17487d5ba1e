from datetime import UTC, date, datetime

import pytest

from supportops.common import roles
from supportops.metrics import catalogue, display
from supportops.metrics.catalogue import (
    Area,
    Better,
    Figure,
    Grain,
    Level,
    Metric,
    Unit,
    Verdict,
)
from supportops.metrics.exports import safe_cell
from supportops.metrics.registry import segment_kind
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from
from supportops.metrics.templatetags.figures import figure_value
from tests.factories.people import TeamFactory, UserFactory

NOW = datetime(2026, 5, 9, 12, tzinfo=UTC)


def metric(**values):
    fields = {
        "code": "made_up",
        "name": "Made up",
        "description": "",
        "formula": "",
        "unit": Unit.SHARE,
        "better": Better.HIGHER,
        "grain": Grain.CREATED,
        "area": Area.FLOW,
    }
    return Metric(**(fields | values))


# The seed's framework, benchmark, queue and dashboard tables, number by number.
@pytest.mark.parametrize(
    ("code", "target", "warning"),
    [
        ("response_sla", Level(at_least=0.95), Level(at_least=0.90)),
        ("resolution_sla", Level(at_least=0.90), Level(at_least=0.85)),
        ("severe_breach_count", Level(at_most=0), Level(at_most=0)),
        ("first_response_time", Level(at_most=3600), Level(at_most=4 * 3600)),
        ("resolution_time", Level(at_most=24 * 3600), Level(at_most=72 * 3600)),
        ("first_contact_resolution", Level(at_least=0.7), Level(at_least=0.5)),
        ("reopen_rate", Level(at_most=0.05), Level(at_most=0.10)),
        ("escalation_rate", Level(0.10, 0.20), Level(at_most=0.30)),
        ("tickets_per_100_customers", Level(5, 15), Level(at_most=25)),
        ("backlog_age", Level(at_most=86400), Level(at_most=3 * 86400)),
        ("p1_share", Level(at_most=0.05), Level(at_most=0.10)),
        ("p2_share", Level(at_most=0.15), Level()),
    ],
)
def test_targets_are_those_of_the_framework(code, target, warning):
    found = catalogue.get(code)

    assert (found.target, found.warning) == (target, warning)


def test_benchmarks_by_stage_are_those_of_the_framework():
    hours = {
        code: [
            level.at_most / 3600 for level in catalogue.get(code).benchmarks.values()
        ]
        for code in ("first_response_time", "resolution_time")
    }
    contact = catalogue.get("first_contact_resolution").benchmarks

    assert hours == {
        "first_response_time": [4, 2, 1, 0.5],
        "resolution_time": [48, 24, 12, 8],
    }
    assert {stage: level.at_least for stage, level in contact.items()} == {
        "startup": 0.60,
        "growth": 0.65,
        "scale": 0.70,
        "enterprise": 0.75,
    }


def test_every_metric_says_what_it_is():
    for found in catalogue.all():
        assert all(map(str, (found.name, found.description, found.formula))), found.code
        assert found.has_groups == bool(found.segment) == (found.of_scope is None)
        if found.segment:
            assert segment_kind(found.segment).dimensions >= {
                "team",
                "priority",
                "tier",
            }


def test_a_code_means_one_thing_only():
    with pytest.raises(ValueError, match="'backlog'"):
        catalogue.register(metric(code="backlog"))

    assert catalogue.get("backlog").name == "Backlog"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.95, Verdict.MET),
        (0.9499, Verdict.NEAR),
        (0.90, Verdict.NEAR),
        (0.8999, Verdict.WARNING),
        (None, Verdict.NONE),
    ],
)
def test_judge_takes_bounds_as_passing(value, verdict):
    judged = metric(target=Level(at_least=0.95), warning=Level(at_least=0.90))

    assert judged.judge(Figure(value=value, n=1)) == verdict


def test_judge_of_a_range_warns_on_its_outer_side_only():
    rate = catalogue.get("escalation_rate")

    verdicts = [rate.judge(Figure(value=v, n=9)) for v in (0.05, 0.15, 0.25, 0.31)]

    assert verdicts == [Verdict.NEAR, Verdict.MET, Verdict.NEAR, Verdict.WARNING]


def test_judge_prefers_the_target_that_the_facts_bring():
    time = catalogue.get("sla_response_time")

    assert time.judge(Figure(1800, 5, target=Level(at_most=1800))) == Verdict.MET
    assert time.judge(Figure(1801, 5, target=Level(at_most=1800))) == Verdict.MISSED
    assert time.judge(Figure(1801, 5)) == Verdict.NONE


def test_a_metric_of_the_present_cannot_be_cut_into_groups():
    with pytest.raises(TypeError, match="cannot be cut"):
        catalogue.get("backlog")._figures(Scope(NOW.date(), NOW.date()), None, 1)


@pytest.mark.django_db
def test_a_filter_the_facts_do_not_have_is_refused():
    scope = Scope(
        date(2026, 5, 1), date(2026, 5, 2), {"policy": frozenset({1})}, at=NOW
    )

    with pytest.raises(ScopeInvalid, match="cannot be filtered by policy"):
        catalogue.get("ticket_volume").compute(scope)
    with pytest.raises(ScopeInvalid, match="no policy"):
        catalogue.get("backlog").compute(scope)


@pytest.mark.django_db
def test_a_scope_is_read_from_an_address():
    team = TeamFactory()
    user = UserFactory(role=roles.SUPPORT_LEAD)
    params = {
        "from": ["2026-05-01"],
        "to": ["2026-05-03"],
        "team": [str(team.pk), "none"],
        "priority": ["P1", ""],
        "page": ["3"],
    }

    scope = scope_from(params, user=user, at=NOW)

    assert (scope.start, scope.end) == (date(2026, 5, 1), date(2026, 5, 4))
    assert scope.filters == {
        "team": frozenset({team.pk, 0}),
        "priority": frozenset({1}),
    }
    assert scope.visible is None


@pytest.mark.django_db
def test_a_scope_of_nobody_in_particular_shows_only_what_nobody_holds():
    scope = scope_from({}, user=UserFactory(), at=NOW)

    assert scope.visible.teams == frozenset()
    assert (scope.start, scope.end) == (date(2026, 4, 10), date(2026, 5, 10))


def test_where_narrows_and_without_widens():
    scope = Scope(NOW.date(), NOW.date(), {"team": frozenset({1, 2})})

    narrowed = scope.where(team=frozenset({2, 3}), tier=frozenset({1}))

    assert narrowed.filters == {"team": frozenset({2}), "tier": frozenset({1})}
    assert narrowed.without("team").filters == {"tier": frozenset({1})}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, Unit.SHARE, "–"),
        (0.934, Unit.SHARE, "93.4 %"),
        (5400, Unit.SECONDS, "1 h 30 min"),
        (12_345, Unit.COUNT, "12,345"),
        (0.456, Unit.RATIO, "0.46"),
        (1234.4, Unit.RATIO, "1,234"),
        (0.93449999, Unit.SHARE, "93.4 %"),
        (0.9346, Unit.SHARE, "93.5 %"),
    ],
)
def test_values_carry_their_unit(value, unit, text):
    assert display.value_text(value, unit) == text


@pytest.mark.parametrize(
    ("level", "unit", "text"),
    [
        (Level(at_least=0.95), Unit.SHARE, "≥ 95 %"),
        (Level(at_least=0.29), Unit.SHARE, "≥ 29 %"),
        (Level(at_most=0.125), Unit.SHARE, "≤ 12.5 %"),
        (Level(at_most=3600), Unit.SECONDS, "≤ 1 h"),
        (Level(5, 15), Unit.RATIO, "5 – 15"),
        (Level(at_most=0), Unit.COUNT, "≤ 0"),
        (Level(), Unit.COUNT, ""),
    ],
)
def test_levels_read_as_bounds(level, unit, text):
    assert display.level_text(level, unit) == text


@pytest.mark.parametrize(
    ("code", "value", "before", "text", "css"),
    [
        ("response_sla", 0.95, 0.93, "+2.0 points", "ok"),
        ("response_sla", 0.93, 0.95, "−2.0 points", "late"),
        ("breach_count", 5, 9, "−4", "ok"),
        ("resolution_time", 7200, 3600, "+1 h", "late"),
        ("resolution_time", 176_400, 0, "+2 d 1 h", "late"),
        ("sla_resolution_time", 176_400, 0, "+49 h", "late"),
        ("resolution_time", 3630, 3600, "under 1 min of change", "idle"),
        ("ticket_volume", 9, 5, "+4", "idle"),
        ("response_sla", 0.95, None, "", "idle"),
        ("response_sla", 0.95, 0.95, "±0.0 points", "idle"),
    ],
)
def test_changes_say_direction_and_whether_it_is_good(code, value, before, text, css):
    found = catalogue.get(code)
    now, then = Figure(value, 5), Figure(before, 5)

    assert display.change_text(found, now, then) == text
    assert display.change_class(found, now, then) == css


def test_a_period_before_without_facts_is_nothing_to_compare_with():
    found = catalogue.get("breach_count")

    assert display.change_text(found, Figure(97, 266), Figure(0, 0)) == ""


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("-2", "'-2"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("plain", "plain"),
        (-2, -2),
        (0.5, 0.5),
        (None, ""),
        (True, True),
    ],
)
def test_safe_cell_disarms_text_only(cell, safe):
    assert safe_cell(cell) == safe


def test_counted_time_is_written_in_hours_and_elapsed_time_in_days():
    half = Figure(173_400, 5, target=Level(at_most=172_800))
    counted, elapsed = map(catalogue.get, ("sla_resolution_time", "resolution_time"))

    assert figure_value(counted, half) == "48 h 10 min"
    assert figure_value(elapsed, half) == "2 d"
    assert display.target_text(counted, half).startswith("≤ 48 h (")


@pytest.mark.parametrize(
    ("code", "value", "n", "words"),
    [
        ("breach_count", 2507, 59_209, "of 59,209 promises"),
        ("response_sla", 1.0, 1, "of 1 promise"),
        ("reopen_rate", 0.05, 1234, "of 1,234 tickets"),
        ("ticket_volume", 60, 60, ""),
    ],
)
def test_figures_name_the_facts_under_them(code, value, n, words):
    assert display.facts_text(catalogue.get(code), Figure(value, n)) == words


@pytest.mark.parametrize(
    ("value", "word"), [(0.96, "On target"), (0.92, "Near target"), (0.8, "Far off")]
)
def test_verdicts_grow_worse_in_words_as_in_colour(value, word):
    assert (
        display.verdict_of(catalogue.get("response_sla"), Figure(value, 50))[1] == word
    )
