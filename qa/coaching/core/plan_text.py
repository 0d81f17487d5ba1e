"""The text of an improvement plan as both sign it, and its fingerprint."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

Section = tuple[str, Sequence[str]]


@dataclass(frozen=True)
class PlanText:
    """A heading and titled paragraphs, in order."""

    heading: str
    sections: Sequence[Section]

    def __str__(self) -> str:
        """Write it out: one form for the page, the print and the signature."""
        parts = [self.heading]
        for title, lines in self.sections:
            said = [line.strip() for line in lines if line.strip()]
            if said:
                parts.append("\n".join((title.upper(), *said)))
        return "\n\n".join(parts) + "\n"


def fingerprint(text: str) -> str:
    """Return the SHA-256 of the text as 64 hexadecimal digits.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Line ends are read alike, as browsers send them back in their own form.
    """
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def is_name_of(typed: str, name: str) -> bool:
    """Tell whether a typed name is that name, whatever its case and blanks."""
    return bool(typed.strip()) and _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
