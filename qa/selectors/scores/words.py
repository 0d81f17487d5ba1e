"""Scores in words: what moved one, and what cannot be told apart."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.scoreboard import AgentScore, Comparison, Mean, Scoreboard, Step


def points(value: float, places: int = 1) -> str:
    return number_format(round(value, places), places)


def signed(value: float, places: int = 1) -> str:
    rounded = round(value, places)
    sign = "±" if rounded == 0 else "+" if rounded > 0 else "−"
    return sign + number_format(abs(rounded), places)


def mean_words(mean: Mean) -> str:
    """“82.4, 95 % interval 78.1 to 86.7, of 12 reviews”."""
    if mean.value is None:
        return _("no reviews")
    of = ngettext("of %(n)d review", "of %(n)d reviews", mean.n) % {"n": mean.n}
    if mean.low is None or mean.high is None:
        return _("%(value)s %(of)s: too few for an interval") % {
            "value": points(mean.value),
            "of": of,
        }
    return _("%(value)s, 95 %% interval %(low)s to %(high)s, %(of)s") % {
        "value": points(mean.value),
        "low": points(mean.low),
        "high": points(mean.high),
        "of": of,
    }


def step_words(step: Step, board: Scoreboard, *, named: bool = True) -> str:
    """Say what moved a score; reviewers keep their names unless ``named``.

    “−3.2: 9 of 12 reviews by David Brandt, who scores 4.1 ± 1.3 above the others”.
    """
    moved = signed(step.points)
    if step.kind == "second":
        return ngettext(
            "%(moved)s: %(n)d second, blind review of the same tickets is added",
            "%(moved)s: %(n)d second, blind reviews of the same tickets are added",
            step.n,
        ) % {"moved": moved, "n": step.n}
    if step.kind == "shrink":
        return ngettext(
            "%(moved)s: drawn towards the mean of all, as %(n)d review says little",
            "%(moved)s: drawn towards the mean of all, as far as %(n)d reviews leave open",
            step.of,
        ) % {"moved": moved, "n": step.of}
    level = board.reviewers[step.reviewer_id]
    shown = {
        "moved": moved,
        "n": step.n,
        "of": step.of,
        "who": level.name if named else _("a reviewer"),
        "bias": points(abs(step.bias)),
        "error": points((step.high - step.low) / 2),
    }
    if step.bias > 0:
        return (
            _(
                "%(moved)s: %(n)d of %(of)d reviews by %(who)s, who scores "
                "%(bias)s ± %(error)s above the others"
            )
            % shown
        )
    return (
        _(
            "%(moved)s: %(n)d of %(of)d reviews by %(who)s, who scores "
            "%(bias)s ± %(error)s below the others"
        )
        % shown
    )


def steps_words(row: AgentScore, board: Scoreboard, *, named: bool = True) -> list[str]:
    """Each step in words. Without names, second reviews go into the reviewers' part.

    Agents know neither that a ticket of theirs was reviewed twice nor by whom.
    """
    if named:
        return [step_words(step, board) for step in row.steps]
    hidden = sum(step.points for step in row.steps if step.kind != "shrink")
    words = [
        _("%(moved)s: how far the reviewers score above or below one another")
        % {"moved": signed(hidden)}
    ]
    return words * bool(hidden) + [
        step_words(step, board) for step in row.steps if step.kind == "shrink"
    ]


def comparison_words(found: Comparison) -> str:
    """Say which of two agents is above the other, or that it cannot be told."""
    shown = {"first": found.first.name, "second": found.second.name}
    if found.p is None:
        if found.first.adjusted is None or found.second.adjusted is None:
            return (
                _(
                    "%(first)s and %(second)s cannot be compared: too few random reviews."
                )
                % shown
            )
        return (
            _(
                "%(first)s and %(second)s cannot be compared: no chain of shared "
                "reviewers links them."
            )
            % shown
        )
    percent = number_format(min(99, max(1, round(100 * found.p))), 0)
    if found.verdict == "above":
        return _("%(first)s is above %(second)s (probability %(p)s %%).") % {
            **shown,
            "p": percent,
        }
    if found.verdict == "below":
        percent = number_format(min(99, max(1, round(100 * (1 - found.p)))), 0)
        return _("%(first)s is below %(second)s (probability %(p)s %%).") % {
            **shown,
            "p": percent,
        }
    return _(
        "Cannot tell %(first)s from %(second)s: that %(first)s is above has a "
        "probability of %(p)s %%."
    ) % {**shown, "p": percent}


def told_apart_words(rows: Sequence[AgentScore], whole: Mean) -> str:
    """How many can be told to be above or below the mean of all."""
    known = [row for row in rows if row.low is not None and row.high is not None]
    if whole.value is None or len(known) < 2:
        return _("Too few agents with random reviews to tell anybody apart.")
    above = sum(1 for row in known if (row.low or 0.0) > whole.value)
    below = sum(1 for row in known if (row.high or 0.0) < whole.value)
    rest = len(known) - above - below
    if not above and not below:
        return ngettext(
            "No agent can be told from the mean of all.",
            "None of the %(n)d agents can be told from the mean of all.",
            len(known),
        ) % {"n": len(known)}
    return _(
        "Of %(n)d agents %(above)d are above the mean of all and %(below)d below; "
        "%(rest)d cannot be told from it."
    ) % {"n": len(known), "above": above, "below": below, "rest": rest}


def standing_words(row: AgentScore, board: Scoreboard, *, target: float) -> list[str]:
    """Say how a score stands to the target and to the mean of all, or that it is open."""
    if row.low is None or row.high is None:
        return [_("Too few random reviews to say how sure this score is.")]
    return [_to_target(row.low, row.high, target), *_to_level(row.low, row.high, board)]


def _to_target(low: float, high: float, target: float) -> str:
    shown = {"target": points(target, 0)}
    if low >= target:
        return _("On target: the whole interval lies at %(target)s or above.") % shown
    if high < target:
        return _("Below target: the whole interval lies under %(target)s.") % shown
    return _("It cannot be told whether the target of %(target)s is met.") % shown


def _to_level(low: float, high: float, board: Scoreboard) -> list[str]:
    if board.level is None or board.components > 1:
        return []
    shown = {"level": points(board.level)}
    if low > board.level:
        return [_("Above the mean of all agents (%(level)s).") % shown]
    if high < board.level:
        return [_("Below the mean of all agents (%(level)s).") % shown]
    return [_("It cannot be told from the mean of all agents (%(level)s).") % shown]
