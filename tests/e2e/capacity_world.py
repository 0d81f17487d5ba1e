"""Two months of capacity for the browser: one row at least of every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from supportops.common import roles
from supportops.jobs.models import Job
from supportops.metrics import services as metrics
from tests.factories.capacity import (
    fill_days,
    make_queue,
    plan_staff,
    published_forecast,
    ready_decision,
)
from tests.factories.decisions import every_input, every_trigger
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.sampling import resolved_tickets
from workforce.capacity.models import (
    Calculation,
    Decision,
    DecisionOption,
    Event,
    Hire,
    Investigation,
    OutlierDay,
    Overlay,
    Queue,
    ReviewDate,
    Risk,
    Trigger,
    VolumeImport,
)
from workforce.capacity.services import decisions, forecasting, hiring, planning
from workforce.capacity.services.events import create_event
from workforce.capacity.services.volumes import imports
from workforce.people.models import Team, User

WEEK = (480, 336, 288, 288, 240, 96, 48)
"""What comes from Monday to Sunday, a multiple of the 48 intervals of a day."""
WEEKS = 9
NORTH = "Hotline of the northern region and its partners"
FILE = b"start,offered,handled\n2026-03-02 09:00,5,5\n2026-03-02 09:30,seven,7\n"


@dataclass
class People:
    manager: User
    lead: User
    team_lead: User
    executive: User


@dataclass
class Rows:
    """What the pages are about, each by the name of its address."""

    phone: Queue
    chat: Queue
    mail: Queue
    empty: Queue
    investigations: Mapping[str, int]
    imports: Mapping[str, int]
    event: Event
    plan: int
    hire: int
    calculations: list[int]
    decisions: Mapping[str, Decision]


def people() -> People:
    return People(
        manager=UserFactory(first_name="Carla", role=roles.WORKFORCE_MANAGER),
        lead=UserFactory(first_name="Nora", role=roles.SUPPORT_LEAD),
        team_lead=UserFactory(first_name="Mei", role=roles.TEAM_LEAD),
        executive=UserFactory(first_name="Henrik", role=roles.EXECUTIVE),
    )


def build(who: People, now: datetime) -> Rows:
    monday = now.date() - timedelta(days=now.weekday())
    team = TeamFactory(name="Frontline of the northern region", lead=who.team_lead)
    phone, chat, mail, empty = queues()
    for queue in (phone, chat, mail):
        queue.teams.add(team)
        teach(queue, monday, now)
        published_forecast(
            queue, WEEK * 13, first=monday - timedelta(weeks=4), opens=time(0),
            intervals=48,
        )  # fmt: skip
    plan_staff(phone, 7.5)
    plan_staff(phone, 2, hours=(17, 22), name="The late shift of the northern region")
    plan_staff(chat, 3)
    outlier(phone, monday - timedelta(days=4), now)
    event = write_event(who, phone, monday)
    Overlay.objects.create(name="Price change of all yearly plans", percent=35)
    forecasting.choose_method(
        queue_id=phone.pk, method="recipe", horizon_days=91, actor=who.manager, at=now
    )
    forecasting.run_forecast(queue_id=phone.pk, actor=who.manager, at=now)
    plan, hire = hires(who, phone, now)
    planning.make_duties(at=now)
    Job.objects.create(
        kind="capacity.forecast",
        title="Forecasts of 3 queues",
        state=Job.State.RUNNING,
        done=1,
        total=3,
        created_by=who.lead,
        created_at=now,
    )
    return Rows(
        phone=phone,
        chat=chat,
        mail=mail,
        empty=empty,
        investigations=investigations(who, phone, monday, now),
        imports=volume_imports(who, phone, now),
        event=event,
        plan=plan,
        hire=hire,
        calculations=calculations(who, now),
        decisions=write_decisions(who, phone, now),
    )


def queues() -> tuple[Queue, Queue, Queue, Queue]:
    phone = make_queue(NORTH)
    chat = make_queue(NORTH, channel="chat", handling=Queue.Handling.CHAT)
    mail = make_queue(NORTH, channel="email", handling=Queue.Handling.DEFERRED)
    chat.assumptions.concurrency = 3
    chat.assumptions.save()
    mail.assumptions.target_seconds = 4 * 3600
    mail.assumptions.save()
    return phone, chat, mail, make_queue("Not filled yet")


def teach(queue: Queue, monday: date, now: datetime) -> None:
    """Write whole days until yesterday, and today's intervals that are over."""
    first = monday - timedelta(weeks=WEEKS)
    days = (now.date() - first).days
    fill_days(
        queue,
        [WEEK[day % 7] for day in range(days)],
        first=first,
        opens=time(0),
        intervals=48,
        timed=1,
        handle_seconds=420,
    )
    over = (now.hour * 60 + now.minute) // 30
    if over:
        total = WEEK[now.weekday()] * over // 48
        fill_days(queue, [total], first=now.date(), opens=time(0), intervals=over)


def outlier(queue: Queue, day: date, now: datetime) -> None:
    OutlierDay.objects.create(
        queue=queue, day=day, actual=960, expected=288, found_at=now
    )


def write_event(who: People, queue: Queue, monday: date) -> Event:
    return create_event(
        values={
            "name": "Release of the new invoicing for all customers of the region",
            "kind": Event.Kind.RELEASE,
            "starts_on": monday + timedelta(days=8),
            "ends_on": monday + timedelta(days=10),
            "treatment": Event.Treatment.REPEAT,
            "percent": 30,
            "note": "A new version for all customers.",
        },
        queues=[queue],
    )


def investigations(
    who: People, queue: Queue, monday: date, now: datetime
) -> dict[str, int]:
    forecast = queue.forecasts.filter(state="PUBLISHED").get()
    common: dict[str, Any] = {
        "queue": queue, "forecast": forecast, "owner": who.manager, "opened_at": now,
        "due_on": now.date() + timedelta(days=5),
    }  # fmt: skip
    opened = Investigation.objects.create(
        starts_on=monday - timedelta(weeks=1),
        ends_on=monday - timedelta(days=1),
        expected=1776,
        actual=2448,
        deviation=0.378,
        **common,
    )
    closed = Investigation.objects.create(
        starts_on=monday - timedelta(weeks=2),
        ends_on=monday - timedelta(days=8),
        expected=1776,
        actual=1300,
        deviation=-0.268,
        state=Investigation.State.CLOSED,
        outcome=Investigation.Outcome.ONE_OFF,
        finding="The payment service was down on Wednesday.",
        closed_at=now,
        closed_by=who.manager,
        **common,
    )
    return {"open": opened.pk, "closed": closed.pk}


def volume_imports(who: People, queue: Queue, now: datetime) -> dict[str, int]:
    """An import that is done with a refused row, one that waits, one that failed."""
    made = {}
    for name in ("done", "waiting", "failed"):
        run = imports.keep_upload(
            content=FILE,
            file_name=f"hotline-of-the-northern-region-{name}.csv",
            time_zone="UTC",
            actor=who.manager,
            at=now,
        )
        made[name] = run.pk
    run = imports.settle_mapping(
        import_id=made["done"],
        mapping={**run.mapping, "queue": queue.pk},
        time_zone="UTC",
    )
    imports.run_import(import_id=run.pk, at=now)
    failed = {"state": VolumeImport.State.FAILED, "finished_at": now}
    VolumeImport.objects.filter(pk=made["failed"]).update(**failed)
    return made


def hires(who: People, queue: Queue, now: datetime) -> tuple[int, int]:
    plan = hiring.save_plan(
        plan_id=None,
        fields={
            "name": NORTH,
            "months": 6,
            "people_now": 9,
            "attrition": "0.300",
            "owner": who.manager,
        },
        queues=[queue],
        actor=who.manager,
        at=now,
    )
    hire = hiring.add_hire(
        plan_id=plan.pk,
        fields={
            "scenario": Hire.Scenario.GROWTH,
            "people": 2,
            "joins_on": now.date() + timedelta(days=100),
            "note": "For the evening shift of the northern region.",
        },
        actor=who.manager,
        at=now,
    )
    return plan.pk, hire.pk


def calculations(who: People, now: datetime) -> list[int]:
    """One of each formula that migrations write, and one of our own."""
    kinds = {row.kind: row.pk for row in Calculation.objects.order_by("-pk")}
    own = Calculation.objects.create(
        kind=Calculation.Kind.COST_PER_TICKET,
        name="A ticket of the northern region, all costs of the year included",
        created_by=who.manager,
        changed_at=now,
    )
    return [own.pk, *kinds.values()]


# Decisions --------------------------------------------------------------------------------


def write_decisions(who: People, queue: Queue, now: datetime) -> dict[str, Decision]:
    """One of each state that a page differs by, and one about segments."""
    reopened_tickets(now, queue.teams.first())
    made = {name: whole(who.manager, queue, now) for name in ("draft", "proposed")}
    made["approved"] = whole(who.manager, queue, now)
    made["reopened"] = whole(who.manager, queue, now, threshold=0.1)
    made["segments"] = decisions.create_decision(
        kind=Decision.Kind.SEGMENTS,
        title="Which customers come first in the northern region?",
        question="Who is answered first when not everybody can be?",
        copy_of=None,
        actor=who.manager,
        at=now,
    )
    propose(made["proposed"], who.lead, now)
    for name in ("approved", "reopened"):
        propose(made[name], who.executive, now - timedelta(days=2))
        answer(made[name], now - timedelta(days=1))
    assert decisions.check_triggers(at=now)["fired"] == 1
    return made


def reopened_tickets(now: datetime, team: Team | None = None) -> None:
    """Half of sixty tickets of a team came back, which crosses a threshold of 10 %."""
    for days, count in ((1, 1), (2, 0)):
        at = now - timedelta(days=days)
        resolved_tickets(None, 30, at, reopen_count=count, team=team)
    metrics.mark_all()
    metrics.refresh(at=now)


def whole(owner: User, queue: Queue, now: datetime, threshold: float = 0.9) -> Decision:
    """A draft with a row of everything, which may be proposed as it is."""
    decision = ready_decision(
        title="Where do the tickets of a release go, and who answers in the evening?",
        owner=owner,
        created_at=now - timedelta(days=3),
        changed_at=now - timedelta(days=3),
        objective="First answers within four hours also in the week of a release.",
        balancing_rules="When chat waits longer than 3 minutes, two people move over.",
        refresh_plan="Volumes every hour, wages each quarter.",
        metrics=["ticket_volume", "reopen_rate"],
    )
    decision.queues.add(queue)
    DecisionOption.objects.create(
        decision=decision, letter="B", name="Two more people for the evening shift",
        people=11, automation=0.1, mix={"phone": 0.6, "chat": 0.4},
    )  # fmt: skip
    Risk.objects.create(
        decision=decision, text="The bot answers what it should not", owner=owner
    )
    Trigger.objects.filter(decision=decision).update(
        metric="reopen_rate", threshold=threshold, purpose="GUARDRAIL"
    )
    ReviewDate.objects.filter(decision=decision).update(
        due_on=now.date() + timedelta(days=30), note="Did the evening hold?"
    )
    return decision


def propose(decision: Decision, approver: User, at: datetime) -> None:
    decisions.propose(
        decision_id=decision.pk,
        approver_ids=[approver.pk],
        reason="",
        actor=decision.owner,
        at=at,
        accepted_inputs=every_input(decision),
    )
    decision.refresh_from_db()


def answer(decision: Decision, at: datetime) -> None:
    asked = decision.approvals.get()
    decisions.answer_approval(
        approval_id=asked.pk, person=asked.person, answer="APPROVED", words="Yes", at=at,
        accepted_triggers=every_trigger(decision),
    )  # fmt: skip
    decision.refresh_from_db()
