"""Anchors of headings: readable, unique in an article, in any script."""

import re
import unicodedata

PREFIX = "s-"
"""Keeps anchors of authors apart from the ids of the page around the article."""
LONGEST_ANCHOR = 80

_BETWEEN_WORDS = re.compile(r"[^\w]+")


def anchor_of(text: str) -> str:
    """Return the anchor of a heading, before it is made unique.

    Letters and digits of every script are kept, so that a Japanese heading has an anchor
    of its own; everything between them becomes one hyphen.

    Examples
    --------
    >>> anchor_of("Step 1: Open *Settings*")
    's-step-1-open-settings'
    >>> anchor_of("パスワードの変更")
    's-パスワードの変更'
    >>> anchor_of("!?")
    's-section'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _BETWEEN_WORDS.sub("-", folded).strip("-_")
    return PREFIX + (words[:LONGEST_ANCHOR].rstrip("-_") or "section")


class Anchors:
    """Gives each heading of one article an anchor that no other has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._repeats: dict[str, int] = {}

    def add(self, text: str) -> str:
        """Return the anchor of the next heading; repeats end in -2, -3 and so on."""
        plain = anchor = anchor_of(text)
        while anchor in self._taken:
            self._repeats[plain] = self._repeats.get(plain, 1) + 1
            anchor = f"{plain}-{self._repeats[plain]}"
        self._taken.add(anchor)
        return anchor

    def __contains__(self, anchor: object) -> bool:
        return anchor in self._taken
