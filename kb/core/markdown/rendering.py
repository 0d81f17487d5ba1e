"""From Markdown to HTML by way of tokens that are checked one by one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from kb.core.markdown.addresses import (
    Link,
    LinkKind,
    Picture,
    ResolveArticle,
    ResolveImage,
    read_image,
    read_link,
    refused,
)
from kb.core.markdown.anchors import Anchors
from kb.core.markdown.callouts import mark_callouts
from kb.core.markdown.cleaning import clean
from kb.core.markdown.sections import (
    Heading,
    Section,
    inline_text,
    plain_of,
    sections_of,
)
from kb.core.markdown.tasks import mark_tasks

LONGEST = 100_000
"""Characters an article may have: about 40 printed pages."""
_DEEPEST = 20
_MOST_IN_ADDRESSES = 2 * LONGEST

_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}\Z")
_ALIGNED = re.compile(r"text-align:(left|center|right)\Z")


class TextTooLong(ValueError):  # noqa: N818 -- reads as what it says
    """An article is longer than `LONGEST` characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.limit = LONGEST
        super().__init__(f"an article has at most {LONGEST} characters: {length}")


@dataclass(frozen=True)
class Rendered:
    """An article ready to be shown, searched, quoted and checked."""

    html: str
    contents: tuple[Heading, ...]
    plain: str
    sections: tuple[Section, ...]
    links: tuple[Link, ...]

    @property
    def broken_links(self) -> tuple[Link, ...]:
        """Links and pictures that lead nowhere or may not be used."""
        return tuple(link for link in self.links if link.is_broken)


def render(
    text: str,
    *,
    images: ResolveImage | None = None,
    links: ResolveArticle | None = None,
    language: str = "en",
) -> Rendered:
    """Turn the Markdown of an article into harmless HTML, and say what is in it.

    CommonMark with tables, ~~strikethrough~~ and task lists. HTML in the text is shown
    as text. Each token that carries an address is checked against a list of what is
    allowed, and the HTML then passes a second list of tags, attributes and classes.

    Parameters
    ----------
    text : str
        Markdown. Pictures are written ``![what it shows](image:key)``, links between
        articles ``[words](article:slug)`` or ``[words](article:slug#section)``.
    images : callable, optional
        Takes the key of a picture, returns a `Picture` of the own store or ``None``.
        Without it there are no pictures.
    links : callable, optional
        Takes the slug of an article, returns the URL of its page or ``None``. Without it
        all links between articles are broken.
    language : str
        Code of the article's language: in it the reader sees what ``[!NOTE]`` means.

    Returns
    -------
    Rendered
        A broken link or picture is shown as its text, and is in ``links``.

    Raises
    ------
    TextTooLong
        For more than `LONGEST` characters.

    Examples
    --------
    >>> render("# Log in\\n\\n[Reset](article:reset) it.").html
    '<h2 id="s-log-in">Log in</h2>\\n<p><span class="so-broken-link">Reset</span> it.</p>\\n'
    """
    if len(text) > LONGEST:
        raise TextTooLong(len(text))
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(text, environment)
    # Pictures first: their text is part of headings and of links.
    pictures = _check_images(tokens, images or _nothing)
    contents, anchors = _mark_headings(tokens)
    found = pictures + _Links(links or _nothing, anchors).check(tokens)
    mark_callouts(tokens, language=language)
    _mark_tables(tokens)
    mark_tasks(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, environment)
    sections = sections_of(tokens)
    return Rendered(clean(html), contents, plain_of(sections), sections, found)


def _nothing(_key: str) -> None:
    return None


def _mark_headings(tokens: list[Token]) -> tuple[tuple[Heading, ...], Anchors]:
    """Give headings their anchors and levels; the page's own h1 is the title."""
    opens = [n for n, token in enumerate(tokens) if token.type == "heading_open"]
    shift = 1 if any(tokens[n].tag == "h1" for n in opens) else 0
    contents, anchors = [], Anchors()
    for n in opens:
        level = min(int(tokens[n].tag[1]) + shift, 6)
        tokens[n].tag = tokens[n + 2].tag = f"h{level}"
        text = inline_text(tokens[n + 1])
        if tokens[n].level or not text:
            continue
        anchor = anchors.add(text)
        tokens[n].attrs = {"id": anchor}
        contents.append(Heading(level, text, anchor))
    return tuple(contents), anchors


def _check_images(tokens: Iterable[Token], resolve: ResolveImage) -> tuple[Link, ...]:
    found = []
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            alt = _alt_text(child.children or [])
            link, picture = read_image(str(child.attrs.get("src", "")), alt, resolve)
            found.append(link)
            child.attrs = {"alt": link.text}
            child.meta = {"picture": picture}
    return tuple(found)


class _Links:
    """Goes through all links of an article."""

    def __init__(self, resolve: ResolveArticle, anchors: Anchors) -> None:
        self._resolve = resolve
        self._anchors = anchors
        self._found: list[Link] = []
        self._characters = 0

    def check(self, tokens: Iterable[Token]) -> tuple[Link, ...]:
        for token in tokens:
            # Links do not nest, so one pair at a time is open.
            start = 0
            for place, child in enumerate(token.children or ()):
                if child.type == "link_open":
                    start = place
                elif child.type == "link_close":
                    self._check_link(token.children or [], start, place)
        return tuple(self._found)

    def _check_link(self, children: Sequence[Token], start: int, end: int) -> None:
        opening, closing = children[start], children[end]
        text = inline_text(
            Token("inline", "", 0, children=[*children[start + 1 : end]])
        )
        href = str(opening.attrs.get("href", ""))
        # A long address, defined once and used often, would make a page of megabytes.
        self._characters += len(href)
        if self._characters > _MOST_IN_ADDRESSES:
            link = refused(href, text)
        else:
            link = read_link(href, text, self._resolve)
        if link.kind is LinkKind.SECTION and link.target not in self._anchors:
            link = Link(link.kind, link.target, "", True, text)
        self._found.append(link)
        if link.is_broken:
            opening.tag = closing.tag = "span"
            opening.attrs = {"class": "so-broken-link"}
        else:
            opening.attrs = {"href": link.url}
            if link.kind is LinkKind.EXTERNAL:
                opening.attrs["rel"] = "nofollow noopener"


def _alt_text(children: Iterable[Token]) -> str:
    """Return the text of a picture; one inside it counts with its own text."""
    parts = []
    for child in children:
        if child.type == "image":
            parts.append(_alt_text(child.children or []))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts).strip()


def _mark_tables(tokens: Iterable[Token]) -> None:
    """Say alignment by a class: the pages allow no style attributes."""
    for token in tokens:
        if token.type not in {"th_open", "td_open"}:
            continue
        aligned = _ALIGNED.match(str(token.attrs.get("style", "")))
        token.attrs = {"class": f"so-{aligned[1]}"} if aligned else {}
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def _write_image(
    _renderer: RendererHTML, tokens: Sequence[Token], place: int, _o: Any, _e: Any
) -> str:
    token = tokens[place]
    alt = escape(str(token.attrs.get("alt", "")))
    picture: Picture | None = token.meta.get("picture")
    if picture is None:
        return f'<span class="so-broken-image">{alt}</span>'
    size = "".join(
        f' {name}="{int(value)}"'
        for name, value in (("width", picture.width), ("height", picture.height))
        if value
    )
    return (
        f'<img src="{escape(picture.url)}" alt="{alt}" loading="lazy"'
        f' decoding="async"{size}>'
    )


def _write_code(
    _renderer: RendererHTML, tokens: Sequence[Token], place: int, _o: Any, _e: Any
) -> str:
    token = tokens[place]
    language = (token.info.split() or [""])[0]
    named = f' class="language-{language}"' if _LANGUAGE.match(language) else ""
    # A long line scrolls inside its box, so the keyboard has to reach the box.
    return f'<pre tabindex="0"><code{named}>{escape(token.content)}</code></pre>\n'


def _open_table(_renderer: RendererHTML, *_args: Any) -> str:
    return '<div class="so-table-scroll" tabindex="0"><table>\n'


def _close_table(_renderer: RendererHTML, *_args: Any) -> str:
    return "</table></div>\n"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    # Addresses are judged in `_Links` and `_check_images`, where a refused one can be reported.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    for name, rule in (
        ("image", _write_image),
        ("fence", _write_code),
        ("code_block", _write_code),
        ("table_open", _open_table),
        ("table_close", _close_table),
    ):
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _parser()
