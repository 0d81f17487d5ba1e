"""What a link or a picture may point at: a list of what is allowed, nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from kb.core.markdown.anchors import PREFIX, anchor_of

LONGEST_ADDRESS = 2000
"""Characters. An address in a reference definition can be used a thousand times."""
_LONGEST_SHOWN = 200


class LinkKind(StrEnum):
    """Where a link leads."""

    ARTICLE = "ARTICLE"
    SECTION = "SECTION"
    PAGE = "PAGE"
    EXTERNAL = "EXTERNAL"
    CONTACT = "CONTACT"
    IMAGE = "IMAGE"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Link:
    """One link or picture of an article.

    ``target`` is the article's address for `LinkKind.ARTICLE`, the key of the store for
    `LinkKind.IMAGE`, the anchor for `LinkKind.SECTION`, else the address as written.
    ``url`` is what the page links to, empty when the link is broken or refused.
    """

    kind: LinkKind
    target: str
    url: str
    is_broken: bool
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of the own store: its address, default text, size in pixels."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


ResolveArticle = Callable[[str], str | None]
ResolveImage = Callable[[str], Picture | None]

_ARTICLE = re.compile(r"article:([\w-]{1,120})(?:#(.*))?\Z", re.DOTALL)
_IMAGE = re.compile(r"image:([\w.-]{1,120})\Z")
_EXTERNAL = re.compile(r"https?://[\w\[][^\s\\]*\Z", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?:mailto:[^\s<>\"\\?]+@[\w.-]+|tel:[+\d()%-]+)\Z", re.IGNORECASE
)
# To browsers a backslash is a slash: "/\host" would leave this site like "//host".
_PAGE = re.compile(r"/(?![/\\])[^\s\\]*\Z")
_PICTURE_FILE = re.compile(r"(?:https?://[^\s\\]+|/(?![/\\])[^\s\\]*)\Z", re.IGNORECASE)
_DRAWING = re.compile(r"\.svgz?(?:[?#]|\Z)", re.IGNORECASE)


def section_anchor(fragment: str) -> str:
    """Return the anchor a fragment means, as the author typed it or as it is in HTML."""
    words = unquote(fragment)
    return anchor_of(words.removeprefix(PREFIX))


def read_link(href: str, text: str, resolve: ResolveArticle) -> Link:
    """Say where a link leads; a link to a section is checked by the caller.

    Parameters
    ----------
    href : str
        As the parser gives it: entities resolved, odd characters percent-encoded.
    text : str
        What the reader sees.
    resolve : callable
        Takes the address (slug) of an article, returns the URL of its page or ``None``.
    """
    if len(href) > LONGEST_ADDRESS:
        return refused(href, text)
    if article := _ARTICLE.match(href):
        return _read_article(article[1], article[2], text, resolve)
    if href.startswith("#"):
        anchor = section_anchor(href[1:])
        return Link(LinkKind.SECTION, anchor, f"#{anchor}", False, text)
    for kind, pattern in _PLAIN_KINDS:
        if pattern.match(href):
            return Link(kind, href, href, False, text)
    return refused(href, text)


def refused(address: str, text: str) -> Link:
    """Return what is kept of a link that may not be used: its text."""
    return Link(LinkKind.REFUSED, address[:_LONGEST_SHOWN], "", True, text)


_PLAIN_KINDS = (
    (LinkKind.EXTERNAL, _EXTERNAL),
    (LinkKind.CONTACT, _CONTACT),
    (LinkKind.PAGE, _PAGE),
)


def _read_article(
    slug: str, fragment: str | None, text: str, resolve: ResolveArticle
) -> Link:
    url = resolve(slug)
    if not url:
        return Link(LinkKind.ARTICLE, slug, "", True, text)
    part = f"#{section_anchor(fragment)}" if fragment else ""
    return Link(LinkKind.ARTICLE, slug, url + part, False, text)


def read_image(
    src: str, alt: str, resolve: ResolveImage
) -> tuple[Link, Picture | None]:
    """Say which picture of the own store is meant; any other source is refused.

    A picture that is a drawing (SVG) is refused even when the store offers it: a drawing
    can carry scripts.
    """
    key = _IMAGE.match(src)
    if not key:
        return refused(src, alt), None
    picture = resolve(key[1])
    if picture is None or not _is_harmless(picture.url):
        return Link(LinkKind.IMAGE, key[1], "", True, alt), None
    text = alt or picture.alt
    return Link(LinkKind.IMAGE, key[1], picture.url, False, text), picture


def _is_harmless(url: str) -> bool:
    return bool(_PICTURE_FILE.match(url)) and not _DRAWING.search(url)
