"""An experiment in plain words: what can be said, and how sure it is."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kb.core.sequential import SMALLEST_ARM, Look, Verdict
from kb.models import Experiment
from kb.selectors.experiments.judging import Standing

Outcome = Experiment.Outcome

CHIPS = {
    Verdict.TOO_EARLY: "idle",
    Verdict.UNDECIDED: "idle",
    Verdict.B_BETTER: "ok",
    Verdict.B_WORSE: "late",
    Verdict.GUARDRAIL: "late",
}


def points(share: float) -> str:
    """Return a difference of shares in points, with its sign."""
    value = round(100 * share, 1)
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return sign + number_format(abs(value), 1)


def percent(good: float, known: float) -> str:
    return f"{number_format(100 * good / known, 1)} %" if known else "–"


def interval(look: Look) -> str:
    return _("%(low)s to %(high)s points") % {
        "low": points(look.lower),
        "high": points(look.upper),
    }


def short_verdict(verdict: str) -> str:
    return {
        Verdict.TOO_EARLY: _("Too early"),
        Verdict.UNDECIDED: _("Undecided"),
        Verdict.B_BETTER: _("B is better"),
        Verdict.B_WORSE: _("B is worse"),
        Verdict.GUARDRAIL: _("Guardrail crossed"),
    }[Verdict(verdict)]


def units(outcome: str) -> str:
    """Return what is counted of an outcome."""
    if outcome == Outcome.HELPFUL:
        return _("votes")
    return _("readers a day on")


def verdict_sentence(standing: Standing) -> str:
    """Say in one sentence what can be said."""
    if standing.experiment.state == Experiment.State.DRAFT:
        return _("Not started: readers see A only.")
    if standing.is_mismatched:
        return _(
            "Do not rely on this: %(b)d of %(all)d readers saw B, where about %(planned)d "
            "were to; a split this uneven is no chance (p = %(p)s), so something is wrong "
            "with the counting."
        ) % {
            "b": standing.tally.b.readers,
            "all": standing.tally.readers,
            "planned": round(
                standing.tally.readers * float(standing.experiment.share_b)
            ),
            "p": f"{standing.split_p:.1g}",
        }
    if standing.verdict == Verdict.GUARDRAIL:
        return _guardrail(standing)
    return _judged(standing)


def _guardrail(standing: Standing) -> str:
    outcome = standing.crossed[0]
    look = standing.judged if outcome == standing.experiment.outcome else standing.guarded  # fmt: skip
    return _(
        "B is worse than allowed: %(outcome)s, %(effect)s points (%(interval)s), where "
        "%(drop)s points down is the limit."
    ) % {
        "outcome": outcome.label.lower(),
        "effect": points(look.effect or 0.0),
        "interval": interval(look),
        "drop": number_format(100 * standing.experiment.guardrail_drop, 1),
    }


def _judged(standing: Standing) -> str:
    experiment, look = standing.experiment, standing.judged
    if standing.verdict == Verdict.TOO_EARLY:
        a, b = (arm.counts(experiment.outcome).readers for arm in (standing.tally.a, standing.tally.b))  # fmt: skip
        return _(
            "Too early to say anything: each version needs %(least)d %(units)s; A has "
            "%(a)d, B %(b)d."
        ) % {"least": SMALLEST_ARM, "units": units(experiment.outcome), "a": a, "b": b}
    words = {
        Verdict.B_BETTER: _(
            "B is better: %(outcome)s, %(effect)s points (%(interval)s)."
        ),
        Verdict.B_WORSE: _(
            "B is worse: %(outcome)s, %(effect)s points (%(interval)s)."
        ),
        Verdict.UNDECIDED: _(
            "Not decided yet: %(outcome)s, %(effect)s points (%(interval)s); no "
            "difference is still possible."
        ),
    }[standing.verdict]
    return words % {
        "outcome": Outcome(experiment.outcome).label.lower(),
        "effect": points(look.effect or 0.0),
        "interval": interval(look),
    }
