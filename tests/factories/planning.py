"""Hiring, costs and planning duties that belong to one person."""

from datetime import UTC, date, datetime
from typing import Any

from workforce.capacity.models import (
    Calculation,
    Hire,
    HiringPlan,
    PlanningDuty,
    PlanningTask,
)
from workforce.people.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def own_planning(owner: User) -> dict[str, Any]:
    """Return rows by the beginnings of the names of addresses that lead to them."""
    plan = HiringPlan.objects.create(name=f"Plan of {owner.pk}", owner=owner)
    hire = Hire.objects.create(
        plan=plan, scenario="GROWTH", people=1, joins_on=date(2026, 6, 1)
    )
    calculation = Calculation.objects.create(
        kind="CAPACITY", name=f"Of {owner.pk}", created_by=owner, changed_at=NOON
    )
    task = PlanningTask.objects.create(
        name=f"Task of {owner.pk}", cadence="MONTHLY", owner=owner
    )
    duty = PlanningDuty.objects.create(
        task=task, period_start=date(2026, 3, 1), due_on=date(2026, 3, 10)
    )
    return {
        "capacity:calculation": calculation,
        "capacity:hiring": plan,
        "capacity:hire": hire,
        "capacity:planning-duty": duty,
        "capacity:planning-owner": task,
    }
