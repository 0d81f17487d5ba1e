"""The way to more articles in another language."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from kb.selectors.help.languages import name_of
from kb.selectors.help.topics import Tree, tree_of
from kb.views.help.pages import HelpPage


def more_elsewhere(page: HelpPage, own: Tree | None = None) -> dict[str, Any] | None:
    """Return the home in the house's language where that has more to read.

    ``own`` are the topics in the reader's language, where they are known already.
    """
    house = settings.LANGUAGE_CODE
    if page.language == house:
        return None
    there = _articles(_tree(page, house))
    if there <= _articles(own or _tree(page, page.language)):
        return None
    return {
        "code": house,
        "name": name_of(house),
        "url": reverse("help:language", args=[house]),
        "articles": there,
    }


def _tree(page: HelpPage, language: str) -> Tree:
    return tree_of(page.audience, language, page.content_number)


def _articles(tree: Tree) -> int:
    return sum(root.articles for root in tree.roots)
