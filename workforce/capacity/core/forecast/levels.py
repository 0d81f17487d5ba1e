"""Lasting steps of the level: found, taken out of the history, and suspected."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from workforce.capacity.core.forecast.calendar import SPECIAL_COLUMNS, Calendar
from workforce.capacity.core.forecast.members import LAST_YEAR, weekday_index
from workforce.capacity.core.forecast.opening import Mask
from workforce.capacity.core.forecast.records import Floats, Ints

LOOK_BACK_DAYS = 112
"""Calendar days in which steps are looked for: what past origins forecast."""

PAST_DAYS = 546
"""Calendar days whose usual ups and downs a step is measured against."""

LEAST_AFTER = 3
"""Open days that a new level must have lasted."""

SIDE_WEEKS = 2
"""Weeks on either side that are compared, fewer after a step of late."""

SPREADS = 4.0
"""Usual changes of the level beyond which a change is a step."""

LEAST_STEP = 0.12
"""Logarithmic change below which nothing is a step, however calm the queue is."""

MOST_STEPS = 3

STEP_ODDS, STEP_SIZE = 1 / 26, 0.3
"""Believed beforehand: one step a year, so many logarithms large, in two given weeks."""

UNDECIDED_DAYS = 2
"""One-off days in a row at the very end that may as well be a new level."""


class Doubt(NamedTuple):
    """Squared relative error of today's level, below and above what is expected."""

    below: float = 0.0
    above: float = 0.0


class Step(NamedTuple):
    """A step: its first day's row, the logarithmic change, how little is seen of it."""

    row: int
    change: float
    doubt: float


@dataclass(frozen=True)
class Levelled:
    """How history becomes what it were had today's level always been.

    Attributes
    ----------
    scale : float64, shape (n,)
        By what to multiply each day: above 0, and 1 since the last step.
    steps : tuple of Step
        The largest first.
    doubt : Doubt
        Of a level seen on fewer days than levels usually are, or of a step suspected.
    """

    scale: Floats
    steps: tuple[Step, ...]
    doubt: Doubt


@dataclass(frozen=True)
class _View:
    """Plain days: rows, days, logarithms by weekday, one day's noise, days a side."""

    rows: Ints
    days: Ints
    logs: Floats
    noise: float
    side: int
    drivers: Floats

    def changes(self, after: int) -> tuple[Floats, float]:
        """Change at each day from ``side`` on, and how large one usually is."""
        sums = np.concatenate([[0.0], np.cumsum(self.logs)])
        before = (sums[self.side :] - sums[: -self.side]) / self.side
        later = (sums[after:] - sums[:-after]) / after
        found: Floats = later[self.side :] - before[: later.size - self.side]
        usual = 1.4826 * float(np.median(np.abs(found)))
        chance = self.noise * (1 / after + 1 / self.side)
        return found, max(usual, chance**0.5)


def level_out(
    calendar: Calendar, totals: Floats, came: Floats, replaced: Mask
) -> Levelled:
    """Find lasting steps of the last sixteen weeks and what takes them out.

    A step is a change between the means of logarithms, weekdays taken out, of up to two
    weeks before and after it that is more than `SPREADS` times as large as such changes
    usually are in this very history: noise, drift and season of a queue raise its own
    bar. One that last year had on the same days is a season, and one that a driver
    had is the driver's. Days around holidays do not count.

    Parameters
    ----------
    totals, came : float64, shape (n,)
        Of the first ``n`` days of the calendar, one-off days replaced, and as they came.
    replaced : bool, shape (n,)

    Notes
    -----
    Comparing means of moving windows against their usual differences is the MOSUM test of
    [1]_, its scale estimated from the median of the differences themselves, so that a few
    true steps do not hide one another. What stays below the bar is suspected: the doubt is
    its squared size times the posterior probability of a step [2]_, one half at most, on
    the side to which the level would step.

    References
    ----------
    .. [1] B. Eichinger and C. Kirch, "A MOSUM procedure for the estimation of multiple
       random change points", *Bernoulli* 24 (2018), 526-564.
    .. [2] R. E. Kass and A. E. Raftery, "Bayes factors", *JASA* 90 (1995), 773-795; of a
       normal mean with a normal prior.
    """
    scale = np.ones(totals.size)
    steps: list[Step] = []
    while len(steps) < MOST_STEPS:
        step = _largest(_view(calendar, totals * scale))
        if step is None or step.row in {found.row for found in steps}:
            break
        scale[: step.row] *= np.exp(step.change)
        steps.append(step)
    last = max(steps, default=Step(0, 0.0, 0.0))
    ending = np.where(_undecided(totals, came, replaced), came, totals)
    below, above = _suspected(_view(calendar, ending * scale))
    return Levelled(scale, tuple(steps), Doubt(below + last.doubt, above + last.doubt))


def _view(calendar: Calendar, totals: Floats) -> _View:
    n = totals.size
    plain = ~calendar.features[:n, :SPECIAL_COLUMNS].any(axis=1)
    index = np.maximum(weekday_index(calendar, totals, n), 0.01)
    oldest = calendar.days[n - 1] - PAST_DAYS
    rows = np.flatnonzero(plain & (calendar.days[:n] >= oldest))
    logs = np.log((totals[rows] + 1) / index[calendar.weekday[rows]])
    side = SIDE_WEEKS * calendar.per_week
    parts = (logs, logs[-3 * side :])  # A queue may have become noisier of late.
    noise = max((_day_noise(part, totals[rows]) for part in parts), default=0.0)
    return _View(rows, calendar.days[rows], logs, noise, side, calendar.drivers[rows])


def _day_noise(logs: Floats, totals: Floats) -> float:
    """Variance of a day about its level, from changes from one day to the next."""
    if logs.size < 2:
        return 1.0
    usual = 1.4826 * float(np.median(np.abs(np.diff(logs)))) / 2**0.5
    return max(usual**2, 1 / (float(np.median(totals)) + 1))


def _largest(view: _View) -> Step | None:
    """Return the step that stands out most, if one stands out enough."""
    side, size = view.side, view.rows.size
    if size < 2 * side + LEAST_AFTER:
        return None
    best, found = 1.0, None
    for after in range(LEAST_AFTER, side + 1):
        changes, usual = view.changes(after)
        at = np.arange(side, side + changes.size)
        # Shorter windows serve only the newest steps, of which no more is known.
        recent = view.days[at] >= view.days[-1] - LOOK_BACK_DAYS
        judged = recent if after == side else at == size - after
        heights = np.where(judged, np.abs(changes), 0.0)
        heights /= max(SPREADS * usual, LEAST_STEP)
        while heights[k := int(heights.argmax())] > best:
            explained = _season(view.days, changes, at, k) or _driven(view, int(at[k]))
            if not explained:
                best = float(heights[k])
                doubt = view.noise * (1 / after - 1 / side)
                found = Step(int(view.rows[at[k]]), float(changes[k]), doubt)
            heights[k] = 0.0
    return found


def _season(days: Ints, changes: Floats, at: Ints, k: int) -> bool:
    """Whether last year changed alike on the same days."""
    earlier = int(np.searchsorted(days, days[at[k]] - LAST_YEAR)) - int(at[0])
    if earlier < 0 or days[at[earlier]] > days[at[k]] - LAST_YEAR + 7:
        return False
    near = changes[max(0, earlier - 3) : earlier + 4] * np.sign(changes[k])
    return bool(near.max() > abs(changes[k]) / 2)


def _driven(view: _View, at: int) -> bool:
    """Whether a driver stepped there as well, by one of its standard deviations."""
    if not view.drivers.shape[1]:
        return False
    before = view.drivers[at - view.side : at].mean(axis=0)
    after = view.drivers[at : at + view.side].mean(axis=0)
    return bool((np.abs(after - before) > 1).any())


def _undecided(totals: Floats, came: Floats, replaced: Mask) -> Mask:
    """Which days are one-offs on one side, in a row up to the last."""
    side = np.sign(came - totals) * replaced
    other = np.flatnonzero((side != side[-1]) | ~replaced)
    first = int(other[-1]) + 1 if other.size else 0
    rows = np.arange(totals.size)
    return (rows >= first) & (totals.size - first >= UNDECIDED_DAYS)


def _suspected(view: _View) -> Doubt:
    """Return the doubt of a step among the last two weeks that did not stand out."""
    if view.rows.size < 2 * view.side + LEAST_AFTER:
        return Doubt()
    below = above = 0.0
    for after in range(UNDECIDED_DAYS, view.side + 1):
        changes, usual = view.changes(after)
        change = float(changes[-1])
        doubt = min(_probability(change, usual), 0.5) * change**2
        below = max(below, doubt if change < 0 else 0.0)
        above = max(above, doubt if change > 0 else 0.0)
    return Doubt(below, above)


def _probability(change: float, usual: float) -> float:
    """Posterior probability that a change is a step; far out it is 1 all the same."""
    share = STEP_SIZE**2 / (STEP_SIZE**2 + usual**2)
    height = min(abs(change) / usual, 2 * SPREADS)
    factor = float(np.exp(share * height**2 / 2) * (1 - share) ** 0.5)
    odds = STEP_ODDS * factor
    return odds / (1 + odds)
