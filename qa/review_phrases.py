"""Reviews in words: the tone of a state, how a ticket came to be looked at, what is left."""

from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qa.core.scorecard import Scorecard
from qa.models import Dispute, Review, SampleItem
from qa.sampling_phrases import RULE_NAMES, stratum_words

TONES = {
    Review.State.SUBMITTED: "watch",
    Review.State.RELEASED: "",
    Review.State.ACKNOWLEDGED: "ok",
    Review.State.DISPUTED: "late",
    Review.State.VOIDED: "idle",
}
DISPUTE_TONES = {
    Dispute.State.OPEN: "watch",
    Dispute.State.CHANGED: "late",
    Dispute.State.PARTLY: "late",
    Dispute.State.UPHELD: "ok",
}


def state_tone(review: Review) -> str:
    return TONES.get(Review.State(review.state), "idle")


def dispute_tone(dispute: Dispute) -> str:
    return DISPUTE_TONES.get(Dispute.State(dispute.state), "idle")


def origin_words(review: Review, item: SampleItem | None) -> str:
    """How this ticket came to be looked at; agents read the rule that chose them."""
    if item is None:
        return _(
            "Chosen by the reviewer, not drawn. It is left out where a mean is to stand "
            "for all of an agent's work."
        )
    if item.why != SampleItem.Why.RANDOM:
        words = _(
            "Flagged by the rule “%(rule)s” of the plan “%(plan)s”, not drawn. It is left "
            "out where a mean is to stand for all of an agent's work."
        )
        return words % {
            "rule": RULE_NAMES.get(item.rule, item.rule or item.get_why_display()),
            "plan": item.draw.plan.name,
        }
    return _drawn(item)


def _drawn(item: SampleItem) -> str:
    words = _(
        "Drawn at random by the plan “%(plan)s” from the tickets resolved from "
        "%(first)s to %(last)s%(stratum)s."
    ) % {
        "plan": item.draw.plan.name,
        "first": date_format(item.draw.starts_on),
        "last": date_format(item.draw.ends_on - timedelta(days=1)),
        "stratum": _(", stratum “%(stratum)s”") % {"stratum": _stratum(item)}
        if item.stratum
        else "",
    }
    if item.probability is None:
        return words
    chance = _("Each of them had a chance of %(percent)s %% to be drawn.") % {
        "percent": f"{100 * item.probability:.3g}"
    }
    return f"{words} {chance}"


def _stratum(item: SampleItem) -> str:
    return stratum_words(item.stratum, item.draw.plan_then.get("strata", ()))


def verdict_words(review: Review, card: Scorecard, failed: list[str]) -> str:
    """What the score means: the pass mark, and what failed it."""
    if review.score is None:
        return _("Nothing in it counts, so there is no score.")
    words = (_("Passed") if review.passed else _("Not passed")) + _(
        ": the pass mark is %(mark)g."
    ) % {"mark": card.pass_mark}
    if not failed:
        return words
    critical = _("Critical: %(names)s fell below what any ticket must have.") % {
        "names": ", ".join(f"“{name}”" for name in failed)
    }
    if review.raw_score is not None and review.raw_score != review.score:
        critical += " " + _("Without it the score would be %(raw)s.") % {
            "raw": review.raw_score
        }
    return f"{words} {critical}"


def event_words(event: Any, visible: set[int]) -> str:
    """One line of a review's history; another review is named only if it can be read."""
    words = str(event.get_kind_display())
    for key, text in (
        ("by", _("by review #%(n)d")),
        ("supersedes", _("in place of #%(n)d")),
    ):
        other = event.details.get(key)
        if other in visible:
            words += " " + text % {"n": other}
    outcome = event.details.get("outcome")
    if outcome in Dispute.State.values:
        words += f": {Dispute.State(outcome).label}"
    return words
