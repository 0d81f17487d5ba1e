"""What the real search finds for a text, looked up once for each text."""

from typing import NamedTuple

from kb import search
from kb.selectors.readers import ANYBODY

MOST = 10


class Found(NamedTuple):
    """What is kept of a search."""

    shown: list[int]
    corrected: str


class Finder:
    """Searches as everybody does, and remembers."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Found] = {}

    def find(self, text: str, language: str = "en") -> Found:
        """Return the articles shown for a text; none where there is no good match."""
        key = text, language
        if key not in self._known:
            result = search.answer(
                text,
                audience=ANYBODY,
                limit=MOST,
                language=language,
                with_passages=False,
            )
            shown = [hit.article_id for hit in result.hits] if result.is_good else []
            # As `kb.services.reading.record_search` keeps it.
            corrected = result.corrected[:300] if result.is_good else ""
            self._known[key] = Found(shown, corrected)
        return self._known[key]
