"""SLA clocks: what events, targets and calendar say about each promise."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sla.core.calendar import BusinessCalendar
from sla.core.history import (
    METRICS,
    PAUSED,
    RUNNING,
    ClockEvent,
    ClockRules,
    Cycle,
    History,
    parts_of,
    read_history,
)

__all__ = [
    "METRICS",
    "ClockEvent",
    "ClockResult",
    "ClockRules",
    "calendar_for",
    "measure",
    "run_clocks",
    "target_for",
    "threshold_at",
]

MET = "met"
MISSED = "missed"

Target = float | None
Targets = Mapping[str, Target | Mapping[str, Target]]
Calendars = BusinessCalendar | Mapping[str, BusinessCalendar]


class ClockResult(NamedTuple):
    """One promise, once: a metric and its cycle, as it stands at ``now``.

    Attributes
    ----------
    metric : str
        One of ``METRICS``.
    cycle : int
        1 for the first, counted per metric.
    started_at, stopped_at : int, int or None
        Epoch seconds; ``stopped_at`` is None while the clock is open.
    due_at : int or None
        The instant that the open time reaches the target. Running: from where the
        clock stands. Stopped: the instant it was judged against. Paused: None, since
        nothing is due, unless it was already overdue. None without a target.
    paused_seconds, elapsed_seconds : int
        Open (calendar) seconds inside and outside pauses. Together they are the open
        time between start and stop, or now.
    breach_seconds : int
        Open seconds over the target, 0 while it is kept or when there is none.
    state : str
        ``running``, ``paused``, ``met`` or ``missed``. A running clock past due is
        still running, with ``breach_seconds`` above 0.
    target_seconds : int or None
        The target in force at the stop, or now.
    """

    metric: str
    cycle: int
    started_at: int
    due_at: int | None
    stopped_at: int | None
    paused_seconds: int
    elapsed_seconds: int
    breach_seconds: int
    state: str
    target_seconds: int | None = None


def calendar_for(calendar: Calendars, priority: str) -> BusinessCalendar:
    """Pick the calendar of a priority; ``""`` holds the one for all others.

    Raises
    ------
    ValueError
        If the mapping holds neither the priority nor ``""``.
    """
    if isinstance(calendar, BusinessCalendar):
        return calendar
    found = calendar.get(priority, calendar.get(""))
    if found is None:
        raise ValueError(f"no calendar for priority {priority!r} and no default ''")
    return found


def target_for(targets: Targets, metric: str, priority: str) -> int | None:
    """Look up the seconds promised for a metric at a priority; None when nothing is.

    Clocks count whole seconds, so a fraction of one cannot change who met the target
    and is dropped.

    Raises
    ------
    ValueError
        If the target is negative or not a number.
    """
    target = targets[metric]
    if isinstance(target, Mapping):
        target = target.get(priority)
    if target is None:
        return None
    if not target >= 0:
        raise ValueError(f"target of {metric} is not 0 or more seconds: {target}")
    return int(target)


def measure(
    cycle: Cycle, history: History, targets: Targets, calendar: Calendars, now: int
) -> ClockResult:
    """Count one cycle and judge it by the target in force at its stop, or now."""
    metric = cycle.metric
    target = target_for(targets, metric, cycle.priority)
    elapsed = paused = 0
    due_at: int | None = None
    for starts_at, ends_at, counts, piece in parts_of(cycle, history, now):
        hours = calendar_for(calendar, piece[3])
        seconds = hours.between_seconds(starts_at, ends_at)
        if not counts:
            paused += seconds
            continue
        if target is not None and elapsed <= target < elapsed + seconds:
            due_at = hours.add_seconds(starts_at, target - elapsed)
        elapsed += seconds
    state = _state(cycle, history, target, elapsed)
    if target is not None and due_at is None and state != PAUSED:
        hours = calendar_for(calendar, cycle.priority)
        stands_at = now if cycle.stopped_at is None else cycle.stopped_at
        due_at = hours.add_seconds(stands_at, target - elapsed)
    breach = 0 if target is None or elapsed <= target else elapsed - target
    return ClockResult(
        metric,
        cycle.number,
        cycle.started_at,
        due_at,
        cycle.stopped_at,
        paused,
        elapsed,
        breach,
        state,
        target,
    )


def _state(cycle: Cycle, history: History, target: int | None, elapsed: int) -> str:
    if cycle.stopped_at is not None:
        return MET if target is None or elapsed <= target else MISSED
    if history.state == PAUSED and cycle.metric not in history.rules.not_paused:
        return PAUSED
    return RUNNING


_DEFAULT_RULES = ClockRules()


def run_clocks(
    events: Sequence[ClockEvent],
    targets: Targets,
    calendar: Calendars,
    now: int,
    rules: ClockRules = _DEFAULT_RULES,
) -> list[ClockResult]:
    """Run every clock of one ticket up to ``now``.

    Parameters
    ----------
    events : sequence of ClockEvent
        In any order; those of one instant in the order they happened. Events after
        ``now`` have not happened yet. A pause that is set twice is one pause; a second
        ``resolved`` or ``closed`` changes nothing; ``resumed`` ends a pause only.
    targets : mapping of metric to seconds
        Open seconds, or None, or a mapping of priority to seconds or None. A metric
        that is absent gives no results; one without a target is measured all the same,
        with nothing due and no breach. A priority change keeps start, elapsed time and
        pauses: the target in force at the stop (or now) judges the whole cycle.
    calendar : BusinessCalendar, or mapping of priority to BusinessCalendar
        A mapping holds the calendar for all other priorities under ``""``. When a
        priority change changes the calendar, each stretch is counted on the calendar
        in force during it, and what remains is laid out on the calendar in force last.
    now : int
        Epoch seconds.
    rules : ClockRules, optional
        The policy's choices.

    Returns
    -------
    list of ClockResult
        In the order of ``METRICS``, then by cycle; empty before the creation.

    Raises
    ------
    ValueError
        If a metric is unknown, a target is negative, a calendar is missing, or a
        deadline is asked of a calendar that never opens.

    Notes
    -----
    * ``first_response``: creation to the first response; one cycle.
    * ``next_reply``: oldest unanswered customer contact to the next agent reply.
    * ``periodic_update``: each agent reply to the next, until resolved.
    * ``resolution``: creation to resolved or closed; a reopening starts a new cycle.

    A resolution holds the open reply clocks. If the ticket is reopened they go on with
    the resolved time taken off; if not, they stopped at the resolution. A customer who
    writes to a resolved ticket waits from its reopening.

    Examples
    --------
    >>> always = BusinessCalendar.always_open("UTC")
    >>> story = [ClockEvent(0, "created"), ClockEvent(600, "agent_reply")]
    >>> [clock] = run_clocks(story, {"first_response": 3600}, always, now=900)
    >>> clock.state, clock.elapsed_seconds, clock.due_at
    ('met', 600, 3600)
    """
    if not targets.keys() <= _KNOWN:
        raise ValueError(f"unknown metrics: {sorted(targets.keys() - _KNOWN)}")
    history = read_history(events, now, rules)
    if history is None:
        return []
    return [
        measure(cycle, history, targets, calendar, now)
        for metric in METRICS
        if metric in targets
        for cycle in history.cycles[metric]
    ]


_KNOWN = frozenset(METRICS)


def threshold_at(
    result: ClockResult, calendar: Calendars, priority: str, now: int, share: float
) -> int | None:
    """Say when a running clock will have used ``share`` of its target.

    Parameters
    ----------
    result : ClockResult
        As :func:`run_clocks` gave it for this ``now``.
    calendar : BusinessCalendar, or mapping of priority to BusinessCalendar
        As given to :func:`run_clocks`.
    priority : str
        The ticket's priority now; it matters for a mapping of calendars only.
    now : int
        Epoch seconds.
    share : float
        0.5 is half of the target, 2 twice the target.

    Returns
    -------
    int or None
        Epoch seconds; ``now`` when that much is already used. None for a clock that
        is not running or has no target: it approaches nothing.
    """
    if result.state != RUNNING or result.target_seconds is None:
        return None
    remaining = round(result.target_seconds * share) - result.elapsed_seconds
    if remaining <= 0:
        return now
    return calendar_for(calendar, priority).add_seconds(now, remaining)
