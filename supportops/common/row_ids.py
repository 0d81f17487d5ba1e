"""Keys of rows as they stand in addresses and forms."""

from collections.abc import Iterable

LARGEST_ID = 2**63 - 1
"""What a key column of every database holds."""

_DIGITS = len(str(LARGEST_ID))


def row_id(text: str | None) -> int | None:
    """Return a key that a column can hold, or ``None`` for anything else."""
    if not text or len(text) > _DIGITS or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST_ID else None


def row_ids(texts: Iterable[str]) -> list[int]:
    """Return the keys among texts, in their order; what is no key is passed over."""
    return [number for text in texts if (number := row_id(text)) is not None]
