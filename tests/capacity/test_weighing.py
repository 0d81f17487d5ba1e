"""Weighing a decision: computing options, filling in, writing sections, refusals."""

import json
from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.factories.capacity import make_decision, make_queue
from tests.factories.people import UserFactory
from tests.factories.tickets import open_ticket
from tests.factories.weighing import (
    AT,
    INPUTS,
    compute,
    save_section,
    shown,
    weighable,
)
from workforce.capacity.models import (
    Criterion,
    DayVolume,
    Decision,
    DecisionInput,
    DecisionOption,
    Evidence,
)
from workforce.capacity.selectors.decisions import document
from workforce.capacity.selectors.decisions.reading import read_live
from workforce.capacity.selectors.weighing.setting import gather, live_channels
from workforce.capacity.services import decisions as records
from workforce.capacity.services import weighing as services
from workforce.capacity.services.decisions import (
    DecisionNotYours,
    DecisionPartInvalid,
    DecisionWrongState,
)

pytestmark = pytest.mark.django_db


def option_row(**fields):
    return {
        "letter": "A", "name": "One", "description": "", "people": 5,
        "automation": 0.1, "mix": {"email": 1.0}, **fields,
    }  # fmt: skip


# Computing --------------------------------------------------------------------------------


def test_computing_keeps_results_and_what_they_come_from():
    decision = weighable()
    first, second = compute(decision)
    assert first.results["figures"]["cost"] == [14_000, 14_000, 14_000]
    # 7 × 1,400 + 3,000 + 900 × 0.4 × 2, from 800 to 2,400 tickets a week.
    assert second.results["figures"]["cost"][0] == pytest.approx(13_520)
    assert second.computed_at == AT
    entry = decision.evidence.get(kind=Evidence.Kind.COMPUTED)
    assert entry.text == "Options A, B computed from 11 inputs."
    assert {each["key"] for each in entry.details["inputs"]} == {
        row[0] for row in INPUTS
    }
    assert entry.details["part"] == "options"
    json.dumps(entry.details, allow_nan=False)


def test_figures_of_today_are_computed_where_no_option_is_today():
    decision = weighable()
    assert shown(decision, "options")["today"] == {}
    compute(decision)
    found = shown(decision, "options")
    assert found["today"] == {"letter": "", "is_computed": True}
    today = {each["key"]: each["today"]["text"] for each in found["measures"]}
    # 10 × 1,400 + 3,000 + 900 × 0.1 × 2.
    assert today["COST"] == "17,180 EUR"
    assert today["CSAT"] == "85 %"
    decision.inputs.filter(key="tickets_per_week").update(value=1_000)
    assert shown(decision, "options")["today"] == {"letter": "", "is_computed": True}


def test_an_option_that_is_today_stands_for_it():
    decision = weighable()
    decision.options.filter(letter="A").update(automation=0.1)
    compute(decision)
    found = shown(decision, "options")
    assert found["today"] == {"letter": "A"}
    assert all("today" not in each for each in found["measures"])


def test_flip_is_told_in_words():
    decision = weighable()
    compute(decision)
    scenario = shown(decision, "flip")["scenarios"][0]
    assert scenario["key"] == "tickets_per_week"
    assert scenario["cheapest"][0]["letter"] == "B"
    assert scenario["cheapest"][1]["low"] == pytest.approx(1_500)
    assert any("1,500 a week" in words for words in scenario["words"])
    base = scenario["case_rows"][1]
    assert (base["name"], base["at"]) == ("Base", "900 a week")
    assert [cell["COST"] for cell in base["cells"]] == ["14,000", "13,520"]


def test_results_turn_stale_with_an_input_and_fresh_again():
    decision = weighable()
    compute(decision)
    assert not shown(decision, "options")["is_stale"]
    decision.inputs.filter(key="handle_minutes").update(value=16)
    assert shown(decision, "options")["is_stale"]
    assert shown(decision, "flip")["is_stale"]
    compute(decision)
    assert not shown(decision, "options")["is_stale"]


def test_source_of_an_input_does_not_make_results_stale():
    decision = weighable()
    compute(decision)
    decision.inputs.update(source="Another")
    assert not shown(decision, "options")["is_stale"]


def test_best_is_bold_only_when_it_can_be_told_apart():
    decision = weighable()
    decision.inputs.filter(key="tickets_per_week").update(low=None, high=None)
    compute(decision)
    rows = {row["key"]: row for row in shown(decision, "options")["measures"]}
    assert [cell["is_best"] for cell in rows["COST"]["cells"]] == [False, True]
    assert rows["COST"]["words"] == "B is best in 100 % of the draws."
    assert rows["VOLUME"]["words"] == "A and B cannot be told apart."
    assert not any(cell["is_best"] for cell in rows["VOLUME"]["cells"])


def test_missing_inputs_are_listed_and_nothing_is_written():
    decision = weighable()
    decision.inputs.filter(key="csat_today").delete()
    decision.inputs.filter(key="staffing_fte").update(value=None)
    with pytest.raises(
        DecisionPartInvalid,
        match=r"CSAT today: enter.*Planned people|Planned people: enter",
    ):
        compute(decision)
    assert [row.results for row in decision.options.all()] == [{}, {}]
    assert not decision.evidence.exists()
    names = [each["name"] for each in shown(decision, "options")["missing"]]
    assert names == ["Planned people", "CSAT today"]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("mix_email", 90, "add up to 130 %"),
        ("csat_today", 150, "that cannot be"),
        ("tickets_per_week", -5, "that cannot be"),
        ("automation_coverage", 150, "that cannot be"),
        ("staffing_fte", -1, "that cannot be"),
        ("tickets_per_week", 5, "outside its own range"),
    ],
)
def test_inputs_that_cannot_be_are_refused(key, value, words):
    decision = weighable()
    decision.inputs.filter(key=key).update(
        value=value, low=800 if words.startswith("outside") else None, high=None
    )
    with pytest.raises(DecisionPartInvalid, match=words):
        compute(decision)


def test_costs_in_two_currencies_are_refused():
    decision = weighable()
    decision.inputs.filter(key="cost_per_fte_week").update(unit="USD")
    with pytest.raises(DecisionPartInvalid, match="in EUR, USD"):
        compute(decision)


def test_cost_of_a_ticket_stands_in_for_that_of_a_person():
    decision = weighable()
    decision.inputs.filter(key="cost_per_fte_week").update(
        key="cost_per_ticket", value=20
    )
    held = gather(decision, list(decision.options.all()))
    assert held.setting.drivers["cost_per_fte_week"].value == 20 * 900 / 10


def test_decided_options_are_not_computed_again():
    decision = weighable(state=Decision.State.APPROVED)
    with pytest.raises(DecisionWrongState):
        compute(decision)


def test_reader_may_not_compute():
    decision = weighable()
    for step in (
        services.compute_options, services.add_missing_inputs, services.add_status_quo,
        services.fill_segments,
    ):  # fmt: skip
        with pytest.raises(DecisionNotYours):
            step(decision_id=decision.pk, actor=UserFactory(role="Executive"), at=AT)


def test_version_holds_results_flips_and_scores():
    decision = weighable()
    Criterion.objects.create(decision=decision, name="Price", measure="COST", weight=2)
    compute(decision)
    kept = {each["key"]: each["data"] for each in document(decision, AT)["sections"]}
    assert len(kept["options"]["measures"]) == 4
    assert kept["flip"]["scenarios"]
    assert kept["criteria"]["rows"][0]["points"][1] == "10.0"
    assert "segments" not in kept
    json.dumps(kept, allow_nan=False)


def test_costs_are_hidden_from_who_may_not_see_them():
    decision = weighable()
    Criterion.objects.create(decision=decision, name="Price", measure="COST")
    compute(decision)
    lead = UserFactory(role="Team lead")
    text = json.dumps(
        [shown(decision, key, lead) for key in ("options", "flip", "criteria")]
    )
    for secret in ("14,000", "13,520", "cheapest", "1,400", "costs least"):
        assert secret not in text
    assert "13,520" in json.dumps(shown(decision, "options", decision.owner))


# Sections ---------------------------------------------------------------------------------


def test_options_are_written_and_logged_in_words():
    decision = make_decision()
    save_section(
        decision,
        "options",
        {"rows": [option_row(), option_row(letter="B", name="Two")]},
    )
    assert [row.letter for row in decision.options.all()] == ["A", "B"]
    assert (
        "Option A: One; email 100 %; 5 FTE; automation 10 %"
        in decision.evidence.get().text
    )


def test_options_exchange_letters():
    decision = weighable()
    rows = [
        option_row(id=row.pk, letter={"A": "B", "B": "A"}[row.letter], name=row.name)
        for row in decision.options.all()
    ]
    save_section(decision, "options", {"rows": rows})
    assert [row.name for row in decision.options.all()] == ["Bot", "People"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([option_row(mix={"email": 0.5, "chat": 0.4})], "add up to 90 %"),
        ([option_row(mix={"email": 1.5, "chat": -0.5})], "between 0 and 100 %"),
        ([option_row(mix={"email": "x"})], "between 0 and 100 %"),
        ([option_row(), option_row()], "Two options have the letter A"),
        ([option_row(letter="F")], "called A to E"),
        ([option_row(people=-1)], "below 0"),
        ([option_row(automation=1.2)], "between 0 and 1"),
        ([option_row(people=float("inf"))], "no number"),
        ([option_row(letter=each) for each in "ABCDEF"], "5 options at most"),
    ],
)
def test_options_that_cannot_be_are_refused(rows, words):
    decision = make_decision()
    with pytest.raises(DecisionPartInvalid, match=words), transaction.atomic():
        save_section(decision, "options", {"rows": rows})
    assert not decision.options.exists()
    assert not decision.evidence.exists()


def test_chosen_option_is_not_removed():
    decision = weighable(chosen="B")
    with (
        pytest.raises(DecisionPartInvalid, match="is the one chosen"),
        transaction.atomic(),
    ):
        save_section(decision, "options", {"rows": []})
    assert decision.options.count() == 2


def test_stale_options_are_refused():
    decision = weighable()
    save_section(decision, "options", {"rows": [option_row()]})
    with pytest.raises(records.StaleDecision):
        save_section(decision, "options", {"rows": []}, revision=0)


def test_criteria_are_judged_and_sensitive():
    decision = weighable()
    grades = {"A": 9, "B": 5}
    rows = [
        {"name": "Price", "measure": "COST", "weight": 1, "grades": {"A": 3}},
        {"name": "Fit", "measure": "HAND", "weight": 1, "grades": grades},
    ]
    save_section(decision, "criteria", {"rows": rows})
    assert decision.criteria.get(name="Price").grades == {}
    before = shown(decision, "criteria")
    assert before["unjudged"] == ["Price"]
    compute(decision)
    found = shown(decision, "criteria")
    # A: (10 × 13,520 / 14,000 + 9) / 2; B: (10 + 5) / 2.
    assert [each["text"] for each in found["scores"]] == ["9.33", "7.50"]
    assert found["words"] == [
        "A scores highest.", "No weight, doubled or halved, changes the winner.",
    ]  # fmt: skip
    assert Decision.objects.get(pk=decision.pk).chosen == ""


def test_grade_out_of_range_is_refused():
    decision = weighable()
    row = {"name": "Fit", "measure": "HAND", "weight": 1, "grades": {"A": 11}}
    with (
        pytest.raises(DecisionPartInvalid, match="between 0 and 10"),
        transaction.atomic(),
    ):
        save_section(decision, "criteria", {"rows": [row]})
    assert not decision.criteria.exists()


# Filling in -------------------------------------------------------------------------------


def volumes_of(queue, offered):
    for days in range(1, 29):
        DayVolume.objects.create(
            queue=queue, day=AT.date() - timedelta(days=days), offered=offered,
            handled=offered, timed=offered, handle_seconds=offered * 900,
        )  # fmt: skip


def test_todays_option_is_read_from_volumes():
    volumes_of(make_queue(channel="email", handling="DEFERRED"), 30)
    volumes_of(make_queue(channel="phone", handling="LIVE"), 10)
    decision = make_decision()
    option = services.add_status_quo(
        decision_id=decision.pk, actor=decision.owner, at=AT
    )
    assert (option.letter, option.mix) == ("A", {"email": 0.75, "phone": 0.25})
    assert option.people is None
    assert "As it is today" in decision.evidence.get().text


def test_channels_with_spaces_and_dashes_are_read():
    volumes_of(make_queue(channel="E-mail", handling="DEFERRED"), 30)
    volumes_of(make_queue(channel="Phone line", handling="LIVE"), 10)
    decision = make_decision()
    how = {"decision_id": decision.pk, "actor": decision.owner, "at": AT}
    services.add_missing_inputs(**how)
    assert decision.inputs.get(key="mix_e_mail").value == 75
    assert services.add_status_quo(**how).mix == {"e_mail": 0.75, "phone_line": 0.25}
    assert live_channels()["phone_line"] is True
    assert live_channels()["e_mail"] is False


def test_todays_option_needs_a_known_mix_and_room():
    decision = make_decision()
    with pytest.raises(DecisionPartInvalid, match="not known"), transaction.atomic():
        services.add_status_quo(decision_id=decision.pk, actor=decision.owner, at=AT)
    for letter in "ABCDE":
        DecisionOption.objects.create(decision=decision, letter=letter, name=letter)
    with pytest.raises(DecisionPartInvalid, match="at most"), transaction.atomic():
        services.add_status_quo(decision_id=decision.pk, actor=decision.owner, at=AT)
    assert decision.options.count() == 5


def test_missing_inputs_are_added_and_read():
    volumes_of(make_queue(channel="email", handling="DEFERRED"), 30)
    decision = make_decision()
    services.add_missing_inputs(decision_id=decision.pk, actor=decision.owner, at=AT)
    rows = {row.key: row for row in decision.inputs.all()}
    assert rows["mix_email"].value == 100
    assert rows["tickets_per_week"].value == 210
    assert rows["handle_minutes"].value == 15
    assert rows["csat_today"].metric == "csat"
    assert rows["csat_per_doubling"].value is None
    assert "csat_automation" not in rows
    again = services.add_missing_inputs(
        decision_id=decision.pk, actor=decision.owner, at=AT
    )
    assert again == []
    assert decision.evidence.count() == 1


def test_typed_inputs_are_left_alone():
    decision = weighable()
    services.add_missing_inputs(decision_id=decision.pk, actor=decision.owner, at=AT)
    assert decision.inputs.get(key="handle_minutes").value == 15


def test_effect_of_time_on_csat_is_estimated_from_answers():
    decision = make_decision()
    row = DecisionInput(decision=decision, key="csat_per_doubling", name="Doubling")
    for number in range(60):
        slow = number % 2 == 1
        ticket = open_ticket(at=AT - timedelta(days=5))
        ticket.resolved_at = ticket.created_at + timedelta(hours=16 if slow else 1)
        ticket.custom = {"csat": 2 if slow and number % 4 == 1 else 5}
        ticket.save()
    live = read_live(row, decision, AT)
    # Half of the slow ones are unhappy: 50 points over four doublings.
    assert live.value == -12.5
    assert live.low < -12.5 < live.high
    assert "n = 60 (0 automated)" in live.source


def test_copy_takes_options_without_results():
    decision = weighable(starts_on=date(2026, 4, 1))
    compute(decision)
    copy = records.create_decision(
        kind="BALANCING", title="Next", question="?", actor=decision.owner, at=AT,
        copy_of=decision.pk,
    )  # fmt: skip
    assert [row.results for row in copy.options.all()] == [{}, {}]
    assert shown(copy, "flip")["scenarios"] == []
