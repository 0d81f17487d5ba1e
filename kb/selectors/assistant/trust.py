"""How far the assistant's confidence is trusted: learnt from answers that were judged."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from kb.core.recalibration import UNCHANGED, Correction, fit
from kb.core.thresholds import Choice, Finding, choose
from kb.models import AssistantRules, Turn

MOST_JUDGED = 2_000
"""The newest judged answers count: articles and search change, and so does what is right."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Which answers are shown.

    ``threshold`` is what visitors are told, a corrected confidence; ``None`` where no
    passage may be shown. ``choice`` is ``None`` with a fixed threshold.
    """

    correction: Correction
    threshold: float | None
    choice: Choice | None
    judged: int

    def shows(self, search_confidence: float) -> bool:
        """Say whether a passage of this confidence (of the search) is shown."""
        if self.threshold is None:
            return False
        if self.choice and self.choice.threshold is not None:
            return search_confidence >= self.choice.threshold
        return self.correction.of(search_confidence) >= self.threshold


def judged_turns() -> QuerySet[Any]:
    """Turns whose passage was judged by the visitor or by staff, with ``raw`` confidence."""
    return Turn.objects.filter(is_right__isnull=False).exclude(passage="").annotate(
        raw=Coalesce("search_confidence", "confidence")
    )  # fmt: skip


def trust_by(rules: AssistantRules) -> Trust:
    """Return what the rules and the judged answers allow. One query.

    With a precision to reach: too few answers leave the fixed threshold in force; where
    none of the thresholds was right so often, no passage is shown at all.
    """
    rows = list(
        judged_turns().order_by("-pk").values_list("raw", "is_right")[:MOST_JUDGED]
    )
    confidences = [min(max(raw, 0.0), 1.0) for raw, _right in rows]
    right = [is_right for _raw, is_right in rows]
    correction = fit(confidences, right) if rows else UNCHANGED
    fixed = float(rules.threshold)
    if rules.mode == AssistantRules.Mode.FIXED:
        return Trust(correction, fixed, None, len(rows))
    choice = choose(confidences, right, float(rules.precision))
    if choice.threshold is not None:
        threshold: float | None = correction.of(choice.threshold)
    else:
        threshold = None if choice.finding == Finding.NOT_REACHED else fixed
    return Trust(correction, threshold, choice, len(rows))
