"""Articles rendered for tests, and a reader that sees what could do harm."""

import re
from html.parser import HTMLParser

from kb.core.markdown import Picture, Rendered, render

ARTICLES = {"reset": "/help/a/reset/", "sign-in": "/help/a/sign-in/"}
PICTURES = {"7": Picture("/media/articles/7.webp", "Settings page", 640, 480)}

TAGS = {
    "a", "aside", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "class", "decoding", "height", "href", "id", "loading", "rel", "role", "scope",
    "src", "start", "tabindex", "width",
}  # fmt: skip
ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


def shown(text: str) -> Rendered:
    return render(text, images=PICTURES.get, links=ARTICLES.get)


class Reader(HTMLParser):
    """Reads HTML as a browser would and keeps what could do harm."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.addresses, self.sources = [], [], [], []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append(name)
            if name == "href":
                self.addresses.append(value)
            if name == "src":
                self.sources.append(value)

    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def harm_in(html):
    """Return what in the HTML is not on the list; empty when it is harmless."""
    page = read(html)
    found = [tag for tag in page.tags if tag not in TAGS]
    found += [name for name in page.attributes if name not in ATTRIBUTES]
    found += [url for url in page.addresses if not ADDRESS.match(url)]
    return found + [url for url in page.sources if url != "/media/articles/7.webp"]
