"""Minutes as HTML: the little of Markdown they are written in, everything escaped."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_HEADINGS = (("### ", "h3"), ("## ", "h2"), ("# ", "h1"))


def minutes_html(text: str) -> SafeString:
    """Render headings, lists, quotes, tables and paragraphs; anything else as it is."""
    blocks = groupby(text.splitlines(), key=_kind)
    return format_html_join(
        "\n", "{}", ((_block(kind, rows),) for kind, rows in blocks)
    )


def _kind(line: str) -> str:
    for mark, name in (
        ("#", "heading"),
        ("- ", "list"),
        ("> ", "quote"),
        ("|", "table"),
    ):
        if line.startswith(mark):
            return name
    return "text" if line.strip() else ""


def _block(kind: str, rows: Iterable[str]) -> SafeString:
    lines = list(rows)
    if kind == "heading":
        return format_html_join("\n", "{}", ((_heading(line),) for line in lines))
    if kind == "list":
        items = format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines))
        return format_html("<ul>{}</ul>", items)
    if kind == "quote":
        text = " ".join(line[2:] for line in lines)
        return format_html("<blockquote>{}</blockquote>", text)
    if kind == "table":
        return _table(lines)
    if kind == "text":
        return format_html_join("\n", "<p>{}</p>", ((line,) for line in lines))
    return SafeString("")


def _heading(line: str) -> SafeString:
    for mark, tag in _HEADINGS:
        if line.startswith(mark):
            return format_html(
                "<{}>{}</{}>", SafeString(tag), line[len(mark) :], SafeString(tag)
            )
    return format_html("<p>{}</p>", line)


def _table(lines: list[str]) -> SafeString:
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    head, *rows = [row for row in cells if set("".join(row)) - {"-", " "}]
    return format_html(
        '<div class="so-scroll" tabindex="0"><table class="so-table"><thead><tr>{}</tr>'
        "</thead><tbody>{}</tbody></table></div>",
        format_html_join("", "<th>{}</th>", ((cell,) for cell in head)),
        format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows)),
    )


def _cells(row: list[str]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((cell,) for cell in row))
