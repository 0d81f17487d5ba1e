import io

import pytest

from tickets.imports.core import json_stream
from tickets.imports.core.json_stream import JsonBroken, JsonStream


def read(text: str):
    return list(JsonStream(io.StringIO(text), {"tickets"}))


@pytest.fixture(params=[1, 7, 1 << 18], autouse=True)
def _chunk(request, monkeypatch):
    # The seams between chunks must not show, wherever they fall.
    monkeypatch.setattr(json_stream, "CHUNK", request.param)


def test_members_of_named_lists_come_one_by_one():
    found = read('{"tickets": [{"id": 1}, {"id": 22}], "count": 2, "more": [1, 2]}')
    assert found == [
        ("tickets", {"id": 1}),
        ("tickets", {"id": 22}),
        ("", {"count": 2, "more": [1, 2]}),
    ]


def test_documents_may_follow_each_other():
    assert read('{"a": 1}\n{"a": 12345}\n[{"b": 2}]') == [
        ("", {"a": 1}),
        ("", {"a": 12345}),
        ("", {"b": 2}),
    ]


def test_empty_text_holds_nothing():
    assert read(" \n ") == []


@pytest.mark.parametrize(
    "text",
    [
        '{"tickets": [{"id": 1}, {"id":',
        '{"tickets": [{"id": 1} {"id": 2}]}',
        '{"tickets": [{"id": 1}, oops]}',
        '{"tickets": [{"id": 1}]',
    ],
)
def test_broken_text_gives_what_came_before(text):
    found = []
    with pytest.raises(JsonBroken):
        found.extend(JsonStream(io.StringIO(text), {"tickets"}))
    seen = []
    try:
        for item in JsonStream(io.StringIO(text), {"tickets"}):
            seen.append(item)  # noqa: PERF402 -- what came before the break counts
    except JsonBroken:
        pass
    assert seen[0] == ("tickets", {"id": 1})


def test_the_line_of_the_break_is_told():
    with pytest.raises(JsonBroken) as broken:
        read('{"tickets": [\n{"id": 1},\n{"id": x}]}')
    assert broken.value.line == 3


def test_deep_nesting_is_refused():
    with pytest.raises(JsonBroken, match=r"nested|cut off"):
        read('{"a": ' + "[" * 100_000)


def test_a_scalar_is_no_document():
    with pytest.raises(JsonBroken, match="neither"):
        read("12")
