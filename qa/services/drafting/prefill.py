"""What rules find in the conversation, ticked before the reviewer looks."""

from collections.abc import Mapping
from typing import Any

from qa.core.prechecks import Finding, precheck
from qa.core.scorecard import CHECKLIST, Criterion
from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Review
from qa.selectors.scoring_room.conversation import (
    entries_on_show,
    known_of,
    last_seq_of,
    said_in,
)
from qa.services.drafting.changes import source_of


def prefill(review: Review, card: Card) -> None:
    """Tick boxes whose rule found what they ask for; keep the evidence with the answer.

    What a rule did not find, or cannot tell, is kept beside it: how far rules and
    reviewers agree is read from these rows later.
    """
    asked = [each for each in card.criteria() if each.kind == CHECKLIST]
    names = {check.precheck for each in asked for check in each.checks} - {""}
    if not names:
        return
    entries = entries_on_show(review.ticket, last_seq_of(review))
    said = said_in(entries, review.agent_id)
    findings = precheck(sorted(names), said, known_of(review.ticket))
    Answer.objects.bulk_create(
        answer for each in asked if (answer := _answer(review, each, findings))
    )


def _answer(
    review: Review, criterion: Criterion, findings: Mapping[str, Finding]
) -> Answer | None:
    evidence = {
        check.key: _evidence(findings[check.precheck])
        for check in criterion.checks
        if check.precheck in findings
    }
    if not evidence:
        return None
    answer = Answer(review=review, criterion_key=criterion.key, evidence=evidence)
    answer.checked = [key for key, finding in evidence.items() if finding["found"]]
    answer.source = source_of(answer)
    return answer


def _evidence(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.check,
        "found": finding.found,
        "reason": finding.reason,
        "values": dict(finding.values),
        "spans": [[span.message, span.start, span.end] for span in finding.spans],
        "seen": False,
    }
