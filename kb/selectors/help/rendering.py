"""The text of a version as HTML, rendered once for each state of the content."""

import re
from collections.abc import Callable

from django.urls import reverse

from kb.core.markdown import Rendered, render
from kb.models import ArticleVersion
from kb.selectors.articles.images import pictures_for
from kb.selectors.help.kept import kept
from kb.selectors.readers import Audience, articles_readable_by

_LINK = re.compile(r"article:([\w-]{1,120})")


def rendered(
    version: ArticleVersion, *, language: str, audience: Audience, number: int | None
) -> Rendered:
    """Return a version as HTML with its contents.

    A version never changes, but whether the articles it links to can be read does.
    """

    def make() -> Rendered:
        return render(
            version.body,
            images=pictures_for(version.body),
            links=_addresses(version.body, language, audience),
        )

    return kept(f"text:{version.pk}:{language}", audience, number, make)


def _addresses(
    text: str, language: str, audience: Audience
) -> Callable[[str], str | None]:
    """Return what finds the page of an article by its slug, for this audience."""
    slugs = set(_LINK.findall(text))
    known: dict[str, str] = {}
    if slugs:
        rows = articles_readable_by(audience).filter(slug__in=slugs)
        for slug, code in rows.order_by("language").values_list("slug", "language"):
            if slug not in known or code == language:
                known[slug] = code

    def find(slug: str) -> str | None:
        code = known.get(slug)
        return reverse("help:article", args=[code, slug]) if code else None

    return find
