"""The second lock: whatever the renderer wrote, only these tags and attributes pass."""

import re

import nh3

from kb.core.markdown.callouts import KINDS

_TAGS = {
    "a", "aside", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "aside": {"class", "role"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "img": {"src", "alt", "loading", "decoding", "width", "height"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
    "ul": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_VALUES = {
    ("a", "href"): re.compile(r"(?:https?:|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE),
    ("a", "rel"): re.compile(r"nofollow noopener\Z"),
    ("aside", "class"): re.compile(rf"so-callout so-callout--(?:{'|'.join(KINDS)})\Z"),
    ("aside", "role"): re.compile(r"note\Z"),
    ("code", "class"): re.compile(r"language-[\w+#.-]{1,30}\Z"),
    ("div", "class"): re.compile(r"so-table-scroll\Z"),
    ("div", "tabindex"): re.compile(r"0\Z"),
    ("img", "src"): re.compile(r"(?:https?://|/(?![/\\]))", re.IGNORECASE),
    ("img", "loading"): re.compile(r"lazy\Z"),
    ("img", "decoding"): re.compile(r"async\Z"),
    ("img", "width"): re.compile(r"\d{1,5}\Z"),
    ("img", "height"): re.compile(r"\d{1,5}\Z"),
    ("li", "class"): re.compile(r"so-task\Z"),
    ("ol", "start"): re.compile(r"\d{1,9}\Z"),
    ("pre", "tabindex"): re.compile(r"0\Z"),
    ("span", "class"): re.compile(r"so-broken-(?:link|image)\Z"),
    ("td", "class"): re.compile(r"so-(?:left|center|right)\Z"),
    ("th", "class"): re.compile(r"so-(?:left|center|right)\Z"),
    ("th", "scope"): re.compile(r"col\Z"),
    ("ul", "class"): re.compile(r"so-tasks\Z"),
}
_HEADING_ID = re.compile(r"s-[\w-]+\Z")


def _keep(tag: str, attribute: str, value: str) -> str | None:
    # Asked about every attribute, also those that are not listed.
    if (tag, attribute) == ("img", "alt"):
        return value
    pattern = _HEADING_ID if attribute == "id" else _VALUES.get((tag, attribute))
    return value if pattern and pattern.match(value) else None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "object",
        "template",
    },
    attributes=_ATTRIBUTES,
    attribute_filter=_keep,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)


def clean(html: str) -> str:
    """Return the HTML with every tag, attribute, class and scheme not listed here gone."""
    return str(_CLEANER.clean(html))
