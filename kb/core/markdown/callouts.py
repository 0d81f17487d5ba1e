"""Quotes that begin with **Note:**, **Warning:** or **Tip:** become boxes."""

from markdown_it.token import Token

_KINDS = {
    "note": "note",
    "warning": "warning",
    "tip": "tip",
    "メモ": "note",
    "注": "note",
    "注意": "warning",
    "警告": "warning",
    "ヒント": "tip",
}


def mark_callouts(tokens: list[Token]) -> None:
    """Turn the outermost tags of callouts into ``aside``, in place."""
    opened: list[Token | None] = []
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            kind = _kind_of(tokens, place)
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


def _kind_of(tokens: list[Token], place: int) -> str | None:
    """Read the bold first words of a quote; the colon stands in or after the bold."""
    if tokens[place + 1].type != "paragraph_open":
        return None
    words = [child for child in tokens[place + 2].children or [] if _says(child)]
    if [word.type for word in words[:3]] != ["strong_open", "text", "strong_close"]:
        return None
    label = words[1].content.strip()
    after = words[3].content.lstrip() if len(words) > 3 else ""
    if not label.endswith((":", "：")) and not after.startswith((":", "：")):
        return None
    return _KINDS.get(label.rstrip(":： ").casefold())


def _says(token: Token) -> bool:
    return token.type != "text" or bool(token.content)
