"""Whether whoever reads one article may read another."""

from collections.abc import Set as AbstractSet

from kb.models import Article

Audience = Article.Audience


def reaches(
    source_audience: str,
    source_tiers: AbstractSet[int],
    target_audience: str,
    target_tiers: AbstractSet[int],
) -> bool:
    """Say whether every reader of the source may read the target.

    Staff read everything; a customer of a tier reads what is for that tier.
    """
    if target_audience == Audience.PUBLIC or source_audience == Audience.INTERNAL:
        return True
    if target_audience == Audience.INTERNAL or source_audience == Audience.PUBLIC:
        return False
    return source_tiers <= target_tiers


def tiers_of(article: Article) -> frozenset[int]:
    """Return the tiers an article is for; prefetch ``tiers`` for many articles."""
    if article.audience != Audience.PLAN:
        return frozenset()
    return frozenset(tier.pk for tier in article.tiers.all())
