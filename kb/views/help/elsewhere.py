"""The way to more articles in another language."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from kb.selectors.help.languages import name_of
from kb.selectors.help.topics import tree_of
from kb.views.help.pages import HelpPage


def more_elsewhere(page: HelpPage) -> dict[str, Any] | None:
    """Return the home in the house's language where that has more to read."""
    house = settings.LANGUAGE_CODE
    if page.language == house:
        return None
    own, there = (
        sum(
            root.articles
            for root in tree_of(page.audience, code, page.content_number).roots
        )
        for code in (page.language, house)
    )
    if there <= own:
        return None
    return {
        "code": house,
        "name": name_of(house),
        "url": reverse("help:language", args=[house]),
        "articles": there,
    }
