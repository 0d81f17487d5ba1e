"""Clocks against a slow walk that counts one step at a time, and what must always hold."""

from datetime import UTC, date, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.core.calendar import BusinessCalendar
from sla.core.clock import (
    METRICS,
    ClockEvent,
    ClockRules,
    run_clocks,
    threshold_at,
)

MONDAY = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
STEP = 1800
DAY_STEPS = 48
HOURS = {day: [(time(9), time(12)), (time(13), time(17))] for day in range(5)}
OFFICE = BusinessCalendar("UTC", HOURS, holidays=[date(2026, 1, 7)])
CALENDARS = {"": OFFICE, "p1": BusinessCalendar.always_open("UTC")}


def at(step):
    return MONDAY + step * STEP


def office_is_open(step):
    day, slot = divmod(step, DAY_STEPS)
    return day % 7 < 5 and day != 2 and (18 <= slot < 24 or 26 <= slot < 34)


def is_open(step, priority, calendars):
    always = isinstance(calendars, dict) and priority == "p1"
    return always or office_is_open(step)


class Walk:
    """The state machine again, advanced step by step; it keeps no slices."""

    def __init__(self, events, targets, calendars, now, rules):
        self.targets, self.calendars, self.rules = targets, calendars, rules
        self.done, self.open, self.numbers = [], {}, dict.fromkeys(METRICS, 0)
        self.status, self.priority, self.step = None, "", 0
        self.replied = self.waiting = False
        queue = sorted(events, key=lambda event: event.at)
        for step in range(now + 1):
            self.step = step
            while queue and queue[0].at <= step:
                self.take(queue.pop(0))
            if step < now and self.status is not None:
                self.tick()
        if self.status == "resolved":
            for metric in list(self.open):
                self.freeze(metric)

    def start(self, metric):
        self.numbers[metric] += 1
        self.open[metric] = {
            "metric": metric,
            "cycle": self.numbers[metric],
            "started": self.step,
            "count": 0,
            "paused": 0,
            "trail": [],
            "held": None,
        }

    def stop(self, metric):
        clock = self.open.get(metric)
        if clock is None:
            return
        if clock["held"] is not None:
            self.freeze(metric)
            return
        del self.open[metric]
        clock |= {"stopped": self.step, "priority": self.priority}
        self.done.append(clock)

    def freeze(self, metric):
        clock = self.open.pop(metric)
        stopped, paused, priority = clock["held"]
        clock |= {"stopped": stopped, "paused": paused, "priority": priority}
        self.done.append(clock)

    def take(self, event):
        kind = event.kind
        if kind == "created":
            if self.status is None:
                self.status, self.priority = "running", event.value or ""
                self.start("first_response")
                self.start("resolution")
                if self.rules.next_reply_from_creation:
                    self.start("next_reply")
        elif self.status is None:
            return
        elif kind in ("resolved", "closed"):
            self.resolve()
        elif kind == "reopened":
            self.reopen()
        elif kind == "priority_changed":
            self.priority = event.value
        elif kind in ("paused", "resumed"):
            if self.status != "resolved":
                self.status = "paused" if kind == "paused" else "running"
        else:
            self.contact(kind)

    def contact(self, kind):
        if kind in self.rules.first_response:
            self.stop("first_response")
        if kind == "agent_reply":
            self.stop("next_reply")
            self.replied, self.waiting = True, False
            current = self.open.get("periodic_update")
            if self.status != "resolved" and not (
                current and current["started"] == self.step
            ):
                self.stop("periodic_update")
                self.start("periodic_update")
        if kind == "customer_reply":
            if self.status == "resolved":
                self.waiting = True
            else:
                self.ask()

    def ask(self):
        first_covers_it = (
            not self.rules.next_reply_from_creation and "first_response" in self.open
        )
        if "next_reply" not in self.open and not first_covers_it:
            self.start("next_reply")

    def resolve(self):
        if self.status == "resolved":
            return
        self.stop("periodic_update")
        if self.rules.reopen == "new_cycle":
            self.stop("resolution")
        for clock in self.open.values():
            clock["held"] = (self.step, clock["paused"], self.priority)
        self.status = "resolved"

    def reopen(self):
        if self.status != "resolved":
            return
        self.status = "running"
        for clock in self.open.values():
            clock["held"] = None
        if "resolution" not in self.open:
            self.start("resolution")
        if self.replied:
            self.start("periodic_update")
        if self.waiting:
            self.ask()
        self.waiting = False

    def tick(self):
        opened = is_open(self.step, self.priority, self.calendars)
        for metric, clock in self.open.items():
            if not opened:
                continue
            unstoppable = metric in self.rules.not_paused
            if self.status == "running" or (self.status == "paused" and unstoppable):
                clock["trail"].append(self.step)
                clock["count"] += 1
            else:
                clock["paused"] += 1

    def results(self, now):
        for clock in self.open.values():
            clock |= {"stopped": None, "priority": self.priority}
        clocks = [*self.done, *self.open.values()]
        clocks = [clock for clock in clocks if clock["metric"] in self.targets]
        clocks.sort(key=lambda clock: (METRICS.index(clock["metric"]), clock["cycle"]))
        return [self.judged(clock, now) for clock in clocks]

    def judged(self, clock, now):
        target = self.targets[clock["metric"]]
        if isinstance(target, dict):
            target = target.get(clock["priority"])
        late = target is not None and clock["count"] > target
        stopped = clock["stopped"]
        if stopped is not None:
            state = "missed" if late else "met"
        elif self.status == "paused" and clock["metric"] not in self.rules.not_paused:
            state = "paused"
        else:
            state = "running"
        due = None
        if late:
            due = clock["trail"][target]
        elif target is not None and state != "paused":
            stands = now if stopped is None else stopped
            due = self.ahead(stands, target - clock["count"], clock["priority"])
        return (
            clock["metric"],
            clock["cycle"],
            clock["started"],
            due,
            stopped,
            clock["paused"],
            clock["count"],
            clock["count"] - target if late else 0,
            state,
            target,
        )

    def ahead(self, step, remaining, priority):
        """First open step at which nothing remains: an exact fit waits for it."""
        while True:
            if is_open(step, priority, self.calendars):
                if remaining == 0:
                    return step
                remaining -= 1
            step += 1


def scaled(row):
    metric, cycle, started, due, stopped, paused, count, breach, state, target = row
    return (
        metric,
        cycle,
        at(started),
        None if due is None else at(due),
        None if stopped is None else at(stopped),
        paused * STEP,
        count * STEP,
        breach * STEP,
        state,
        None if target is None else target * STEP,
    )


KINDS = (
    "customer_reply",
    "agent_reply",
    "took_charge",
    "paused",
    "resumed",
    "resolved",
    "reopened",
    "closed",
    "priority_changed",
    "created",
    "tagged",
)
PRIORITIES = st.sampled_from(["p1", "p2", "p3"])
STEPS = st.integers(0, 4 * DAY_STEPS)
SECONDS = st.one_of(st.none(), st.integers(0, 40))
TARGET = st.one_of(SECONDS, st.dictionaries(PRIORITIES, SECONDS))
TARGETS = st.dictionaries(st.sampled_from(METRICS), TARGET, min_size=1)
RULES = st.builds(
    ClockRules,
    first_response=st.sampled_from(
        [frozenset({"agent_reply"}), frozenset({"agent_reply", "took_charge"})]
    ),
    not_paused=st.frozensets(st.sampled_from(METRICS), max_size=2),
    next_reply_from_creation=st.booleans(),
    reopen=st.sampled_from(["new_cycle", "continue"]),
)


@st.composite
def stories(draw):
    """A creation and up to 14 events in any order, many of them at one instant."""
    created = draw(st.integers(0, DAY_STEPS))
    events = [ClockEvent(created, "created", draw(PRIORITIES))]
    moments = draw(st.lists(STEPS, min_size=1, max_size=8))
    for _ in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(KINDS))
        value = draw(PRIORITIES) if kind in ("priority_changed", "created") else None
        moment = max(created, draw(st.sampled_from(moments)))
        events.append(ClockEvent(moment, kind, value))
    return events


def real(events):
    return [ClockEvent(at(e.at), e.kind, e.value) for e in events]


def real_targets(targets):
    def seconds(target):
        if isinstance(target, dict):
            return {name: seconds(value) for name, value in target.items()}
        return None if target is None else target * STEP

    return {metric: seconds(target) for metric, target in targets.items()}


@settings(max_examples=600, deadline=None)
@given(stories(), TARGETS, RULES, STEPS, st.booleans())
def test_run_clocks_agrees_with_a_step_by_step_walk(events, targets, rules, now, mixed):
    calendars = CALENDARS if mixed else OFFICE
    walk = Walk(events, targets, calendars, now, rules)

    clocks = run_clocks(real(events), real_targets(targets), calendars, at(now), rules)

    assert [tuple(clock) for clock in clocks] == [
        scaled(row) for row in walk.results(now)
    ]


EVERY_METRIC = dict.fromkeys(METRICS, 6 * 3600)
MOMENTS = st.integers(0, 9 * 86_400)


@st.composite
def stories_to_the_second(draw):
    events = [ClockEvent(MONDAY, "created", "p2")]
    for _ in range(draw(st.integers(0, 12))):
        moment = MONDAY + draw(MOMENTS)
        events.append(ClockEvent(moment, draw(st.sampled_from(KINDS)), "p3"))
    return events


@given(stories_to_the_second(), MOMENTS, RULES)
def test_elapsed_and_paused_are_the_open_time_of_the_cycle(events, after, rules):
    now = MONDAY + after

    for clock in run_clocks(events, EVERY_METRIC, OFFICE, now, rules):
        end = now if clock.stopped_at is None else clock.stopped_at
        open_seconds = OFFICE.between_seconds(clock.started_at, end)
        assert clock.elapsed_seconds + clock.paused_seconds == open_seconds
        assert clock.breach_seconds == max(0, clock.elapsed_seconds - 6 * 3600)


@given(stories_to_the_second(), MOMENTS, RULES)
def test_due_is_start_plus_target_plus_pauses(events, after, rules):
    for clock in run_clocks(events, EVERY_METRIC, OFFICE, MONDAY + after, rules):
        if clock.state == "running" and not clock.breach_seconds:
            whole = 6 * 3600 + clock.paused_seconds
            assert clock.due_at == OFFICE.add_seconds(clock.started_at, whole)


@given(stories_to_the_second(), st.lists(MOMENTS, min_size=4, max_size=4), RULES)
def test_a_pause_split_in_two_changes_nothing(events, moments, rules):
    start, middle, end, now = (MONDAY + moment for moment in sorted(moments))
    earlier = [event for event in events if event.at <= start]
    pause, resume = ClockEvent(start, "paused"), ClockEvent(end, "resumed")
    blink = [ClockEvent(middle, "resumed"), ClockEvent(middle, "paused")]
    whole = [*earlier, pause, resume]
    split = [*earlier, pause, *blink, resume]

    assert run_clocks(split, EVERY_METRIC, OFFICE, now, rules) == run_clocks(
        whole, EVERY_METRIC, OFFICE, now, rules
    )


@given(stories_to_the_second(), MOMENTS, RULES)
def test_every_event_delivered_twice_changes_nothing(events, after, rules):
    now = MONDAY + after
    twice = [event for event in events for _ in range(2)]

    assert run_clocks(twice, EVERY_METRIC, OFFICE, now, rules) == run_clocks(
        events, EVERY_METRIC, OFFICE, now, rules
    )


@given(stories_to_the_second(), MOMENTS, st.integers(0, 86_400), RULES)
def test_a_stopped_clock_changes_only_when_the_ticket_is_reopened(
    events, after, later, rules
):
    now = MONDAY + after
    until = [event for event in events if event.at <= now]

    before = run_clocks(until, EVERY_METRIC, OFFICE, now, rules)
    after_a_while = run_clocks(until, EVERY_METRIC, OFFICE, now + later, rules)

    assert [clock for clock in before if clock.stopped_at is not None] == [
        clock for clock in after_a_while if clock.stopped_at is not None
    ]


@given(stories_to_the_second(), MOMENTS, st.sampled_from([0.5, 0.8, 1, 2]))
def test_threshold_is_reached_when_it_says(events, after, share):
    now = MONDAY + after
    until = [event for event in events if event.at <= now]
    for clock in run_clocks(until, EVERY_METRIC, OFFICE, now):
        reached_at = threshold_at(clock, OFFICE, "p2", now, share)
        if reached_at is None or reached_at == now:
            continue
        [then] = [
            later
            for later in run_clocks(until, EVERY_METRIC, OFFICE, reached_at)
            if (later.metric, later.cycle) == (clock.metric, clock.cycle)
        ]
        assert then.elapsed_seconds == round(share * 6 * 3600)
