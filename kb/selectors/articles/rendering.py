"""A text as HTML on a staff page: links lead to staff pages, of drafts too."""

import re
from collections.abc import Callable

from django.urls import reverse

from kb.core.markdown import Rendered, render
from kb.models import Article
from kb.selectors.articles.images import pictures_for

_SLUGS = re.compile(r"article:([\w-]{1,120})")


def slugs_in(text: str) -> set[str]:
    """Return the addresses of all articles that a text may link to."""
    return set(_SLUGS.findall(text))


def rendered_for_staff(text: str, *, language: str) -> Rendered:
    """Return a text as HTML. Two queries at most."""
    return render(
        text,
        images=pictures_for(text),
        links=_pages_of(slugs_in(text), language),
        language=language,
    )


def _pages_of(slugs: set[str], language: str) -> Callable[[str], str | None]:
    known: dict[str, int] = {}
    rows = Article.objects.filter(slug__in=slugs).order_by("language")
    for pk, slug, code in rows.values_list("pk", "slug", "language") if slugs else ():
        if slug not in known or code == language:
            known[slug] = pk

    def find(slug: str) -> str | None:
        pk = known.get(slug)
        return reverse("kb:article", args=[pk]) if pk else None

    return find
