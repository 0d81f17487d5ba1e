"""Hiring plans: need from forecasts, people, hires with their states, and the pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from supportops.common import roles
from supportops.common.errors import OperationRefused
from tests.factories.capacity import make_queue, published_forecast
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Hire, HiringPlan, LeadTime
from workforce.capacity.selectors import hiring as selectors
from workforce.capacity.services import hiring as services

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    user = UserFactory(role=roles.WORKFORCE_MANAGER)
    client.force_login(user)
    return user


def make_plan(name="Plan", **fields):
    return HiringPlan.objects.create(
        name=name, **{"attrition": Decimal(0), "people_now": Decimal(2), **fields}
    )


def make_hire(plan, joins_on, people=1, **fields):
    columns = {"scenario": Hire.Scenario.GROWTH, **fields}
    return Hire.objects.create(plan=plan, joins_on=joins_on, people=people, **columns)


def forecast_days(days, volume=400):
    queue = make_queue()
    published_forecast(queue, [volume] * days, first=TODAY)
    return queue


def page_of(plan):
    return reverse("capacity:hiring-plan", args=[plan.pk])


# Need and have ----------------------------------------------------------------------------


def test_need_is_that_of_the_published_forecasts_and_is_carried_on_after_them():
    forecast_days(61)
    plan = make_plan(months=5)

    shown = selectors.picture(plan, today=TODAY).shown

    march, april, may = shown[0], shown[1], shown[2]
    assert march.month.need > 1
    assert (march.needed.like, april.needed.like) == (None, None)
    # The forecast ends with 1 May: one day tells nothing about a month.
    assert may.needed.like == date(2026, 4, 1)
    assert may.month.need == april.month.need
    assert march.needed.careful > march.month.need


def test_a_queue_beyond_its_forecast_still_counts_where_another_goes_on():
    """Publishing one queue further ahead must not make the others vanish."""
    short, long = forecast_days(61), forecast_days(122, volume=800)
    make_queue("Chat")

    found = selectors.picture(make_plan(months=5), today=TODAY)
    alone = [need_of(queue) for queue in (short, long)]

    april, may, june, july = (line.needed for line in found.shown[1:])
    assert may.fte == pytest.approx(alone[0][1] + alone[1][2])
    assert june.fte == pytest.approx(alone[0][1] + alone[1][3])
    assert (april.carried, may.like) == ({}, None)
    assert may.carried == {short.pk: date(2026, 4, 1)}
    assert july.carried == {short.pk: date(2026, 4, 1), long.pk: date(2026, 6, 1)}
    assert [each.until for each in found.reached] == [
        date(2026, 4, 1),
        date(2026, 6, 1),
    ]
    assert len(found.not_forecast) == 1


def need_of(queue):
    plan = make_plan(f"Only {queue.pk}", months=5)
    plan.queues.add(queue)
    shown = selectors.picture(plan, today=TODAY).shown
    return [line.month.need for line in shown]


def test_queues_without_a_team_are_named_beside_those_with_one():
    queue = forecast_days(61)
    assert selectors.picture(make_plan(), today=TODAY).without_team == []

    queue.teams.add(TeamFactory())
    other = make_queue("Partner")

    found = selectors.picture(make_plan("Both"), today=TODAY)
    assert found.without_team == [str(other)]


def test_need_without_a_forecast_is_not_known():
    make_queue()

    found = selectors.picture(make_plan(), today=TODAY)

    assert [line.month.gap for line in found.shown] == [None] * 3
    assert found.worst is None
    assert found.suggestion.people == 0


def test_people_are_counted_from_the_teams_of_the_queues():
    mine, other = TeamFactory(level="L2"), TeamFactory()
    UserFactory.create_batch(2, team=mine)
    UserFactory(team=mine, level="L3")
    UserFactory(team=mine, is_active=False)
    UserFactory(team=mine, imported_from="old desk")
    UserFactory(team=other)
    queue = make_queue()
    queue.teams.add(mine)
    plan = make_plan(people_now=None)
    plan.queues.add(queue)

    found = selectors.picture(plan, today=TODAY)

    assert found.levels_now == {"L2": 2, "L3": 1}
    assert (found.people_now, found.is_counted) == (3, True)


def test_planned_hires_ramp_and_cancelled_ones_do_not_count():
    plan = make_plan(months=4)
    make_hire(plan, date(2026, 4, 1), 2)
    make_hire(plan, date(2026, 4, 1), 9, state="CANCELLED")

    months = [line.month for line in selectors.picture(plan, today=TODAY).shown]

    assert months[0].have == 2
    assert months[1].hires == pytest.approx(2 * (7 * 0.25 + 7 * 0.5 + 2 * 0.75) / 30)
    assert months[3].have == 4


def test_people_who_have_joined_are_counted_once_and_by_their_ramp():
    plan = make_plan(people_now=Decimal(5))
    make_hire(plan, TODAY, 2, state="JOINED")

    months = [line.month for line in selectors.picture(plan, today=TODAY).shown]

    # March, 2nd to 31st: two weeks at 0, one at a quarter, one at a half, 2 days at ¾.
    share = (7 * 0.25 + 7 * 0.5 + 2 * 0.75) / 30
    assert months[0].have == pytest.approx(3 + 2 * share)
    assert months[2].have == pytest.approx(5)


def test_seasonal_people_leave_on_their_day():
    plan = make_plan(months=4, ramp=[1.0])
    make_hire(plan, TODAY, 3, scenario="SEASONAL", leaves_on=date(2026, 4, 16))

    months = [line.month for line in selectors.picture(plan, today=TODAY).shown]

    assert [round(month.have, 3) for month in months] == [5, 3.5, 2, 2]


def test_doubled_attrition_makes_the_gap_larger_and_stores_nothing():
    forecast_days(100)
    plan = make_plan(attrition=Decimal("0.300"), people_now=Decimal(20))

    plain = selectors.picture(plan, today=TODAY)
    doubled = selectors.picture(plan, today=TODAY, is_doubled=True)

    assert doubled.attrition == pytest.approx(0.6)
    assert doubled.shown[2].month.have < plain.shown[2].month.have
    plan.refresh_from_db()
    assert plan.attrition == Decimal("0.300")


def test_hires_not_started_in_time_are_overdue():
    plan = make_plan()
    late = make_hire(plan, date(2026, 4, 1))
    begun = make_hire(plan, date(2026, 4, 2), state="HIRING")
    soon = make_hire(plan, date(2026, 6, 20))
    later = make_hire(plan, date(2026, 9, 1))

    lines = {line.hire.pk: line for line in selectors.picture(plan, today=TODAY).hires}

    assert lines[late.pk].urgency == "OVERDUE"
    assert lines[begun.pk].urgency is None
    # Growth takes three to four months: from 20 February, by 20 March at the latest.
    assert lines[soon.pk].timing.start_by == date(2026, 2, 20)
    assert lines[soon.pk].urgency == "NOW"
    assert lines[later.pk].urgency == "LATER"


def test_suggestion_closes_the_gap_with_people_at_full_load():
    forecast_days(61)
    plan = make_plan(tier_ratios={"L1": 0.65, "L2": 0.30, "L3": 0.05})

    found = selectors.picture(plan, today=TODAY)

    missing = max(line.month.gap for line in found.months)
    assert found.suggestion.people == -(-missing // 1)
    # Growth joins on 2 June at the earliest and is at full load six weeks later.
    assert found.suggested[0].hire.month == date(2026, 8, 1)
    assert found.suggestion.open_months[0] == date(2026, 3, 1)
    assert sum(found.suggested[0].levels.values()) == found.suggested[0].hire.people


# Writing ----------------------------------------------------------------------------------


def move(hire, state):
    return services.move_hire(hire_id=hire.pk, state=state, actor=UserFactory(), at=NOW)


def test_hire_moves_through_its_states():
    hire = make_hire(make_plan(), date(2026, 6, 1))

    for state in ("HIRING", "JOINED"):
        assert move(hire, state).state == state


@pytest.mark.parametrize(
    ("now", "then"),
    [("PLANNED", "JOINED"), ("JOINED", "CANCELLED"), ("HIRING", "HIRING"), ("PLANNED", "X")],
)  # fmt: skip
def test_hire_does_not_skip_states(now, then):
    hire = make_hire(make_plan(), date(2026, 6, 1), state=now)

    with pytest.raises(services.HireStateRefused):
        move(hire, then)

    hire.refresh_from_db()
    assert hire.state == now


def test_undo_brings_back_what_a_hire_was_and_again_what_it_became():
    plan, actor = make_plan(), UserFactory()
    columns = {"scenario": "GROWTH", "people": 1, "joins_on": date(2026, 6, 1)}
    hire = services.add_hire(plan_id=plan.pk, fields=columns, actor=actor, at=NOW)
    with pytest.raises(services.HireUnchanged):
        services.undo_hire(hire_id=hire.pk, actor=actor, at=NOW)
    services.change_hire(
        hire_id=hire.pk, fields={"people": 4}, actor=actor, at=NOW + timedelta(hours=1)
    )

    undone = services.undo_hire(
        hire_id=hire.pk, actor=actor, at=NOW + timedelta(hours=2)
    )
    assert undone.people == 1
    again = services.undo_hire(
        hire_id=hire.pk, actor=actor, at=NOW + timedelta(hours=3)
    )
    assert again.people == 4
    assert hire.history.count() == 4


def test_suggestion_is_planned_once():
    forecast_days(61)
    plan, actor = make_plan(), UserFactory()
    people = selectors.picture(plan, today=TODAY).suggestion.people

    rows = services.take_suggestion(plan_id=plan.pk, people=people, actor=actor, at=NOW)

    assert sum(row.people for row in rows) == people
    assert selectors.picture(plan, today=TODAY).suggestion.people == 0
    with pytest.raises(services.SuggestionChanged):
        services.take_suggestion(plan_id=plan.pk, people=people, actor=actor, at=NOW)
    assert plan.hires.count() == len(rows)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_suggestion_at_once_one_is_refused():
    for scenario, low, high in (("GROWTH", 3, 4), ("SEASONAL", 1, 2)):
        LeadTime.objects.update_or_create(
            scenario=scenario, defaults={"months_low": low, "months_high": high}
        )
    forecast_days(61)
    plan, actor, gate = make_plan(), UserFactory(), Barrier(2)
    people = selectors.picture(plan, today=TODAY).suggestion.people

    def take(_):
        try:
            gate.wait()
            services.take_suggestion(
                plan_id=plan.pk, people=people, actor=actor, at=NOW
            )
        except OperationRefused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, range(2)))

    assert answers == ["hiring_suggestion_changed", "taken"]
    assert sum(hire.people for hire in plan.hires.all()) == people


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": "Taken"}, services.PlanNameTaken),
        ({"ramp": [0.5, 0.25]}, services.PlanInvalid),
        ({"tier_ratios": {"L1": 0.5, "L2": 0.2}}, services.PlanInvalid),
    ],
)
def test_plan_that_cannot_be_is_refused_and_not_written(fields, refusal):
    make_plan("Taken")

    with pytest.raises(refusal):
        services.save_plan(
            plan_id=None,
            fields={"name": "New", **fields},
            queues=[],
            actor=UserFactory(),
            at=NOW,
        )

    assert [plan.name for plan in HiringPlan.objects.all()] == ["Taken"]


def test_database_refuses_a_hire_that_leaves_before_joining():
    plan = make_plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_hire(plan, date(2026, 6, 1), leaves_on=date(2026, 6, 1))


# Pages ------------------------------------------------------------------------------------


def test_plan_page_shows_months_hires_and_the_suggestion(client, manager):
    forecast_days(61)
    plan = make_plan()
    make_hire(plan, date(2026, 4, 1))

    page = client.get(page_of(plan)).content.decode()

    assert "<svg" in page
    assert "Mar 2026" in page
    assert "Overdue" in page
    assert "Hiring today comes too late for Mar 2026" in page
    assert "Plan these hires" in page
    doubled = client.get(page_of(plan), {"attrition": "double"}).content.decode()
    assert "Nothing is stored" in doubled
    assert "Plan these hires" not in doubled


def test_plan_exports_its_months(client, manager):
    forecast_days(61)
    response = client.get(page_of(make_plan()), {"csv": 1})
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert len(lines) == 4
    assert lines[1].startswith("2026-03-01,")


def test_plan_is_made_and_changed_on_its_form(client, manager):
    queue = make_queue()
    form = {
        "name": "Phone", "months": 6, "attrition": "25.5", "people_now": "",
        "ramp": "0 / 50 / 100", "stage": "EARLY", "queues": [queue.pk],
        "owner": manager.pk, "is_active": "on",
    }  # fmt: skip

    client.post(reverse("capacity:hiring-new"), form)

    plan = HiringPlan.objects.get()
    assert plan.attrition == Decimal("0.255")
    assert plan.ramp == [0, 0.5, 1]
    assert plan.tier_ratios == {"L1": 0.625, "L2": 0.25, "L3": 0.125}
    assert list(plan.queues.all()) == [queue]
    address = reverse("capacity:hiring-plan-edit", args=[plan.pk])
    assert client.get(address).context["form"].initial["stage"] == "EARLY"
    wrong = client.post(address, form | {"stage": "OWN", "L1": 60, "L2": 30, "L3": 5})
    assert wrong.status_code == 422
    assert "add up to 100 %, not 95 %" in wrong.content.decode()
    assert client.post(address, form | {"ramp": "much"}).status_code == 422


def test_hire_is_counted_back_from_the_day_of_full_load(client, manager):
    plan = make_plan()
    address = reverse("capacity:hiring-plan-hire", args=[plan.pk])

    client.post(address, {"scenario": "GROWTH", "people": 2, "full_on": "2026-09-01"})

    hire = plan.hires.get()
    assert hire.joins_on == date(2026, 7, 21)
    assert client.post(address, {"scenario": "GROWTH", "people": 2}).status_code == 422
    seasonal = {"scenario": "SEASONAL", "people": 2, "joins_on": "2026-09-01"}
    assert client.post(address, seasonal).status_code == 422


def test_states_and_undo_are_on_the_page(client, manager):
    plan = make_plan()
    hire = make_hire(plan, date(2026, 6, 1))
    address = reverse("capacity:hire-move", args=[hire.pk])

    client.post(address, {"state": "CANCELLED"})
    hire.refresh_from_db()
    assert hire.state == "CANCELLED"
    client.post(address, {"state": "UNDO"})
    hire.refresh_from_db()
    assert hire.state == "PLANNED"
    refused = client.post(address, {"state": "JOINED"}, follow=True)
    assert "does not become" in refused.content.decode()


def test_empty_list_says_what_to_do_first(client, manager):
    page = client.get(reverse("capacity:hiring")).content.decode()

    assert "Make the first plan" in page


@pytest.mark.parametrize(
    ("role", "sees", "changes_it"),
    [
        (roles.WORKFORCE_MANAGER, True, True),
        (roles.SUPPORT_LEAD, True, False),
        (roles.EXECUTIVE, True, False),
        (roles.TEAM_LEAD, False, False),
        (roles.AGENT, False, False),
    ],
)
def test_hiring_is_for_those_who_may(client, role, sees, changes_it):
    client.force_login(UserFactory(role=role))
    plan = make_plan()
    hire = make_hire(plan, date(2026, 6, 1))

    assert client.get(page_of(plan)).status_code == (200 if sees else 403)
    for name, pk in (
        ("hiring-plan-edit", plan.pk), ("hiring-plan-hire", plan.pk), ("hire", hire.pk)
    ):  # fmt: skip
        address = reverse(f"capacity:{name}", args=[pk])
        assert client.get(address).status_code == (200 if changes_it else 403)
    client.post(reverse("capacity:hire-move", args=[hire.pk]), {"state": "HIRING"})
    hire.refresh_from_db()
    assert hire.state == ("HIRING" if changes_it else "PLANNED")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_plans_takes_as_many_queries_for_one_as_for_three(
    client, manager, django_assert_num_queries, rows
):
    for index in range(rows):
        plan = make_plan(f"Plan {index}", owner=UserFactory())
        plan.queues.add(make_queue())
        make_hire(plan, date(2026, 6, 1))
    client.get(reverse("capacity:hiring"))

    with django_assert_num_queries(PLANS_LIST):
        client.get(reverse("capacity:hiring"))


@pytest.mark.parametrize("rows", [1, 3])
def test_plan_page_takes_as_many_queries_for_one_hire_and_queue_as_for_three(
    client, manager, django_assert_num_queries, rows
):
    plan = make_plan()
    for _ in range(rows):
        queue = forecast_days(61)
        queue.teams.add(TeamFactory())
        plan.queues.add(queue)
        make_hire(plan, date(2026, 6, 1))
    client.get(page_of(plan))

    with django_assert_num_queries(PLAN_PAGE):
        client.get(page_of(plan))


PLANS_LIST = 6
PLAN_PAGE = 17
