"""A row of the worklist before it is stored."""

from dataclasses import dataclass, field
from typing import Any

from kb.core.gaps import Estimate
from kb.core.patterns import HIGH, RULES, Finding
from kb.models import WorklistRow

ACTIONS = WorklistRow.Action
SOURCES = WorklistRow.Source
PRIORITIES = WorklistRow.Priority

MOST_LISTED = 50
"""How many tickets or searches of a gap are kept as evidence; all are counted."""


@dataclass(slots=True)
class Draft:
    """One gap: what it is, what it costs, and what speaks for it."""

    key: str
    title: str
    language: str
    sources: list[str]
    estimate: Estimate
    searches: int = 0
    tickets: int = 0
    action: str = ACTIONS.WRITE
    article: int | None = None
    category: int | None = None
    findings: list[Finding] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)
    all_tickets: tuple[int, ...] = ()

    @property
    def priority(self) -> str:
        if not self.findings:
            return PRIORITIES.NONE
        high = any(RULES[one.code].priority == HIGH for one in self.findings)
        return PRIORITIES.HIGH if high else PRIORITIES.MEDIUM

    def row(self, **columns: Any) -> WorklistRow:
        """Return what is stored."""
        hours = self.estimate.hours
        return WorklistRow(
            key=self.key,
            title=self.title[:200],
            language=self.language[:10],
            sources=f" {' '.join(self.sources)} ",
            action=self.action,
            priority=self.priority,
            rules=f" {' '.join(one.code for one in self.findings)} ",
            article_id=self.article,
            category_id=self.category,
            hours_low=hours.low,
            hours=hours.likely,
            hours_high=hours.high,
            searches=self.searches,
            tickets=self.tickets,
            terms=[_term(term) for term in self.estimate.terms],
            evidence=self.evidence
            | {"findings": [_finding(one) for one in self.findings]},
            **columns,
        )


def _term(term: Any) -> dict[str, Any]:
    value = term.value
    return {
        "code": term.code,
        "low": value.low,
        "likely": value.likely,
        "high": value.high,
        "n": term.n,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "count": finding.count,
        "tickets": list(finding.tickets[-MOST_LISTED:]),
        "first": finding.first.isoformat(),
        "last": finding.last.isoformat(),
        "before": finding.before,
        "release": finding.release,
    }
