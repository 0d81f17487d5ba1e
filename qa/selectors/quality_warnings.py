"""What makes scores say less than they seem to: checked, with figures and what to do."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.calibration.statistics import MIN_BIAS
from qa.core.scoreboard import Scoreboard
from qa.core.student import mean_interval
from qa.metrics.coverage import agent_weeks
from qa.metrics.segments import REVIEWS
from qa.models import GoldTicket, Review
from qa.models.reviews import FINISHED_STATES, ReviewQuerySet
from qa.selectors.overview import random_scores
from qa.selectors.scores.table import counted_in, window
from qa.selectors.scores.words import points, signed
from supportops.metrics.core.intervals import share_interval
from supportops.metrics.scopes import Scope

HIGH = 90.0
FEW = 20
"""Below so many reviews a share is not worth a warning."""
RECENT_DAYS = 2
LOW_THIRD = 1 / 3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing checked: ``tone`` is ok, watch, or idle where too little is known."""

    code: str
    tone: str
    title: str
    figure: str
    advice: str


def checks(
    scope: Scope,
    board: Scoreboard,
    *,
    scorecard_id: int | None,
    agent_ids: Collection[int] | None,
) -> list[Check]:
    """Check the scores of a scope; those that need acting on come first."""
    shown = _shown_reviews(scope, scorecard_id, agent_ids)
    found = [
        _inflation(scope),
        _differentiation(board),
        _leniency(scope, scorecard_id),
        _recency(scope),
        _coverage(scope),
        _struggling_only(board),
        _feedback(shown),
        _comparable(board),
    ]
    order = {"watch": 0, "ok": 1, "idle": 2}
    return sorted(found, key=lambda check: order[check.tone])


def _percent(share: float) -> str:
    return points(100 * share, 0)


def _share(hits: int, n: int) -> tuple[str, float, float]:
    """A share in words, and its interval."""
    low, high = share_interval([hits], [n])[0].tolist()
    words = _("%(share)s %% (95 %% interval %(low)s to %(high)s, n %(n)d)") % {
        "share": _percent(hits / n if n else 0.0),
        "low": _percent(low),
        "high": _percent(high),
        "n": n,
    }
    return words, low, high


def _inflation(scope: Scope) -> Check:
    previous = scope.period.previous()
    scores = random_scores(scope)
    before = random_scores(scope.over(previous.start, previous.end))
    hits, n = int((scores >= HIGH).sum()), scores.size
    words, low, _high = _share(hits, n)
    figure = _("%(share)s of random reviews are at 90 or more.") % {"share": words}
    if before.size:
        share, least, most = _change(hits, n, int((before >= HIGH).sum()), before.size)
        figure += " " + _(
            "Against the period before: %(change)s points (%(low)s to %(high)s)."
        ) % {
            "change": signed(100 * share, 0),
            "low": signed(100 * least, 0),
            "high": signed(100 * most, 0),
        }
    return Check(
        "inflation",
        _tone(n >= FEW, low > 0.5),
        _("Score inflation"),
        figure if n else _("No random reviews in this period."),
        _(
            "Sharpen the top level of the criteria that nearly everybody reaches, and "
            "calibrate on tickets scored 90 or more."
        ),
    )


def _change(hits: int, n: int, hits_before: int, n_before: int) -> tuple[float, ...]:
    """Difference of two shares with Newcombe's interval from their Wilson bounds."""
    if not n or not n_before:
        return 0.0, 0.0, 0.0
    now, then = hits / n, hits_before / n_before
    (low, high), (low_before, high_before) = share_interval(
        [hits, hits_before], [n, n_before]
    ).tolist()
    least = np.hypot(now - low, high_before - then)
    most = np.hypot(high - now, then - low_before)
    return now - then, now - then - float(least), now - then + float(most)


def _tone(is_enough: bool, is_bad: bool) -> str:
    if not is_enough:
        return "idle"
    return "watch" if is_bad else "ok"


def _differentiation(board: Scoreboard) -> Check:
    """Whether reviews tell agents apart: the spread between them against the noise."""
    between, noise = board.agent_sd, board.residual_sd
    n = sum(1 for row in board.agents if row.random.n)
    enough = between is not None and noise is not None and n > 2
    share = 0.0
    if between is not None and noise is not None and (between or noise):
        share = between**2 / (between**2 + noise**2)
    figure = _(
        "Agents differ by a standard deviation of %(between)s points, single reviews of "
        "one agent by %(noise)s: %(share)s %% of the variance is between agents."
    ) % {
        "between": points(between or 0.0),
        "noise": points(noise or 0.0),
        "share": _percent(share),
    }
    return Check(
        "differentiation",
        _tone(enough, share < 0.05),
        _("Differentiation"),
        figure if enough else _("Too few agents with random reviews to compare them."),
        _(
            "Do not rank anybody by these scores. Raise the number of random reviews an "
            "agent, or look for criteria that everybody is given the same level on."
        ),
    )


def _leniency(scope: Scope, scorecard_id: int | None) -> Check:
    """All reviewers against known answers: drift that they share shows nowhere else."""
    before, now = _gold_gaps(scope, scorecard_id)
    title = _("Leniency")
    advice = _(
        "Calibrate on gold tickets, and read the last decisions of the criteria with the "
        "largest gap before the next review."
    )
    if len(now) < 2:
        text = _("%(n)d reviews against known answers: too few to tell.") % {
            "n": len(now)
        }
        return Check("leniency", "idle", title, text, advice)
    found = mean_interval(now)
    figure = _(
        "Reviewers score %(bias)s points against known answers (95 %% interval %(low)s "
        "to %(high)s, n %(n)d)."
    ) % {
        "bias": signed(found.mean),
        "low": signed(found.low),
        "high": signed(found.high),
        "n": found.n,
    }
    if before:
        figure += " " + _("The period before: %(bias)s, n %(n)d.") % {
            "bias": signed(float(np.mean(before))),
            "n": len(before),
        }
    is_off = abs(found.mean) >= MIN_BIAS and not found.low <= 0 <= found.high
    return Check("leniency", _tone(True, is_off), title, figure, advice)


def _gold_gaps(
    scope: Scope, scorecard_id: int | None
) -> tuple[list[float], list[float]]:
    """Points above the known answer: in the period before, and in the scope's own."""
    start, _end = window(scope.start, scope.end)
    first, last = window(scope.period.previous().start, scope.end)
    # From the answers, which are few: reviews are many, and have no index by kind.
    known = GoldTicket.objects.filter(
        ticket__reviews__kind=Review.Kind.GOLD,
        ticket__reviews__version=F("version"),
        ticket__reviews__state__in=FINISHED_STATES,
        ticket__reviews__score__isnull=False,
        ticket__reviews__submitted_at__gte=first,
        ticket__reviews__submitted_at__lt=last,
    )
    if scorecard_id is not None:
        known = known.filter(version__scorecard_id=scorecard_id)
    gaps: tuple[list[float], list[float]] = ([], [])
    for at, given, answer in known.values_list(
        "ticket__reviews__submitted_at", "ticket__reviews__score", "score"
    ):
        if at is not None and given is not None:
            gaps[at >= start].append(float(given - answer))
    return gaps


def _shown_reviews(
    scope: Scope, scorecard_id: int | None, agent_ids: Collection[int] | None
) -> ReviewQuerySet:
    reviews = counted_in(scope.start, scope.end, scorecard_id)
    if agent_ids is not None:
        reviews = reviews.filter(agent__in=agent_ids)
    teams = scope.filters.get("team")
    return reviews if teams is None else reviews.filter(team__in=sorted(teams))


def _recency(scope: Scope) -> Check:
    """How old the work was when it was looked at."""
    hours = scope.select(REVIEWS)["age"]
    ages = (hours[hours > 0].astype(np.float64) - 1) / 24
    n = ages.size
    hits = int((ages < RECENT_DAYS).sum())
    words, low, _high = _share(hits, n)
    figure = _("Nothing reviewed in this period.")
    if n:
        figure = _(
            "The middle half of reviewed tickets was resolved %(first)s to %(last)s days "
            "before; %(share)s less than two days before."
        ) % {
            "first": points(float(np.quantile(ages, 0.25))),
            "last": points(float(np.quantile(ages, 0.75))),
            "share": words,
        }
    return Check(
        "recency",
        _tone(n >= FEW, low > 0.5),
        _("Only the latest tickets"),
        figure,
        _("Draw from the whole week instead of taking what came last."),
    )


def _coverage(scope: Scope) -> Check:
    expected, reviewed = agent_weeks(scope)
    missed = len({agent for _week, agent in expected - reviewed})
    n = len(expected)
    figure = _("Nobody resolved a ticket in this period.")
    if n:
        figure = ngettext(
            "%(done)d of %(n)d agent-weeks with a resolved ticket have a review; "
            "%(missed)d agent missed at least one week.",
            "%(done)d of %(n)d agent-weeks with a resolved ticket have a review; "
            "%(missed)d agents missed at least one week.",
            missed,
        ) % {"done": len(reviewed), "n": n, "missed": missed}
    return Check(
        "coverage",
        _tone(n > 0, len(reviewed) < n),
        _("Coverage"),
        figure,
        _("Take the weekly draw, and reassign what is overdue before the week ends."),
    )


def _struggling_only(board: Scoreboard) -> Check:
    """Whether tickets picked for a reason are mostly those of low scorers."""
    rows = [row for row in board.agents if row.best is not None]
    chosen = sum(row.targeted.n for row in rows)
    worst = rows[-max(1, round(len(rows) * LOW_THIRD)) :] if rows else []
    hits = sum(row.targeted.n for row in worst)
    words, low, _high = _share(hits, chosen)
    figure = _("No tickets were picked for a reason in this period.")
    if chosen:
        figure = _(
            "%(share)s of the reviews of picked tickets are of the third with the lowest "
            "scores."
        ) % {"share": words}
    return Check(
        "struggling",
        _tone(chosen >= FEW and len(rows) > 2, low > 0.5),
        _("Only struggling agents"),
        figure,
        _("Pick good tickets of strong agents too: they show others how it is done."),
    )


def _feedback(shown: ReviewQuerySet) -> Check:
    counts = shown.aggregate(
        n=Count("pk"), read=Count("pk", filter=Q(acknowledged_at__isnull=False))
    )
    n, hits = counts["n"], counts["read"]
    words, _low, high = _share(hits, n)
    return Check(
        "feedback",
        _tone(n >= FEW, high < 0.5),
        _("Scores given, never discussed"),
        _("%(share)s of released reviews were acknowledged by their agents.")
        % {"share": words}
        if n
        else _("Nothing was released in this period."),
        _("Go through open reviews in the next one-to-one."),
    )


def _comparable(board: Scoreboard) -> Check:
    parts = board.components
    biased = [
        level
        for level in board.reviewers.values()
        if level.is_certain and abs(level.bias) >= MIN_BIAS
    ]
    figure = _("All reviewers are linked by agents whom several of them have reviewed.")
    if parts > 1:
        figure = _(
            "Reviewers fall into %(parts)d groups without a shared agent: scores across "
            "them cannot be compared."
        ) % {"parts": parts}
    if biased:
        most = max(biased, key=lambda level: abs(level.bias))
        figure += " " + _(
            "Harsh or lenient beyond chance: %(n)d of them, by %(bias)s points at most. "
            "Adjusted scores take that out."
        ) % {"n": len(biased), "bias": signed(most.bias)}
    if not parts:
        figure = _("Too few random reviews to compare reviewers.")
    return Check(
        "comparable",
        _tone(parts > 0, parts > 1 or bool(biased)),
        _("Comparable reviewers"),
        figure,
        _("Calibrate with those who stand out; reliability shows who they are.")
        if biased
        else _(
            "Raise the share of second, blind reviews, and rotate reviewers over teams."
        ),
    )
