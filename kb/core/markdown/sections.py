"""An article as text: what search reads and what the assistant quotes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.token import Token


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents. ``level`` is that of the HTML, 2 to 6."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Section:
    """The text under one heading; that before the first has an empty heading.

    ``plain`` has blocks with an empty line between them. The items of a list, the rows
    of a table and the lines of code are one block: lines without an empty line between.
    """

    heading: str
    anchor: str
    plain: str


_EMPTY_LINES = re.compile(r"\n\s*\n")
_SPACES = re.compile(r"[ \t]+")


def inline_text(token: Token) -> str:
    """Return what a reader reads of one inline token."""
    return "".join(_pieces(token.children or ())).strip()


def _pieces(children: Iterable[Token]) -> Iterable[str]:
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield " " if child.type == "softbreak" else "\n"
        elif child.type == "image":
            yield str(child.attrs.get("alt", ""))
        else:
            yield child.content


class _Writer:
    """Collects lines; knows how deep in lists and tables it is."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._lines: list[str] = []
        self._numbers: list[int | None] = []
        self._mark = ""
        self._cells: list[str] | None = None

    def read(self, token: Token) -> None:
        reader = getattr(self, f"_{token.type}", None)
        if reader:
            reader(token)

    def finish(self) -> str:
        self._end_block()
        return "\n\n".join(self.blocks)

    def _inline(self, token: Token) -> None:
        text = inline_text(token)
        if self._cells is not None:
            self._cells.append(text)
        elif self._numbers:
            self._add_item_line(text)
        else:
            self._lines.append(text)
            self._end_block()

    def _add_item_line(self, text: str) -> None:
        indent = "  " * (len(self._numbers) - 1)
        self._lines.append(f"{indent}{self._mark}{_SPACES.sub(' ', text)}")
        self._mark = ""

    def _code(self, token: Token) -> None:
        text = _EMPTY_LINES.sub("\n", token.content.strip("\n"))
        self._lines.append(text)
        if not self._numbers:
            self._end_block()

    _fence = _code_block = _code

    def _ordered_list_open(self, token: Token) -> None:
        self._numbers.append(int(token.attrs.get("start", 1)))

    def _bullet_list_open(self, _token: Token) -> None:
        self._numbers.append(None)

    def _list_close(self, _token: Token) -> None:
        self._numbers.pop()
        if not self._numbers:
            self._end_block()

    _ordered_list_close = _bullet_list_close = _list_close

    def _list_item_open(self, _token: Token) -> None:
        number = self._numbers[-1]
        self._mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1

    def _tr_open(self, _token: Token) -> None:
        self._cells = []

    def _tr_close(self, _token: Token) -> None:
        if self._cells is not None:
            self._lines.append(" | ".join(self._cells))
        self._cells = None

    def _table_close(self, _token: Token) -> None:
        if not self._numbers:
            self._end_block()

    def _end_block(self) -> None:
        text = "\n".join(line for line in self._lines if line.strip())
        if text:
            self.blocks.append(_EMPTY_LINES.sub("\n", text))
        self._lines = []


def sections_of(tokens: list[Token]) -> tuple[Section, ...]:
    """Cut the tokens of an article at its headings.

    Headings inside quotes or lists are text of their section. A heading that carries no
    ``id`` is not a place in the contents.

    Parameters
    ----------
    tokens : list of Token
        After headings got their anchors.

    Returns
    -------
    tuple of Section
        In the order of the text; a text before the first heading only if there is any.
    """
    sections: list[Section] = []
    heading, anchor, writer = "", "", _Writer()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open" and token.attrs.get("id"):
            sections.append(Section(heading, anchor, writer.finish()))
            heading, anchor = inline_text(tokens[place + 1]), str(token.attrs["id"])
            writer = _Writer()
            place += 3
            continue
        writer.read(token)
        place += 1
    sections.append(Section(heading, anchor, writer.finish()))
    return tuple(part for part in sections if part.heading or part.plain)


def plain_of(sections: Iterable[Section]) -> str:
    """Return the whole article as text, headings on lines of their own."""
    parts = [part for section in sections for part in (section.heading, section.plain)]
    return "\n\n".join(part for part in parts if part)
