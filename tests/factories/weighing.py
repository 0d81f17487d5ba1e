"""Decisions with everything their options are computed from."""

from datetime import UTC, datetime
from typing import Any

from tests.factories.capacity import make_decision
from workforce.capacity.models import Decision, DecisionInput, DecisionOption
from workforce.capacity.selectors.decisions import section
from workforce.capacity.services import decisions as records
from workforce.capacity.services import weighing as services
from workforce.people.models import User

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
INPUTS = (
    ("mix_email", "MIX", 60, "%"),
    ("mix_phone", "MIX", 40, "%"),
    ("staffing_fte", "STAFFING", 10, "FTE"),
    ("automation_coverage", "AUTOMATION", 10, "%"),
    ("tickets_per_week", "WORK", 900, "a week"),
    ("handle_minutes", "WORK", 15, "minutes"),
    ("cost_per_fte_week", "COST", 1_400, "EUR"),
    ("csat_today", "OTHER", 85, "%"),
    ("csat_per_doubling", "OTHER", -3, "points"),
    ("automation_cost_contact", "COST", 2, "EUR"),
    ("automation_cost_week", "COST", 3_000, "EUR"),
)


def weighable(**fields: Any) -> Decision:
    """A draft with every input and two options: people, or more automation."""
    decision = make_decision(**fields)
    for place, (key, about, value, unit) in enumerate(INPUTS, start=1):
        DecisionInput.objects.create(
            decision=decision, key=key, about=about, name=key.replace("_", " "),
            value=value, unit=unit, source="Typed", position=place,
        )  # fmt: skip
    decision.inputs.filter(key="tickets_per_week").update(low=800, high=2_400)
    mix = {"email": 0.6, "phone": 0.4}
    for letter, name, people, automation in (
        ("A", "People", 10, 0),
        ("B", "Bot", 7, 0.4),
    ):
        DecisionOption.objects.create(
            decision=decision, letter=letter, name=name, mix=mix, people=people,
            automation=automation,
        )  # fmt: skip
    return decision


def compute(decision: Decision) -> list[DecisionOption]:
    """Compute the options as the owner."""
    return services.compute_options(
        decision_id=decision.pk, actor=decision.owner, at=AT
    )


def segment_row(**fields: Any) -> dict[str, Any]:
    """What the form of a segment sends, and what its row holds."""
    return {
        "name": "Gold", "tier": None, "customers": 3, "lifetime_value": 40_000,
        "churn_risk": 0.2, "demand": 100, "commitment": 60, "source": "CRM", **fields,
    }  # fmt: skip


def save_section(decision: Decision, part: str, data: Any, **how: Any) -> Decision:
    """Save a section as the owner."""
    how = {"revision": Decision.objects.get(pk=decision.pk).revision, **how}
    return records.save_part(
        decision_id=decision.pk, part=part, data=data,
        **{"actor": decision.owner, "at": AT, **how},
    )  # fmt: skip


def shown(decision: Decision, key: str, reader: User | None = None) -> dict[str, Any]:
    """What a reader sees of a section; without one, everything."""
    held = section(key)
    decision = Decision.objects.get(pk=decision.pk)
    return held.seen_by(reader, held.load(decision, reader, AT))
