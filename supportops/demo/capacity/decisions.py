"""Two decisions of the demo: one that a trigger has reopened, one still being weighed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from supportops.demo.capacity.queues import Queues
from workforce.capacity.models import Approval, Decision
from workforce.capacity.selectors.weighing.wanted import WANTED
from workforce.capacity.services import weighing
from workforce.capacity.services.decisions import (
    answer_approval,
    check_triggers,
    create_decision,
    propose,
    save_part,
)
from workforce.people.models import User

BEGUN, PROPOSED, APPROVED = (timedelta(days=days) for days in (44, 42, 40))
# What no system of Lumen Ledger knows is typed, with where it comes from.
TYPED: Mapping[str, tuple[float, str, str]] = {
    "staffing_fte": (15, "FTE", "Partner's contract"),
    "automation_coverage": (10, "%", "Phone menu, September"),
    "cost_per_fte_week": (1450, settings.CURRENCY, "Partner's invoice"),
    "automation_success": (70, "%", "Pilot of two weeks, 380 calls"),
    "automation_cost_week": (900, settings.CURRENCY, "Offer of the vendor"),
    "csat_today": (78, "%", "Survey after calls"),
    "csat_per_doubling": (-3, "points", "Survey after calls"),
    "csat_automation": (-9, "points", "Pilot of two weeks"),
}
RANGES = {
    "automation_success": (55, 80),
    "csat_per_doubling": (-5, -1),
    "csat_automation": (-15, -3),
}
TEXTS: Mapping[str, Mapping[str, Any]] = {
    "question": {
        "objective": "Keep the promise of the hotline over the winter without night work.",
        "question": "Do calls after releases go to more people, to chat, or to the menu?",
    },
    "rules": {
        "balancing_rules": (
            "Over 20 calls waiting: the menu offers a chat. Over 40: the duty lead takes "
            "people from e-mail until 10 are left. Over 60: Nora Keller is called."
        )
    },
}
OPTIONS = (
    ("A", "As it is", {"phone": 0.72, "chat": 0.28}, 15, 0.10,
     "Dear; holds best when volume rises."),
    ("B", "Calls to chat", {"phone": 0.55, "chat": 0.45}, 14, 0.10,
     "Several chats at once; some customers want a voice."),
    ("C", "More in the menu", {"phone": 0.72, "chat": 0.28}, 12, 0.30,
     "Cheapest. Who fails in the menu comes back in a worse mood."),
)  # fmt: skip
CRITERIA = (
    ("Resolution time", "RESOLUTION", 3),
    ("Cost", "COST", 3),
    ("CSAT", "CSAT", 2),
)


def write_decisions(
    queues: Queues, *, owner: User, approvers: list[User], until: datetime
) -> None:
    """Decide six weeks ago, let a trigger reopen it today, and begin the next one."""
    _decide(queues, owner, approvers, until - BEGUN, until)
    check_triggers(at=until)
    _weigh_segments(owner, until - timedelta(days=5))


def _decide(
    queues: Queues, owner: User, approvers: list[User], at: datetime, until: datetime
) -> None:
    decision = create_decision(
        kind=Decision.Kind.BALANCING,
        title="Release calls over the winter",
        question=str(TEXTS["question"]["question"]),
        actor=owner,
        at=at,
    )
    today = at.date()

    def save(part: str, **data: Any) -> None:
        decision.refresh_from_db()
        save_part(
            decision_id=decision.pk,
            part=part,
            data=data,
            revision=decision.revision,
            actor=owner,
            at=at,
        )

    for part, data in TEXTS.items():
        save(part, **data)
    save(
        "scope",
        scope="The partner's hotline: phone and chat, all customers, no e-mail.",
        starts_on=today,
        ends_on=today + timedelta(days=182),
        owner=owner,
        queues=list(queues.partner),
    )
    weighing.add_missing_inputs(decision_id=decision.pk, actor=owner, at=at)
    save("inputs", rows=_inputs(decision, at))
    save("options", rows=[_option(*option) for option in OPTIONS])
    save("criteria", rows=[_criterion(*each) for each in CRITERIA])
    weighing.compute_options(decision_id=decision.pk, actor=owner, at=at)
    save(
        "recommendation",
        chosen="C",
        recommendation=(
            "C until March: it saves a fifth. Above 3,400 calls a week people alone are "
            "faster, and CSAT may fall by a point or two: the guardrail watches that."
        ),
        timeline="The longer menu goes live next Monday; we can go back within a day.",
    )
    save("triggers", rows=_triggers(decision))
    propose(
        decision_id=decision.pk,
        approver_ids=[person.pk for person in approvers],
        reason="Ready after the pilot.",
        actor=owner,
        at=until - PROPOSED,
        accepted_inputs=list(decision.inputs.values_list("pk", flat=True)),
    )
    for approval in Approval.objects.filter(decision=decision).select_related("person"):
        answer_approval(
            approval_id=approval.pk,
            person=approval.person,
            answer=Approval.Answer.APPROVED,
            words="Agreed. Show me the first month.",
            at=until - APPROVED,
            accepted_triggers=list(decision.triggers.values_list("pk", flat=True)),
        )


def _inputs(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    """Every input with a value, a source, a day and an owner; unknown ones are typed."""
    rows = []
    for row in decision.inputs.all():
        content: dict[str, Any] = {
            "id": row.pk,
            "data_owner": row.data_owner or "Carla Mendes",
            "refresh_days": 28,
        }
        if row.key in TYPED:
            value, unit, source = TYPED[row.key]
            content |= {"value": value, "unit": unit, "source": source}
        elif row.value is None:
            continue
        # The range of what was read live says nothing of a value from elsewhere.
        own = (None, None) if row.key in TYPED else (row.low, row.high)
        low, high = RANGES.get(row.key, own)
        content |= {"low": low, "high": high, "as_of": row.as_of or at.date()}
        rows.append(content)
    present = {row.key for row in decision.inputs.all()}
    wanted = ("automation_success", "automation_cost_week", "csat_automation")
    return rows + [_typed_input(key, at) for key in wanted if key not in present]


def _typed_input(key: str, at: datetime) -> dict[str, Any]:
    value, unit, source = TYPED[key]
    low, high = RANGES.get(key, (None, None))
    return {
        "key": key,
        "name": str(WANTED[key].name),
        "about": WANTED[key].about,
        "value": value,
        "unit": unit,
        "low": low,
        "high": high,
        "source": source,
        "as_of": at.date(),
        "data_owner": "Carla Mendes",
        "refresh_days": 91,
        "quality_gap": "Two weeks of a pilot, one region.",
    }


def _option(
    letter: str,
    name: str,
    mix: dict[str, float],
    people: float,
    automation: float,
    description: str,
) -> dict[str, Any]:
    return {
        "letter": letter,
        "name": name,
        "mix": mix,
        "people": people,
        "automation": automation,
        "description": description,
    }


def _criterion(name: str, measure: str, weight: float) -> dict[str, Any]:
    return {"name": name, "measure": measure, "weight": weight, "grades": {}}


def _triggers(decision: Decision) -> list[dict[str, Any]]:
    """Keep the template's guardrail, and watch the forecast that the options rest on."""
    return [
        *({"id": row.pk} for row in decision.triggers.all()),
        {
            "metric": "forecast_wape",
            "filters": {},
            "direction": "ABOVE",
            "threshold": 0.15,
            "window_days": 28,
            "minimum_n": 40,
            "contingency": "Compute the options again with the new volume.",
        },
    ]


def _weigh_segments(owner: User, at: datetime) -> None:
    decision = create_decision(
        kind=Decision.Kind.SEGMENTS,
        title="Who is served first when an outage takes half of us",
        question="How are 150 tickets a week shared out among the tiers?",
        actor=owner,
        at=at,
    )
    weighing.fill_segments(decision_id=decision.pk, actor=owner, at=at)
