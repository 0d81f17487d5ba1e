"""What staff read about threshold and states."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kb.core.thresholds import Finding
from kb.models import AssistantRules, Conversation
from kb.selectors.assistant import Trust

State = Conversation.State
CHIPS = {
    State.OPEN: "watch",
    State.ANSWERED: "ok",
    State.HANDED_OVER: "idle",
    State.LEFT: "idle",
}


def percent(share: float | None, places: int = 1) -> str:
    """Write a share as per cent, without a place that says nothing."""
    if share is None:
        return "–"
    text = number_format(round(100 * share, places), places)
    return _("%(share)s %%") % {"share": text}


def threshold_words(rules: AssistantRules, trust: Trust) -> str:
    """Say in a sentence from which confidence a passage is shown, and why."""
    if not rules.is_on:
        return _("The assistant is off: every question goes to search or to a person.")
    choice = trust.choice
    if choice is None:
        return _("Shown from %(threshold)s confidence on, as fixed.") % {
            "threshold": percent(trust.threshold)
        }
    values = {
        "threshold": percent(trust.threshold),
        "target": percent(float(rules.precision)),
        "n": choice.n,
        "needed": choice.needed,
    }
    if choice.finding == Finding.TOO_FEW:
        return (
            _(
                "Shown from the fixed %(threshold)s on: %(n)d judged answers do not show "
                "yet that %(target)s are right. About %(needed)d at or above one "
                "threshold would."
            )
            % values
        )
    if choice.finding == Finding.NOT_REACHED:
        return (
            _(
                "No passage is shown: of %(n)d judged answers, at no threshold were more "
                "than %(target)s right. Questions get links and a person."
            )
            % values
        )
    point = choice.point
    assert point is not None  # noqa: S101 -- CHOSEN has one
    return _(
        "Shown from %(threshold)s confidence on: there %(right)d of %(shown)d judged "
        "answers were right, and the true share is at least %(lower)s (95 %% certain)."
    ) % {
        **values,
        "right": point.right,
        "shown": point.shown,
        "lower": percent(point.lower),
    }
