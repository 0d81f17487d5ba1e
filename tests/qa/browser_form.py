"""What a browser would send for the builder as it is shown."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea" and name:
            self._area = name
            self.sent[name] = [""]
        elif tag == "option" and self._select and "selected" in given:
            self.sent.setdefault(self._select, []).append(value)
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            is_tick = given.get("type") in {"checkbox", "radio"}
            if not is_tick or "checked" in given:
                self.sent.setdefault(name, []).append(value or "on" * is_tick)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] = [self.sent[self._area][0] + data]


def fields_of(html: str) -> dict[str, list[str]]:
    """Name to values of every field in the page, buttons left out."""
    parser = _Fields()
    parser.feed(html)
    return parser.sent
