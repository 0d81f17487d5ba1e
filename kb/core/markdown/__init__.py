"""Article text: Markdown in, harmless HTML, contents, sections and links out."""

from kb.core.markdown.addresses import Link, LinkKind, Picture
from kb.core.markdown.anchors import Anchors, anchor_of
from kb.core.markdown.rendering import LONGEST, Rendered, TextTooLong, render
from kb.core.markdown.sections import Heading, Section

__all__ = [
    "LONGEST",
    "Anchors",
    "Heading",
    "Link",
    "LinkKind",
    "Picture",
    "Rendered",
    "Section",
    "TextTooLong",
    "anchor_of",
    "render",
]
