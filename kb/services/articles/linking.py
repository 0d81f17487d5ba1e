"""What belongs with an article: related ones, those to read before, the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import Article, ArticleLink
from kb.services.articles.refusals import LinkRefused
from kb.services.articles.steps import CHANGE, locked, record, refuse_archived, require
from workforce.people.models import User

MOST_LINKS = 30


@dataclass(frozen=True)
class LinkTo:
    """One link, in the order the page shows them; ``kind`` is an `ArticleLink.Kind`."""

    target_id: int
    kind: str = ArticleLink.Kind.RELATED


@transaction.atomic
def set_links(
    *, article_id: int, links: Sequence[LinkTo], actor: User | None, at: datetime
) -> list[ArticleLink]:
    """Replace all links of an article.

    Readers see them at once, also those of a published article: they say what else there
    is, not what the article says, and so need no publisher.

    Raises ``NotYours``, ``StateRefused`` or ``LinkRefused``.
    """
    require(actor, CHANGE, _("You may not change articles."))
    article = locked(article_id)
    refuse_archived(article)
    wanted = list(dict.fromkeys(links))
    _refuse_bad(article, wanted)
    _refuse_circle(article, [each for each in wanted if each.kind == _BEFORE])
    article.links.all().delete()
    made = ArticleLink.objects.bulk_create(
        ArticleLink(
            article=article, target_id=each.target_id, kind=each.kind, position=place
        )
        for place, each in enumerate(wanted)
    )
    record(article, actor=actor, at=at)
    return made


@transaction.atomic
def add_link(
    *, article_id: int, link: LinkTo, actor: User | None, at: datetime
) -> list[ArticleLink]:
    """Put one link behind those that there are. Raises what `set_links` raises."""
    locked(article_id)
    links = [*_links_of(article_id).values(), link]
    return set_links(article_id=article_id, links=links, actor=actor, at=at)


@transaction.atomic
def remove_link(
    *, article_id: int, link_id: int | None, actor: User | None, at: datetime
) -> list[ArticleLink]:
    """Take one link away; one that is gone already is no fault."""
    locked(article_id)
    links = _links_of(article_id)
    kept = [link for key, link in links.items() if key != link_id]
    return set_links(article_id=article_id, links=kept, actor=actor, at=at)


def _links_of(article_id: int) -> dict[int, LinkTo]:
    rows = ArticleLink.objects.filter(article=article_id)
    return {row.pk: LinkTo(row.target_id, row.kind) for row in rows}


_BEFORE = ArticleLink.Kind.BEFORE


def _refuse_bad(article: Article, wanted: list[LinkTo]) -> None:
    if len(wanted) > MOST_LINKS:
        raise LinkRefused(
            _("An article has at most %(most)s links.") % {"most": MOST_LINKS}
        )
    targets = Article.objects.in_bulk([each.target_id for each in wanted])
    for each in wanted:
        target = targets.get(each.target_id)
        if each.kind not in ArticleLink.Kind.values or target is None:
            raise LinkRefused(_("There is no such article any more. Choose another."))
        if target.pk == article.pk:
            raise LinkRefused(_("An article does not link to itself."))
        if target.state == Article.State.ARCHIVED:
            raise LinkRefused(
                _("“%(title)s” is archived: readers cannot open it.")
                % {"title": target.title}
            )


def _refuse_circle(article: Article, before: list[LinkTo]) -> None:
    """Refuse what would have to be read before itself, however long the way round."""
    waiting, seen = {each.target_id for each in before}, set[int]()
    while waiting:
        if article.pk in waiting:
            raise LinkRefused(
                _("“%(title)s” would have to be read before itself.")
                % {"title": article.title}
            )
        seen |= waiting
        found = ArticleLink.objects.filter(article__in=waiting, kind=_BEFORE)
        waiting = set(found.values_list("target_id", flat=True)) - seen
