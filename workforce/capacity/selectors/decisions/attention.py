"""What needs somebody as short lines: one a decision and reason, however often it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from supportops.metrics.scopes import today
from workforce.capacity.models import Decision, DecisionInput, ReviewDate
from workforce.capacity.selectors.decisions.figures import day_text
from workforce.capacity.selectors.decisions.lists import Attention

LONGEST_WHY = 160


@dataclass(frozen=True)
class Line:
    """A decision and one reason why it needs somebody; ``chip`` is how urgent that is."""

    decision: Decision
    chip: str
    reason: str
    note: str


def attention_lines(found: Attention) -> list[Line]:
    """Write out what needs somebody, the most urgent reason first."""
    return [
        *(
            Line(row, "late", _("a trigger fired"), str(row.owner))
            for row in found.fired
        ),
        *(_reopened(row) for row in found.reopened),
        *(
            Line(
                row.decision,
                "watch",
                _("waits for your approval"),
                _("asked %(day)s") % {"day": day_text(today(row.asked_at))},
            )
            for row in found.approvals
        ),
        *_reviews(found.reviews),
        *_stale(found.stale),
    ]


def _reopened(row: Any) -> Line:
    when = day_text(today(row.reopened_at)) if row.reopened_at else ""
    why = Truncator(row.reopened_why or "").chars(LONGEST_WHY)
    return Line(row, "late", _("reopened"), ": ".join(filter(None, (when, why))))


def _reviews(rows: list[ReviewDate]) -> Iterator[Line]:
    for held in _by_decision(rows):
        words = ngettext("review due", "%(n)d reviews due", len(held))
        since = day_text(min(row.due_on for row in held))
        yield Line(held[0].decision, "watch", words % {"n": len(held)}, since)


def _stale(rows: list[DecisionInput]) -> Iterator[Line]:
    for held in _by_decision(rows):
        words = ngettext("old figure", "%(n)d old figures", len(held))
        oldest = min(held, key=lambda row: (row.as_of is None, row.as_of, row.pk))
        about = {"input": oldest.name, "day": day_text(oldest.as_of)}
        note = _("%(input)s, as of %(day)s") % about
        if len(held) > 1:
            note = _("oldest: %(input)s, as of %(day)s") % about
        yield Line(held[0].decision, "idle", words % {"n": len(held)}, note)


def _by_decision(rows: list[Any]) -> list[list[Any]]:
    """Rows of each decision together, decisions in the order of their first row."""
    firsts: dict[int, int] = {}
    for place, row in enumerate(rows):
        firsts.setdefault(row.decision_id, place)
    ordered = sorted(rows, key=lambda row: firsts[row.decision_id])
    return [list(held) for _key, held in groupby(ordered, lambda row: row.decision_id)]
