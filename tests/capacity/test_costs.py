"""Calculations: where inputs come from, what is stored, and their pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from supportops.common import roles
from tests.factories.capacity import fill_days, make_queue
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import ChannelFactory, open_ticket
from tickets.models import Ticket
from workforce.capacity.models import Calculation, DayVolume
from workforce.capacity.selectors import costs as selectors
from workforce.capacity.selectors.costs.amounts import amount, money, number
from workforce.capacity.selectors.costs.changes import changes
from workforce.capacity.services import costs as services

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 27, 9, tzinfo=UTC)
FIRST = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _april():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


def make_calculation(kind="COST_PER_TICKET", name="Ours", **fields):
    return Calculation.objects.create(kind=kind, name=name, changed_at=NOW, **fields)


def typed(**values):
    return {key: {"value": value} for key, value in values.items()}


def save(row, inputs, actor=None, **more):
    return services.save_calculation(
        calculation_id=row.pk,
        inputs=inputs,
        actor=actor or UserFactory(),
        at=NOW,
        **{"name": row.name, "currency": "USD", "note": "", **more},
    )


def by_key(found):
    return {each.key: each for each in found.inputs}


# Worked examples --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "lines"),
    [
        ("CAPACITY", "28 people", {"work": "10,000 minutes", "exact": "27.78 people"}),
        (
            "COST_PER_TICKET",
            "$12.50",
            {"agent_cost": "$75,000", "agent_tickets": "6,000 tickets",
             "handle_saving": "$1.25", "avoided": "300 tickets",
             "fcr_saving": "$3,750"},
        ),
        ("SELF_SERVICE", "$52,500", {"deflected": "3,500 tickets", "total": "$630,000"}),
    ],
)  # fmt: skip
def test_worked_example_ships_and_comes_out_as_printed(kind, answer, lines):
    row = Calculation.objects.get(kind=kind, is_example=True)

    found = selectors.worked(row, NOW)

    assert found.answer == answer
    shown = {line.key: line.value for line in found.lines}
    assert {key: shown[key] for key in lines} == lines
    assert {each.origin for each in found.inputs} == {"TYPED"}


def test_lines_say_the_formula_in_words_and_in_numbers():
    row = Calculation.objects.get(kind="CAPACITY", is_example=True)

    lines = {line.key: line for line in selectors.worked(row, NOW).lines}

    assert lines["agent_minutes"].words == "hours a day × 60 × utilisation"
    assert lines["agent_minutes"].numbers == "8 × 60 × 75 %"
    assert lines["agents"].words == "agents, not rounded, rounded up"


# Where inputs come from -------------------------------------------------------------------


def test_imported_queues_say_nothing_of_what_our_people_get_done():
    fill_days(make_queue(), [120] * 56, first=FIRST)
    UserFactory(team=TeamFactory())

    found = by_key(selectors.worked(make_calculation(), NOW))["tickets_a_day"]

    assert (found.origin, found.value) == ("DEFAULT", 25)


def test_live_inputs_of_all_formulas_count_the_queues_that_are_filled_from_tickets():
    ours, hotline = make_queue(), make_queue(name="Hotline", channel="phone")
    team, other = TeamFactory(), TeamFactory()
    ours.channels.set([ChannelFactory()])
    ours.teams.set([team])
    UserFactory.create_batch(2, team=team)
    UserFactory(team=other)
    fill_days(ours, [40] * 56, first=FIRST)
    fill_days(hotline, [500] * 56, first=FIRST)

    found = by_key(selectors.worked(make_calculation("OUTSOURCING"), NOW))

    assert found["volume"].value == pytest.approx(40 * 365 / 12)
    assert found["agent_tickets"].value == pytest.approx(40 * 365 / 2)
    assert (
        by_key(selectors.worked(make_calculation("CAPACITY"), NOW))["volume"].value
        == 40
    )
    scope = selectors.counted()
    assert (scope.queues, scope.left_out) == ([ours], [hotline])
    assert "Hotline · phone" in scope.words


def test_what_an_agent_costs_is_live_for_outsourcing_in_the_same_currency():
    row = make_calculation(inputs=typed(salary=70_000, tools=4_000, overhead=9_000))
    services.use_elsewhere(calculation_id=row.pk, actor=UserFactory(), at=NOW)
    other = make_calculation("OUTSOURCING", name="Vendor")

    found = by_key(selectors.worked(other, NOW))

    costs = ("salary", "benefits", "training", "management", "tools")
    assert [(found[key].origin, found[key].value) for key in costs] == [
        ("LIVE", 58_000), ("DEFAULT", 12_000), ("DEFAULT", 2_000), ("LIVE", 9_000), ("LIVE", 4_000),
    ]  # fmt: skip
    Calculation.objects.filter(pk=other.pk).update(currency="EUR")
    other.refresh_from_db()
    in_euro = by_key(selectors.worked(other, NOW))
    assert {in_euro[key].origin for key in costs} == {"DEFAULT"}


def test_input_without_a_value_takes_the_live_one_and_says_so():
    queue = make_queue()
    queue.channels.set([ChannelFactory()])
    team = TeamFactory()
    UserFactory.create_batch(4, team=team)
    UserFactory(team=team, is_active=False)
    UserFactory(team=team, is_automation=True)
    fill_days(queue, [120] * 56, first=FIRST)
    DayVolume.objects.update(timed=100, handle_seconds=100 * 900)

    found = by_key(selectors.worked(make_calculation("CAPACITY"), NOW))

    assert found["volume"].origin == "LIVE"
    assert found["volume"].value == 120
    assert found["handle_minutes"].value == 15
    assert found["hours"].origin == "DEFAULT"
    # 120 a day by 4 people over 240 days a year.
    cost = by_key(selectors.worked(make_calculation(), NOW))["tickets_a_day"]
    assert cost.value == pytest.approx(120 * 365 / 4 / 240)
    assert "4 people" in cost.live_words
    assert cost.live_on == date(2026, 4, 26)


def test_typed_value_counts_and_the_live_one_stands_beside_it():
    fill_days(make_queue(), [120] * 56, first=FIRST)
    row = make_calculation("CAPACITY", inputs=typed(volume=200))

    volume = by_key(selectors.worked(row, NOW))["volume"]

    assert (volume.origin, volume.value, volume.live) == ("TYPED", 200, 120)


def test_share_reopened_is_counted_from_tickets():
    for count, days in ((0, 3), (0, 3), (0, 3), (2, 3), (1, 70)):
        ticket = open_ticket(body="Shut.")
        Ticket.objects.filter(pk=ticket.pk).update(
            resolved_at=NOW - timedelta(days=days),
            is_open=False,
            state="RESOLVED",
            reopen_count=count,
        )

    found = by_key(selectors.worked(make_calculation("OUTSOURCING"), NOW))

    assert found["reopened_now"].value == 0.25
    assert found["reopened_now"].origin == "LIVE"


def test_nothing_is_live_where_nothing_is_measured():
    for kind in ("CAPACITY", "OUTSOURCING", "AUTOMATION"):
        found = selectors.worked(make_calculation(kind), NOW)
        assert {each.origin for each in found.inputs} == {"DEFAULT"}


def test_few_timed_tickets_give_no_handle_time():
    fill_days(make_queue(), [1] * 9, first=date(2026, 4, 10))
    DayVolume.objects.update(timed=1, handle_seconds=600)

    assert "measured_minutes" not in selectors.measured(NOW)


def test_cost_per_ticket_used_elsewhere_is_live_for_other_formulas():
    row = make_calculation(inputs=typed(salary=75_000))
    other = make_calculation("SELF_SERVICE")

    assert by_key(selectors.worked(other, NOW))["ticket_cost"].origin == "DEFAULT"
    services.use_elsewhere(calculation_id=row.pk, actor=UserFactory(), at=NOW)

    found = by_key(selectors.worked(other, NOW))["ticket_cost"]
    assert (found.origin, found.value) == ("LIVE", 15.0)
    assert "Ours" in found.live_words
    assert selectors.reference("COST_PER_TICKET", NOW).value == 15.0
    assert selectors.reference("AUTOMATION", NOW) is None


# Writing ----------------------------------------------------------------------------------


def test_saving_keeps_what_was_before_in_history():
    actor = UserFactory()
    row = services.create_calculation(
        kind="CAPACITY", name="Plan", currency="EUR", actor=actor, at=NOW
    )
    save(row, {"volume": {"value": 300.0, "source": "Board paper"}}, actor)

    words = [change.words for change in changes(row)]

    assert words == [
        ["currency: EUR → USD", "tickets a day: empty → 300 tickets",
         "tickets a day, source: empty → Board paper"],
        ["Created"],
    ]  # fmt: skip
    assert changes(row)[0].by == str(actor)


@pytest.mark.parametrize(
    "inputs",
    [
        {"utilisation": {"value": 1.5}},
        {"colour": {"value": 1}},
        {"volume": {"low": 5}},
        {"volume": {"low": 9, "high": 5}},
        {"utilisation": {"low": 0.5, "high": 3}},
    ],
)
def test_input_out_of_its_limits_is_refused_and_nothing_written(inputs):
    row = make_calculation("CAPACITY")

    with pytest.raises(services.InputInvalid):
        save(row, inputs)

    row.refresh_from_db()
    assert row.inputs == {}


def test_example_keeps_its_figures_and_its_copy_does_not():
    row = Calculation.objects.get(kind="CAPACITY", is_example=True)
    actor = UserFactory()

    with pytest.raises(services.ExampleFixed):
        save(row, typed(volume=1))
    with pytest.raises(services.ExampleFixed):
        services.remove_calculation(calculation_id=row.pk, actor=actor, at=NOW)
    with pytest.raises(services.ExampleFixed):
        services.use_elsewhere(calculation_id=row.pk, actor=actor, at=NOW)

    copy = services.copy_calculation(calculation_id=row.pk, actor=actor, at=NOW)
    again = services.copy_calculation(calculation_id=row.pk, actor=actor, at=NOW)
    assert (copy.name, again.name) == (f"{row.name} (2)", f"{row.name} (3)")
    assert (copy.is_example, copy.inputs) == (False, row.inputs)
    row.refresh_from_db()
    assert row.inputs["volume"]["value"] == 500


def test_name_is_taken_once_a_formula():
    make_calculation("CAPACITY", "Plan")
    make_calculation("SELF_SERVICE", "Plan")

    with pytest.raises(services.CalculationNameTaken):
        services.create_calculation(
            kind="CAPACITY", name="Plan", currency="USD", actor=UserFactory(), at=NOW
        )


def test_one_calculation_of_a_formula_is_used_elsewhere():
    first, second = make_calculation(name="A"), make_calculation(name="B")
    actor = UserFactory()
    services.use_elsewhere(calculation_id=first.pk, actor=actor, at=NOW)
    services.use_elsewhere(calculation_id=second.pk, actor=actor, at=NOW)

    used = Calculation.objects.filter(is_reference=True)
    assert [row.name for row in used] == ["B"]
    with pytest.raises(services.ReferenceKept):
        services.remove_calculation(calculation_id=second.pk, actor=actor, at=NOW)
    services.use_no_more(calculation_id=second.pk, actor=actor, at=NOW)
    services.remove_calculation(calculation_id=second.pk, actor=actor, at=NOW)
    assert not Calculation.objects.filter(name="B").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_used_elsewhere_at_once_one_stays():
    rows = [make_calculation(name=name) for name in "AB"]
    actor, gate = UserFactory(), Barrier(2)

    def use(row):
        try:
            gate.wait()
            services.use_elsewhere(calculation_id=row.pk, actor=actor, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(use, rows))

    assert Calculation.objects.filter(is_reference=True).count() == 1


# Words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (12.5, "USD", "$12.50"),
        (99.996, "USD", "$100"),
        (52_500, "EUR", "€52,500"),
        (-1_250.4, "USD", "−$1,250"),
        (-0.001, "USD", "$0.00"),
        (7, "CHF", "CHF 7.00"),
        (7.2, "JPY", "¥7"),
    ],
)
def test_money_is_written_with_its_currency(value, currency, shown):
    assert money(value, currency) == shown


def test_amounts_say_never_and_not_defined():
    assert amount(float("inf"), "months", "USD") == "never"
    assert amount(float("nan"), "money", "USD") == "not defined"
    assert amount(0.125, "share", "USD") == "12.5 %"
    assert amount(1, "people", "USD") == "1 person"
    assert number(1_234.5) == "1,234.50"


# Pages ------------------------------------------------------------------------------------


def page_of(row):
    return reverse("capacity:calculation", args=[row.pk])


def test_page_computes_what_is_typed_without_storing_it(client, manager):
    row = Calculation.objects.get(kind="CAPACITY", is_example=True)

    page = client.post(
        page_of(row), {"volume-value": "1000", "utilisation-value": "75"}
    )

    assert page.status_code == 200
    assert page.context["found"].answer == "56 people"
    assert b"saved: 28 people" in page.content
    row.refresh_from_db()
    assert row.inputs["volume"]["value"] == 500


def test_endpoint_answers_with_numbers_and_the_same_block(client, manager):
    row = make_calculation("SELF_SERVICE", inputs=typed(once=1_000, visits=0))
    address = reverse("capacity:calculation-compute", args=[row.pk])

    answer = client.post(
        address,
        {"name": "x", "currency": "USD", "visits-value": "100", "once-value": "9000",
         "deflection-value": "40", "deflection-low": "30", "deflection-high": "50",
         "running-value": "2000"},
    ).json()  # fmt: skip

    assert answer["answer"] == "−$1,400"
    assert answer["results"]["deflected"] == 40
    # It never pays back: no number stands for that.
    assert answer["results"]["payback"] is None
    assert "−$1,550 to −$1,250" in answer["html"]


def test_endpoint_names_the_field_that_is_wrong(client, manager):
    row = make_calculation("CAPACITY")
    address = reverse("capacity:calculation-compute", args=[row.pk])

    response = client.post(
        address, {"name": "x", "currency": "USD", "utilisation-value": "120"}
    )

    assert response.status_code == 422
    assert response.json()["errors"] == {"utilisation-value": "From 1 to 100."}


def test_page_saves_with_sources_and_ranges_and_shows_them_again(client, manager):
    row = make_calculation("CAPACITY")

    response = client.post(
        page_of(row),
        {"verb": "save", "name": "Plan B", "currency": "EUR", "note": "",
         "volume-value": "700", "volume-source": "Budget", "volume-as_of": "2026-04-01",
         "utilisation-value": "70", "utilisation-low": "65", "utilisation-high": "80"},
    )  # fmt: skip

    assert response.status_code == 302
    row.refresh_from_db()
    assert row.inputs == {
        "volume": {"value": 700.0, "source": "Budget", "as_of": "2026-04-01"},
        "utilisation": {"value": 0.7, "low": 0.65, "high": 0.8},
    }
    page = client.get(page_of(row)).content.decode()
    assert 'value="70"' in page
    assert "Budget, 1 Apr 2026" in page
    assert "exact (2 corners)" in page


def test_page_of_a_stale_name_answers_409(client, manager):
    make_calculation("CAPACITY", "Taken")
    row = make_calculation("CAPACITY")

    response = client.post(
        page_of(row), {"verb": "save", "name": "Taken", "currency": "USD"}
    )

    assert response.status_code == 409
    assert "called “Taken” already" in response.content.decode()


def test_reference_is_asked_for_with_what_it_replaces(client, manager):
    old = make_calculation(name="Old", is_reference=True)
    new = make_calculation(name="New", inputs=typed(salary=75_000))
    address = reverse("capacity:calculation-reference", args=[new.pk])

    asked = client.get(address).content.decode()
    assert "$15.00" in asked
    assert "“Old”: $12.50" in asked
    client.post(address)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_reference, new.is_reference) == (False, True)


def test_export_holds_inputs_lines_and_the_interval(client, manager):
    row = make_calculation(
        "CAPACITY",
        inputs={"volume": {"value": 500, "low": 400, "high": 600, "source": "=HYPER"}},
    )

    response = client.get(reverse("capacity:calculation-export", args=[row.pk]))
    text = b"".join(response.streaming_content).decode()

    assert "input,volume,tickets a day,500.0,tickets,400,600,TYPED,'=HYPER" in text
    assert "line,agents,agents required,28.0,people" in text
    assert "interval,agents,agents required,28.0,people,23.0,34.0" in text


@pytest.mark.parametrize("name", ["print", "history"])
def test_print_and_history_open(client, manager, name):
    row = make_calculation("OUTSOURCING")

    page = client.get(reverse(f"capacity:calculation-{name}", args=[row.pk]))

    assert page.status_code == 200


@pytest.mark.parametrize(
    ("role", "sees", "changes_it"),
    [
        (roles.WORKFORCE_MANAGER, True, True),
        (roles.SUPPORT_LEAD, True, False),
        (roles.EXECUTIVE, True, False),
        (roles.TEAM_LEAD, False, False),
        (roles.AGENT, False, False),
        (roles.QA_REVIEWER, False, False),
    ],
)
def test_costs_are_for_those_who_may(client, role, sees, changes_it):
    client.force_login(UserFactory(role=role))
    row = make_calculation("CAPACITY")
    form = {"verb": "save", "name": "Mine", "currency": "USD"}

    assert client.get(reverse("capacity:costs")).status_code == (200 if sees else 403)
    assert client.get(page_of(row)).status_code == (200 if sees else 403)
    assert client.post(page_of(row), form).status_code == (302 if changes_it else 403)
    row.refresh_from_db()
    assert row.name == ("Mine" if changes_it else "Ours")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_as_many_queries_for_one_as_for_three(
    client, manager, django_assert_num_queries, rows
):
    fill_days(make_queue(), [50] * 7, first=date(2026, 4, 20))
    for index in range(rows):
        make_calculation("OUTSOURCING", f"Plan {index}")
    client.get(reverse("capacity:costs"))

    with django_assert_num_queries(COSTS_LIST):
        client.get(reverse("capacity:costs"))


COSTS_LIST = 11


def test_history_of_a_calculation_that_was_never_saved_is_empty(client, manager):
    row = make_calculation()
    row.history.all().delete()

    page = client.get(reverse("capacity:calculation-history", args=[row.pk]))

    assert page.status_code == 200
    assert changes(row) == []
