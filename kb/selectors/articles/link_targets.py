"""What articles link to, and whether whoever reads one can get there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from kb.core.markdown import Link, LinkKind, render
from kb.core.markdown.addresses import section_anchor
from kb.core.markdown.anchors import PREFIX
from kb.models import Article, ArticleLink, Topic
from kb.selectors.articles.reach import reaches
from kb.selectors.help.hosts import is_own

ARTICLE_PAGE = "help:article"
TOPIC_PAGES = ("help:topic", "help:topic-feed")


@dataclass(frozen=True)
class Source:
    """A text that is checked, and who reads it."""

    pk: int
    language: str
    audience: str
    tiers: frozenset[int]
    body: str


@dataclass(frozen=True)
class Target:
    """An article that is linked to; ``leads_to`` is where an archived one sends readers."""

    pk: int
    slug: str
    language: str
    state: str
    audience: str
    tiers: frozenset[int]
    body: str
    leads_to: "Target | None" = None

    def may_be_read_by(self, source: Source) -> bool:
        return reaches(source.audience, source.tiers, self.audience, self.tiers)


class Targets:
    """All that some texts link to. Three queries, and one for topics if any is linked."""

    def __init__(
        self,
        links: Iterable[Link],
        own: Mapping[int, list[ArticleLink]],
        published_with: Collection[int] = (),
    ) -> None:
        self._published_with = frozenset(published_with)
        slugs, self._topics = _named(links)
        rows = list(
            Article.objects.filter(slug__in=slugs).select_related(
                "published", "redirects_to"
            )
        )
        below = [link.target for found in own.values() for link in found]
        tiers = tiers_by_article(
            pk
            for row in (*rows, *below)
            for pk in (row.pk, row.redirects_to_id)
            if pk is not None
        )
        self._tiers = tiers
        self._found: dict[str, list[Target]] = defaultdict(list)
        for row in rows:
            self._found[row.slug].append(self.of(row))
        self._anchors: dict[int, frozenset[str]] = {}

    def of(self, article: Article) -> Target:
        """Return an article of the database as a target."""
        version, onward = article.published, article.redirects_to
        is_next = article.pk in self._published_with
        body = version.body if version else ""
        return Target(
            pk=article.pk,
            slug=article.slug,
            language=article.language,
            state=Article.State.PUBLISHED if is_next else article.state,
            audience=article.audience,
            tiers=self._tiers.get(article.pk, frozenset()),
            body=article.body if is_next else body,
            leads_to=_onward(onward, self._tiers) if onward else None,
        )

    def meant_by(self, slug: str, language: str) -> Target | None:
        """Return the article of the language, else one that readers see, else any."""
        return min(
            self._found.get(slug, []),
            key=lambda each: (
                each.language != language,
                each.state != Article.State.PUBLISHED,
                each.language,
            ),
            default=None,
        )

    def has_topic(self, slug: str) -> bool:
        return slug in self._topics

    def has_section(self, target: Target, anchor: str) -> bool:
        if target.pk not in self._anchors:
            contents = render(target.body).contents
            self._anchors[target.pk] = frozenset(each.anchor for each in contents)
        return anchor in self._anchors[target.pk]


def own_page(link: Link) -> str | None:
    """Return the path of a link to a page of this portal, ``None`` for any other link."""
    if link.kind is LinkKind.PAGE:
        return urlsplit(link.url).path
    if link.kind is not LinkKind.EXTERNAL:
        return None
    try:
        parts = urlsplit(link.url)
    except ValueError:
        # An unfinished address of IPv6 is no address of this portal.
        return None
    return (parts.path or "/") if is_own(parts.netloc) else None


def page_at(path: str) -> ResolverMatch | None:
    """Return what answers at a path of this portal."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def anchor_in(url: str) -> str:
    """Return the section of an article that an address names, if it names one."""
    fragment = url.partition("#")[2]
    return section_anchor(fragment) if fragment.startswith(PREFIX) else ""


def tiers_by_article(ids: Iterable[int] | None) -> Mapping[int, frozenset[int]]:
    """Return the tiers of articles, or of all, that name any. One query."""
    rows = Article.tiers.through.objects.all()
    if ids is not None:
        rows = rows.filter(article_id__in=set(ids))
    found: dict[int, set[int]] = defaultdict(set)
    for article_id, tier_id in rows.values_list("article_id", "customertier_id"):
        found[article_id].add(tier_id)
    return {pk: frozenset(tiers) for pk, tiers in found.items()}


def _onward(article: Article, tiers: Mapping[int, frozenset[int]]) -> Target:
    """Return where an archived article leads: its text is not looked at."""
    return Target(
        pk=article.pk,
        slug=article.slug,
        language=article.language,
        state=article.state,
        audience=article.audience,
        tiers=tiers.get(article.pk, frozenset()),
        body="",
    )


def _named(links: Iterable[Link]) -> tuple[set[str], frozenset[str]]:
    """Return the slugs of articles that links name, and those of topics that exist."""
    slugs, topics = set(), set()
    for link in links:
        if link.kind is LinkKind.ARTICLE:
            slugs.add(link.target)
            continue
        path = own_page(link)
        page = page_at(path) if path else None
        if page is None:
            continue
        if page.view_name == ARTICLE_PAGE:
            slugs.add(page.kwargs["slug"])
        elif page.view_name in TOPIC_PAGES:
            topics.add(page.kwargs["slug"])
    if not topics:
        return slugs, frozenset()
    known = Topic.objects.filter(slug__in=topics).values_list("slug", flat=True)
    return slugs, frozenset(known)
