"""Text without characters that no database, page or feed takes."""

import re

# Controls other than tab and line ends, and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    r"""Return text without control characters; tabs and line ends stay.

    Text pasted from a PDF carries them. XML 1.0 forbids all that are taken out but
    DEL, PostgreSQL the zero character, UTF-8 the surrogates.

    Examples
    --------
    >>> printable("a\x08b\tc\n")
    'ab\tc\n'
    """
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    r"""Return printable text with each run of white space as one space.

    Examples
    --------
    >>> one_line(" Log\x0b in\n\nagain ")
    'Log in again'
    """
    return " ".join(printable(text).split())
