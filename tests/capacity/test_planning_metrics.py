"""KPIs of planning against sums written down, and who sees which."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from supportops.metrics import catalogue
from supportops.metrics.scopes import Scope, ScopeInvalid, scope_from
from tests.factories.capacity import (
    MONDAY,
    fill_days,
    make_queue,
    plan_staff,
    published_forecast,
)
from tests.factories.people import TeamFactory, UserFactory
from workforce.capacity.models import Calculation

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 16, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _forget():
    cache.clear()


def scope(days=7, **filters):
    return Scope(MONDAY, MONDAY + timedelta(days=days), filters, at=AT)


def value(code, within):
    return catalogue.get(code).compute(within)


def test_forecast_figures_sum_queues_and_days():
    first, second = make_queue(), make_queue()
    published_forecast(first, [100, 100, 100])
    published_forecast(second, [200, 200, 200])
    fill_days(first, [90, 110, 160])
    fill_days(second, [220, 200, 190])

    # |came − expected|: 10 10 60 20 0 10 of 970 that came; 900 were expected.
    assert value("forecast_wape", scope()).value == pytest.approx(110 / 970)
    assert value("forecast_bias", scope()).value == pytest.approx(-70 / 970)
    # Bounds are ±30 %: only the day of 160 lies outside.
    assert value("forecast_coverage", scope()).value == pytest.approx(5 / 6)
    assert value("forecast_wape", scope()).n == 6


def test_forecast_figures_count_only_days_forecast_before_they_came():
    queue = make_queue()
    published_forecast(queue, [100, 100], at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    fill_days(queue, [400, 100])

    assert value("forecast_wape", scope()).n == 0
    assert value("forecast_wape", scope()).value is None


def test_coverage_gaps_are_hours_with_less_than_half_of_the_people():
    queue = make_queue()
    published_forecast(queue, [480] * 5, first=MONDAY + 3 * WEEK)
    plan_staff(queue, 30, weekdays=range(4))
    monday = Scope(MONDAY, MONDAY + WEEK, at=AT + WEEK)

    figure = value("coverage_gaps", monday)

    # Friday has nobody: eight hours, sixteen of eighty intervals.
    assert (figure.value, figure.n) == (8.0, 80)


def test_figures_of_planning_refuse_filters():
    for code in ("forecast_wape", "coverage_gaps", "cost_per_ticket"):
        with pytest.raises(ScopeInvalid, match="whole queues"):
            value(code, scope(team=frozenset({1})))


def cost(**fields):
    return Calculation.objects.create(
        kind=Calculation.Kind.COST_PER_TICKET,
        name="Ours",
        currency=fields.pop("currency", "USD"),
        inputs=Calculation.objects.get(kind="COST_PER_TICKET", is_example=True).inputs,
        changed_at=AT,
        **fields,
    )


def test_cost_per_ticket_is_that_of_the_calculation_used_elsewhere():
    assert value("cost_per_ticket", scope()).value is None

    cost(is_reference=True)

    assert value("cost_per_ticket", scope()).value == pytest.approx(12.5)


def test_cost_in_another_currency_is_not_shown_as_ours():
    cost(is_reference=True, currency="EUR")

    assert value("cost_per_ticket", scope()).value is None


@pytest.mark.parametrize(
    ("role", "sees"),
    [("Workforce manager", True), ("Executive", True), ("Team lead", False)],
)
def test_cost_is_shown_to_who_may_see_costs(role, sees):
    cost(is_reference=True)
    asked = scope_from({}, user=UserFactory(role=role), at=AT)

    assert (value("cost_per_ticket", asked).value is not None) is sees


def test_team_lead_gets_the_figures_of_own_queues():
    lead = UserFactory(role="Team lead")
    own, other = make_queue(), make_queue()
    own.teams.set([TeamFactory(lead=lead)])
    for queue in (own, other):
        published_forecast(queue, [100])
    fill_days(own, [100])
    fill_days(other, [300])
    days = {"from": [str(MONDAY)], "to": [str(MONDAY)]}

    def error(person):
        return value("forecast_wape", scope_from(days, user=person, at=AT)).value

    assert error(lead) == pytest.approx(0)
    assert error(UserFactory(role="Executive")) == pytest.approx(0.5)
