"""Who may read which article: the one rule behind pages, search, feeds and the API."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from kb.models import Article
from workforce.people.models import User

READS_INTERNAL = "kb.view_internal_article"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose eyes an answer is for.

    Parameters
    ----------
    is_staff : bool
        Staff read everything that is published.
    tier_ids : frozenset of int
        Customer tiers whose articles may be read besides the public ones.
    """

    is_staff: bool = False
    tier_ids: frozenset[int] = frozenset()


ANYBODY = Audience()
STAFF = Audience(is_staff=True)


def audience_of(user: User | AnonymousUser) -> Audience:
    """Return the audience that a signed-in or unknown user belongs to."""
    return STAFF if user.has_perm(READS_INTERNAL) else ANYBODY


def articles_readable_by(audience: Audience) -> QuerySet[Article]:
    """Return the published articles that an audience may read."""
    published = Article.objects.filter(state=Article.State.PUBLISHED)
    if audience.is_staff:
        return published
    rule = Q(audience=Article.Audience.PUBLIC)
    if audience.tier_ids:
        # A subquery, for a join would repeat an article of several tiers.
        of_tiers = Article.tiers.through.objects.filter(
            customertier_id__in=audience.tier_ids
        )
        rule |= Q(audience=Article.Audience.PLAN, pk__in=of_tiers.values("article_id"))
    return published.filter(rule)
