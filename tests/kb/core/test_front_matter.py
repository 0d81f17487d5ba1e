"""Markdown files with front matter, in and out."""

import pytest

from kb.core.front_matter import FrontMatterError, read, write


def fields(*lines):
    return read("\n".join(["---", *lines, "---", "", "Text"])).fields


def test_values_quotes_lists_and_comments_are_read():
    assert fields(
        "# a comment",
        "title: How do I: log in?  # a remark",
        'summary: "Say \\"hello\\" # not a remark"',
        "owner: 'it''s Ana'",
        "keywords: [sign in, 'log, on', \"x\"]",
        "related:",
        "  - en/one",
        "  - 'en/two'",
        "tiers: []",
        "empty:",
    ) == {
        "title": "How do I: log in?",
        "summary": 'Say "hello" # not a remark',
        "owner": "it's Ana",
        "keywords": ["sign in", "log, on", "x"],
        "related": ["en/one", "en/two"],
        "tiers": [],
        "empty": "",
    }


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Text",
        "\n\nTwo empty lines before",
        "ends\n\n",
        "---\nrule\n---\n",
        "tab\there  \nトークン",
    ],
)
def test_text_comes_back_to_the_character(body):
    assert read(write({"title": "x"}, body)).body == body


@pytest.mark.parametrize(
    "value",
    [
        "",
        "true",
        "- x",
        "a: b # c",
        '"',
        "'",
        "[x]",
        "line\nline",
        "é\u2028ü",
        "\\n",
        "180",
    ],
)
def test_values_come_back_as_they_were(value):
    found = read(write({"title": value, "list": [value, "x"]}, "")).fields
    assert found["title"] == value
    assert found["list"] == [value, "x"]


def test_other_line_ends_and_a_byte_order_mark_are_read():
    document = read("\ufeff---\r\ntitle: x\r\n---\r\n\r\nOne\r\nTwo")
    assert (document.fields, document.body) == ({"title": "x"}, "One\nTwo")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# A heading", 1),
        ("---\ntitle: x\n\nno end", 4),
        ("---\ntitle: x\ntitle: y\n---", 3),
        ("---\nno colon\n---", 2),
        ("---\n  nested: x\n---", 2),
        ("---\ntitle: 'x\n---", 2),
        ('---\ntitle: "x" y\n---', 2),
        ("---\ntitle: |\n---", 2),
        ("---\nlist: [a\n---", 2),
        ("---\nlist: ['a' b]\n---", 2),
        ("---\n- x\n---", 2),
        ("---\n" + "\n" * 500, 502),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text, line):
    with pytest.raises(FrontMatterError) as error:
        read(text)
    assert error.value.line == line


def test_spaces_within_a_value_are_kept_however_many():
    found = read("---\ntitle: b" + " " * 19_000 + "x\n---\n").fields

    assert found["title"].startswith("b ")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("title: " + "x" * 20_000, "longer than"),
        (r'title: "\ud800 x"', "escape in the quotes"),
    ],
)
def test_line_that_nothing_stores_is_refused(line, reason):
    with pytest.raises(FrontMatterError, match=reason):
        read(f"---\n{line}\n---\n")
