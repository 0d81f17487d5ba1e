"""Quotes that begin with **Note:** or [!NOTE], and their like, become boxes.

``[!NOTE]`` on a line of its own is how GitHub writes it; the reader sees the word in bold,
in the language of the article.
"""

import re

from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution")

_LABELS = {
    "en": dict(
        zip(KINDS, ("Note", "Tip", "Important", "Warning", "Caution"), strict=True)
    ),
    "de": dict(
        zip(KINDS, ("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"), strict=True)
    ),
    "ja": dict(zip(KINDS, ("メモ", "ヒント", "重要", "警告", "注意"), strict=True)),
}
_KINDS = {
    **{
        label.casefold(): kind
        for labels in _LABELS.values()
        for kind, label in labels.items()
    },
    "注": "note",
    "achtung": "warning",
    # What it meant before there was a box for caution.
    "注意": "warning",
}
_MARK = re.compile(rf"\[!({'|'.join(KINDS)})\][ \t]*", re.IGNORECASE)


def mark_callouts(tokens: list[Token], *, language: str = "en") -> None:
    """Turn the outermost tags of callouts into ``aside``, in place."""
    opened: list[Token | None] = []
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            kind = _marked_kind(tokens, place, language) or _worded_kind(tokens, place)
            if kind:
                token.tag = "aside"
                token.attrs = {
                    "class": f"so-callout so-callout--{kind}",
                    "role": "note",
                }
            opened.append(token)
        elif token.type == "blockquote_close":
            first = opened.pop()
            if first is not None:
                token.tag = first.tag


def _marked_kind(tokens: list[Token], place: int, language: str) -> str | None:
    """Read ``[!NOTE]`` at the start of a quote and put its word in its place."""
    words = _first_words(tokens, place)
    mark = _MARK.match(words[0].content) if words and words[0].type == "text" else None
    if not mark:
        return None
    kind = mark[1].lower()
    words[0].content = words[0].content[mark.end() :]
    if not words[0].content:
        del words[0]
        if words and words[0].type in {"softbreak", "hardbreak"}:
            del words[0]
    tokens[place + 2].children = [*_label(kind, language), *words]
    return kind


def _label(kind: str, language: str) -> list[Token]:
    labels = _LABELS.get(language.partition("-")[0], _LABELS["en"])
    colon = "：" if language == "ja" else ":"
    return [
        Token("strong_open", "strong", 1),
        Token("text", "", 0, content=labels[kind] + colon),
        Token("strong_close", "strong", -1),
        Token("text", "", 0, content=" "),
    ]


def _worded_kind(tokens: list[Token], place: int) -> str | None:
    """Read the bold first words of a quote; the colon stands in or after the bold."""
    words = _first_words(tokens, place)
    if [word.type for word in words[:3]] != ["strong_open", "text", "strong_close"]:
        return None
    label = words[1].content.strip()
    after = words[3].content.lstrip() if len(words) > 3 else ""
    if not label.endswith((":", "：")) and not after.startswith((":", "：")):
        return None
    return _KINDS.get(label.rstrip(":： ").casefold())


def _first_words(tokens: list[Token], place: int) -> list[Token]:
    """Return what the first paragraph of a quote holds, without empty texts."""
    if tokens[place + 1].type != "paragraph_open":
        return []
    return [child for child in tokens[place + 2].children or [] if _says(child)]


def _says(token: Token) -> bool:
    return token.type != "text" or bool(token.content)
