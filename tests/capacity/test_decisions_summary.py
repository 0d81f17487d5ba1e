"""The summary of a record, and what its reader is warned of."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from supportops.metrics import catalogue
from supportops.metrics import services as metrics
from supportops.metrics.scopes import FactStore, Scope, today
from tests.factories.capacity import make_queue, ready_decision
from tests.factories.decisions import every_input
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sampling import resolved_tickets
from workforce.capacity.models import Risk
from workforce.capacity.selectors.decisions import section_data, sections_of
from workforce.capacity.selectors.decisions.cautions import cautions_of
from workforce.capacity.selectors.decisions.crossings import crossings_now
from workforce.capacity.selectors.decisions.figures import metric_rows
from workforce.capacity.selectors.decisions.narrowing import (
    filters_of,
    fitting,
    scope_words,
)
from workforce.capacity.selectors.decisions.summary import summary_of
from workforce.capacity.services import decisions as services

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


def chosen(letter, **others):
    sections = {"recommendation": {"chosen": letter}, **others}
    return [{"key": key, "data": data} for key, data in sections.items()]


def scenario(cheapest, fastest, **fields):
    def stretches(rows):
        return [{"low": a, "high": b, "letter": letter} for a, b, letter in rows]

    return {
        "name": "Volume", "unit": "a week", "base": 100.0, "is_typed": True,
        "range": "50 to 200 a week", "cheapest": stretches(cheapest),
        "fastest": stretches(fastest), **fields,
    }  # fmt: skip


def measure(label, *leads):
    return {"label": label, "leads": list(leads), "cells": []}


# Warnings ---------------------------------------------------------------------------------


def test_a_choice_that_is_neither_cheapest_nor_fastest_is_contradicted():
    flip = {"scenarios": [scenario([(50, 200, "C")], [(50, 200, "A")])]}
    assert cautions_of(chosen("B", flip=flip)) == [
        "The flip chart contradicts this: at the inputs' values C costs least and A is "
        "fastest; B is neither."
    ]
    assert cautions_of(chosen("A", flip=flip)) == []


def test_a_choice_that_another_beats_in_both_is_contradicted():
    flip = {"scenarios": [scenario([(50, 200, "C")], [(50, 200, "C")])]}
    assert cautions_of(chosen("A", flip=flip)) == [
        "The flip chart contradicts this: at the inputs' values C is fastest and costs "
        "least, not A."
    ]


def test_a_flip_within_the_plausible_range_is_told():
    rows = [scenario([(50, 150, "C"), (150, 200, "A")], [(50, 200, "A")])]
    words = (
        "C costs least only while “Volume” is below 150 a week; plausible is 50 to 200 a "
        "week."
    )
    assert cautions_of(chosen("C", flip={"scenarios": rows})) == [words]
    rows[0]["is_typed"] = False
    assert cautions_of(chosen("C", flip={"scenarios": rows})) == []


def test_options_whose_ranges_overlap_cannot_be_told_apart():
    some = {"measures": [measure("CSAT", "A", "C"), measure("Cost", "C")]}
    assert cautions_of(chosen("C", options=some)) == [
        "The plausible ranges overlap, so that these options cannot be told apart: "
        "CSAT (A, C)."
    ]
    every = {"measures": [measure("CSAT", "A", "C"), measure("Cost", "B", "C")]}
    (words,) = cautions_of(chosen("C", options=every))
    assert words.endswith("No figure decides for C.")


def test_criteria_that_prefer_another_are_told():
    criteria = {"scores": [
        {"letter": "A", "is_best": True}, {"letter": "C", "is_best": False},
    ]}  # fmt: skip
    assert cautions_of(chosen("C", criteria=criteria)) == [
        "By the weighted criteria A scores highest, not C."
    ]


def test_nobody_is_warned_before_a_choice():
    flip = {"scenarios": [scenario([(50, 200, "C")], [(50, 200, "C")])]}
    assert cautions_of(chosen("", flip=flip)) == []


# Summary ----------------------------------------------------------------------------------


def cells(*rows):
    return [{"letter": letter, "text": text, "interval": ""} for letter, text in rows]


def test_figures_of_the_choice_stand_beside_those_of_today():
    options = {
        "today": {"letter": "A"},
        "measures": [
            {"label": "Cost", "leads": ["C"], "cells": cells(("A", "5 USD"), ("C", "3 USD"))}
        ],
    }  # fmt: skip
    found = summary_of(chosen("C", options=options))
    assert found["today"] == "Today is option A."
    (row,) = found["measures"]
    assert (row["label"], row["cell"]["text"], row["today"]["text"]) == (
        "Cost", "3 USD", "5 USD",
    )  # fmt: skip


@pytest.mark.django_db
def test_summary_is_read_from_the_record():
    decision = ready_decision()
    Risk.objects.create(decision=decision, text="Small", likelihood=1, impact=1)
    Risk.objects.create(decision=decision, text="Large", likelihood=3, impact=3)
    user = decision.owner
    sections = [
        section_data(each, decision, user, AT) for each in sections_of(decision)
    ]
    found = summary_of(sections)
    assert found["question"] == "E-mail or chat?"
    assert found["chosen"] == "A E-mail"
    assert found["horizon"] == "1 Apr 2026 – 30 Jun 2026"
    assert found["risk"]["text"] == "Large"
    (trigger,) = found["triggers"]
    assert trigger["rule"] == "Ticket volume rises above 10 over 7 days"
    assert (found["review"], found["unvalidated"], found["inputs"]) == (
        "1 Jun 2027", 1, 1,
    )  # fmt: skip


@pytest.mark.django_db
def test_page_version_and_print_begin_with_the_summary(time_machine):
    time_machine.move_to(AT, tick=False)
    decision, person = ready_decision(), UserFactory(role="Executive")
    services.propose(
        decision_id=decision.pk, approver_ids=[person.pk], reason="",
        actor=decision.owner, at=AT - timedelta(days=9),
        accepted_inputs=every_input(decision),
    )  # fmt: skip
    client = Client()
    client.force_login(person)
    page = client.get(reverse("capacity:decision", args=[decision.pk]))
    assert page.context["summary"]["chosen"] == "A E-mail"
    assert "not validated" in page.content.decode()
    for address in (
        reverse("capacity:decision-version", args=[decision.pk, 1]),
        reverse("capacity:decision-print", args=[decision.pk]) + "?version=1",
    ):
        read = client.get(address)
        assert read.context["state_words"] == "Proposed on 11 May 2026"
        assert "20 May 2026" not in read.content.decode()


@pytest.mark.django_db
def test_sections_fold_but_those_that_lack_something(client):
    decision = ready_decision(scope="")
    client.force_login(decision.owner)
    page = client.get(reverse("capacity:decision", args=[decision.pk]))
    is_open = {each["key"]: each["is_open"] for each in page.context["sections"]}
    assert is_open["scope"]
    assert not is_open["inputs"]
    assert not is_open["triggers"]
    edited = client.get(
        reverse("capacity:decision", args=[decision.pk]) + "?edit=triggers"
    )
    is_open = {each["key"]: each["is_open"] for each in edited.context["sections"]}
    assert is_open["triggers"]


# What figures count -----------------------------------------------------------------------


@pytest.mark.django_db
def test_every_metric_computes_with_what_it_is_narrowed_by():
    held = {"channel": frozenset({1}), "team": frozenset({1})}
    for metric in catalogue.all():
        end = today(AT)
        scope = Scope(
            end - timedelta(days=7), end, fitting(metric, held), visible=None, at=AT,
            facts=FactStore(),
        )  # fmt: skip
        metric.compute(scope)
        assert scope_words(metric, {})


@pytest.mark.django_db
def test_figures_and_triggers_count_the_queues_of_the_decision():
    mine, other = TeamFactory(name="Hotline"), TeamFactory(name="Web")
    for team, count in ((mine, 0), (other, 1)):
        resolved_tickets(
            None, 30, AT - timedelta(days=1), team=team, reopen_count=count
        )
    metrics.mark_all()
    metrics.refresh(at=AT)
    decision = ready_decision(metrics=["reopen_rate", "forecast_wape"])
    decision.triggers.update(metric="reopen_rate", threshold=0.1)
    assert crossings_now(decision, AT)[0].scope == "all tickets"

    queue = make_queue("Hotline")
    queue.teams.add(mine)
    decision.queues.add(queue)
    assert filters_of(decision) == {"team": frozenset({mine.pk})}
    assert crossings_now(decision, AT) == []
    assert services.check_triggers(at=AT)["fired"] == 0
    rate, wape = metric_rows(decision, AT)
    assert (rate["value"], rate["scope"]) == (
        0, "queues of this decision (team: Hotline)",
    )  # fmt: skip
    assert wape["scope"] == "all queues"
    assert not wape["is_narrowed"]


@pytest.mark.django_db
def test_other_queues_forget_what_triggers_had_read():
    decision = ready_decision()
    decision.triggers.update(last_value=5, last_n=5, checked_at=AT)
    for queues, value in (([], 5), ([make_queue("Care")], None)):
        decision.refresh_from_db()
        services.save_part(
            decision_id=decision.pk, part="scope", data={"queues": queues},
            revision=decision.revision, actor=decision.owner, at=AT,
        )  # fmt: skip
        assert decision.triggers.get().last_value == value
