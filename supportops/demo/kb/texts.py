"""Reads the demo's articles: Markdown with a few lines of facts before it."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "articles"
FENCE = "---\n"
LISTS = ("tiers", "categories", "keywords", "related", "before", "next")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One file: the text, and what is said about it."""

    slug: str
    language: str
    title: str
    summary: str
    kind: str
    topic: str
    body: str
    audience: str
    tiers: tuple[str, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    related: tuple[str, ...]
    before: tuple[str, ...]
    next: tuple[str, ...]
    translation_of: str
    is_featured: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that readers saw before today's, or that is tried against it."""

    title: str
    summary: str
    body: str
    note: str
    days_ago: int


def read_all() -> list[ArticleText]:
    """Return every article of the folder, in the order of the file names."""
    return [read_text(path) for path in sorted(FOLDER.glob("*.md"))]


def read_text(path: Path) -> ArticleText:
    """Return one file.

    Raises ``ValueError`` for a file without facts, ``KeyError`` for a missing one.
    """
    known, body = _facts(path)
    many = {name: _list(known.get(name, "")) for name in LISTS}
    return ArticleText(
        slug=known["slug"],
        language=known.get("language", "en"),
        title=known["title"],
        summary=known["summary"],
        kind=known["kind"],
        topic=known["topic"],
        body=body,
        audience=known.get("audience", "PUBLIC"),
        translation_of=known.get("translation_of", ""),
        is_featured=known.get("featured") == "yes",
        **many,
    )


def earlier_editions(slug: str) -> list[Edition]:
    """Return what readers saw before today's text, the oldest first."""
    paths = sorted((FOLDER / "versions").glob(f"{slug}.[0-9].md"))
    return [read_edition(path) for path in paths]


def edition_of(slug: str) -> Edition:
    """Return today's text as an edition."""
    text = read_text(FOLDER / f"{slug}.md")
    return Edition(text.title, text.summary, text.body, "", 0)


def tried_edition(slug: str) -> Edition:
    """Return the text that is tried against today's."""
    return read_edition(FOLDER / "versions" / f"{slug}.b.md")


def read_edition(path: Path) -> Edition:
    known, body = _facts(path)
    return Edition(
        known["title"], known["summary"], body, known["note"],
        int(known.get("days_ago", "0")),
    )  # fmt: skip


def _facts(path: Path) -> tuple[dict[str, str], str]:
    _, facts, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    pairs = (line.partition(":") for line in facts.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}, body


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
