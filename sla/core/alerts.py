"""When a clock crosses its warning thresholds, and when its promise counts as judged."""

from typing import NamedTuple

from sla.core.clock import Calendars, ClockResult, calendar_for, measure
from sla.core.history import PAUSED, Cycle, History

THRESHOLDS = (50, 80, 90, 100, 200)
"""Percent of the target, ascending."""
BREACH = 100


class Crossing(NamedTuple):
    """A threshold and the epoch second at which it is, or will be, used up."""

    threshold: int
    at: int


def judgement(result: ClockResult) -> tuple[int | None, bool | None]:
    """Say when a promise was decided and whether it was kept.

    Returns
    -------
    (judged_at, is_kept)
        Kept: at the stop. Missed, or running late: at the deadline that passed.
        ``(None, None)`` while it is open in time, and for a clock without a target.
    """
    if result.target_seconds is None:
        return None, None
    if result.breach_seconds > 0:
        return result.due_at, False
    if result.stopped_at is not None:
        return result.stopped_at, True
    return None, None


def crossing(
    cycle: Cycle,
    history: History,
    result: ClockResult,
    calendar: Calendars,
    now: int,
    threshold: int,
) -> Crossing | None:
    """Say when a clock uses up ``threshold`` percent of its target.

    Parameters
    ----------
    cycle, history : Cycle, History
        What ``result`` was measured from.
    result : ClockResult
        As ``measure`` gave it for this ``now``.
    calendar : BusinessCalendar, or mapping of priority to BusinessCalendar
        As given to ``measure``.
    now : int
        Epoch seconds.
    threshold : int
        Percent.

    Returns
    -------
    Crossing or None
        In the past when it has happened. None when it never will as things stand: no
        target, or the clock is paused or stopped short of it. At exactly 100 % the
        promise is still kept; :func:`is_crossed` knows.
    """
    target = result.target_seconds
    if target is None:
        return None
    share = -(-target * threshold // 100)
    remaining = share - result.elapsed_seconds
    if remaining > 0:
        if result.state == PAUSED or result.stopped_at is not None:
            return None
        hours = calendar_for(calendar, cycle.priority)
        return Crossing(threshold, hours.add_seconds(now, remaining))
    if threshold == BREACH and result.due_at is not None:
        return Crossing(threshold, result.due_at)
    passed = measure(cycle, history, {cycle.metric: share}, calendar, now)
    return None if passed.due_at is None else Crossing(threshold, passed.due_at)


def is_crossed(found: Crossing, result: ClockResult, now: int) -> bool:
    """Whether the threshold lies behind the clock at ``now``.

    A promise is kept while the counted time is at most the target, so the breach, and
    twice the target, are crossed only beyond it.
    """
    if found.at > now or result.target_seconds is None:
        return False
    if found.threshold < BREACH:
        return True
    return result.elapsed_seconds * 100 > result.target_seconds * found.threshold


def next_crossing(
    cycle: Cycle,
    history: History,
    result: ClockResult,
    calendar: Calendars,
    now: int,
    *,
    fired: int,
) -> Crossing | None:
    """Give the crossing of the first threshold above ``fired``, past or to come."""
    for threshold in THRESHOLDS:
        if threshold > fired:
            return crossing(cycle, history, result, calendar, now, threshold)
    return None
