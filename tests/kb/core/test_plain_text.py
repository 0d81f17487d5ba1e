"""Characters that no database, page or feed takes."""

import xml.etree.ElementTree as ET

import pytest

from kb.core.plain_text import one_line, printable


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "ab"),
        ("Line\r\nand\ttab", "Line\r\nand\ttab"),
        ("\ud800half", "half"),
        ("日本語 ü 😀", "日本語 ü 😀"),
        ("\x1b[1mbold", "[1mbold"),
    ],
)
def test_printable_drops_what_cannot_be_shown(text, kept):
    assert printable(text) == kept


def test_every_character_kept_stands_in_xml_and_utf_8():
    kept = printable("".join(map(chr, range(0x110000))))

    assert len(kept) > 1_000_000
    kept.encode()
    ET.fromstring(  # noqa: S314 -- our own text
        "<a>" + kept.replace("&", "").replace("<", "").replace("]]>", "") + "</a>"
    )


def test_one_line_has_single_spaces():
    assert one_line(" Log\x0b in\n\n again\x08 ") == "Log in again"
