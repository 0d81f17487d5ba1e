"""A decision as one plain record: what versions keep, and what is printed."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from workforce.capacity.core.decisions import Change, changes
from workforce.capacity.models import Approval, Decision, DecisionVersion, Evidence
from workforce.capacity.selectors.decisions.sections import (
    Section,
    closed_parts,
    readable,
    sections_of,
)
from workforce.capacity.selectors.decisions.trigger_rows import moment_text
from workforce.people.models import User

FORMAT = 1


def document(decision: Decision, at: datetime) -> dict[str, Any]:
    """Write the whole decision out, with its live figures of this moment.

    Plain values only: it is stored in a version and can be read for as long as that.
    """
    return {
        "format": FORMAT,
        "written_at": at.isoformat(),
        "written": moment_text(at),
        "title": decision.title,
        "kind": decision.kind,
        "kind_name": str(decision.get_kind_display()),
        "owner": str(decision.owner),
        "chosen": decision.chosen,
        "sections": [
            section_data(section, decision, None, at)
            for section in sections_of(decision)
        ],
    }


def section_data(
    section: Section, decision: Decision, reader: User | None, at: datetime
) -> dict[str, Any]:
    """Write one section out: key, title and data with its facts."""
    facts = {str(label): text for label, text in section.facts(decision).items()}
    data = {**section.load(decision, reader, at), "facts": facts}
    return {
        "key": section.key,
        "title": str(section.title),
        "data": section.seen_by(reader, data),
    }


def latest_version(decision: Decision) -> DecisionVersion | None:
    return decision.versions.order_by("-number").first()


def last_number(decision: Decision) -> int:
    """The number of the newest version; 0 before the first."""
    number = (
        decision.versions.order_by("-number").values_list("number", flat=True).first()
    )
    return number or 0


def approvals_of(decision: Decision, number: int) -> list[Approval]:
    rows = decision.approvals.filter(number=number).select_related("person")
    return list(rows.order_by("pk"))


def accepted_inputs(decision: Decision, number: int) -> Evidence | None:
    """The entry that says on which unvalidated inputs a version was proposed."""
    rows = decision.evidence.filter(
        details__number=number, details__unvalidated__isnull=False
    )
    return rows.select_related("actor").first()


def compared(
    older: DecisionVersion, newer: DecisionVersion, user: User | None = None
) -> list[Change]:
    """What differs between two versions, in words, as far as a reader may see it."""
    return changes(
        readable(older.content["sections"], user),
        readable(newer.content["sections"], user),
    )


def evidence_open_to(rows: QuerySet[Evidence], user: User) -> QuerySet[Evidence]:
    """Leave out entries about sections that a reader does not see all of."""
    closed = closed_parts(user)
    if not closed:
        return rows
    return rows.filter(Q(details__part__isnull=True) | ~Q(details__part__in=closed))
