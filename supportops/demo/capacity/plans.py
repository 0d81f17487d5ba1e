"""What the demo's manager plans and reckons: hiring, a ticket's cost, the month's duties."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from supportops.demo.capacity.queues import Queues
from supportops.demo.core import hotline, story
from workforce.capacity.models import (
    Calculation,
    Hire,
    PlanningDuty,
    PlanningTask,
)
from workforce.capacity.services import costs, hiring, planning
from workforce.people.models import User

DUTY_NOTES = (
    "Read with the team leads; nothing to change.",
    "One figure renewed, its source noted.",
    "Talked through with Finance.",
)

# What Lumen Ledger pays, a year and a person.
COST_OF_A_PERSON = {"salary": 58000, "tools": 4200, "training": 1800, "overhead": 7600}


def write_plans(queues: Queues, *, manager: User, lead: User, until: datetime) -> None:
    _hire(queues, manager, until)
    _reckon(manager, until)
    _keep_calendar(manager, lead, until)


def _hire(queues: Queues, manager: User, until: datetime) -> None:
    today = until.astimezone(ZoneInfo(story.ZONE)).date()
    plan = hiring.save_plan(
        plan_id=None,
        fields={
            "name": "Hotline",
            "months": 6,
            "people_now": 12,
            "attrition": "0.300",
            "owner": manager,
        },
        queues=queues.partner,
        actor=manager,
        at=until,
    )
    for scenario, people, in_days, note in (
        (Hire.Scenario.REPLACEMENT, 1, 21, "For Robin, who leaves in December."),
        (Hire.Scenario.GROWTH, 2, 112, "The evening shift."),
    ):
        hiring.add_hire(
            plan_id=plan.pk,
            fields={
                "scenario": scenario,
                "people": people,
                "joins_on": hotline.weekday_near(today + timedelta(days=in_days), 0),
                "note": note,
            },
            actor=manager,
            at=until,
        )


def _reckon(manager: User, until: datetime) -> None:
    """Work out what a ticket costs; tickets an agent solves are read from live data."""
    row = costs.create_calculation(
        kind=Calculation.Kind.COST_PER_TICKET,
        name="A ticket at Lumen Ledger",
        currency=settings.CURRENCY,
        actor=manager,
        at=until,
    )
    source = {"source": "Finance, budget of the year", "as_of": str(until.date())}
    costs.save_calculation(
        calculation_id=row.pk,
        name=row.name,
        currency=row.currency,
        inputs={
            key: {"value": value, **source} for key, value in COST_OF_A_PERSON.items()
        },
        note="Tickets an agent solves a day are measured.",
        actor=manager,
        at=until,
    )
    costs.use_elsewhere(calculation_id=row.pk, actor=manager, at=until)


def _keep_calendar(manager: User, lead: User, until: datetime) -> None:
    """Give every duty an owner; those due before this week are done."""
    for place, task in enumerate(PlanningTask.objects.all()):
        task.owner = lead if place % 4 == 3 else manager
        task.save(update_fields=["owner"])
    month = until - timedelta(days=45)
    for at in (month, until):
        planning.make_duties(at=at)
    week = hotline.weekday_near(until.date(), 0)
    past = PlanningDuty.objects.filter(due_on__lt=week).select_related("task")
    for place, duty in enumerate(past):
        done = datetime.combine(duty.due_on, time(15), tzinfo=until.tzinfo)
        planning.mark_done(
            duty_id=duty.pk,
            note=DUTY_NOTES[place % len(DUTY_NOTES)],
            actor=duty.task.owner or manager,
            at=done,
        )
