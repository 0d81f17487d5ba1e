"""What a file of an import says, and what would come of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What an import would do with a file."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Wanted:
    """An article as a file describes it.

    ``settings`` are those of ``change_settings``; ``links`` are pairs of kind and the
    name (``language/address``) of the other article.
    """

    name: str
    text: dict[str, Any]
    settings: dict[str, Any]
    links: tuple[tuple[str, str], ...]
    translation_of: str
    is_published: bool


@dataclass(frozen=True)
class Row:
    """One file: what would come of it, why not, what differs, what is left out."""

    path: str
    verdict: Verdict
    title: str = ""
    reason: str = ""
    article_id: int | None = None
    revision: int = 0
    changed_at: str = ""
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wanted: Wanted | None = None


@dataclass(frozen=True)
class Plan:
    """All files of an import, in their order."""

    rows: list[Row] = field(default_factory=list)

    def stands(self) -> dict[str, list[Any]]:
        """What each file would change as it was when this was planned, by path."""
        return {
            row.path: [row.article_id, row.revision, row.changed_at]
            for row in self.rows
        }

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def new(self) -> int:
        return self.count(Verdict.NEW)

    @property
    def changed(self) -> int:
        return self.count(Verdict.CHANGED)

    @property
    def same(self) -> int:
        return self.count(Verdict.SAME)

    @property
    def refused(self) -> int:
        return self.count(Verdict.REFUSED)

    @property
    def writes(self) -> int:
        return self.new + self.changed
