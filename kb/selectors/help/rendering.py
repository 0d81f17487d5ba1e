"""The text of a version as HTML, rendered once for each state of the content."""

import re
from collections.abc import Callable, Iterable

from django.urls import reverse

from kb.core.markdown import Rendered, render
from kb.models import Article, ArticleVersion
from kb.selectors.articles.images import pictures_for
from kb.selectors.help.kept import kept
from kb.selectors.readers import Audience, articles_readable_by

_LINK = re.compile(r"article:([\w-]{1,120})")


def rendered(
    version: ArticleVersion,
    *,
    written_in: str,
    language: str,
    audience: Audience,
    number: int | None,
) -> Rendered:
    """Return a version as HTML with its contents, its links leading to ``language``.

    A version never changes, but whether the articles it links to can be read does.
    """

    def make() -> Rendered:
        return render(
            version.body,
            images=pictures_for(version.body),
            links=_addresses(version.body, language, audience),
            language=written_in,
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
    known.update(_moved(slugs - set(known), audience))

    def find(slug: str) -> str | None:
        code = known.get(slug)
        return reverse("help:article", args=[code, slug]) if code else None

    return find


def _moved(slugs: set[str], audience: Audience) -> Iterable[tuple[str, str]]:
    """Return archived articles whose addresses lead on, as the pages there do."""
    if not slugs:
        return ()
    readable = articles_readable_by(audience)
    rows = Article.objects.filter(
        slug__in=slugs, state=Article.State.ARCHIVED, redirects_to__in=readable
    )
    if not audience.is_staff:
        rows = rows.filter(audience=Article.Audience.PUBLIC)
    return rows.order_by("-language").values_list("slug", "language")
