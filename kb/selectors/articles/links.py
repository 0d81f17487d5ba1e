"""Links and pictures that lead nowhere, or where readers may not follow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.core.cache import cache
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kb.core.markdown import Link, LinkKind, render
from kb.core.markdown.anchors import PREFIX
from kb.models import Article, ArticleLink, IndexVersion
from kb.selectors.articles.images import images_of, keys_in, picture_finder
from kb.selectors.articles.reach import reaches
from kb.selectors.articles.rendering import slugs_in

KEPT = 3600


class Fault(StrEnum):
    """What is wrong with a link."""

    MISSING = "MISSING"
    DRAFT = "DRAFT"
    ARCHIVED = "ARCHIVED"
    MOVED = "MOVED"
    HIDDEN = "HIDDEN"
    SECTION = "SECTION"
    IMAGE = "IMAGE"
    PAGE = "PAGE"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Problem:
    """One link that readers cannot follow.

    ``target`` is the address as it is written, ``text`` what the reader sees, ``is_own``
    whether it is one of the article's links below the text.
    """

    fault: Fault
    target: str
    text: str = ""
    is_own: bool = False
    target_id: int | None = None

    @property
    def words(self) -> str:
        """Say what is wrong, in the language of who looks."""
        return {
            Fault.MISSING: _("No article has this address."),
            Fault.DRAFT: _("The article is not published."),
            Fault.ARCHIVED: _("The article is archived."),
            Fault.MOVED: _("The article is archived; readers are sent on to another."),
            Fault.HIDDEN: _("Not everybody who reads this article may read that one."),
            Fault.SECTION: _("The article has no such section."),
            Fault.IMAGE: _("There is no such picture."),
            Fault.PAGE: _("This portal has no such page."),
            Fault.REFUSED: _("Links of this kind are not allowed."),
        }[self.fault]


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
    """An article that is linked to."""

    pk: int
    slug: str
    language: str
    state: str
    audience: str
    tiers: frozenset[int]
    body: str
    is_redirected: bool


@dataclass(frozen=True)
class Broken:
    """An article with what is wrong in it, for the list."""

    article: Article
    problems: tuple[Problem, ...]


# What others ask ---------------------------------------------------------------------------


def problems_of(article: Article, *, body: str | None = None) -> tuple[Problem, ...]:
    """Return what readers could not follow in a text: by default the working copy."""
    text = article.body if body is None else body
    tiers = _tiers([article.pk]).get(article.pk, frozenset())
    source = Source(article.pk, article.language, article.audience, tiers, text)
    return check([source])[article.pk]


def problems_by_article() -> dict[int, tuple[Problem, ...]]:
    """Return the problems of all published articles that have any.

    Kept until content changes: an hour at most, for pictures can come without that.
    """
    number = IndexVersion.objects.values_list("number", flat=True).first() or 0
    key = f"kb-broken-links:{number}"
    found: dict[int, tuple[Problem, ...]] | None = cache.get(key)
    if found is None:
        checked = check(_published())
        found = {pk: problems for pk, problems in checked.items() if problems}
        cache.set(key, found, KEPT)
    return found


def broken(articles: Iterable[Article]) -> list[Broken]:
    """Return those of some articles with problems, most first."""
    problems = problems_by_article()
    found = [
        Broken(article, problems[article.pk])
        for article in articles
        if article.pk in problems
    ]
    return sorted(found, key=lambda each: -len(each.problems))


# The check ---------------------------------------------------------------------------------


def check(sources: Sequence[Source]) -> dict[int, tuple[Problem, ...]]:
    """Return the problems of each text. Five queries, however many texts."""
    pages = _Targets(sources)
    pictures = picture_finder(
        images_of(key for source in sources for key in keys_in(source.body))
    )
    own = _own_links([source.pk for source in sources])
    found = {}
    for source in sources:
        text = render(source.body, images=pictures, links=_as_path)
        in_text = [pages.judge(source, link) for link in text.links]
        below = [pages.judge_own(source, link) for link in own[source.pk]]
        problems = [each for each in (*in_text, *below) if each is not None]
        found[source.pk] = tuple(dict.fromkeys(problems))
    return found


class _Targets:
    """All articles that some texts link to, and what is in them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        slugs = {slug for source in sources for slug in slugs_in(source.body)}
        rows = list(Article.objects.filter(slug__in=slugs).select_related("published"))
        tiers = _tiers([row.pk for row in rows])
        self._found: dict[str, list[Target]] = defaultdict(list)
        for row in rows:
            target = _target(row, tiers.get(row.pk, frozenset()))
            self._found[row.slug].append(target)
        self._read: dict[int, frozenset[str]] = {}

    def judge(self, source: Source, link: Link) -> Problem | None:
        """Say what is wrong with a link of a text."""
        if link.kind is LinkKind.ARTICLE:
            return self._judge_article(source, link)
        if link.kind is LinkKind.PAGE and not _is_page(link.url):
            return Problem(Fault.PAGE, link.target, link.text)
        fault = {
            LinkKind.SECTION: Fault.SECTION,
            LinkKind.IMAGE: Fault.IMAGE,
            LinkKind.REFUSED: Fault.REFUSED,
        }.get(link.kind)
        if link.is_broken and fault:
            is_section = fault is Fault.SECTION
            written = _section(link.target) if is_section else link.target
            return Problem(fault, written, link.text)
        return None

    def judge_own(self, source: Source, link: ArticleLink) -> Problem | None:
        """Say what is wrong with a link that stands below the text."""
        target = _target(link.target, frozenset())
        if target.audience == Article.Audience.PLAN:
            tiers = frozenset(tier.pk for tier in link.target.tiers.all())
            target = replace(target, tiers=tiers)
        fault = _reading_fault(source, target)
        if fault is None:
            return None
        return Problem(fault, target.slug, link.target.title, True, target.pk)

    def _judge_article(self, source: Source, link: Link) -> Problem | None:
        target = self._chosen(link.target, source.language)
        if target is None:
            return Problem(Fault.MISSING, link.target, link.text)
        fault = _reading_fault(source, target)
        anchor = link.url.partition("#")[2]
        if fault is None and anchor and anchor not in self._anchors(target):
            fault, written = Fault.SECTION, f"{link.target}{_section(anchor)}"
        else:
            written = link.target
        if fault is None:
            return None
        return Problem(fault, written, link.text, target_id=target.pk)

    def _chosen(self, slug: str, language: str) -> Target | None:
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

    def _anchors(self, target: Target) -> frozenset[str]:
        if target.pk not in self._read:
            contents = render(target.body).contents
            self._read[target.pk] = frozenset(each.anchor for each in contents)
        return self._read[target.pk]


def _reading_fault(source: Source, target: Target) -> Fault | None:
    if target.state == Article.State.ARCHIVED:
        return Fault.MOVED if target.is_redirected else Fault.ARCHIVED
    if target.state != Article.State.PUBLISHED:
        return Fault.DRAFT
    if not reaches(source.audience, source.tiers, target.audience, target.tiers):
        return Fault.HIDDEN
    return None


def _target(article: Article, tiers: frozenset[int]) -> Target:
    version = article.published
    return Target(
        pk=article.pk,
        slug=article.slug,
        language=article.language,
        state=article.state,
        audience=article.audience,
        tiers=tiers,
        body=version.body if version else "",
        is_redirected=article.redirects_to_id is not None,
    )


def _published() -> list[Source]:
    rows = Article.objects.filter(state=Article.State.PUBLISHED)
    rows = rows.select_related("published").order_by("pk")
    tiers = _tiers(None)
    return [
        Source(
            row.pk,
            row.language,
            row.audience,
            tiers.get(row.pk, frozenset()),
            row.published.body if row.published else "",
        )
        for row in rows
    ]


def _tiers(ids: Sequence[int] | None) -> Mapping[int, frozenset[int]]:
    rows = Article.tiers.through.objects.all()
    if ids is not None:
        rows = rows.filter(article_id__in=ids)
    found: dict[int, set[int]] = defaultdict(set)
    for article_id, tier_id in rows.values_list("article_id", "customertier_id"):
        found[article_id].add(tier_id)
    return {pk: frozenset(tiers) for pk, tiers in found.items()}


def _own_links(ids: Sequence[int]) -> Mapping[int, list[ArticleLink]]:
    rows = (
        ArticleLink.objects.filter(article__in=ids)
        .select_related("target__published")
        .prefetch_related("target__tiers")
    )
    found: dict[int, list[ArticleLink]] = defaultdict(list)
    for link in rows:
        found[link.article_id].append(link)
    return found


def _section(anchor: str) -> str:
    """Return an anchor as an author writes it."""
    return f"#{anchor.removeprefix(PREFIX)}"


def _as_path(slug: str) -> str:
    """Let every link to an article pass the renderer: here it is judged itself."""
    return f"/{slug}"


def _is_page(url: str) -> bool:
    path = url.partition("#")[0].partition("?")[0]
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
