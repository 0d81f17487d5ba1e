"""A decision of one person, as the addresses of decisions need it."""

from datetime import UTC, datetime
from typing import Any

from tests.factories.capacity import ready_decision
from workforce.capacity.models import DecisionVersion, Evidence
from workforce.capacity.selectors.decisions import document
from workforce.people.models import User

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def own_decisions(owner: User) -> dict[str, Any]:
    """Write a draft of ``owner`` with a version and an entry of evidence, by address."""
    decision = ready_decision(owner=owner)
    DecisionVersion.objects.create(
        decision=decision,
        number=1,
        content=document(decision, AT),
        created_by=owner,
        created_at=AT,
    )
    entry = Evidence.objects.create(
        decision=decision, at=AT, kind=Evidence.Kind.NOTE, actor=owner, text="Survey"
    )
    return {
        "capacity:decision": decision,
        "admin:capacity_decision": decision,
        "api-capacity-decision": decision,
        "admin:capacity_evidence": entry,
    }


def every_input(decision: Any) -> list[int]:
    """Name every input: a proposal then stands on them whatever is wrong with them."""
    return list(decision.inputs.values_list("pk", flat=True))


def every_trigger(decision: Any) -> list[int]:
    """Name every trigger: an approval then knows of each that is crossed."""
    return list(decision.triggers.values_list("pk", flat=True))
