"""Columns, cells and grids of volume files."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workforce.capacity.core.volumes.counting import Counted
from workforce.capacity.core.volumes.csv_columns import (
    FileRow,
    Unreadable,
    guess_columns,
    guess_delimiter,
    guess_unit,
    read_lines,
    read_row,
    read_start,
)
from workforce.capacity.core.volumes.csv_grid import (
    Refused,
    merge_refusals,
    place_rows,
)

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def clock(text: str) -> datetime:
    return datetime.fromisoformat(text)


def row(line: int, start: str | date, offered: int = 1, **facts: int) -> FileRow:
    moment = clock(start) if isinstance(start, str) else start
    return FileRow(line, "", "", moment, Counted(offered, **facts))


def epoch(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def test_columns_are_guessed_from_common_headers():
    headers = ["Queue Name", "Interval Start", "Calls Offered", "AHT (s)", "Abandons"]
    assert guess_columns(headers) == {
        "start": "Interval Start",
        "offered": "Calls Offered",
        "queue": "Queue Name",
        "abandoned": "Abandons",
        "handle": "AHT (s)",
    }
    assert guess_columns(["timestamp", "volume"]) == {
        "start": "timestamp",
        "offered": "volume",
    }


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("handle_time", "sum_seconds"),
        ("handle_seconds", "sum_seconds"),
        ("Total handle time (min)", "sum_minutes"),
        ("AHT", "mean_seconds"),
        ("AHT (s)", "mean_seconds"),
        ("aht_minutes", "mean_minutes"),
        ("mean handle time (s)", "mean_seconds"),
        ("average handle time (seconds)", "mean_seconds"),
        ("Avg. handling time [min]", "mean_minutes"),
    ],
)
def test_handle_time_and_its_unit_are_guessed_from_the_header(header, unit):
    assert guess_columns(["start", "volume", header])["handle"] == header
    assert guess_unit(header) == unit


def test_column_that_is_called_so_wins_over_one_with_a_unit_behind():
    assert guess_columns(["AHT (s)", "aht", "volume"])["handle"] == "aht"


def test_lines_are_read_with_their_numbers_through_empty_ones_and_quotes():
    text = 'a;b\n\n"x;1";2\n'
    assert guess_delimiter(text) == ";"
    assert list(read_lines(text, ";")) == [(1, ["a", "b"]), (3, ["x;1", "2"])]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2003-03-03 07:00:00", clock("2003-03-03T07:00")),
        ("2003-03-03T07:00", clock("2003-03-03T07:00")),
        ("2003-03-03T07:00Z", datetime(2003, 3, 3, 7, tzinfo=UTC)),
        ("2010-01-13", date(2010, 1, 13)),
        ("3.4.2026", date(2026, 4, 3)),
        ("03.04.2026 7:30", clock("2026-04-03T07:30")),
    ],
)
def test_start_is_read_as_written(text, start):
    assert read_start(text) == start


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_start"),
        ("soon", "bad_start"),
        ("2026-02-30", "bad_start"),
        ("3/4/2026 7:00", "day_or_month"),
        ("0001-01-01", "too_old"),
        ("1999-12-31 23:59", "too_old"),
        ("9999-12-31", "bad_start"),
    ],
)
def test_start_that_cannot_be_is_named(text, code):
    with pytest.raises(Unreadable) as refused:
        read_start(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_count"),
        ("-3", "negative"),
        ("x", "bad_number"),
        ("1.5", "bad_number"),
        ("1e12", "too_large"),
        ("1000001", "too_large"),
        ("nan", "too_large"),
    ],
)
def test_volume_that_cannot_be_is_named(text, code):
    with pytest.raises(Unreadable) as refused:
        read_row(2, {"start": "2026-03-02", "offered": text})
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("unit", "text", "seconds"),
    [
        ("sum_seconds", "900", 900),
        ("mean_seconds", "300", 1200),
        ("sum_minutes", "15", 900),
        ("mean_minutes", "5", 1200),
    ],
)
def test_handle_time_is_a_sum_over_the_handled(unit, text, seconds):
    cells = {"start": "2026-03-02", "offered": "5", "handled": "4", "handle": text}
    fact = read_row(2, cells, unit).fact
    assert (fact.timed, fact.handle_seconds) == (4, seconds)


def test_rows_are_placed_on_the_queues_intervals():
    rows = [row(2, "2026-03-02T07:00"), row(3, "2026-03-02T07:30", 4)]
    placed = place_rows(rows, zone="UTC", minutes=30, file_zone=BERLIN, until=NOW)
    assert placed.facts == {
        epoch(2026, 3, 2, 6): Counted(1),
        epoch(2026, 3, 2, 6, 30): Counted(4),
    }


def test_a_finer_file_is_summed_and_keeps_the_last_backlog():
    rows = [row(2, "2026-03-02T07:15", 3, backlog=9), row(3, "2026-03-02T07:00", 1)]
    placed = place_rows(rows, zone="UTC", minutes=30, file_zone="UTC", until=NOW)
    assert placed.minutes == 15
    assert placed.facts == {epoch(2026, 3, 2, 7): Counted(4, backlog=9)}


def hours(count: int) -> list[FileRow]:
    first = clock("2026-03-02T00:00")
    return [
        FileRow(n + 2, "", "", first + timedelta(hours=n), Counted(1))
        for n in range(count)
    ]


def test_a_coarser_file_is_refused_row_by_row():
    placed = place_rows(hours(12), zone="UTC", minutes=30, file_zone="UTC", until=NOW)
    assert placed.facts == {}
    assert merge_refusals(placed.refused) == [Refused(2, 13, "coarser", "60/30")]


def test_a_few_rows_on_the_hour_are_half_hours_with_some_missing():
    placed = place_rows(hours(11), zone="UTC", minutes=30, file_zone="UTC", until=NOW)
    assert (len(placed.facts), placed.minutes) == (11, 30)


def test_the_length_of_the_files_intervals_may_be_told():
    placed = place_rows(
        hours(12), zone="UTC", minutes=30, file_zone="UTC", until=NOW, step=30
    )
    assert (len(placed.facts), placed.refused) == (12, [])


def test_what_starts_off_the_grid_is_refused():
    rows = [*hours(40), row(99, "2026-03-05T07:07")]
    placed = place_rows(rows, zone="UTC", minutes=60, file_zone="UTC", until=NOW)
    assert placed.refused == [Refused(99, 99, "off_grid", "2026-03-05 07:07:00")]


def test_handle_time_beyond_what_a_column_holds_is_refused():
    cells = {"start": "2026-03-02", "offered": "1000000", "handle": "1000000"}
    with pytest.raises(Unreadable) as refused:
        read_row(2, cells, "mean_minutes")
    assert refused.value.code == "too_large"


def test_what_has_not_begun_is_refused():
    rows = [row(2, "2026-03-31T12:00"), row(3, "2026-03-31T12:30")]
    placed = place_rows(rows, zone="UTC", minutes=30, file_zone="UTC", until=NOW)
    assert list(placed.facts) == [epoch(2026, 3, 31, 12)]
    assert placed.refused == [Refused(3, 3, "not_begun", "2026-03-31T12:30:00")]


def test_a_row_twice_is_refused_naming_the_first():
    rows = [row(2, "2026-03-02T07:00"), row(3, "2026-03-02T07:00", 9)]
    placed = place_rows(rows, zone="UTC", minutes=30, file_zone="UTC", until=NOW)
    assert placed.refused == [Refused(3, 3, "duplicate", "2")]
    assert placed.facts == {epoch(2026, 3, 2, 7): Counted(1)}


def test_the_hour_that_comes_twice_is_taken_twice_and_no_more():
    rows = [row(line, "2026-10-25T02:30", line) for line in (2, 3, 4)]
    placed = place_rows(
        rows,
        zone=BERLIN,
        minutes=30,
        file_zone=BERLIN,
        until=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert placed.facts == {
        epoch(2026, 10, 25, 0, 30): Counted(2),
        epoch(2026, 10, 25, 1, 30): Counted(3),
    }
    assert placed.refused == [Refused(4, 4, "duplicate", "2")]


def test_the_hour_that_clocks_jump_over_is_refused():
    placed = place_rows(
        [row(2, "2026-03-29T02:30")],
        zone=BERLIN,
        minutes=30,
        file_zone=BERLIN,
        until=NOW,
    )
    assert placed.refused == [Refused(2, 2, "skipped_hour", "2026-03-29 02:30:00")]


def test_a_bare_day_is_a_day_of_the_queues_zone():
    placed = place_rows(
        [row(2, date(2026, 3, 29), 7)],
        zone=BERLIN,
        minutes=1440,
        file_zone="UTC",
        until=NOW,
    )
    assert placed.facts == {epoch(2026, 3, 28, 23): Counted(7)}


def test_neighbouring_lines_of_one_reason_are_one_refusal():
    lines = [Refused(n, n, "no_count") for n in (4, 2, 3, 6)]
    assert merge_refusals(lines) == [
        Refused(2, 4, "no_count"),
        Refused(6, 6, "no_count"),
    ]
