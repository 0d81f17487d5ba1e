"""Business time for a million tickets, beside other Python libraries, in one run.

Run with ``python -m benchmarks.bench_calendar``. Peers that are not installed are named and skipped.
Every peer is first compared with ours on the pairs it is timed on; differences are counted.
workclock's are durations that exactly fill a day, which it puts on the closing and we on the next
opening; businesstime's are spans from after closing to after the next closing, which it counts as 0.
Monday to Friday 09:00-17:00 in UTC with two holidays a year, starts over five years, spans up to 30 days.
"""

import argparse
import functools
import importlib.util
import operator
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np

from sla.core.calendar import BusinessCalendar

SEED = 20_260_101
FIRST = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
SPREAD = 5 * 365 * 86_400
HOLIDAYS = [date(year, month, 1) for year in range(2020, 2027) for month in (1, 5)]
OPEN, CLOSE = time(9), time(17)
WEEKLY = {day: [(OPEN, CLOSE)] for day in range(5)}
SIZES = (10_000, 100_000, 1_000_000)


@dataclass
class Peer:
    """A library, the pairs it is timed on, and what it takes; conversions are not timed."""

    name: str
    sample: int
    moments: Callable[[np.ndarray], Any]
    durations: Callable[[np.ndarray], Any]
    between: Callable[[Any, Any], np.ndarray] | None = None
    add: Callable[[Any, Any], np.ndarray] | None = None


def pairs(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts, ends and open seconds to add; the same for every library."""
    rng = np.random.default_rng(SEED)
    starts = FIRST + rng.integers(0, SPREAD, count)
    ends = starts + rng.integers(0, 30 * 86_400, count)
    return starts, ends, rng.integers(60, 80 * 3600, count)


def aware(epochs: np.ndarray) -> list[datetime]:
    return [datetime.fromtimestamp(epoch, UTC) for epoch in epochs.tolist()]


def naive(epochs: np.ndarray) -> list[datetime]:
    return [moment.replace(tzinfo=None) for moment in aware(epochs)]


def businesstimedelta_peer() -> Peer:
    import businesstimedelta as library

    work = library.WorkDayRule(OPEN, CLOSE, [0, 1, 2, 3, 4])
    days_off = library.HolidayRule(dict.fromkeys(HOLIDAYS, "day off"))
    rules = library.Rules([work, days_off])

    def between(starts: list[datetime], ends: list[datetime]) -> np.ndarray:
        found = map(rules.difference, starts, ends)
        return np.array([delta.hours * 3600 + delta.seconds for delta in found])

    def spans(seconds: np.ndarray) -> list[Any]:
        return [library.BusinessTimeDelta(rules, seconds=n) for n in seconds.tolist()]

    def add(starts: list[datetime], durations: list[Any]) -> np.ndarray:
        return np.array(
            [due.timestamp() for due in map(operator.add, starts, durations)]
        )

    return Peer("businesstimedelta", 2_000, aware, spans, between, add)


def business_duration_peer() -> Peer:
    from business_duration import businessDuration

    days_off = dict.fromkeys(HOLIDAYS, "day off")

    def between(starts: list[datetime], ends: list[datetime]) -> np.ndarray:
        def seconds(start: datetime, end: datetime) -> float:
            return businessDuration(
                start, end, OPEN, CLOSE, [5, 6], days_off, unit="sec"
            )

        return np.array(list(map(seconds, starts, ends)))

    return Peer("business-duration", 2_000, naive, list, between)


def businesstime_peer() -> Peer:
    import businesstime as library
    from businesstime.holidays import Holidays

    class DaysOff(Holidays):
        def isholiday(self, dt: date) -> bool:
            return date(dt.year, dt.month, dt.day) in DAYS_OFF

    rules = library.BusinessTime(business_hours=(OPEN, CLOSE), holidays=DaysOff())
    day = (CLOSE.hour - OPEN.hour) * 3600

    def between(starts: list[datetime], ends: list[datetime]) -> np.ndarray:
        found = map(rules.businesstimedelta, starts, ends)
        return np.array([delta.days * day + delta.seconds for delta in found])

    return Peer("businesstime", 2_000, naive, list, between)


def timegrid_peer() -> Peer:
    from timegrid import TimeGridCalendar

    rules = TimeGridCalendar.weekdays(OPEN, CLOSE)
    for day in HOLIDAYS:
        rules = rules.close(day)
    timeline = rules.compile(datetime(2019, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001

    def between(starts: list[datetime], ends: list[datetime]) -> np.ndarray:
        found = map(timeline.get_working_duration, starts, ends)
        return np.array([delta.total_seconds() for delta in found])

    return Peer("timegrid (Rust, one by one)", 20_000, naive, list, between)


def workclock_peer() -> Peer:
    import workclock

    rules = workclock.Schedule(
        [workclock.WorkDay(OPEN, CLOSE), workclock.Holidays(HOLIDAYS)], time_zone="UTC"
    )

    def between(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        return rules.between_many(starts, ends).astype("m8[s]").astype(np.int64)

    def add(starts: np.ndarray, durations: np.ndarray) -> np.ndarray:
        return rules.add_many(starts, durations).astype("M8[s]").astype(np.int64)

    def stamps(epochs: np.ndarray) -> np.ndarray:
        return epochs.astype("M8[s]").astype("M8[us]")

    def spans(seconds: np.ndarray) -> np.ndarray:
        return seconds.astype("m8[s]").astype("m8[us]")

    return Peer("workclock (Rust, arrays)", 1_000_000, stamps, spans, between, add)


DAYS_OFF = frozenset(HOLIDAYS)
PEERS = {
    "businesstimedelta": businesstimedelta_peer,
    "business_duration": business_duration_peer,
    "businesstime": businesstime_peer,
    "timegrid": timegrid_peer,
    "workclock": workclock_peer,
}


def installed_peers() -> Iterator[Peer]:
    for module, build in PEERS.items():
        if importlib.util.find_spec(module) is None:
            print(f"  {module}: not installed, skipped")
        else:
            yield build()


def seconds_per_call(call: Callable[[], object], repeats: int) -> float:
    """Best of several runs: the least disturbed one."""
    best = float("inf")
    for _ in range(repeats):
        begin = clock.perf_counter()
        call()
        best = min(best, clock.perf_counter() - begin)
    return best


def report_growth(calendar: BusinessCalendar) -> dict[str, float]:
    """Ours at each size; gives the nanoseconds per pair at the largest."""
    cost = {}
    print(
        f"{'pairs':>10} {'between ms':>11} {'ns/pair':>8} {'add ms':>9} {'ns/pair':>8}"
    )
    for size in SIZES:
        starts, ends, spent = pairs(size)
        between = seconds_per_call(
            lambda s=starts, e=ends: calendar.between_many(s, e), 5
        )
        add = seconds_per_call(lambda s=starts, d=spent: calendar.add_many(s, d), 5)
        cost = {"between": between / size * 1e9, "add": add / size * 1e9}
        row = f"{between * 1e3:>11.2f} {cost['between']:>8.1f} {add * 1e3:>9.2f} {cost['add']:>8.1f}"
        print(f"{size:>10,} {row}")
    return cost


def report_peer(peer: Peer, calendar: BusinessCalendar, ours: dict[str, float]) -> None:
    starts, ends, spent = pairs(peer.sample)
    moments, until = peer.moments(starts), peer.moments(ends)
    rows = (
        ("between", peer.between, until, calendar.between_many(starts, ends)),
        ("add", peer.add, peer.durations(spent), calendar.add_many(starts, spent)),
    )
    for verb, call, other, expected in rows:
        if call is None:
            continue
        differing = int((call(moments, other) != expected).sum())
        run = functools.partial(call, moments, other)
        cost = seconds_per_call(run, 2) / peer.sample * 1e9
        figures = f"{cost:>12,.0f} {cost / ours[verb]:>9,.1f} {differing:>9,}"
        print(f"{peer.name:<28} {verb:<8} {peer.sample:>9,} {figures}")


def report_scalars(calendar: BusinessCalendar) -> None:
    starts, ends, spent = (column.tolist() for column in pairs(100_000))
    for verb, call, other in (
        ("between_seconds", calendar.between_seconds, ends),
        ("add_seconds", calendar.add_seconds, spent),
    ):
        cost = seconds_per_call(lambda c=call, o=other: list(map(c, starts, o)), 3)
        print(f"{verb}: {cost / len(starts) * 1e9:,.0f} ns a call")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    calendar = BusinessCalendar("UTC", WEEKLY, HOLIDAYS)
    print("Ours, arrays (best of 5)")
    ours = report_growth(calendar)
    report_scalars(calendar)
    print("\nPeers (best of 2); ratio = their ns a pair / ours at 1,000,000")
    head = f"{'library':<28} {'verb':<8} {'pairs':>9} {'ns/pair':>12} {'ratio':>9} {'differing':>9}"
    print(head)
    for peer in installed_peers():
        report_peer(peer, calendar, ours)


if __name__ == "__main__":
    main()
