"""What of an article goes into a reply, and whether a reply holds it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

QUOTE_CHARACTERS = 600
"""More than this is read in the article, not in a reply."""

SHORTEST_EVIDENCE = 30
"""A shorter line may stand in a reply by chance."""

# A capital, a digit or a quotation mark begins a sentence; "e.g. this" goes on.
_SENTENCE_END = re.compile(r"(?<=[.!?…])['\")\]”’]*\s+(?=[^\sa-z])|(?<=[。！？])")
_MARK = re.compile(r"^\s*(?:(\d+\.)|-)\s+")
_BOX = re.compile(r"[☐☑]\s*")
_QUOTE_MARK = re.compile(r"^\s*(?:>\s*)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+")
_CELL = " | "


class Span(NamedTuple):
    """A place in a text."""

    start: int
    end: int

    def shared(self, other: "Span") -> int:
        return max(0, min(self.end, other.end) - max(self.start, other.start))


class _Unit(NamedTuple):
    """What is quoted whole or not at all: a sentence, a step, a row of a table."""

    span: Span
    text: str
    block: int
    is_step: bool
    is_row: bool


def excerpt(
    body: str,
    window: Span,
    matches: Sequence[Span],
    starts: Sequence[int] = (),
    *,
    limit: int = QUOTE_CHARACTERS,
) -> tuple[str, ...]:
    """Return the passage as whole sentences and whole steps of one section.

    Parameters
    ----------
    body : str
        Plain text of an article as `kb.core.markdown.sections` writes it: blocks with an
        empty line between, list items and table rows on lines of their own.
    window : Span
        Where the passage stands in it, in characters.
    matches : sequence of Span
        The searched words in it; they choose the section and what is kept.
    starts : sequence of int
        Where the text under each heading begins.
    limit : int
        Most characters. One sentence longer than that comes whole.

    Returns
    -------
    tuple of str
        Lines: the sentences of a paragraph are one, each step is one, with its number. A
        list comes whole where there is room. Rows of a table come only where the passage
        has nothing else. Empty where the window has no text.
    """
    section = _section_of(window, matches, starts, len(body))
    units = list(_units_in(body, section))
    chosen = [unit for unit in units if unit.span.shared(window)]
    chosen = [unit for unit in chosen if not unit.is_row] or chosen
    chosen = _whole_list(units, chosen, limit)
    return _lines(_within(chosen, matches, limit))


def _section_of(
    window: Span, matches: Sequence[Span], starts: Sequence[int], length: int
) -> Span:
    """The section that holds most of what was searched for; the first of equals."""
    bounds = sorted({0, *starts, length})
    sections = [Span(*pair) for pair in pairwise(bounds)]
    touched = [each for each in sections if each.shared(window)] or [Span(0, length)]
    return max(touched, key=lambda each: sum(each.shared(match) for match in matches))


def _units_in(body: str, section: Span) -> Iterator[_Unit]:
    place = section.start
    for number, block in enumerate(body[section.start : section.end].split("\n\n")):
        yield from _units_of(block, place, number)
        place += len(block) + 2


def _units_of(block: str, place: int, number: int) -> Iterator[_Unit]:
    lines = block.split("\n")
    is_table = len(lines) > 1 and all(_CELL in line for line in lines if line.strip())
    for line in lines:
        is_step = _MARK.match(line) is not None
        whole = is_step or is_table or line.startswith(" ")
        for start, end in [(0, len(line))] if whole else _sentences(line):
            text = _BOX.sub("", line[start:end]).rstrip()
            if text.strip():
                span = Span(place + start, place + end)
                yield _Unit(span, text, number, is_step, is_table)
        place += len(line) + 1


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE_END.finditer(line):
        yield start, found.end()
        start = found.end()
    yield start, len(line)


def _whole_list(units: list[_Unit], chosen: list[_Unit], limit: int) -> list[_Unit]:
    """Step 3 alone helps nobody: take the other steps too, and the line before them."""
    blocks = {unit.block for unit in chosen if unit.is_step}
    if not blocks:
        return chosen
    taken = {unit.span for unit in chosen}
    wider = [
        unit
        for unit, after in zip(units, [*units[1:], None], strict=True)
        if unit.span in taken
        or unit.block in blocks
        or (after and after.block in blocks and unit.text.rstrip().endswith(":"))
    ]
    return wider if sum(len(unit.text) for unit in wider) <= limit else chosen


def _within(chosen: list[_Unit], matches: Sequence[Span], limit: int) -> list[_Unit]:
    """Drop what is farthest from the most telling unit until the rest is short enough."""
    if not chosen:
        return []
    told = [sum(unit.span.shared(match) for match in matches) for unit in chosen]
    best = told.index(max(told))
    first, last = 0, len(chosen) - 1
    while first < last and sum(len(u.text) for u in chosen[first : last + 1]) > limit:
        if last - best >= best - first:
            last -= 1
        else:
            first += 1
    return chosen[first : last + 1]


def _lines(units: list[_Unit]) -> tuple[str, ...]:
    lines: list[str] = []
    before: _Unit | None = None
    for unit in units:
        follows = before is not None and before.block == unit.block
        if follows and not (unit.is_step or unit.is_row or unit.text.startswith(" ")):
            lines[-1] += f" {unit.text.strip()}"
        else:
            lines.append(_row(unit.text) if unit.is_row else unit.text)
        before = unit
    return tuple(lines)


def _row(text: str) -> str:
    first, *others = [cell.strip() for cell in text.split(_CELL)]
    return f"{first}: {', '.join(filter(None, others))}"


def quoted(lines: Iterable[str]) -> str:
    """Return lines as a quote without empty lines."""
    return "\n".join(f"> {line}" for line in lines if line.strip())


def readable(lines: Iterable[str]) -> str:
    """Return lines as running text: list dots go, numbers of steps stay."""
    return " ".join(
        _MARK.sub(lambda mark: f"{mark[1]} " if mark[1] else "", line).strip()
        for line in lines
    )


def addresses_in(text: str) -> list[str]:
    """Return the web addresses of a text, each once, without the stop of a sentence."""
    return list(dict.fromkeys(each.rstrip(".,;:!?") for each in _ADDRESS.findall(text)))


def repeats(reply: str, body: str) -> bool:
    """Whether a line of a reply, quoted or not, stands word for word in an article.

    Lines under `SHORTEST_EVIDENCE` characters tell nothing.
    """
    text = _flat(_BOX.sub("", body))
    return any(
        len(line) >= SHORTEST_EVIDENCE and line in text for line in _plain_lines(reply)
    )


def names(reply: str, title: str) -> bool:
    """Whether a line of a reply is a title and nothing else."""
    return _flat(title) in set(_plain_lines(reply))


def _plain_lines(reply: str) -> Iterator[str]:
    for line in reply.splitlines():
        yield _flat(_MARK.sub("", _QUOTE_MARK.sub("", line)))


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
