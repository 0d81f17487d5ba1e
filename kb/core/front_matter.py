"""Markdown files with front matter: what an article travels as.

The block between two lines of ``---`` is the part of YAML that tools for Markdown agree
on: ``key: value``, quoted or not, and lists in brackets or line by line. What is written
is JSON in each value, which is YAML too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FENCE = "---"
MOST_LINES = 400

Value = str | list[str]

MOST_OF_LINE = 20_000
_KEY = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?\Z")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)\Z")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


class FrontMatterError(ValueError):
    """The front matter cannot be read; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True)
class Document:
    """A file: its fields in their order, and the text after them."""

    fields: Mapping[str, Value]
    body: str


def read(text: str) -> Document:
    r"""Read a file.

    Parameters
    ----------
    text : str
        With any line ends. A byte order mark is dropped.

    Returns
    -------
    Document
        Values are strings, or lists of strings; what they mean is the caller's.

    Raises
    ------
    FrontMatterError
        For a file without front matter, one that does not end, a key that comes twice,
        or a line that is none of what is read. Nothing is guessed.

    Examples
    --------
    >>> read("---\ntitle: Log in\nkeywords: [sign in, 'log on']\n---\n\nText").fields
    {'title': 'Log in', 'keywords': ['sign in', 'log on']}
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE:
        raise FrontMatterError(1, "the file does not begin with ---")
    end = _end_of(lines)
    body = "\n".join(lines[end + 1 :]).removeprefix("\n")
    return Document(_fields(lines[1:end]), body)


def write(fields: Mapping[str, str | int | bool | Sequence[str]], body: str) -> str:
    r"""Write a file that `read` gives back: each character of the text, each value as text.

    Examples
    --------
    >>> write({"title": "Log in", "featured": True}, "Text")
    '---\ntitle: "Log in"\nfeatured: true\n---\n\nText'
    """
    lines = [f"{name}: {_written(value)}" for name, value in fields.items()]
    return "\n".join([FENCE, *lines, FENCE, "", body])


def _written(value: str | int | bool | Sequence[str]) -> str:
    plain = value if isinstance(value, str | int | bool) else list(value)
    return json.dumps(plain, ensure_ascii=False)


def _end_of(lines: list[str]) -> int:
    for place, line in enumerate(lines[1 : MOST_LINES + 1], 1):
        if line.rstrip() == FENCE:
            return place
    raise FrontMatterError(len(lines), "the front matter does not end with ---")


def _fields(lines: list[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    key = ""
    for number, full in enumerate(lines, 2):
        line = full.rstrip(" \t")
        if len(line) > MOST_OF_LINE:
            raise FrontMatterError(number, f"longer than {MOST_OF_LINE} characters")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _ITEM.match(line)
        if item and key and (found[key] == "" or isinstance(found[key], list)):
            _add(found, key, _scalar(item[1], number))
            continue
        named = _KEY.match(line)
        if not named:
            raise FrontMatterError(number, f"this is no “key: value”: {line[:60]}")
        key = named[1]
        if key in found:
            raise FrontMatterError(number, f"“{key}” is there twice")
        found[key] = _value(named[2] or "", number)
    return found


def _add(found: dict[str, Value], key: str, item: str) -> None:
    items = found[key]
    found[key] = [*items, item] if isinstance(items, list) else [item]


def _value(text: str, number: int) -> Value:
    if not text.startswith("["):
        return _scalar(text, number)
    if not text.endswith("]"):
        raise FrontMatterError(number, "the list does not end with ] on its line")
    return _flow(text[1:-1], number)


def _flow(text: str, number: int) -> list[str]:
    items, place = [], 0
    while place < len(text):
        if text[place] in " \t":
            place += 1
            continue
        quoted = _QUOTED.match(text, place)
        comma = text.find(",", place)
        end = quoted.end() if quoted else (comma if comma >= 0 else len(text))
        items.append(_scalar(text[place:end].strip(), number))
        rest = text[end:].lstrip()
        if rest and not rest.startswith(","):
            raise FrontMatterError(number, "a comma is missing in the list")
        place = len(text) - len(rest) + 1 if rest else len(text)
    return items


def _scalar(text: str, number: int) -> str:
    if text[:1] in {'"', "'"}:
        quoted = _QUOTED.match(text)
        rest = text[quoted.end() :].strip() if quoted else text
        if quoted is None or (rest and not rest.startswith("#")):
            raise FrontMatterError(number, "a quotation mark is missing")
        return _unquoted(quoted[0], number)
    if text[:1] in {"|", ">", "&", "*", "!", "{"}:
        raise FrontMatterError(number, f"values like “{text[:20]}” are not read")
    return text.partition(" #")[0].strip()


def _unquoted(text: str, number: int) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        found = str(json.loads(text, strict=False))
        found.encode()
    except ValueError as error:
        raise FrontMatterError(
            number, "an escape in the quotes is not known"
        ) from error
    return found
