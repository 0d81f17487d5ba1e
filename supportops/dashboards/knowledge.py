"""The knowledge base on the home page: what to read and write, and what it is worth."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.models import Article, ContentDuty, Flag, GapTask
from kb.selectors.articles.sight import articles_visible_to
from kb.selectors.figures.home import headline
from kb.selectors.work.worklist import Filters, Line, lines, worklist
from supportops.dashboards.tiles import Tile
from supportops.metrics import catalogue
from supportops.metrics.catalogue import Figure, Metric
from supportops.metrics.scopes import period_from
from workforce.people.models import User

READ = "kb.view_article"
PUBLISH = "kb.publish_article"
FIGURES = "kb.view_search"
GAPS = "kb.view_gaptask"
DECIDE = "kb.decide_flag"
SOON = timedelta(days=3)
LISTED = 3


@dataclass(frozen=True)
class Card:
    """One metric of self-service."""

    metric: Metric
    figure: Figure


def knowledge_panels(user: User, now: datetime) -> dict[str, Any]:
    """Return what of the knowledge base needs this person now."""
    if not user.has_perm(READ):
        return {}
    return {
        "knowledge_tiles": _tiles(user, now),
        "knowledge_cards": _cards(now) if user.has_perm(FIGURES) else [],
        "knowledge_gaps": _gaps(now) if user.has_perm(GAPS) else [],
    }


def _tiles(user: User, now: datetime) -> list[Tile]:
    """Count what waits for this person; what does not wait takes no room."""
    today = timezone.localdate(now)
    articles = articles_visible_to(user)
    own = articles.filter(owner=user, state=Article.State.PUBLISHED)
    listed, work = reverse("kb:articles"), reverse("kb:work")
    tiles = [
        Tile(
            _("Articles to review"),
            articles.filter(_waits_for(user), review_asked_at__isnull=False).count(),
            f"{listed}?state=REVIEW",
        ),
        Tile(
            _("My articles past their review date"),
            own.filter(review_due_on__lt=today).count(),
            f"{listed}?owner={user.pk}&due=overdue",
            "late",
        ),
        Tile(
            _("My content gaps"),
            GapTask.objects.filter(owner=user, state=GapTask.State.TAKEN).count(),
            f"{work}?owner={user.pk}",
        ),
        Tile(
            _("Content duties due"),
            ContentDuty.objects.filter(
                task__owner=user,
                task__is_active=True,
                done_at__isnull=True,
                due_on__lte=today + SOON,
            ).count(),
            reverse("kb:duties"),
        ),
    ]
    if user.has_perm(DECIDE):
        open_flags = Flag.objects.filter(state=Flag.State.OPEN).count()
        tiles.append(Tile(_("Flags to decide"), open_flags, reverse("kb:flags")))
    return [tile for tile in tiles if tile.count]


def _waits_for(user: User) -> Q:
    """Articles whose reviewer this is; without named reviewers, whoever publishes."""
    mine = Q(reviewers=user)
    return mine | Q(reviewers__isnull=True) if user.has_perm(PUBLISH) else mine


def _cards(now: datetime) -> list[Card]:
    # The page that the cards lead to opens with the same days.
    found = headline(period_from({}, at=now))
    if found.is_empty:
        return []
    figures = {
        "kb_deflection_measured": found.effect,
        "kb_search_success": found.success.figure,
        "kb_zero_results": found.no_result.figure,
    }
    return [Card(catalogue.get(code), figure) for code, figure in figures.items()]


def _gaps(now: datetime) -> list[Line]:
    return lines(list(worklist(Filters())[:LISTED]), today=timezone.localdate(now))
