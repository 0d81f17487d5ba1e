"""What programs read: the sitemap, feeds, robots.txt. Always as an unknown visitor."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views import View

from kb.core.plain_text import printable
from kb.models import Article
from kb.selectors.help import articles as selectors
from kb.selectors.help.centre import centre
from kb.selectors.help.kept import content_number
from kb.selectors.help.languages import languages_of, spoken_for
from kb.selectors.help.topics import Tree, tree_of
from kb.selectors.readers import ANYBODY, articles_readable_by
from kb.views.help.pages import absolute, article_path, topic_path

# The protocol of sitemaps allows 50,000 in one file; so few are written in 15 ms.
MOST_ADDRESSES = 2_000
IN_FEED = 50
KEPT = "public, max-age=600"
SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Address = tuple[str, datetime | None]


def robots(request: HttpRequest) -> HttpResponse:
    """Let programs read the help centre and the promises, and nothing of the staff's."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('help:search')}",
        f"Disallow: {reverse('help:suggest')}",
        f"Disallow: {reverse('help:contact')}",
        f"Allow: {reverse('help:home')}",
        f"Allow: {settings.STATIC_URL}",
        f"Allow: {reverse('sla:public-sla')}",
        "Disallow: /",
        f"Sitemap: {absolute(reverse('help:sitemap'))}",
        "",
    ]
    return _answer("\n".join(lines), "text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page, or the parts of the list when it is too long for one."""
    count, places = _articles().count(), _places()
    if count + len(places) <= MOST_ADDRESSES:
        return _urlset([*places, *_addresses_of_articles(0)])
    parts = math.ceil(count / MOST_ADDRESSES)
    named = [absolute(reverse("help:sitemap-part", args=[n])) for n in range(parts + 1)]
    body = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in named)
    return _xml(f"<sitemapindex {SITEMAPS}>{body}</sitemapindex>")


def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """List homes and topics (part 0), or the articles of one part."""
    if part == 0:
        return _urlset(_places())
    if part > math.ceil(_articles().count() / MOST_ADDRESSES):
        raise Http404(_("The sitemap has no such part."))
    return _urlset(list(_addresses_of_articles((part - 1) * MOST_ADDRESSES)))


def _articles() -> Any:
    return articles_readable_by(ANYBODY).order_by("pk")


def _addresses_of_articles(start: int) -> Iterator[Address]:
    rows = _articles().values_list("language", "slug", "published_at")
    homes: dict[str, str] = {}
    for language, slug, at in rows[start : start + MOST_ADDRESSES]:
        # Resolving a name for each article would take longer than all the rest.
        if language not in homes:
            homes[language] = absolute(reverse("help:language", args=[language]))
        yield f"{homes[language]}{slug}/", at


def _places() -> list[Address]:
    """Return the homes of all languages and their topics."""
    number = content_number()
    found: list[Address] = []
    for language in languages_of(ANYBODY, number):
        home = reverse("help:language", args=[language.code])
        found.append((absolute(home), None))
        tree = tree_of(ANYBODY, language.code, number)
        found += [
            (absolute(topic_path(language.code, slug)), None)
            for slug, branch in tree.branches.items()
            if branch.articles
        ]
    return found


def _urlset(addresses: list[Address]) -> HttpResponse:
    body = "".join(
        f"<url><loc>{escape(url)}</loc>"
        + (f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else "")
        + "</url>\n"
        for url, at in addresses
    )
    return _xml(f"<urlset {SITEMAPS}>\n{body}</urlset>")


def _xml(body: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return _answer(text, "application/xml; charset=utf-8")


def _answer(text: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=content_type, headers={"Cache-Control": KEPT}
    )


class FeedView(View):
    """What was published last in a language, as RSS 2.0."""

    def get(self, request: HttpRequest, language: str, slug: str = "") -> HttpResponse:
        number = content_number()
        codes = {each.code for each in languages_of(ANYBODY, number)}
        if codes and language not in codes:
            raise Http404(_("There are no articles in this language."))
        with translation.override(spoken_for([language])):
            if slug:
                return self._of_topic(tree_of(ANYBODY, language, number), slug)
            newest = selectors.newest(
                audience=ANYBODY, language=language, limit=IN_FEED
            )
            home = reverse("help:language", args=[language])
            return _feed(_("New and changed articles"), home, language, newest)

    def _of_topic(self, tree: Tree, slug: str) -> HttpResponse:
        branch = tree.branches.get(slug)
        if branch is None or not branch.articles:
            raise Http404(_("There is no such topic."))
        language = self.kwargs["language"]
        rows = selectors.newest_below(
            branch.topic_ids(), audience=ANYBODY, language=language, limit=IN_FEED
        )
        title = _("New and changed: %(topic)s") % {"topic": branch.words.name}
        return _feed(title, topic_path(language, slug), language, rows)


def _feed(title: str, path: str, language: str, rows: list[Article]) -> HttpResponse:
    feed = Rss201rev2Feed(
        title=printable(f"{title} · {centre(language).name}"),
        link=absolute(path),
        description=printable(title),
        language=language,
    )
    for article in rows:
        version = article.published
        if version is None:
            continue
        url = absolute(article_path(article))
        feed.add_item(
            # XML forbids control characters that older texts may hold.
            title=printable(version.title),
            link=url,
            description=printable(version.summary),
            pubdate=article.published_at,
            # A new version is news again.
            unique_id=f"{url}#version-{version.number}",
            unique_id_is_permalink=False,
        )
    return _answer(feed.writeString("utf-8"), "application/rss+xml; charset=utf-8")
