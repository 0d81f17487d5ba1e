"""Lists of tasks: ``- [ ] open`` and ``- [x] done``.

The sign is text, not a checkbox: an article holds no elements of forms. Each list item is
looked at once; the plugin for this looks for the start of the list from every item.
"""

import re

from markdown_it.token import Token

_BOX = re.compile(r"\[([ xX])\](?=\s)")


def mark_tasks(tokens: list[Token]) -> None:
    """Mark the items and lists of tasks by a class, and their boxes by a sign."""
    lists: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open" and _mark_box(tokens, place):
            token.attrs = {"class": "so-task"}
            lists[-1].attrs["class"] = "so-tasks"


def _mark_box(tokens: list[Token], place: int) -> bool:
    if tokens[place + 1].type != "paragraph_open":
        return False
    words = [child for child in tokens[place + 2].children or [] if child.content]
    box = _BOX.match(words[0].content) if words and words[0].type == "text" else None
    if not box:
        return False
    sign = "☐" if box[1] == " " else "☑"
    words[0].content = sign + words[0].content[box.end() :]
    return True
