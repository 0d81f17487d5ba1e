"""What changed between two texts: paragraph by paragraph, then word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

_ALIKE = 0.4
"""Share of words two paragraphs have in common to count as one that was changed."""
_FARTHEST = 8
"""Paragraphs looked ahead for one that is alike."""
_MOST_PAIRS = 400_000_000
"""Pairs of words weighed at once (a bit each, 50 MB); beyond it only the ends are."""
_SHORT = 2
"""Words that stay between two longer changes make them harder to read, not easier."""

_PARAGRAPHS = re.compile(r"\n\s*\n")
# Scripts without spaces between words go by the character.
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\uff66-\uff9f"
)
_TOKENS = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|[^\w\s]")


class Change(StrEnum):
    """What happened to a paragraph or a run of words."""

    EQUAL = "EQUAL"
    REMOVED = "REMOVED"
    ADDED = "ADDED"
    CHANGED = "CHANGED"


@dataclass(frozen=True)
class Run:
    """Words that were kept, removed or added together; never `Change.CHANGED`."""

    change: Change
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; only a changed one has runs of more than one kind."""

    change: Change
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Summary:
    """Counts of paragraphs and of words."""

    paragraphs_added: int
    paragraphs_removed: int
    paragraphs_changed: int
    words_added: int
    words_removed: int


@dataclass(frozen=True)
class Difference:
    """All paragraphs of both texts in reading order, and how much changed."""

    paragraphs: tuple[Paragraph, ...]
    summary: Summary

    @property
    def is_empty(self) -> bool:
        """Whether both texts have the same paragraphs."""
        return all(each.change is Change.EQUAL for each in self.paragraphs)


def compare(before: str, after: str) -> Difference:
    """Return the difference of two texts.

    Equal paragraphs are matched first. Between two matches, paragraphs with enough words
    in common are one that was changed; the others were removed or added.

    Parameters
    ----------
    before, after : str
        Paragraphs have an empty line between them. How many empty lines there are, and
        the kind of line end, does not count.

    Returns
    -------
    Difference
        In each changed paragraph, the runs that are equal or removed make up the old
        text and those equal or added the new one, character by character.

    Notes
    -----
    Both levels use a longest common subsequence that handles 64 pairs at a time [1]_, so
    that 50,000 characters take well under a second.

    References
    ----------
    .. [1] H. Hyyrö, Y. Pinzon, A. Shinohara, "New bit-parallel indel-distance
       algorithm", WEA 2005, as implemented in RapidFuzz.

    Examples
    --------
    >>> found = compare("Open the menu.", "Open the page.")
    >>> [run.text for run in found.paragraphs[0].runs]
    ['Open the ', 'menu', 'page', '.']
    """
    paragraphs = tuple(_align(_split(before), _split(after)))
    return Difference(paragraphs, _summary(paragraphs))


def _split(text: str) -> list[str]:
    parts = _PARAGRAPHS.split(text.replace("\r\n", "\n"))
    return [part.strip("\n") for part in parts if part.strip()]


def _align(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    for is_equal, old_part, new_part in _blocks(old, new):
        if is_equal:
            for text in new_part:
                yield _whole(Change.EQUAL, text)
        else:
            yield from _pair(old_part, new_part)


def _whole(change: Change, text: str) -> Paragraph:
    return Paragraph(change, (Run(change, text),))


def _blocks(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Cut two sequences into stretches that are equal and stretches that are not."""
    start, end = _same_ends(old, new)
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield True, old[:start], new[:start]
    if len(old_middle) * len(new_middle) > _MOST_PAIRS:
        yield False, old_middle, new_middle
    else:
        yield from _common_blocks(old_middle, new_middle)
    if end:
        yield True, old[len(old) - end :], new[len(new) - end :]


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _common_blocks(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    # Numbers instead of words: two words never count as equal for their hashes.
    numbers: dict[str, int] = {}
    old_numbers = [numbers.setdefault(word, len(numbers)) for word in old]
    new_numbers = [numbers.setdefault(word, len(numbers)) for word in new]
    waiting_old, waiting_new = 0, 0
    for step in Indel.opcodes(old_numbers, new_numbers):
        if step.tag != "equal":
            continue
        if (waiting_old, waiting_new) != (step.src_start, step.dest_start):
            yield (
                False,
                old[waiting_old : step.src_start],
                new[waiting_new : step.dest_start],
            )
        yield (
            True,
            old[step.src_start : step.src_end],
            new[step.dest_start : step.dest_end],
        )
        waiting_old, waiting_new = step.src_end, step.dest_end
    if waiting_old < len(old) or waiting_new < len(new):
        yield False, old[waiting_old:], new[waiting_new:]


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Match paragraphs that are alike, each to the best of the next few."""
    new_words = [_words(text) for text in new]
    place = 0
    for text in old:
        ahead = new_words[place : place + _FARTHEST]
        found = _most_alike(_words(text), ahead)
        if found is None:
            yield _whole(Change.REMOVED, text)
            continue
        for added in new[place : place + found]:
            yield _whole(Change.ADDED, added)
        place += found
        yield Paragraph(Change.CHANGED, _runs(text, new[place]))
        place += 1
    for added in new[place:]:
        yield _whole(Change.ADDED, added)


def _words(text: str) -> list[str]:
    return [token for token in _TOKENS.findall(text) if not token.isspace()]


def _most_alike(words: list[str], candidates: list[list[str]]) -> int | None:
    best, found = _ALIKE, None
    for place, other in enumerate(candidates):
        alike = _likeness(words, other, best)
        if alike > best or (found is None and alike == best):
            best, found = alike, place
    return found


def _likeness(words: list[str], other: list[str], least: float) -> float:
    if len(words) * len(other) > _MOST_PAIRS:
        return 2 * sum(_same_ends(words, other)) / (len(words) + len(other))
    return Indel.normalized_similarity(words, other, score_cutoff=least)


def _runs(old: str, new: str) -> tuple[Run, ...]:
    blocks = list(_blocks(_TOKENS.findall(old), _TOKENS.findall(new)))
    # Spaces first: only then it shows how long the changes around a word are.
    blocks = _without_islands(blocks, 0)
    blocks = _without_islands(blocks, _SHORT)
    runs = []
    for is_equal, removed, added in blocks:
        if is_equal:
            runs.append(Run(Change.EQUAL, "".join(added)))
            continue
        if removed:
            runs.append(Run(Change.REMOVED, "".join(removed)))
        if added:
            runs.append(Run(Change.ADDED, "".join(added)))
    return tuple(runs)


_Block = tuple[bool, Sequence[str], Sequence[str]]


def _without_islands(blocks: list[_Block], longest: int) -> list[_Block]:
    """Join changes that only a few words, fewer than they have, keep apart."""
    joined: list[tuple[bool, list[str], list[str]]] = []
    for place, (is_equal, old, new) in enumerate(blocks):
        stays = is_equal and not _is_island(blocks, place, longest)
        if joined and joined[-1][0] == stays:
            joined[-1][1].extend(old)
            joined[-1][2].extend(new)
        else:
            joined.append((stays, list(old), list(new)))
    return [*joined]


def _is_island(blocks: list[_Block], place: int, longest: int) -> bool:
    if place in {0, len(blocks) - 1}:
        return False
    count = _count_words(blocks[place][2])
    shores = (blocks[place - 1], blocks[place + 1])
    return count <= longest and all(
        max(_count_words(old), _count_words(new)) > count for _, old, new in shores
    )


def _count_words(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _summary(paragraphs: Sequence[Paragraph]) -> Summary:
    kinds = [paragraph.change for paragraph in paragraphs]
    runs = [run for paragraph in paragraphs for run in paragraph.runs]

    def count(change: Change) -> int:
        return sum(
            _count_words(_TOKENS.findall(run.text))
            for run in runs
            if run.change is change
        )

    return Summary(
        paragraphs_added=kinds.count(Change.ADDED),
        paragraphs_removed=kinds.count(Change.REMOVED),
        paragraphs_changed=kinds.count(Change.CHANGED),
        words_added=count(Change.ADDED),
        words_removed=count(Change.REMOVED),
    )
