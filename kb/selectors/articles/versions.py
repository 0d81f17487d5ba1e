"""Versions of an article and what changed between two of them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kb.core.differences import Change, Difference, Paragraph, compare
from kb.models import Article, ArticleVersion, SentText

TEXT = ("title", "summary", "body", "keywords")
WORKING_COPY = 0


@dataclass(frozen=True)
class Text:
    """A version, or the working copy, with a name for it; ``number`` 0 is the working copy."""

    number: int
    title: str
    summary: str
    body: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A paragraph of a difference, or how many equal ones are left out here."""

    paragraph: Paragraph | None
    skipped: int = 0


@dataclass(frozen=True)
class Comparison:
    """Two texts and how they differ, part by part."""

    before: Text
    after: Text
    title: Difference
    summary: Difference
    keywords: Difference
    body: Difference

    @property
    def is_empty(self) -> bool:
        parts = (self.title, self.summary, self.keywords, self.body)
        return all(part.is_empty for part in parts)

    @property
    def lines(self) -> list[Line]:
        """The paragraphs that changed, each with its neighbours."""
        found: list[Line] = []
        paragraphs = self.body.paragraphs
        changed = {
            place
            for place, each in enumerate(paragraphs)
            if each.change is not Change.EQUAL
        }
        for place, each in enumerate(paragraphs):
            if changed & {place - 1, place, place + 1}:
                found.append(Line(each))
            elif found and found[-1].paragraph is None:
                found[-1] = Line(None, found[-1].skipped + 1)
            else:
                found.append(Line(None, 1))
        return found


def versions_of(article: Article) -> QuerySet[ArticleVersion]:
    """Return all versions, the newest first, with who published them."""
    return article.versions.select_related("created_by").order_by("-number")


def is_changed(article: Article) -> bool:
    """Say whether the working copy differs from what readers see."""
    shown = article.published
    return shown is not None and any(
        getattr(article, name) != getattr(shown, name) for name in TEXT
    )


def text_numbered(article: Article, number: int) -> Text | None:
    """Return a version's text, or for 0 the working copy's; ``None`` if there is none."""
    row = article if number == 0 else article.versions.filter(number=number).first()
    return text_of(row, number) if row is not None else None


def text_of(
    row: Article | ArticleVersion | SentText, number: int = WORKING_COPY
) -> Text:
    """Return the text of any row that holds one."""
    return Text(number, row.title, row.summary, row.body, tuple(row.keywords))


def comparison(before: Text, after: Text) -> Comparison:
    return Comparison(
        before,
        after,
        title=compare(before.title, after.title),
        summary=compare(before.summary, after.summary),
        keywords=compare(", ".join(before.keywords), ", ".join(after.keywords)),
        body=compare(before.body, after.body),
    )
