"""Links and pictures that lead nowhere, or where readers may not follow."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.cache import cache
from django.urls import ResolverMatch
from django.utils.translation import gettext as _

from kb.core.markdown import Link, LinkKind, render
from kb.core.markdown.anchors import PREFIX
from kb.models import Article, ArticleLink, IndexVersion
from kb.selectors.articles.images import images_of, keys_in, picture_finder
from kb.selectors.articles.link_targets import (
    ARTICLE_PAGE,
    TOPIC_PAGES,
    Source,
    Target,
    Targets,
    anchor_in,
    own_page,
    page_at,
    tiers_by_article,
)

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
    TOPIC = "TOPIC"
    REFUSED = "REFUSED"
    NO_TEXT = "NO_TEXT"
    NO_ADDRESS = "NO_ADDRESS"


@dataclass(frozen=True)
class Problem:
    """One link that readers cannot follow, or, if it moved, that leads elsewhere now.

    ``target`` is the address as it is written, ``text`` what the reader sees, ``is_own``
    whether it is one of the article's links below the text.
    """

    fault: Fault
    target: str
    text: str = ""
    is_own: bool = False
    target_id: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether readers get nowhere; a link that moved takes them to another page."""
        return self.fault is not Fault.MOVED

    @property
    def words(self) -> str:
        """Say what is wrong, in the language of who looks."""
        return {
            Fault.MISSING: _("No article has this address."),
            Fault.DRAFT: _("The article is not published."),
            Fault.ARCHIVED: _("The article is archived."),
            Fault.MOVED: _("Moved: it is archived and sends readers on to another."),
            Fault.HIDDEN: _("Not everybody who reads this article may read that one."),
            Fault.SECTION: _("The article has no such section."),
            Fault.IMAGE: _("There is no such picture."),
            Fault.PAGE: _("This portal has no such page."),
            Fault.TOPIC: _("The help centre has no such topic."),
            Fault.REFUSED: _("Links of this kind are not allowed."),
            Fault.NO_TEXT: _("The link has no text: readers do not see it."),
            Fault.NO_ADDRESS: _("The link has no address yet."),
        }[self.fault]


@dataclass(frozen=True)
class Broken:
    """An article with what is wrong in it, for the list."""

    article: Article
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How many of them readers cannot follow."""
        return sum(each.is_broken for each in self.problems)


# What others ask ---------------------------------------------------------------------------


def problems_of(
    article: Article,
    *,
    body: str | None = None,
    published_with: Collection[int] = (),
) -> tuple[Problem, ...]:
    """Return what is wrong with the links of a text: by default of the working copy.

    Those that moved come with the broken ones. ``published_with`` names articles whose
    working copies readers will see as soon as this text.
    """
    text = article.body if body is None else body
    tiers = tiers_by_article([article.pk]).get(article.pk, frozenset())
    source = Source(article.pk, article.language, article.audience, tiers, text)
    return check([source], published_with=published_with)[article.pk]


def broken_links_of(
    article: Article, *, body: str, published_with: Collection[int] = ()
) -> tuple[Problem, ...]:
    """Return the links of a text that readers could not follow."""
    problems = problems_of(article, body=body, published_with=published_with)
    return tuple(each for each in problems if each.is_broken)


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
    """Return those of some articles with problems: most broken links first."""
    problems = problems_by_article()
    found = [
        Broken(article, problems[article.pk])
        for article in articles
        if article.pk in problems
    ]
    return sorted(found, key=lambda each: (-each.count, -len(each.problems)))


def unfinished_links_in(text: str) -> tuple[Problem, ...]:
    """Return links without words or without an address. No query."""
    links = render(text, links=_as_path).links
    found = (_unfinished(link) for link in links if link.kind is not LinkKind.IMAGE)
    return tuple(each for each in found if each is not None)


# The check ---------------------------------------------------------------------------------

UNFINISHED = {"", "article:", "http://", "https://", "mailto:", "tel:"}
"""Addresses that a button or a hand began and nobody finished."""


def check(
    sources: Sequence[Source], *, published_with: Collection[int] = ()
) -> dict[int, tuple[Problem, ...]]:
    """Return the problems of each text. Five queries, however many texts."""
    pictures = picture_finder(
        images_of(key for source in sources for key in keys_in(source.body))
    )
    texts = {
        source.pk: render(source.body, images=pictures, links=_as_path).links
        for source in sources
    }
    own = _own_links([source.pk for source in sources])
    linked = [link for links in texts.values() for link in links]
    targets = Targets(linked, own, published_with)
    found = {}
    for source in sources:
        judge = _Judge(source, targets)
        in_text = [judge.of(link) for link in texts[source.pk]]
        below = [judge.of_own(link) for link in own[source.pk]]
        problems = [each for each in (*in_text, *below) if each is not None]
        found[source.pk] = tuple(dict.fromkeys(problems))
    return found


class _Judge:
    """Says what is wrong with the links of one text."""

    def __init__(self, source: Source, targets: Targets) -> None:
        self._source = source
        self._targets = targets

    def of(self, link: Link) -> Problem | None:
        """Judge a link or a picture in the text."""
        if link.kind is not LinkKind.IMAGE and (found := _unfinished(link)):
            return found
        if link.kind is LinkKind.ARTICLE:
            return self._of_article(link)
        path = own_page(link)
        if path is not None:
            return self._of_page(link, path)
        fault = _FAULTS.get(link.kind)
        if not link.is_broken or fault is None:
            return None
        is_section = fault is Fault.SECTION
        written = _section(link.target) if is_section else link.target
        return Problem(fault, written, link.text)

    def of_own(self, link: ArticleLink) -> Problem | None:
        """Judge a link that stands below the text."""
        target = self._targets.of(link.target)
        fault = self._reading_fault(target)
        if fault is None:
            return None
        return Problem(fault, target.slug, link.target.title, True, target.pk)

    def _of_article(self, link: Link) -> Problem | None:
        target = self._targets.meant_by(link.target, self._source.language)
        return self._of_target(link, target, link.url.partition("#")[2])

    def _of_page(self, link: Link, path: str) -> Problem | None:
        page = page_at(path)
        if page is None:
            return Problem(Fault.PAGE, link.target, link.text)
        if fault := self._help_fault(page):
            return Problem(fault, link.target, link.text)
        if page.view_name != ARTICLE_PAGE:
            return None
        # In a language that it lacks, the page shows it in another.
        target = self._targets.meant_by(page.kwargs["slug"], page.kwargs["language"])
        return self._of_target(link, target, anchor_in(link.url))

    def _help_fault(self, page: ResolverMatch) -> Fault | None:
        if page.view_name in TOPIC_PAGES:
            is_known = self._targets.has_topic(page.kwargs["slug"])
            return None if is_known else Fault.TOPIC
        code = page.kwargs.get("language") if page.app_name == "help" else None
        is_language = code is None or code in dict(settings.ARTICLE_LANGUAGES)
        return None if is_language else Fault.PAGE

    def _of_target(
        self, link: Link, target: Target | None, anchor: str
    ) -> Problem | None:
        if target is None:
            return Problem(Fault.MISSING, link.target, link.text)
        fault, written = self._reading_fault(target), link.target
        if fault is None and anchor and not self._targets.has_section(target, anchor):
            fault = Fault.SECTION
            written += "" if "#" in written else _section(anchor)
        if fault is None:
            return None
        return Problem(fault, written, link.text, target_id=target.pk)

    def _reading_fault(self, target: Target) -> Fault | None:
        may_read = target.may_be_read_by(self._source)
        if target.state == Article.State.ARCHIVED:
            return Fault.MOVED if may_read and self._goes_on(target) else Fault.ARCHIVED
        if target.state != Article.State.PUBLISHED:
            return Fault.DRAFT
        return None if may_read else Fault.HIDDEN

    def _goes_on(self, target: Target) -> bool:
        """Say whether an archived article takes the readers to one they may read."""
        onward = target.leads_to
        return (
            onward is not None
            and onward.state == Article.State.PUBLISHED
            and onward.may_be_read_by(self._source)
        )


_FAULTS = {
    LinkKind.SECTION: Fault.SECTION,
    LinkKind.IMAGE: Fault.IMAGE,
    LinkKind.REFUSED: Fault.REFUSED,
}


def _unfinished(link: Link) -> Problem | None:
    if link.target in UNFINISHED:
        return Problem(Fault.NO_ADDRESS, link.target, link.text)
    # A refused address may be a picture's, which needs no words.
    if link.text or link.kind is LinkKind.REFUSED:
        return None
    return Problem(Fault.NO_TEXT, link.target)


def _published() -> list[Source]:
    rows = Article.objects.filter(state=Article.State.PUBLISHED)
    rows = rows.select_related("published").order_by("pk")
    tiers = tiers_by_article(None)
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


def _own_links(ids: Sequence[int]) -> Mapping[int, list[ArticleLink]]:
    rows = ArticleLink.objects.filter(article__in=ids).select_related(
        "target__published", "target__redirects_to"
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
