"""Differences and findings as a page lists them."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from sla.core.policy import PolicyDefinition
from sla.core.policy_changes import diff
from sla.core.policy_lint import Finding
from sla.phrases import Names, change_sentence, finding_sentence
from sla.selectors.policy_words import names_of

CHIP = {"error": "late", "warning": "watch", "info": "idle"}


def change_lines(old: PolicyDefinition, new: PolicyDefinition) -> list[str]:
    """The difference in words; empty when both say the same."""
    changes = diff(old, new)
    if not changes:
        return []
    names = names_of(old, new)
    today = timezone.localdate()
    return [change_sentence(change, names, today=today) for change in changes]


def finding_rows(findings: Iterable[Finding], names: Names) -> list[dict[str, Any]]:
    return [
        {
            "severity": finding.severity,
            "chip": CHIP[finding.severity],
            "text": finding_sentence(finding, names),
        }
        for finding in findings
    ]
