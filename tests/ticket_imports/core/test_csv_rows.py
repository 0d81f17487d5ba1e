import gzip
from pathlib import Path

import pytest

from tickets.imports.core.clock import Clock, parse_zone
from tickets.imports.core.csv_rows import MAX_FIELD, CsvLog
from tickets.imports.core.files import ExportFile, open_text
from tickets.imports.core.mapping import parse_mapping
from tickets.imports.core.neutral import ImportFileRefused

MAPPING = {
    "case_id": "id",
    "timestamp": "at",
    "timezone": "UTC",
    "fields": {"status": "status"},
    "null_values": ["", "?"],
}


def read(data: bytes, tmp_path: Path, **changes):
    path = tmp_path / "log"
    path.write_bytes(data)
    mapping = parse_mapping({**MAPPING, **changes})
    refused = []
    with ExportFile(path) as file:
        log = CsvLog(
            open_text(file, mapping.encoding),
            mapping,
            Clock(mapping.timestamp_format, mapping.zone or parse_zone("UTC")),
            lambda line, reason, raw: refused.append((line, reason)),
        )
        rows = list(log.rows())
        return log, rows, refused, file.damage


def ids(rows):
    return [(row.external_id, row.row.values["status"], row.row.line) for row in rows]


GOOD = b"id,at,status\n1,2024-01-01,new\n2,2024-01-02,open\n"


def test_rows_come_with_their_line_numbers(tmp_path):
    _log, rows, refused, _damage = read(GOOD, tmp_path)
    assert ids(rows) == [("1", "new", 2), ("2", "open", 3)]
    assert refused == []


def test_gzip_is_read_directly_whatever_the_name(tmp_path):
    _log, rows, _refused, damage = read(gzip.compress(GOOD), tmp_path)
    assert len(rows) == 2
    assert damage == ""


def test_cut_gzip_gives_what_can_be_read(tmp_path):
    lines = b"".join(b"%d,2024-01-01,s%d\n" % (n, n * 7919) for n in range(20_000))
    packed = gzip.compress(b"id,at,status\n" + lines)
    _log, rows, refused, damage = read(packed[: len(packed) // 2], tmp_path)
    assert 5_000 < len(rows) < 15_000
    assert len(refused) <= 1
    assert "cut off" in damage


def test_repeated_headers_do_not_hide_each_other(tmp_path):
    data = b"id,at,status,status\n1,2024-01-01,new,open\n"
    log, rows, _refused, _damage = read(data, tmp_path, fields={"status": "status.1"})
    assert log.headers == ["id", "at", "status", "status.1"]
    assert log.unmapped == ["status"]
    assert ids(rows) == [("1", "open", 2)]


def test_missing_columns_are_named_before_anything_is_read(tmp_path):
    with pytest.raises(ImportFileRefused, match="lacks the columns “at”, “status”"):
        read(b"id,when\n1,2\n", tmp_path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2024-01-01", "has 2 fields where the header has 3"),
        (b"1,2024-01-01,new,more", "has 4 fields"),
        (b"1,2024-01-01,n\xe9w", "bytes that are not utf-8-sig"),
        (b"1,2024-01-01,ne\x00w", "NUL"),
        (b"?,2024-01-01,new", "no case number"),
        (b"x" * 121 + b",2024-01-01,new", "longer than 120"),
        (b"1,soon,new", "is not ISO"),
        (b"1,2024-01-01," + b"n" * (MAX_FIELD + 1), "cannot be read as CSV"),
        (b'1,2024-01-01,"new', "quotation mark"),
        (b'1,2024-01-01,"new"x', "cannot be read as CSV"),
        (b"1,2024-01-01," + b"n" * 1_000_001, "longer than 1000000"),
    ],
)
def test_one_bad_row_is_told_and_the_rest_is_read(tmp_path, line, reason):
    data = b"id,at,status\n1,2024-01-01,new\n" + line + b"\n2,2024-01-02,open\n"
    _log, rows, refused, _damage = read(data, tmp_path, timestamp_format="iso")
    assert ids(rows) == [("1", "new", 2), ("2", "open", 4)]
    assert [line for line, _reason in refused] == [3]
    expected = reason if "ISO" not in reason else "does not fit ISO"
    assert expected in refused[0][1]


def test_lone_quote_does_not_swallow_later_quoted_rows(tmp_path):
    data = (
        b'id,at,status\n1,2024-01-01,"new\n2,2024-01-02,open\n'
        b'3,2024-01-02,"a,b"\n4,2024-01-03,open\n'
    )
    _log, rows, refused, _damage = read(data, tmp_path)
    assert [row.external_id for row in rows] == ["2", "3", "4"]
    assert [line for line, _reason in refused] == [2]


def test_quoted_line_breaks_are_one_row(tmp_path):
    data = b'id,at,status\n1,2024-01-01,"a\nb"\n2,2024-01-02,open\n'
    _log, rows, refused, _damage = read(data, tmp_path)
    assert [row.row.values["status"] for row in rows] == ["a\nb", "open"]
    assert rows[1].row.line == 4
    assert refused == []


def test_declared_encoding_and_delimiter_are_used(tmp_path):
    data = "id;at;status\n1;2024-01-01;é\n".encode("utf-16")
    _log, rows, _refused, _damage = read(
        data, tmp_path, encoding="utf-16", delimiter=";"
    )
    assert ids(rows) == [("1", "é", 2)]


def test_another_encoding_than_declared_is_refused_by_its_mark(tmp_path):
    with pytest.raises(ImportFileRefused, match="utf-16"):
        read(GOOD.decode().encode("utf-16"), tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "ZIP or Excel"),
        (b"\n\n", "no header"),
        (b"\x00\x01\x02", "header line cannot be read"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_the_reason(tmp_path, data, words):
    with pytest.raises(ImportFileRefused, match=words):
        read(data, tmp_path)


def test_joined_columns_skip_what_is_null(tmp_path):
    data = b"id,at,a,b\n1,2024-01-01,X,Y\n1,2024-01-02,X,?\n"
    _log, rows, _refused, _damage = read(data, tmp_path, fields={"status": ["a", "b"]})
    assert [row.row.values["status"] for row in rows] == ["X/Y", "X"]


def test_order_columns_are_read_as_numbers(tmp_path):
    data = b"id,at,status,n\n1,2024-01-01,b,10\n1,2024-01-01,a,9\n1,2024-01-01,c,x\n"
    _log, rows, refused, _damage = read(data, tmp_path, order_by=["n"])
    assert [row.order for row in rows] == [(10.0,), (9.0,)]
    assert refused[0][0] == 4


def test_a_file_of_lone_quotes_is_read_to_its_end(tmp_path):
    bad = b"".join(
        b'%d,2024-01-01,"new\n' % n + b"z" * 50 + b"\n" for n in range(2_000)
    )
    data = b"id,at,status\n" + bad + b"last,2024-01-02,open\n"
    _log, _rows, refused, _damage = read(data, tmp_path)
    assert len(refused) >= 1_000
    assert _log.line >= 4_001
