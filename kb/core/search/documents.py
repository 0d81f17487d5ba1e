"""What is put into the index and what comes out of it."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Document:
    """One article as the search sees it.

    Attributes
    ----------
    key : Hashable
        What the caller knows it by; keys are unique within an index.
    title : str
    headings : tuple of str
    keywords : tuple of str
        Other words for it, typed by its author.
    body : str
        Plain text.
    language : str
        Code such as ``en``; it picks the stemmer.
    audience : Hashable
        Who may read it; `Index.mask` makes a filter of these.
    starts : tuple of int
        Where in ``body`` the text under each heading begins; empty where that is unknown.
    """

    key: Hashable
    title: str
    headings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    body: str = ""
    language: str = "en"
    audience: Hashable = None
    starts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.starts and len(self.starts) != len(self.headings):
            raise ValueError("starts has one place a heading, or none at all")

    def fields(self) -> tuple[str, str, str, str]:
        """Texts of title, keywords, headings and body, as `postings.FIELDS` orders them."""
        # A line break between two entries keeps unspaced scripts from running together.
        return (
            self.title, "\n".join(self.keywords), "\n".join(self.headings), self.body,
        )  # fmt: skip

    def heading_at(self, place: int) -> str:
        """Heading above a place in the body; empty above the first one."""
        above = ""
        for heading, start in zip(self.headings, self.starts, strict=False):
            if start > place:
                break
            above = heading
        return above


def document_of_sections(
    key: Hashable,
    title: str,
    sections: Iterable[tuple[str, str]],
    *,
    keywords: Iterable[str] = (),
    language: str = "en",
    audience: Hashable = None,
) -> Document:
    """Return a document of ``(heading, text)`` in order; an empty heading is the opening."""
    headings, starts, texts, place = [], [], [], 0
    for heading, text in sections:
        if heading:
            headings.append(heading)
            starts.append(place)
        texts.append(text)
        place += len(text) + 2
    return Document(
        key=key,
        title=title,
        headings=tuple(headings),
        keywords=tuple(keywords),
        body="\n\n".join(texts),
        language=language,
        audience=audience,
        starts=tuple(starts),
    )


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words that stand for each other in a search.

    Attributes
    ----------
    term : str
        A word or several, such as ``SSO``.
    same_as : tuple of str
        What else is meant by it, such as ``single sign-on``.
    is_one_way : bool
        Only ``term`` finds ``same_as``, not the other way round.
    language : str
        Picks the stemmer of these words.
    """

    term: str
    same_as: tuple[str, ...]
    is_one_way: bool = False
    language: str = "en"


class Piece(NamedTuple):
    """A piece of text, and whether it is what was searched for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document, best first by ``rank`` from 1.

    ``score`` orders the hits of one search and means nothing else; ``confidence`` (0–1) is
    how likely this is the article that was looked for.
    """

    key: Hashable
    rank: int
    score: float
    confidence: float
    title: tuple[Piece, ...] = ()
    heading: str = ""
    passage: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.passage)


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found.

    Attributes
    ----------
    hits : tuple of Hit
        Best first.
    original : str
        As typed.
    searched : str
        What was searched for, with spelling corrected.
    corrections : tuple of (str, str)
        Each word that was corrected and what it became.
    is_good : bool
        Whether the first hit is good enough to be shown as an answer.
    is_relaxed : bool
        Nothing had the words in quotes in that order, so they were searched one by one.
    """

    hits: tuple[Hit, ...]
    original: str
    searched: str
    corrections: tuple[tuple[str, str], ...] = field(default=())
    is_good: bool = False
    is_relaxed: bool = False

    @property
    def corrected(self) -> str:
        """What was searched instead of what was typed; empty where nothing was corrected."""
        return self.searched if self.corrections else ""

    @property
    def keys(self) -> list[Hashable]:
        return [hit.key for hit in self.hits]
