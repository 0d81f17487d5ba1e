"""Properties of every calendar, against a walk that asks the wall clock minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.core.calendar import BusinessCalendar

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Asia/Kathmandu",
]
MINUTE = 60
DAY = 86_400
# Around these dates the zones above change their clocks.
CHANGES = [
    date(2011, 12, 29),
    date(2015, 10, 17),
    date(2016, 2, 20),
    date(2010, 11, 6),
    date(2022, 3, 21),
    date(2022, 9, 21),
    date(2026, 3, 28),
    date(2026, 4, 4),
    date(2026, 10, 3),
    date(2026, 10, 24),
    date(2026, 6, 10),
]


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def hours(draw: st.DrawFn) -> list[tuple[time, time]]:
    """Up to three intervals on quarter hours, 24:00 among their ends."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return [
        (clock(start * 15), clock(end * 15))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


@st.composite
def calendars_and_starts(draw: st.DrawFn) -> tuple[BusinessCalendar, int]:
    """A calendar that opens at least once a week, and a moment near a change of the clocks."""
    weekly = {day: draw(hours()) for day in range(7)}
    weekly[draw(st.integers(0, 6))] = [(time(1, 30), time(0))]
    near = draw(st.sampled_from(CHANGES))
    days = st.integers(-3, 4).map(lambda count: near + timedelta(days=count))
    calendar = BusinessCalendar(
        draw(st.sampled_from(ZONES)),
        weekly,
        draw(st.sets(days, max_size=2)),
        exceptions=draw(st.dictionaries(days, hours(), max_size=2)),
        breaks=draw(st.dictionaries(days, hours(), max_size=2)),
    )
    midnight = int(datetime.combine(near, time(0), UTC).timestamp())
    return calendar, midnight + draw(st.integers(-DAY, 2 * DAY))


@st.composite
def walkable(draw: st.DrawFn) -> tuple[BusinessCalendar, int, int]:
    calendar, start = draw(calendars_and_starts())
    start -= start % MINUTE
    return calendar, start, start + MINUTE * draw(st.integers(0, 3 * 1440))


def is_open_by_wall_clock(calendar: BusinessCalendar, second: int) -> bool:
    """The naive definition, from the definition's local hours alone."""
    local = datetime.fromtimestamp(second, ZoneInfo(calendar.timezone))
    since_midnight = local.hour * 3600 + local.minute * 60 + local.second
    content, day = calendar.definition, local.date()
    if day in dict(content.holidays):
        return False
    closures = dict(content.breaks).get(day, ())
    opened = dict(content.exceptions).get(day, content.weekly[day.weekday()])
    return any(start <= since_midnight < end for start, end in opened) and not any(
        start <= since_midnight < end for start, end in closures
    )


spans = st.integers(0, 40 * DAY)
durations = st.integers(0, 20 * DAY)


@settings(max_examples=60, deadline=None)
@given(walkable())
def test_between_and_windows_agree_with_a_minute_walk(
    case: tuple[BusinessCalendar, int, int],
) -> None:
    calendar, start, end = case
    walked = [
        second
        for second in range(start, end, MINUTE)
        if is_open_by_wall_clock(calendar, second)
    ]
    assert calendar.between_seconds(start, end) == len(walked) * MINUTE
    listed = {
        second
        for opens, closes in calendar.windows(start, end)
        for second in range(opens, closes, MINUTE)
    }
    assert listed == set(walked)
    sample = range(start, end, 37 * MINUTE)
    assert all(
        calendar.is_open(datetime.fromtimestamp(second, UTC)) == (second in listed)
        for second in sample
    )


@settings(max_examples=60, deadline=None)
@given(walkable(), st.integers(0, 600))
def test_add_agrees_with_a_minute_walk(
    case: tuple[BusinessCalendar, int, int], minutes: int
) -> None:
    calendar, start, _ = case
    second, left = start, minutes
    while not is_open_by_wall_clock(calendar, second) or left > 0:
        left -= is_open_by_wall_clock(calendar, second)
        second += MINUTE
    assert calendar.add_seconds(start, minutes * MINUTE) == second


@given(calendars_and_starts(), spans, spans)
def test_between_is_additive_and_monotone(
    case: tuple[BusinessCalendar, int], first: int, second: int
) -> None:
    calendar, start = case
    middle, end = start + first, start + first + second
    whole = calendar.between_seconds(start, end)
    assert whole == calendar.between_seconds(start, middle) + calendar.between_seconds(
        middle, end
    )
    assert 0 <= calendar.between_seconds(start, middle) <= whole <= first + second
    assert calendar.between_seconds(end, start) == 0


@given(calendars_and_starts(), durations, durations)
def test_add_inverts_between_and_is_monotone(
    case: tuple[BusinessCalendar, int], seconds: int, more: int
) -> None:
    calendar, start = case
    due = calendar.add_seconds(start, seconds)
    assert calendar.between_seconds(start, due) == seconds
    assert calendar.is_open(datetime.fromtimestamp(due, UTC))
    # Right-continuous: a second later more open time has passed.
    assert calendar.between_seconds(start, due + 1) == seconds + 1
    assert calendar.add_seconds(start, seconds + more) >= due
    assert calendar.add_seconds(due, more) == calendar.add_seconds(
        start, seconds + more
    )


@given(calendars_and_starts(), durations)
def test_subtract_mirrors_add(case: tuple[BusinessCalendar, int], seconds: int) -> None:
    calendar, end = case
    start = calendar.subtract_seconds(end, seconds)
    assert calendar.between_seconds(start, end) == seconds
    assert calendar.between_seconds(start - 1, end) == seconds + 1
    assert calendar.add_seconds(start, seconds) >= end or seconds == 0


@given(
    calendars_and_starts(),
    st.lists(st.tuples(spans, durations), min_size=1, max_size=20),
)
def test_arrays_agree_with_scalars(
    case: tuple[BusinessCalendar, int], offsets: list[tuple[int, int]]
) -> None:
    calendar, origin = case
    starts = [origin - offset for offset, _ in offsets]
    ends = [origin + seconds for _, seconds in offsets]
    seconds = [seconds for _, seconds in offsets]
    fresh = BusinessCalendar.from_dict(calendar.to_dict())
    assert fresh.between_many(starts, ends).tolist() == list(
        map(calendar.between_seconds, starts, ends)
    )
    assert fresh.add_many(starts, seconds).tolist() == list(
        map(calendar.add_seconds, starts, seconds)
    )
    assert fresh.subtract_many(ends, seconds).tolist() == list(
        map(calendar.subtract_seconds, ends, seconds)
    )


@given(
    calendars_and_starts(), durations, st.integers(0, 999_999), st.integers(0, 999_999)
)
def test_datetimes_agree_with_scalars_to_the_microsecond(
    case: tuple[BusinessCalendar, int], seconds: int, fraction: int, extra: int
) -> None:
    calendar, second = case
    start = datetime.fromtimestamp(second, UTC)
    whole = calendar.add(start, timedelta(seconds=seconds))
    assert whole.timestamp() == calendar.add_seconds(second, seconds)
    back = calendar.subtract(start, timedelta(seconds=seconds))
    assert back.timestamp() == calendar.subtract_seconds(second, seconds)
    moment = start + timedelta(microseconds=fraction)
    duration = timedelta(seconds=seconds, microseconds=extra)
    assert calendar.between(moment, calendar.add(moment, duration)) == duration
    assert calendar.between(calendar.subtract(moment, duration), moment) == duration


@given(calendars_and_starts(), st.integers(-30, 30))
def test_business_days_land_on_open_moments(
    case: tuple[BusinessCalendar, int], days: int
) -> None:
    calendar, second = case
    moment = datetime.fromtimestamp(second, UTC)
    moved = calendar.add_business_days(moment, days)
    just_before = moved - timedelta(microseconds=1)
    assert calendar.is_open(moved) or (days < 0 and calendar.is_open(just_before))


@given(calendars_and_starts())
def test_open_seconds_of_dates_sum_to_the_span(
    case: tuple[BusinessCalendar, int],
) -> None:
    calendar, second = case
    first = datetime.fromtimestamp(second, UTC).date()
    total = sum(
        calendar.open_seconds_on(first + timedelta(days=day)) for day in range(-40, 41)
    )
    zone = ZoneInfo(calendar.timezone)
    edges = [
        datetime.combine(first + timedelta(days=day), time(12), zone)
        for day in (-41, 41)
    ]
    outer = [
        datetime.combine(first + timedelta(days=day), time(12), zone)
        for day in (-40, 40)
    ]
    inside = calendar.between(outer[0], outer[1]).total_seconds()
    around = calendar.between(edges[0], edges[1]).total_seconds()
    assert inside <= total <= around


@given(calendars_and_starts())
def test_json_round_trip_gives_an_equal_calendar(
    case: tuple[BusinessCalendar, int],
) -> None:
    calendar, _ = case
    copy = BusinessCalendar.from_dict(calendar.to_dict())
    assert (copy, hash(copy)) == (calendar, hash(calendar))
