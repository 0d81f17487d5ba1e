import pytest

from sla.core.alerts import (
    THRESHOLDS,
    Crossing,
    crossing,
    is_crossed,
    judgement,
)
from sla.core.calendar import BusinessCalendar
from sla.core.clock import ClockEvent, measure
from sla.core.history import ClockRules, read_history

ALWAYS = BusinessCalendar.always_open("UTC")
OFFICE = BusinessCalendar.from_dict(
    {"timezone": "UTC", "weekly": {str(d): [["09:00", "18:00"]] for d in range(7)}}
)
HOUR, DAY = 3600, 86_400
TARGET = 10 * HOUR


def at(now, *events, calendar=ALWAYS):
    story = [ClockEvent(0, "created", "P2"), *(ClockEvent(*event) for event in events)]
    history = read_history(story, now, ClockRules())
    cycle = history.cycles["resolution"][0]
    result = measure(cycle, history, {"resolution": TARGET}, calendar, now)

    def when(threshold):
        return crossing(cycle, history, result, calendar, now, threshold)

    return result, when


def test_thresholds_to_come_are_laid_out_from_where_the_clock_stands():
    _, when = at(HOUR)

    assert [when(t).at for t in THRESHOLDS] == [
        5 * HOUR, 8 * HOUR, 9 * HOUR, 10 * HOUR, 20 * HOUR
    ]  # fmt: skip


@pytest.mark.parametrize("now", [6 * HOUR, 9 * HOUR, 30 * HOUR])
def test_a_threshold_that_passed_keeps_its_moment(now):
    _, when = at(now)

    assert when(50) == Crossing(50, 5 * HOUR)


def test_passed_moments_allow_for_pauses():
    _, when = at(30 * HOUR, (HOUR, "paused"), (3 * HOUR, "resumed"))

    assert [when(t).at for t in (50, 100, 200)] == [7 * HOUR, 12 * HOUR, 22 * HOUR]


def test_paused_clock_approaches_nothing():
    _, when = at(6 * HOUR, (5 * HOUR + 1, "paused"))

    assert when(50) == Crossing(50, 5 * HOUR)
    assert when(80) is None


def test_stopped_clock_crosses_nothing_more():
    result, when = at(20 * HOUR, (6 * HOUR, "resolved"))

    assert when(80) is None
    assert judgement(result) == (6 * HOUR, True)


def test_clock_without_a_target_crosses_nothing_and_is_not_judged():
    history = read_history([ClockEvent(0, "created")], DAY, ClockRules())
    cycle = history.cycles["resolution"][0]
    result = measure(cycle, history, {"resolution": None}, ALWAYS, DAY)

    assert crossing(cycle, history, result, ALWAYS, DAY, 50) is None
    assert judgement(result) == (None, None)


def test_exactly_at_the_target_the_promise_is_still_kept():
    result, when = at(TARGET)

    assert not is_crossed(when(100), result, TARGET)
    assert judgement(result) == (None, None)


def test_one_second_later_it_is_missed_at_the_deadline():
    result, when = at(TARGET + 1)

    assert is_crossed(when(100), result, TARGET + 1)
    assert judgement(result) == (TARGET, False)


def test_warning_is_crossed_at_its_very_moment():
    result, when = at(8 * HOUR)

    assert is_crossed(when(80), result, 8 * HOUR)
    assert not is_crossed(when(90), result, 8 * HOUR)


def test_thresholds_fall_into_opening_hours():
    _, when = at(10 * HOUR, calendar=OFFICE)

    assert when(50).at == 14 * HOUR
    # 18:00 would be exactly nine hours: the warning waits for the next opening.
    assert when(90).at == DAY + 9 * HOUR
    assert when(100).at == DAY + 10 * HOUR


def test_late_stop_is_judged_at_the_deadline():
    result, _ = at(20 * HOUR, (15 * HOUR, "resolved"))

    assert judgement(result) == (TARGET, False)
